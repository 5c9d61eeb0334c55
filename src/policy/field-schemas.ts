import { Type } from "typebox";

/*
 * The building blocks of the schemas in `schema.ts` and `rule-schema.ts`. Besides the standard
 * keywords of JSON Schema:
 * - `x-enforced` lists the values this version enforces; any other valid value is problem E09;
 * - `x-hint` says what to do instead;
 * - `x-names` marks matcher items, which may name a `set:`;
 * - `description` and `examples` end up in problems.
 */

/** A field of the language that does not load yet, whatever its value. */
export function notEnforced(hint: string) {
  return Type.Optional(Type.Unknown({ "x-enforced": [], "x-hint": hint }));
}

/** One of several words of which only some are enforced yet. */
export function partlyEnforced<const Words extends readonly string[]>(
  words: Words,
  enforced: readonly Words[number][],
  hint: string,
) {
  return Type.Enum<Words[number][]>([...words], { "x-enforced": enforced, "x-hint": hint });
}

/** At least one item: an empty matcher list would fit nothing, which nobody means. */
export function list<const Item extends Type.TSchema>(item: Item) {
  return Type.Array(item, { minItems: 1, maxItems: 256 });
}

/** A mapping whose unknown fields are problems. */
export function closed<const Fields extends Type.TProperties>(fields: Fields) {
  return Type.Object(fields, { additionalProperties: false });
}

/** A length of time of which only one value is enforced yet. */
export function onlyDuration(enforced: string, hint: string) {
  return Type.String({
    pattern: "^(?:0|[1-9][0-9]{0,6})[smhd]$",
    description: "a whole number and s, m, h or d",
    examples: [enforced],
    "x-enforced": [enforced],
    "x-hint": hint,
  });
}

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

/** `<namespace>/<policy>/<id>`, or the last two of them (policy-model 2.1). */
export const ruleName = Type.String({
  pattern: "^(?:[a-z0-9-]{1,63}/){1,2}[a-z0-9-]{1,63}$",
  description: "a rule's name, `<namespace>/<policy>/<id>`",
  examples: ["platform/baseline/output-cap"],
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

/** A word models are described with: a region, a tag. */
export const word = Type.String({
  pattern: "^[!-)+-~]{1,256}$",
  description: "one word without `*`",
  examples: ["eu-central-1"],
});

/** How long records are kept. */
export const recordDays = Type.String({
  pattern: "^(?:0|[1-9][0-9]{0,4})d$",
  description: "whole days",
  examples: ["400d"],
});
