import { Type } from "typebox";
import { places } from "../../domain/index.ts";
import { closed, dataClassId, label, list, named, word, words } from "./field-schemas.ts";

/** How long one answer of a classifier may take: the units of other lengths of time are too long. */
const answerTime = Type.String({
  pattern: "^[1-9][0-9]{0,5}(?:ms|s)$",
  description: "a whole number and ms or s",
  examples: ["150ms"],
});

/** What a classifier calls what it finds: `PERSON`, `harassment/threatening`. */
const classifierLabel = Type.String({
  pattern: "^[!-~]{1,128}$",
  maxLength: 128,
  description: "one word of a classifier",
  examples: ["PERSON"],
});

/** In the syntax of RE2; admission says more (E08). */
const detectorPattern = Type.String({ minLength: 1, maxLength: 4096 });

/** A word to stand near a value. */
const nearWord = Type.String({
  pattern: "^[^\\s\\u0000-\\u001f\\u007f]{1,64}$",
  description: "one word of at most 64 characters",
  examples: ["badge"],
});

const confidence = Type.Number({ minimum: 0, maximum: 1 });

/** What one pattern of a classifier is. */
const ownPattern = closed({
  id: label,
  class: dataClassId,
  pattern: detectorPattern,
  confidence: Type.Optional(confidence),
  words: Type.Optional(list(nearWord)),
});

/** Entries in one text, one to a line: a list of many would be slow to read. */
const lines = Type.String({ minLength: 1 });

/** 16 to 64 bytes in base64url (RFC 4648 section 5). */
const listKey = Type.String({
  pattern: "^[A-Za-z0-9_-]{22,86}$",
  description: "16 to 64 random bytes in base64url",
});

/** Digests of ten characters each, in base64url; white space between them counts nothing. */
const digests = Type.String({
  pattern: "^[A-Za-z0-9_\\s-]+$",
  description: "digests of ten characters each, as `chancery digest` writes them",
});

/** Which one a file has to be. */
const fileDigest = Type.String({
  pattern: "^sha256:[0-9a-f]{64}$",
  description: "`sha256:` and 64 hexadecimal digits",
});

/**
 * What does the work, each a field of its own of which a document has exactly one. A classifier that
 * is asked over the network is named by what the operator calls it: documents hold no addresses.
 */
export const classifierSources = {
  endpoint: Type.Optional(label),
  patterns: Type.Optional(Type.Array(ownPattern, { minItems: 1, maxItems: 64 })),
  terms: Type.Optional(
    closed({
      class: dataClassId,
      list: Type.Optional(Type.Array(words, { minItems: 1, maxItems: 10_000 })),
      lines: Type.Optional(lines),
    }),
  ),
  values: Type.Optional(closed({ class: dataClassId, key: listKey, digests })),
  ignore: Type.Optional(closed({ values: Type.Array(words, { minItems: 1, maxItems: 1000 }) })),
} as const;

/** The fields of `spec` in which a classifier is told apart from another. */
export const classifierSourceNames = Object.keys(
  classifierSources,
) as readonly (keyof typeof classifierSources)[];

/** A detector that is asked for data classes (policy-model 2). */
export const classifier = closed({
  version: word,
  owner: Type.Optional(words),
  ...classifierSources,
  files: Type.Optional(closed({ model: fileDigest, tokenizer: fileDigest })),
  classes: list(dataClassId),
  map: Type.Optional(named(classifierLabel, dataClassId)),
  in: list(Type.Enum([...places])),
  scope: Type.Optional(
    closed({ tenants: Type.Optional(list(label)), apps: Type.Optional(list(label)) }),
  ),
  minConfidence: Type.Optional(confidence),
  timeout: Type.Optional(answerTime),
});
