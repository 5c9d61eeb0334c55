import type { TellToken } from "./tokenizer.ts";

/** What a `BPE` model over bytes consists of. */
export interface BytePairTerms {
  readonly vocab: Readonly<Record<string, number>>;
  /** Pairs by rank, each as two strings or as one with a blank between. */
  readonly merges: readonly (string | readonly [string, string])[];
  /** A word that is a token as a whole is that. */
  readonly ignore_merges?: boolean | undefined;
}

/** The characters that stand for bytes in vocabularies: printable ones for themselves (GPT-2). */
const byteCharacters: readonly string[] = characters();

/** Merging takes the square of the length: no word of a language is longer, what is comes in parts. */
const unitsMax = 128;

const utf8 = new TextEncoder();

/**
 * Joins the bytes of words, the pair of the lowest rank first (Sennrich and others 2016, over bytes as
 * GPT-2 has it). Throws where the terms contradict each other.
 */
export function bytePairs(terms: BytePairTerms): (word: string, tell: TellToken) => void {
  const vocabulary = new Map(Object.entries(terms.vocab));
  const ranks = new Map<string, number>();
  for (const [rank, merge] of terms.merges.entries()) {
    const pair = typeof merge === "string" ? merge : merge.join(" ");
    if (!vocabulary.has(pair.replace(" ", ""))) {
      throw new Error("expected `model.vocab` to have what each of `model.merges` comes to");
    }
    ranks.set(pair, rank);
  }
  if (!byteCharacters.every((character) => vocabulary.has(character))) {
    throw new Error("expected `model.vocab` to have all 256 bytes");
  }
  const tokensOf = (parts: string[]): readonly string[] => {
    const whole = parts.join("");
    return terms.ignore_merges === true && vocabulary.has(whole) ? [whole] : merged(parts, ranks);
  };
  const tellPart = (word: string, from: number, to: number, tell: TellToken) => {
    const { parts, unitsOfByte } = spelled(word, from, to);
    let byte = 0;
    for (const token of tokensOf(parts)) {
      const first = unitsOfByte[byte];
      byte += token.length;
      const last = unitsOfByte[byte - 1];
      tell(vocabulary.get(token) ?? 0, first?.start ?? from, last?.end ?? to);
    }
  };
  return (word, tell) => {
    let from = 0;
    while (from < word.length) {
      const to = cutAt(word, from + unitsMax);
      tellPart(word, from, to, tell);
      from = to;
    }
  };
}

interface Units {
  readonly start: number;
  readonly end: number;
}

/** The bytes of a part of a word as characters, and the units that each of them is of. */
function spelled(word: string, from: number, to: number) {
  const parts: string[] = [];
  const unitsOfByte: Units[] = [];
  for (let start = from; start < to; ) {
    const end = cutAt(word, start + 1);
    for (const byte of utf8.encode(word.slice(start, end))) {
      parts.push(byteCharacters[byte] ?? "");
      unitsOfByte.push({ start, end });
    }
    start = end;
  }
  return { parts, unitsOfByte };
}

/** Joins neighbours, those of the lowest rank first and of these the first. */
function merged(parts: string[], ranks: ReadonlyMap<string, number>): readonly string[] {
  const never = Number.POSITIVE_INFINITY;
  const rankAt = (at: number) => ranks.get(`${parts[at]} ${parts[at + 1]}`) ?? never;
  // Of each part with the one behind it: a pair is looked up only when one of the two is new.
  const rankOf = parts.map((_, at) => rankAt(at));
  for (;;) {
    let at = 0;
    for (let other = 1; other < rankOf.length; other += 1) {
      if ((rankOf[other] ?? never) < (rankOf[at] ?? never)) at = other;
    }
    if ((rankOf[at] ?? never) === never) return parts;
    parts.splice(at, 2, `${parts[at]}${parts[at + 1]}`);
    rankOf.splice(at + 1, 1);
    rankOf[at] = rankAt(at);
    if (at > 0) rankOf[at - 1] = rankAt(at - 1);
  }
}

/** An offset that parts no character: this one, or the one behind the character it would part. */
function cutAt(word: string, at: number): number {
  if (at >= word.length) return word.length;
  const isWithin =
    (word.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (word.charCodeAt(at) & 0xfc00) === 0xdc00;
  return isWithin ? at + 1 : at;
}

function characters(): readonly string[] {
  let beyond = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xff && byte !== 0xad);
    if (isPrintable) return String.fromCharCode(byte);
    beyond += 1;
    return String.fromCharCode(beyond - 1);
  });
}
