import { type NormalStep, normalText } from "./normal-text.ts";

/** The tokens of one text in order; the lists have one entry for each. */
export interface Encoding {
  /** As the model numbers them. */
  readonly ids: number[];
  /** UTF-16 units into the text. */
  readonly starts: number[];
  /** UTF-16 units into the text, exclusive. */
  readonly ends: number[];
  /** Which word each is of, from 0 and ascending. */
  readonly words: number[];
}

/** Turns texts into tokens. */
export interface Tokenizer {
  encode(text: string): Encoding;
  /** What a run of tokens begins with, such as `[CLS]`. */
  readonly before: readonly number[];
  /** What it ends with, such as `[SEP]`. */
  readonly after: readonly number[];
  /** The highest number of a token. */
  readonly idMax: number;
}

/** Told of each token of a word: units into the word, end exclusive. */
export type TellToken = (id: number, start: number, end: number) => void;

/** How the words of a text come to be and what they consist of. */
export interface TokenizerParts extends Pick<Tokenizer, "after" | "before" | "idMax"> {
  readonly steps: readonly NormalStep[];
  /** Finds a word at a time; global. */
  readonly word: RegExp;
  /** A text begins with a blank, even where it has none. */
  readonly addsBlank: boolean;
  readonly tokensOf: (word: string, tell: TellToken) => void;
}

/** Puts a tokenizer together. Names of special tokens that stand in a text are words as any other. */
export function createTokenizer(parts: TokenizerParts): Tokenizer {
  const { addsBlank, after, before, idMax, steps, tokensOf, word } = parts;
  return {
    after,
    before,
    idMax,
    encode(text) {
      const { ends, starts, text: normal } = normalText(text, steps, addsBlank);
      const encoding: Encoding = { ids: [], starts: [], ends: [], words: [] };
      let count = 0;
      let at = 0;
      const tell: TellToken = (id, start, end) => {
        encoding.ids.push(id);
        encoding.starts.push(starts[at + start] ?? 0);
        encoding.ends.push(ends[at + end - 1] ?? 0);
        encoding.words.push(count);
      };
      for (const { 0: found, index } of normal.matchAll(word)) {
        at = index;
        tokensOf(found, tell);
        count += 1;
      }
      return encoding;
    },
  };
}
