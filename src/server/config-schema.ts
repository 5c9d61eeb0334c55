import { type Static, type TInteger, type TObject, type TSchema, Type } from "typebox";
import { defaultLimits, type Limits } from "../base/index.ts";
import { keyRingSchema } from "../policy/index.ts";
import { defaultDriftSettings } from "../telemetry/index.ts";
import type { ConfigPath } from "./config-document.ts";
import { onnx } from "./config-onnx-schema.ts";
import { s3Bucket, sink } from "./config-sinks-schema.ts";

/** The body modes that exist, so that a mode that cannot be enforced is told apart from a typo. */
export const knownBodyModes = [
  "NONE",
  "BUFFERED",
  "BUFFERED_PARTIAL",
  "STREAMED",
  "FULL_DUPLEX_STREAMED",
] as const;

const logLevels = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
const contentRules = ["refuse", "pass", "flag"] as const;
const offeredToolsRules = ["remove", "refuse"] as const;
const modelListRules = ["pass", "refuse"] as const;

const dnsLabel = "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?";

function mapping<const P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

/** A mapping that may be left out, all of whose keys have defaults. */
function settings<const P extends Record<string, TSchema>>(properties: P) {
  return Type.Object(properties, { additionalProperties: false, default: {} });
}

function bodyModes<const D extends readonly (typeof knownBodyModes)[number][]>(modes: D) {
  return Type.Array(Type.Enum(knownBodyModes), {
    default: [...modes],
    minItems: 1,
    uniqueItems: true,
  });
}

const listenerTls = mapping({
  certFile: Type.String({ minLength: 1 }),
  keyFile: Type.String({ minLength: 1 }),
  /** The authorities that vouch for proxies. */
  clientCaFile: Type.String({ minLength: 1 }),
  // An authority vouches for many; only those named here may ask.
  allow: mapping({
    spiffe: Type.Array(
      Type.String({
        pattern: "^spiffe://[a-z0-9._-]{1,255}(?:/[A-Za-z0-9._-]+)*(?:/[A-Za-z0-9._-]*\\*)?$",
        description: "a SPIFFE id, exact or with a final * behind the trust domain's slash",
      }),
      { default: [] },
    ),
    san: Type.Array(
      Type.String({
        pattern: "^[A-Za-z0-9_](?:[-A-Za-z0-9_.]{0,251}[A-Za-z0-9_])?$",
        description: "a DNS name without wildcard",
      }),
      { default: [] },
    ),
  }),
});

const listener = mapping({
  /** `unix:PATH` or `HOST:PORT`. */
  address: Type.String({ minLength: 1 }),
  /** Mutual TLS; required on addresses that others can reach. */
  tls: Type.Optional(listenerTls),
  // The group is how Envoy's user gets in (audit-and-operations 13); everyone else stays out.
  socketMode: Type.String({
    default: "0660",
    pattern: "^0?[0-7]{3}$",
    description: 'permission bits in quotes, such as "0660"',
  }),
  // No guess about whose traffic this is.
  identity: Type.Union(
    [
      Type.String({
        pattern: `^${dnsLabel}/${dnsLabel}$`,
        description: "TENANT/APP in lower-case letters, digits and hyphens",
      }),
      Type.Null(),
    ],
    { default: null },
  ),
  // None, so that a header the proxy lets clients send never counts as proof.
  stripsHeaders: Type.Array(
    Type.String({
      pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$",
      description: "the name of a header",
    }),
    { default: [], uniqueItems: true },
  ),
  // The rest of the request may do without a tool that is not allowed.
  offeredTools: Type.Enum(offeredToolsRules, { default: "remove" }),
  bodyModes: settings({
    // Whole bodies, so that a decision comes before any byte goes upstream; Envoy's copy first.
    request: bodyModes(["BUFFERED", "FULL_DUPLEX_STREAMED"]),
    // The only mode that can hold text back and end an answer early comes first.
    response: bodyModes(["FULL_DUPLEX_STREAMED", "BUFFERED", "STREAMED"]),
  }),
});

const redisStore = mapping({
  /** Never with a password in it. */
  url: Type.String({
    pattern: "^rediss?://[A-Za-z0-9._-]+(?::[0-9]{1,5})?(?:/[0-9]{1,2})?$",
    description: "redis://HOST:PORT or rediss://HOST:PORT, with a database number if need be",
  }),
  passwordFile: Type.Optional(Type.String({ minLength: 1 })),
  // While the store is away each process may use its part of a budget with `onUnavailable: local`.
  replicas: Type.Integer({ default: 1, minimum: 1, maximum: 10_000 }),
});

const staleRules = ["serve", "deny"] as const;

