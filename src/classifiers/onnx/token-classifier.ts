import type { Encoding, Tokenizer } from "../tokens/index.ts";
import { type Entity, entitiesOf, type LabelledWord } from "./entities.ts";
import type { ModelRun } from "./run-model.ts";
import { labelOf, type TokenLabels, type WordLabel } from "./token-labels.ts";
import { windowsOf } from "./windows.ts";

/** Finds in one text at a time what a model labels. */
export interface TokenClassifier {
  /** By the index in an entity. */
  readonly types: readonly string[];
  /** Rejects where the model cannot be run, and once `isOver` says that nobody waits any more. */
  find(text: string, isOver: () => boolean): Promise<readonly Entity[]>;
}

interface ClassifierParts {
  readonly tokenizer: Tokenizer;
  readonly labels: TokenLabels;
  readonly windowTokens: number;
  readonly run: ModelRun;
}

/**
 * Reads texts window by window. A word is what its first token is: models learn it so, and further
 * pieces of words say little by themselves.
 */
export function createTokenClassifier(parts: ClassifierParts): TokenClassifier {
  const { labels, run, tokenizer, windowTokens } = parts;
  const { after, before } = tokenizer;
  const size = windowTokens - before.length - after.length;
  return {
    types: labels.types,
    async find(text, isOver) {
      const encoding = tokenizer.encode(text);
      const { ids } = encoding;
      const told: WordLabel[] = [];
      for (const { countsFrom, countsTo, end, start } of windowsOf(ids.length, size)) {
        if (isOver()) throw new Error("nobody waits any more");
        const logits = await run([...before, ...ids.slice(start, end), ...after]);
        for (let at = countsFrom; at < countsTo; at += 1) {
          told.push(labelOf(labels, logits, before.length + at - start));
        }
      }
      return entitiesOf(text, wordsOf(encoding, told));
    },
  };
}

/** Words with the labels of their first tokens. */
function wordsOf({ ends, starts, words }: Encoding, told: readonly WordLabel[]) {
  const labelled: LabelledWord[] = [];
  for (const [at, label] of told.entries()) {
    const end = ends[at] ?? 0;
    const first = labelled.at(-1);
    if (at > 0 && words[at] === words[at - 1] && first !== undefined) {
      labelled[labelled.length - 1] = { ...first, end };
    } else labelled.push({ ...label, start: starts[at] ?? 0, end });
  }
  return labelled;
}
