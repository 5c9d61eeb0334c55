import { Type } from "typebox";
import {
  closed,
  dataClass,
  dataClassId,
  label,
  labels,
  modelId,
  notEnforced,
  onlyDuration,
  ruleName,
  word,
  words,
} from "./field-schemas.ts";
import { appSelectors, identitySource, tenantIdentities } from "./identity-schema.ts";
import { rule } from "./rule-schema.ts";

const fallback = Type.Optional(Type.Enum(["deny", "allow"]));

const platform = closed({
  identity: Type.Optional(Type.Array(identitySource, { maxItems: 64 })),
  fallback,
  grants: Type.Optional(
    closed({
      maxDuration: Type.Optional(onlyDuration("30d", "Grants do not load yet; leave it out.")),
    }),
  ),
  incidents: Type.Optional(
    closed({
      maxDuration: Type.Optional(onlyDuration("72h", "Incidents do not load yet; leave it out.")),
    }),
  ),
  redaction: Type.Optional(
    closed({
      residualFloor: Type.Optional(Type.Enum(["remove", "mask", "tokenize", "hash", "partial"])),
    }),
  ),
  observe: notEnforced("Remove `observe`; everything this version decides it also enforces."),
  owner: Type.Optional(words),
  labels: Type.Optional(labels),
});

const boundaryHint =
  "Remove it and write deny rules in the `overrides` of a platform policy instead.";

const boundary = Type.Optional(
  closed({
    models: notEnforced(boundaryHint),
    providers: notEnforced(boundaryHint),
    regions: notEnforced(boundaryHint),
    tools: notEnforced(boundaryHint),
    maxSensitivity: notEnforced(boundaryHint),
  }),
);

const tenant = closed({
  identities: Type.Optional(tenantIdentities),
  fallback,
  tier: Type.Optional(words),
  region: Type.Optional(words),
  owner: Type.Optional(words),
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
  permitted: Type.Optional(Type.Array(dataClass, { maxItems: 256 })),
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

const rules = Type.Array(rule, { maxItems: 10_000 });
const block = Type.Optional(closed({ rules: Type.Optional(rules) }));
const windowHint = "Remove it; the documents of the folder are in force from load to load.";

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
  activeFrom: notEnforced(windowHint),
  activeUntil: notEnforced(windowHint),
  defaults: block,
  rules: Type.Optional(rules),
  overrides: block,
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
  DataClass: document("DataClass", dataClasses),
  Policy: document("Policy", policy),
} as const;

/** A kind this version enforces. */
export type DocumentKind = keyof typeof documentSchemas;

/** Kinds of the language that do not load yet (policy-model 2). */
export const kindsNotEnforced: readonly string[] = [
  "ToolCatalog",
  "Classifier",
  "NamedSet",
  "Quota",
  "Grant",
  "Incident",
  "KillSwitch",
  "Rollout",
  "PolicyTest",
  "Bundle",
];

/** A whole document of one kind, as its schema has it. */
export type DocumentOf<Kind extends DocumentKind> = Type.Static<(typeof documentSchemas)[Kind]>;
/** One entry of a ModelCatalog, as written. */
export type ModelSpec = Type.Static<typeof catalogModel>;