/** One of the first four; a credential goes with a registry. */
const policySource = mapping({
  directory: Type.Optional(Type.String({ minLength: 1 })),
  git: Type.Optional(Type.String({ minLength: 1 })),
  archive: Type.Optional(Type.String({ minLength: 1 })),
  oci: Type.Optional(Type.String({ minLength: 1 })),
  credential: Type.Optional(mapping({ file: Type.String({ minLength: 1 }) })),
});

const provider = mapping({
  /** Never the value itself: files have owners and modes, and can be renewed. */
  credential: mapping({ file: Type.String({ minLength: 1 }) }),
  // Not those that Envoy lets no filter write, or that say how a message is read.
  header: Type.Optional(
    Type.String({
      pattern: `^(?!(?:host|connection|transfer-encoding)$|content-|x-(?:envoy|chancery)-)[a-z0-9][-a-z0-9]{0,63}$`,
      description: "the name of a header that takes a credential, in lower case",
    }),
  ),
  prefix: Type.Optional(
    Type.String({
      pattern: "^(?:[\\x21-\\x7e]{1,64} ?)?$",
      description: 'a word with a blank behind it, such as "Bearer ", or nothing',
    }),
  ),
});

/**
 * A model that is asked for data classes, by the name that Classifier documents know it by. Not every
 * key has a default, but only of what has one itself are the defaults within filled in.
 */
const classifier = settings({
  type: Type.Enum(["presidio", "openai-moderation", "grpc", "onnx"]),
  /** `https:` or `http:`; of gRPC `grpcs:` or `grpc:`. Plain text on loopback only. Not of `onnx`. */
  url: Type.Optional(Type.String({ minLength: 1 })),
  /** Of the type of this name only. */
  onnx: Type.Optional(onnx),
  caFile: Type.Optional(Type.String({ minLength: 1 })),
  credential: Type.Optional(mapping({ file: Type.String({ minLength: 1 }) })),
  header: Type.Optional(
    Type.String({
      pattern: "^(?!(?:host|connection|transfer-encoding)$|content-)[a-z0-9][-a-z0-9]{0,63}$",
      description: "the name of a header that takes a credential, in lower case",
    }),
  ),
  prefix: Type.Optional(
    Type.String({
      pattern: "^(?:[\\x21-\\x7e]{1,64} ?)?$",
      description: 'a word with a blank behind it, such as "Bearer ", or nothing',
    }),
  ),
  /** Presidio only: `en` unless given, as its own images have it. */
  language: Type.Optional(
    Type.String({ pattern: "^[a-z]{2,3}$", description: "a language such as en (ISO 639)" }),
  ),
  /** Moderation only. */
  model: Type.Optional(Type.String({ pattern: "^[!-~]{1,128}$", description: "one word" })),
  // What an exchange is kept waiting for is said once, by `deadlines.classifierMs`.
  timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_600_000 })),
  // A model on a few cores is not faster with more; what comes beyond it waits.
  concurrencyMax: Type.Integer({ default: 8, minimum: 1, maximum: 10_000 }),
  // Several rounds of those: whoever waits longer than that would be late anyway.
  queueMax: Type.Integer({ default: 64, minimum: 0, maximum: 100_000 }),
  // A long conversation; more than a model reads in the time an exchange waits.
  textUnitsMax: Type.Integer({ default: 262_144, minimum: 1, maximum: 8_388_608 }),
  breaker: settings({
    // One slow answer is chance, five in a row are not.
    failures: Type.Integer({ default: 5, minimum: 1, maximum: 1_000 }),
    // A restart of a container takes about as long.
    openMs: Type.Integer({ default: 5_000, minimum: 1, maximum: 3_600_000 }),
  }),
  // What tenants ask about leaves this machine, and each call costs: only those that are named may.
  tenants: Type.Array(
    Type.String({
      pattern: `^(?:${dnsLabel}|\\*)$`,
      description: "a tenant, or * for all",
    }),
    { default: [], uniqueItems: true },
  ),
});

