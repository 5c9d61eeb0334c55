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

/**
 * What does the work, each a field of its own of which a document has exactly one. A classifier that
 * is asked over the network is named by what the operator calls it: documents hold no addresses.
 */
export const classifierSources = {
  endpoint: Type.Optional(label),
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
  classes: list(dataClassId),
  map: Type.Optional(named(classifierLabel, dataClassId)),
  in: list(Type.Enum([...places])),
  scope: Type.Optional(
    closed({ tenants: Type.Optional(list(label)), apps: Type.Optional(list(label)) }),
  ),
  minConfidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  timeout: Type.Optional(answerTime),
});
