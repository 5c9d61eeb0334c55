import { Type } from "typebox";

/*
 * The building blocks of the schemas in `schema.ts` and `rule-schema.ts`. Besides the standard
 * keywords of JSON Schema, `x-names` marks items of matchers, which may name a `set:`, and
 * `description` and `examples` end up in problems.
 */

/** At least one item: an empty matcher list would fit nothing, which nobody means. */
export function list<const Item extends Type.TSchema>(item: Item) {
  return Type.Array(item, { minItems: 1, maxItems: 256 });
}

/** A mapping whose unknown fields are problems. */
export function closed<const Fields extends Type.TProperties>(fields: Fields) {
  return Type.Object(fields, { additionalProperties: false });
}

/** A mapping with names of its author's; `key` is the form of a name. */
export function named<const Value extends Type.TSchema>(key: Type.TString, value: Value) {
  return Type.Record(key, value, { additionalProperties: false });
}

/** A length of time. */
export const duration = Type.String({
  pattern: "^(?:0|[1-9][0-9]{0,6})[smhd]$",
  description: "a whole number and s, m, h or d",
  examples: ["30d"],
});

/** A moment (RFC 3339 section 5.6), in UTC or with an offset. */
export const moment = Type.String({
  format: "date-time",
  // Leap seconds are left out: clocks repeat or smear them, so nothing can begin or end in one.
  pattern:
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})$",
  description: "a time of the calendar, in UTC or with an offset",
  examples: ["2026-03-01T00:00:00Z"],
});

/** A day of the calendar (RFC 3339 section 5.6, `full-date`). */
export const day = Type.String({
  format: "date",
  pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
  description: "a day of the calendar",
  examples: ["2026-12-31"],
});

/** A DNS label (RFC 1123 section 2.1, lower case): names of documents, ids of rules. */
export const label = Type.String({
  pattern: "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
  description: "lower-case letters, digits and inner hyphens, at most 63",
  examples: ["no-secrets"],
});

/** Text for people, on one line. */
export const words = Type.String({
  pattern: "^[^\\u0000-\\u001f\\u007f]{1,500}$",
  description: "one line of 1 to 500 characters",
});

/** Free names and values; nothing here decides on them. */
export const labels = Type.Record(Type.String(), Type.String());

/** Exact, or ending in `*`. */
export const pattern = Type.String({
  pattern: "^(?:[!-)+-~]+\\*?|\\*)$",
  description: "an exact word or one that ends in `*`",
  examples: ["eu-*"],
  "x-names": true,
});

/** As `pattern`, for names people choose: inner spaces and any letters are part of them. */
export const namePattern = Type.String({
  pattern:
    "^(?=.{1,512}$)(?:[^\\u0000-\\u0020\\u007f*](?:[^\\u0000-\\u001f\\u007f*]*[^\\u0000-\\u0020\\u007f*])?\\*?|\\*)$",
  description: "an exact name or one that ends in `*`",
  examples: ["support-*"],
  "x-names": true,
});

/** As `pattern`, over workload identities (SPIFFE-ID section 2). */
export const workloadPattern = Type.String({
  pattern: "^spiffe://[!-)+-~]+\\*?$",
  description: "a SPIFFE id or one that ends in `*`",
  examples: ["spiffe://acme.example/ns/*"],
});

/** One SPIFFE id (SPIFFE-ID section 2). */
export const workloadId = Type.String({
  pattern: "^spiffe://[a-z0-9._-]{1,255}(?:/[A-Za-z0-9._-]+)*$",
  maxLength: 2048,
  description: "a SPIFFE id",
  examples: ["spiffe://mesh.example/ns/edge/sa/gateway"],
});

/** The name of an HTTP header (RFC 9110 section 5.1). */
export const headerName = Type.String({
  pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$",
  description: "a header name",
  examples: ["x-user"],
});

