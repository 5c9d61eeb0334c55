import { Type } from "typebox";
import { onnx } from "./config-onnx-schema.ts";
import {
  credential,
  credentialHeader,
  credentialPrefix,
  dnsLabel,
  file,
  settings,
} from "./config-schema-parts.ts";

/**
 * A model that is asked for data classes, by the name that Classifier documents know it by. Not every
 * key has a default, but only of what has one itself are the defaults within filled in.
 */
export const classifier = settings({
  type: Type.Enum(["presidio", "openai-moderation", "grpc", "onnx"]),
  /** `https:` or `http:`; of gRPC `grpcs:` or `grpc:`. Plain text on loopback only. Not of `onnx`. */
  url: Type.Optional(Type.String({ minLength: 1 })),
  /** Of the type of this name only. */
  onnx: Type.Optional(onnx),
  caFile: Type.Optional(file),
  credential: Type.Optional(credential),
  header: Type.Optional(credentialHeader()),
  prefix: Type.Optional(credentialPrefix),
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
