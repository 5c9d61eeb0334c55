import { Type } from "typebox";
import { classifier } from "./classifier-schema.ts";
import {
  closed,
  dataClassId,
  day,
  documentName,
  duration,
  label,
  labels,
  list,
  modelId,
  modelPattern,
  moment,
  pattern,
  plainModelPattern,
  plainNamePattern,
  plainPattern,
  ruleName,
  toolId,
  word,
  words,
} from "./field-schemas.ts";
import { appSelectors, identitySource, tenantIdentities } from "./identity-schema.ts";
import { action, modelMatcher, permit, rule, ruleParts, subjects } from "./rule-schema.ts";

/** The kinds this version enforces (policy-model 2). */
const documentKinds = [
  "Platform",
  "Tenant",
  "App",
  "ModelCatalog",
  "ToolCatalog",
  "DataClass",
  "Classifier",
  "NamedSet",
  "Policy",
  "Quota",
  "Grant",
  "Incident",
  "KillSwitch",
  "Rollout",
  "PolicyTest",
] as const;

const fallback = Type.Optional(Type.Enum(["deny", "allow"]));

/** Who may sign what for one authority (policy-model 10). */
export const keyRing = closed({
  /** Signatures a bundle needs, by different keys; 1 where not given. */
  threshold: Type.Optional(Type.Integer({ minimum: 1, maximum: 16 })),
  keys: Type.Array(
    closed({
      id: word,
      ed25519: Type.String({
        pattern: "^[A-Za-z0-9+/]{43}=$",
        description: "the 32 bytes of an Ed25519 public key in base64 (RFC 8032)",
      }),
      notBefore: Type.Optional(moment),
      notAfter: Type.Optional(moment),
      /** Kinds of documents it may sign; absent: all. */
      kinds: Type.Optional(list(Type.Enum([...documentKinds]))),
    }),
    { maxItems: 64 },
  ),
});

const platform = closed({
  identity: Type.Optional(Type.Array(identitySource, { maxItems: 64 })),
  fallback,
  keyRing: Type.Optional(keyRing),
  grants: Type.Optional(closed({ maxDuration: Type.Optional(duration) })),
  incidents: Type.Optional(closed({ maxDuration: Type.Optional(duration) })),
  redaction: Type.Optional(
    closed({
      residualFloor: Type.Optional(Type.Enum(["remove", "mask", "tokenize", "hash", "partial"])),
    }),
  ),
  /** Of one tenant (policy-model 9). */
  limits: Type.Optional(
    closed({
      rules: Type.Optional(Type.Integer({ minimum: 0 })),
      conditions: Type.Optional(Type.Integer({ minimum: 0 })),
      bundleBytes: Type.Optional(Type.Integer({ minimum: 1 })),
      classifiers: Type.Optional(Type.Integer({ minimum: 0, maximum: 64 })),
    }),
  ),
  observe: Type.Optional(
    Type.Array(
      closed({
        tenants: Type.Optional(list(label)),
        apps: Type.Optional(list(label)),
        until: moment,
      }),
      { maxItems: 256 },
    ),
  ),
  owner: Type.Optional(words),
  labels: Type.Optional(labels),
});

/** An empty list excludes everything (policy-model 4). */
const boundary = Type.Optional(
  closed({
    models: Type.Optional(Type.Array(modelPattern, { maxItems: 256 })),
    providers: Type.Optional(Type.Array(pattern, { maxItems: 256 })),
    regions: Type.Optional(Type.Array(pattern, { maxItems: 256 })),
    tools: Type.Optional(Type.Array(pattern, { maxItems: 256 })),
    maxSensitivity: Type.Optional(Type.Integer({ minimum: 0, maximum: 5 })),
  }),
);

const tenant = closed({
  identities: Type.Optional(tenantIdentities),
  fallback,
  keyRing: Type.Optional(keyRing),
  tier: Type.Optional(words),
  region: Type.Optional(words),
  owner: Type.Optional(words),
  owners: Type.Optional(list(words)),
  labels: Type.Optional(labels),
  boundary,
});

const app = closed({
  fallback,
  env: Type.Optional(words),
  owner: Type.Optional(words),
  labels: Type.Optional(labels),
  boundary,
  selectors: Type.Optional(appSelectors),
});