/** `<namespace>/<policy>/<id>`, or the last two of them; rules made of a shorthand have a suffix (policy-model 2.1 and 3). */
export const ruleName = Type.String({
  pattern: "^(?:[a-z0-9-]{1,63}/){1,2}[a-z0-9-]{1,63}(?:\\.(?:redact|deny))?$",
  description: "a rule's name, `<namespace>/<policy>/<id>`",
  examples: ["platform/baseline/output-cap"],
});

/** A document by its name, alone or behind its namespace (policy-model 2.1). */
export const documentName = Type.String({
  pattern: "^(?:[a-z0-9-]{1,63}/)?[a-z0-9-]{1,63}$",
  description: "a document's name, alone or as `<namespace>/<name>`",
  examples: ["support-daily"],
});

/** A pattern over model ids, or an alias. */
export const modelPattern = Type.String({
  pattern: "^(?:alias:[!-)+-~]+|(?!alias:)[!-)+-~]+\\*?|\\*)$",
  description: "a model id, one that ends in `*`, or `alias:` and an alias",
  examples: ["openai/*"],
  "x-names": true,
});

/** A data class by its full name. */
export const dataClass = Type.String({
  pattern: "^(?:set:[!-~]+|[a-z0-9_]+(?:\\.[a-z0-9_]+)*)$",
  description:
    "a data class in lower case; it covers all classes below it, so no pattern is needed",
  examples: ["pii.email"],
  "x-names": true,
});

/** A data class as it is declared. */
export const dataClassId = Type.String({
  pattern: "^[a-z0-9_]+(?:\\.[a-z0-9_]+)*$",
  maxLength: 128,
  description: "a data class in lower case, below its parent",
  examples: ["pii.badge"],
});

/** A model by its full id (policy-model 2.1). */
export const modelId = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*/[!-)+-~]+$",
  maxLength: 256,
  description: "`<provider>/<name>` without white space or `*`",
  examples: ["openai/gpt-4o-mini"],
});

/** A tool by its full name (policy-model 3.1). */
export const toolId = Type.String({
  pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*/[!-)+-~]+$",
  maxLength: 256,
  description: "`<server>/<tool>` without white space or `*`",
  examples: ["crm/lookup"],
});

/** A word models are described with: a region, a tag. */
export const word = Type.String({
  pattern: "^[!-)+-~]{1,256}$",
  description: "one word without `*`",
  examples: ["eu-central-1"],
});

/** As `word`, in a matcher. */
export const matcherWord = Type.String({
  pattern: "^[!-)+-~]{1,256}$",
  description: "one word without `*`",
  examples: ["vendor"],
  "x-names": true,
});

/** As `pattern`, where no set stands for several: a kill switch has to be complete by itself. */
export const plainPattern = Type.String({
  pattern: "^(?!set:|alias:)(?:[!-)+-~]+\\*?|\\*)$",
  description: "an exact word or one that ends in `*`; sets and aliases do not stand here",
  examples: ["openai/*"],
});

/** As `modelPattern`, where no set stands for several. */
export const plainModelPattern = Type.String({
  pattern: "^(?:alias:[!-)+-~]+|(?!alias:|set:)[!-)+-~]+\\*?|\\*)$",
  description: "a model id, one that ends in `*`, or `alias:` and an alias; sets do not stand here",
  examples: ["openai/*"],
});

/** As `namePattern`, where no set stands for several. */
export const plainNamePattern = Type.String({
  pattern:
    "^(?!set:)(?=.{1,512}$)(?:[^\\u0000-\\u0020\\u007f*](?:[^\\u0000-\\u001f\\u007f*]*[^\\u0000-\\u0020\\u007f*])?\\*?|\\*)$",
  description: "an exact name or one that ends in `*`; sets do not stand here",
  examples: ["spiffe://acme.example/ns/support/*"],
});

/** How long records are kept. */
export const recordDays = Type.String({
  pattern: "^(?:0|[1-9][0-9]{0,4})d$",
  description: "whole days",
  examples: ["400d"],
});
