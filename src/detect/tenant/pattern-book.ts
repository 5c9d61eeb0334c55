import { RE2JS, RE2Set } from "re2js";
import type { FindingKind } from "../scan/family.ts";
import { foldedText } from "../text/folds.ts";
import { longestMatch } from "./match-length.ts";

/** A pattern of a policy document, which admitted it. */
export interface TenantPattern {
  readonly id: string;
  readonly dataClass: string;
  /** In the syntax of RE2. */
  readonly pattern: string;
  /** Whole percent. */
  readonly confidencePct: number;
  /** One of them must stand before a match for it to count; empty: none has to. Single words. */
  readonly words: readonly string[];
}

/** A pattern, ready to be looked for. */
export interface BoundPattern {
  readonly regex: RE2JS;
  readonly confidencePct: number;
  readonly words: ReadonlySet<string>;
}

/** Patterns of one class, and how they are looked for together. */
export interface PatternBook {
  readonly kind: FindingKind;
  readonly patterns: readonly BoundPattern[];
  /** Indexes of the patterns that match somewhere in a text. */
  readonly gate: (text: string) => readonly number[];
  /** Units behind the beginning of a match that may decide on it. */
  readonly reachUnits: number;
  /**
   * Matches are looked for in stretches that begin at multiples of so many units. One: wherever the
   * text was cut, since no match is so long that more text would change it.
   */
  readonly strideUnits: number;
}

/** What a match without a bound is given, and what one may be longer than only by saying so. */
const openMatchUnits = 256;

/** What a gate remembers of the texts it has seen; a tenth of what it would by itself. */
const gateBytesMax = 1024 * 1024;

/** Compiles patterns of one class. Throws where one is no pattern, which its admission has ruled out. */
export function createPatternBook(
  kind: FindingKind,
  patterns: readonly TenantPattern[],
): PatternBook {
  const gate = new RE2Set(RE2Set.UNANCHORED, 0, gateBytesMax);
  const bound = patterns.map(({ confidencePct, pattern, words }) => {
    gate.add(pattern);
    return { regex: RE2JS.compile(pattern), confidencePct, words: new Set(words.map(folded)) };
  });
  gate.compile();
  const longest = Math.max(...bound.map(({ regex }) => longestMatch(regex)));
  const isOpen = longest === Number.POSITIVE_INFINITY;
  return {
    kind,
    patterns: bound,
    gate: (text) => gate.match(text),
    // One more unit: whether a word ends is told by what follows.
    reachUnits: isOpen ? openMatchUnits : longest + 1,
    strideUnits: isOpen ? openMatchUnits : 1,
  };
}

function folded(word: string): string {
  return foldedText(word).trim();
}