const limits = Type.Object(
  Object.fromEntries(
    Object.entries(defaultLimits).map(([name, value]) => [
      name,
      Type.Integer({ default: value, minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    ]),
  ) as Record<keyof Limits, TInteger>,
  { additionalProperties: false, default: {} },
);

const auditWaits = ["written", "committed"] as const;
const pseudonymRules = ["perMonth", "perSubject"] as const;
const auditFailureRules = ["refuse", "continue"] as const;

const rootKey = mapping({
  file: Type.String({ minLength: 1 }),
  /** Default: `<audit.origin>/root`. */
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
});

/** A witness with its key, a bucket with object lock, or a directory. */
const anchor = mapping({
  name: Type.String({
    pattern: `^${dnsLabel}$`,
    description: "a name of lower-case letters, digits and hyphens",
  }),
  witness: Type.Optional(Type.String({ minLength: 1 })),
  key: Type.Optional(Type.String({ minLength: 1 })),
  directory: Type.Optional(Type.String({ minLength: 1 })),
  s3: Type.Optional(s3Bucket),
});

const route = settings({
  audit: settings({
    wait: Type.Optional(Type.Enum(auditWaits)),
    onFailure: Type.Optional(Type.Enum(auditFailureRules)),
  }),
});

/**
 * The configuration file of audit-and-operations 16 as far as its features exist, with defaults;
 * `config-reserved.ts` holds the keys of the others.
 */
export const configSchema = mapping({
  listeners: Type.Array(listener, { minItems: 1 }),
  // Beside the 9002 of the listener by convention, and on loopback: /status is not for the world.
  admin: settings({ address: Type.String({ default: "127.0.0.1:9003", minLength: 1 }) }),
  // Nothing can be said about the region unless the operator says it.
  region: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { default: null }),
  // Where the file hierarchy standard puts state that survives a restart.
  stateDir: Type.String({ default: "/var/lib/chancery", minLength: 1 }),
  policies: mapping({
    // Nobody watches a folder that was not named.
    killSwitches: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { default: null }),
    sources: Type.Array(policySource, { minItems: 1 }),
    /** The keys that vouch for the platform's bundles (policy-model 10). */
    trust: Type.Optional(keyRingSchema),
    // Often enough for a change of policy, seldom enough for a registry.
    pollSeconds: Type.Integer({ default: 300, minimum: 1, maximum: 86_400 }),
    // A development flag (policy-model 10): never on by itself.
    unsigned: Type.Boolean({ default: false }),
    // An age at which policies are too old is the operator's to say.
    maxAgeSeconds: Type.Union([Type.Integer({ minimum: 1, maximum: 31_536_000 }), Type.Null()], {
      default: null,
    }),
    // With an alarm: the last good policies still refuse what they refused.
    stale: Type.Enum(staleRules, { default: "serve" }),
  }),
  // Without an entry a caller's own credentials pass.
  providers: Type.Record(Type.String(), provider, { default: {} }),
  content: settings({
    // What cannot be read cannot be judged.
    unrecognised: Type.Enum(contentRules, { default: "refuse" }),
    // Lists of models hold no content, and clients ask for them before anything else.
    modelList: Type.Enum(modelListRules, { default: "pass" }),
  }),
  limits,
  deadlines: settings({
    // Below the message_timeout of 5 s that the shipped Envoy configuration sets.
    phaseMs: Type.Integer({ default: 2000, minimum: 1, maximum: 3_600_000 }),
    // What policy-model 14 recommends for detectors that a request waits for.
    classifierMs: Type.Integer({ default: 150, minimum: 1, maximum: 3_600_000 }),
    // Longer than any pause of a model, short enough to free forgotten state.
    exchangeIdleSeconds: Type.Integer({ default: 600, minimum: 1, maximum: 86_400 }),
  }),
  drain: settings({
    // Two rounds of Envoy's health checks, which come every 2 s.
    noticeSeconds: Type.Integer({ default: 5, minimum: 0, maximum: 600 }),
    // All steps of a stop together stay below a grace period of 60 s.
    exchangesSeconds: Type.Integer({ default: 25, minimum: 0, maximum: 3600 }),
  }),
  audit: settings({
    // The host name is taken where the log is opened; the file need not repeat it.
    origin: Type.Union(
      [
        Type.String({
          maxLength: 128,
          pattern: "^[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*$",
          description: "a name of letters, digits, dots, hyphens and slashes, such as a host name",
        }),
        Type.Null(),
      ],
      { default: null },
    ),
    // A killed process loses nothing that was written; only power loss does.
    wait: Type.Enum(auditWaits, { default: "written" }),
    // What cannot be proven later should not happen.
    onFailure: Type.Enum(auditFailureRules, { default: "refuse" }),
    onCorrupt: Type.Enum(auditFailureRules, { default: "refuse" }),
    // Without a root each log has a key of its own, and whoever trusts it is given that.
    rootKey: Type.Union([rootKey, Type.Null()], { default: null }),
    // Six months are asked for at least (audit-and-operations 3); these cover an audit of the year.
    retentionDays: Type.Integer({ default: 400, minimum: 184, maximum: 36_500 }),
    // One key a month is destroyed as a whole; with one for each person a single one can be.
    // Digests cost a hash over each body, and what is not asked for is better not there.
    contentDigests: Type.Boolean({ default: false }),
    pseudonyms: Type.Enum(pseudonymRules, { default: "perMonth" }),
    anchors: Type.Array(anchor, { default: [] }),
  }),
  // The log is there without any of them.
  sinks: Type.Array(sink, { default: [] }),
  // Without an entry a route has what the rest of the file says.
  routes: Type.Record(Type.String(), route, { default: {} }),
  stores: settings({
    // One process keeps its own count; several share one in Redis. Exactly one of the two.
    quota: Type.Object(
      { memory: Type.Optional(mapping({})), redis: Type.Optional(redisStore) },
      { additionalProperties: false, default: { memory: {} } },
    ),
    findings: settings({
      // A quarter of what bodies may hold. 0: nothing is kept.
      bytesMax: Type.Integer({ default: 67_108_864, minimum: 0, maximum: 8_589_934_592 }),
      // Some 30,000 texts: the last turns of a thousand conversations.
      tenantBytesMax: Type.Integer({ default: 8_388_608, minimum: 65_536, maximum: 8_589_934_592 }),
    }),
  }),
  // Nobody is asked about texts who was not named.
  classifiers: Type.Record(Type.String(), classifier, { default: {} }),
  // Whether what is found changes; the reasons stand beside the defaults.
  drift: settings({
    windowSeconds: Type.Integer({
      default: defaultDriftSettings.windowSeconds,
      minimum: 60,
      maximum: 604_800,
    }),
    referenceSeconds: Type.Integer({
      default: defaultDriftSettings.referenceSeconds,
      minimum: 60,
      maximum: 2_592_000,
    }),
    exchangesMin: Type.Integer({
      default: defaultDriftSettings.exchangesMin,
      minimum: 100,
      maximum: 1_000_000,
    }),
    alertScore: Type.Number({
      default: defaultDriftSettings.alertScore,
      minimum: 0.05,
      maximum: 10,
    }),
  }),
  // Our own output is looked through by sample; the cost is written down in docs/monitoring.md.
  leaks: settings({
    // Of records, log lines, spans and metrics each; ten times as many while there is little to do.
    perSecond: Type.Integer({ default: 50, minimum: 0, maximum: 500 }),
  }),
  // Nobody is told of exchanges who was not named.
  otel: settings({
    endpoint: Type.Union([Type.String({ minLength: 1 }), Type.Null()], { default: null }),
    // Enough to see what is usual; whatever is denied or fails is traced anyway.
    sampleRatio: Type.Number({ default: 0.01, minimum: 0, maximum: 1 }),
    credential: Type.Optional(mapping({ file: Type.String({ minLength: 1 }) })),
    header: Type.String({
      default: "authorization",
      pattern: "^(?!(?:host|connection|transfer-encoding)$|content-)[a-z0-9][-a-z0-9]{0,63}$",
      description: "the name of a header that takes a credential, in lower case",
    }),
    prefix: Type.Optional(
      Type.String({
        pattern: "^(?:[\\x21-\\x7e]{1,64} ?)?$",
        description: 'a word with a blank behind it, such as "Bearer ", or nothing',
      }),
    ),
  }),
  // Starts, stops, reloads and failures; never one line per exchange.
  log: settings({ level: Type.Enum(logLevels, { default: "info" }) }),
});

