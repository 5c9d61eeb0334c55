import { type Static, type TInteger, type TObject, type TSchema, Type } from "typebox";
import { defaultLimits, type Limits } from "../base/index.ts";
import { audit, route } from "./config-audit-schema.ts";
import { classifier } from "./config-classifiers-schema.ts";
import type { ConfigPath } from "./config-document.ts";
import { listener } from "./config-listeners-schema.ts";
import { policies } from "./config-policies-schema.ts";
import { credential, credentialPrefix, file, mapping, settings } from "./config-schema-parts.ts";
import { sink } from "./config-sinks-schema.ts";
import { drift, leaks, log, otel } from "./config-telemetry-schema.ts";

const contentRules = ["refuse", "pass", "flag"] as const;
const modelListRules = ["pass", "refuse"] as const;

const redisStore = mapping({
  /** Never with a password in it. */
  url: Type.String({
    pattern: "^rediss?://[A-Za-z0-9._-]+(?::[0-9]{1,5})?(?:/[0-9]{1,2})?$",
    description: "redis://HOST:PORT or rediss://HOST:PORT, with a database number if need be",
  }),
  passwordFile: Type.Optional(file),
  // While the store is away each process may use its part of a budget with `onUnavailable: local`.
  replicas: Type.Integer({ default: 1, minimum: 1, maximum: 10_000 }),
});

const provider = mapping({
  credential,
  // Not those that Envoy lets no filter write, or that say how a message is read.
  header: Type.Optional(
    Type.String({
      pattern: `^(?!(?:host|connection|transfer-encoding)$|content-|x-(?:envoy|chancery)-)[a-z0-9][-a-z0-9]{0,63}$`,
      description: "the name of a header that takes a credential, in lower case",
    }),
  ),
  prefix: Type.Optional(credentialPrefix),
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
  policies,
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
  audit,
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
  drift,
  // Our own output is looked through by sample; the cost is written down in docs/monitoring.md.
  leaks,
  // Nobody is told of exchanges who was not named.
  otel,
  // Starts, stops, reloads and failures; never one line per exchange.
  log,
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