const catalogModel = closed({
  id: modelId,
  provider: Type.Optional(word),
  family: Type.Optional(word),
  upstreamName: Type.Optional(word),
  aliases: Type.Optional(Type.Array(word, { maxItems: 256 })),
  regions: Type.Optional(Type.Array(word, { maxItems: 256 })),
  deployment: Type.Optional(word),
  tags: Type.Optional(Type.Array(word, { maxItems: 256 })),
  retention: Type.Optional(word),
  status: Type.Optional(word),
  retiresOn: Type.Optional(day),
  permitted: Type.Optional(Type.Array(dataClassId, { maxItems: 256 })),
  price: Type.Optional(
    closed({
      input: Type.Optional(Type.Number({ minimum: 0 })),
      output: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
});

const modelCatalog = closed({
  models: Type.Optional(Type.Array(catalogModel, { maxItems: 10_000 })),
});

const dataClasses = closed({
  classes: Type.Optional(
    Type.Array(
      closed({
        id: dataClassId,
        sensitivity: Type.Optional(Type.Integer({ minimum: 0, maximum: 5 })),
      }),
      { maxItems: 10_000 },
    ),
  ),
});

const toolCatalog = closed({
  tools: Type.Optional(
    Type.Array(
      closed({
        name: toolId,
        risk: Type.Optional(word),
        sideEffects: Type.Optional(Type.Boolean()),
        /** JSON Schema of its arguments. */
        arguments: Type.Optional(Type.Unknown()),
        description: Type.Optional(words),
      }),
      { maxItems: 10_000 },
    ),
  ),
});

const namedSet = closed({
  items: Type.Array(Type.String({ minLength: 1, maxLength: 512 }), { maxItems: 10_000 }),
});

const rules = Type.Array(rule, { maxItems: 10_000 });
const block = Type.Optional(closed({ rules: Type.Optional(rules) }));

const policy = closed({
  version: Type.Optional(words),
  owner: Type.Optional(words),
  labels: Type.Optional(labels),
  attach: closed({
    layer: Type.Enum(["global", "tenant", "app", "model"]),
    tenant: Type.Optional(label),
    app: Type.Optional(label),
    model: Type.Optional(modelId),
  }),
  unset: Type.Optional(Type.Array(ruleName, { maxItems: 256 })),
  activeFrom: Type.Optional(moment),
  activeUntil: Type.Optional(moment),
  defaults: block,
  rules: Type.Optional(rules),
  overrides: block,
});

const scope = closed({
  tenants: Type.Optional(list(label)),
  apps: Type.Optional(list(label)),
  subjects: Type.Optional(subjects),
  models: Type.Optional(modelMatcher),
  actions: Type.Optional(list(action)),
});

const approvedBy = list(words);
const lifts = Type.Optional(list(ruleName));
const permits = Type.Optional(Type.Array(permit, { minItems: 1, maxItems: 256 }));

const grant = closed({
  ticket: words,
  reason: words,
  activeFrom: moment,
  expiresAt: moment,
  approvedBy,
  scope,
  lifts,
  permits,
  owner: Type.Optional(words),
});

const incident = closed({
  ticket: words,
  reason: words,
  activeFrom: moment,
  activeUntil: moment,
  approvedBy,
  relax: Type.Optional(Type.Array(closed({ scope, lifts, permits }), { maxItems: 256 })),
  restrict: Type.Optional(rules),
  owner: Type.Optional(words),
});

const killSwitch = closed({
  sequence: Type.Integer({ minimum: 0 }),
  active: Type.Boolean(),
  /** Exactly one field (policy-model 6). */
  target: closed({
    tenants: Type.Optional(list(label)),
    apps: Type.Optional(list(documentName)),
    principals: Type.Optional(list(plainNamePattern)),
    models: Type.Optional(list(plainModelPattern)),
    providers: Type.Optional(list(plainPattern)),
    tools: Type.Optional(list(plainPattern)),
  }),
  stopStreams: Type.Optional(Type.Boolean()),
  reason: words,
});

const rollout = closed({
  policy: label,
  stable: words,
  candidate: words,
  seed: words,
  stickyBy: Type.Optional(
    list(Type.Enum(["tenant.id", "app.id", "principal.id", "principal.actor.id"])),
  ),
  step: closed({ percent: Type.Number({ minimum: 0, maximum: 100 }) }),
  guards: Type.Optional(
    closed({
      maxNewDenyRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
      maxErrorRate: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
      minSamples: Type.Optional(Type.Integer({ minimum: 1 })),
      onBreach: Type.Optional(Type.Enum(["hold", "shadow"])),
    }),
  ),
});

/** Verified attributes a budget may be kept by (policy-model 8). */
export const quotaKeys = [
  "tenant.id",
  "app.id",
  "principal.id",
  "principal.kind",
  "principal.issuer",
  "principal.actor.id",
  "model.id",
  "model.provider",
  "action",
  "tool.name",
  "route.name",
] as const;

const quota = closed({
  unit: Type.Enum(["requests", "tokens", "usd", "tool_calls"]),
  // Beyond it amounts in millionths are not exact any more.
  limit: Type.Number({ exclusiveMinimum: 0, maximum: 4_000_000_000 }),
  window: closed({
    kind: Type.Enum(["sliding", "fixed", "gcra"]),
    duration,
    timeZone: Type.Optional(word),
    /** GCRA: units that may come at once; the limit where not given. */
    burst: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 4_000_000_000 })),
  }),
  key: list(Type.Enum([...quotaKeys])),
  cost: Type.Optional(Type.String({ minLength: 1, maxLength: 2048 })),
  onExceed: Type.Optional(Type.Enum(["deny", "route", "warn"])),
  onUnavailable: Type.Optional(Type.Enum(["deny", "local"])),
  mode: Type.Optional(Type.Enum(["enforce", "shadow"])),
  cutStream: Type.Optional(Type.Boolean()),
  owner: Type.Optional(words),
});