/** The file's content once defaults are filled in. */
export type ConfigValue = Static<typeof configSchema>;

/** The schema of one place in the file, what may be null being looked through. */
export function schemaAt(path: ConfigPath): TSchema | undefined {
  let schema: TSchema | undefined = configSchema;
  for (const step of path) {
    schema =
      typeof step === "number"
        ? itemsOf(schema)
        : (propertiesOf(schema)[step] ?? anyPropertyOf(schema));
    if (schema === undefined) return undefined;
  }
  return (schema as { readonly anyOf?: readonly TSchema[] }).anyOf?.[0] ?? schema;
}

/** The names that a mapping of the file knows. */
export function knownKeys(path: ConfigPath): readonly string[] {
  return Object.keys(propertiesOf(schemaAt(path)));
}

function propertiesOf(schema: TSchema | undefined): Readonly<Record<string, TSchema>> {
  return (schema as Partial<TObject> | undefined)?.properties ?? {};
}

/** Of a mapping whose names the operator chooses. */
function anyPropertyOf(schema: TSchema): TSchema | undefined {
  const patterns = (schema as { readonly patternProperties?: Record<string, TSchema> })
    .patternProperties;
  return patterns === undefined ? undefined : Object.values(patterns)[0];
}

function itemsOf(schema: TSchema): TSchema | undefined {
  return (schema as { readonly items?: TSchema }).items;
}