/** Cases are read in depth by the test runner, which says more about them than a schema can. */
const policyTest = closed({
  time: moment,
  fixtures: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  cases: Type.Optional(
    Type.Array(
      closed({
        name: words,
        given: Type.Record(Type.String(), Type.Unknown()),
        expect: Type.Record(Type.String(), Type.Unknown()),
      }),
      { maxItems: 10_000 },
    ),
  ),
  matrix: Type.Optional(
    closed({
      given: Type.Record(Type.String(), Type.Unknown()),
      expect: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
});

const metadata = closed({
  name: label,
  namespace: label,
  labels: Type.Optional(labels),
  annotations: Type.Optional(labels),
});

function document<const Kind extends string, const Spec extends Type.TSchema>(
  kind: Kind,
  spec: Spec,
) {
  return closed({
    apiVersion: Type.Literal("chancery/v1alpha1"),
    kind: Type.Literal(kind),
    metadata,
    spec,
  });
}

/** Schema of a whole document by kind, for the kinds this version enforces. */
export const documentSchemas = {
  Platform: document("Platform", platform),
  Tenant: document("Tenant", tenant),
  App: document("App", app),
  ModelCatalog: document("ModelCatalog", modelCatalog),
  ToolCatalog: document("ToolCatalog", toolCatalog),
  DataClass: document("DataClass", dataClasses),
  Classifier: document("Classifier", classifier),
  NamedSet: document("NamedSet", namedSet),
  Policy: document("Policy", policy),
  Quota: document("Quota", quota),
  Grant: document("Grant", grant),
  Incident: document("Incident", incident),
  KillSwitch: document("KillSwitch", killSwitch),
  Rollout: document("Rollout", rollout),
  PolicyTest: document("PolicyTest", policyTest),
} as const satisfies Record<(typeof documentKinds)[number], Type.TSchema>;

/** What stands in documents of several kinds, by the name documentation gives it. */
export const sharedSchemas = {
  metadata,
  ...ruleParts,
  scope,
  boundary,
  keyRing,
  identitySource,
} as const;

/** A kind this version enforces. */
export type DocumentKind = keyof typeof documentSchemas;

/** Kinds of the language that do not load yet (policy-model 2). */
export const kindsNotEnforced: readonly string[] = ["Bundle"];

/** A whole document of one kind, as its schema has it. */
export type DocumentOf<Kind extends DocumentKind> = Type.Static<(typeof documentSchemas)[Kind]>;
/** One entry of a ModelCatalog, as written. */
export type ModelSpec = Type.Static<typeof catalogModel>;
