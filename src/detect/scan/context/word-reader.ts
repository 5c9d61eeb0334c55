import { unitAt, units } from "../../text/units.ts";
import { capitalFlag, letters, markEntry } from "./letters.ts";
import { letterMin, roles, unitTable } from "./roles.ts";
import {
  emptyHash,
  hashLetter,
  hashPrime,
  lookUp,
  unknownWord,
  unspacedEndingWith,
  withFlags,
} from "./word-table.ts";
import type { WordTrail } from "./word-trail.ts";

// What the loop over all units reads is of this module: a binding of another one is loaded and looked at
// each time. Numbers are made integers, so that nothing is checked for an overflow.
const codes = units;
const table = unitTable;
const capital = capitalFlag;
const mark = markEntry;
const empty = emptyHash;
const prime = hashPrime;
const least = letterMin;
/** Small letters are so many from there on. */
const span = markEntry - letterMin;
const find = lookUp;

/** How far before a number a word begins that it may belong to. */
export const numberWordUnitsMax = 24;
/** The longest run of letters that is looked up as one word besides its humps. */
const runUnitsMax = 32;
const unset = -1;

/**
 * Reads the words of a text. Words end at what is no letter and at the humps of camelCase; a run of
 * letters with humps counts as one word too. Owned by one scan.
 */
export class WordReader {
  readonly #trail: WordTrail;
  /** Where the word begins that is being read, in the whole text, or -1; and what was read of it. */
  #wordStart = unset;
  #hash = emptyHash;
  #isAfterSmall = false;
  /** Where the run of letters begins that it is part of. */
  #runStart = unset;

  /** Words are added to `trail`. */
  constructor(trail: WordTrail) {
    this.#trail = trail;
  }

  /** Letters were read that may go on. */
  get isOpen(): boolean {
    return this.#wordStart !== unset;
  }

  /**
   * Reads words and all that has a role below `roleMin`, from `from` to at most `to`. Gives where it
   * stopped: there, at a mark, or behind a word that may run into a value. Places are those in `units`,
   * which begin at `base`.
   */
  read(base: number, from: number, to: number, roleMin: number): number {
    let at = from;
    do {
      if (this.isOpen) {
        at = this.#readOn(base, at, to);
        if (this.#trail.runningWord !== unknownWord) return at;
      }
      at = this.#readPlain(base, at, to, roleMin);
    } while (this.isOpen && at < to);
    return at;
  }

  // The same, but it also stops in a word that is not plain, which it opens.
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: this loop sees each unit of each text, and a call for each word costs as much as the word.
  #readPlain(base: number, from: number, to: number, roleMin: number): number {
    const trail = this.#trail;
    const end = to | 0;
    let at = from | 0;
    while (at < end) {
      let letter = table[codes[at] as number] as number;
      if (letter < least) {
        if (letter >= roleMin && !isIdle(trail, base, at, letter)) break;
        at = (at + 1) | 0;
        continue;
      }
      const start = at;
      let hash = empty;
      // Capitals and small letters after them: nearly all words.
      while (letter >= capital) {
        hash = Math.imul(hash ^ (letter - capital), prime);
        at = (at + 1) | 0;
        letter = at < end ? (table[codes[at] as number] as number) : 0;
      }
      while ((letter - least) >>> 0 < span) {
        hash = Math.imul(hash ^ letter, prime);
        at = (at + 1) | 0;
        letter = at < end ? (table[codes[at] as number] as number) : 0;
      }
      if (at === end || letter >= mark) {
        this.#open(base, start, at, hash);
        return at;
      }
      if (trail.add(base + start, base + at, hash, find(hash))) return at;
    }
    return at;
  }

  /** The letters that are open end before the place `end`. */
  close(base: number, end: number): void {
    const runStart = this.#runStart;
    const hasHumps = runStart < this.#wordStart;
    this.#trail.add(this.#wordStart, base + end, this.#hash, lookUp(this.#hash));
    if (hasHumps) this.#addRun(runStart - base, end, base);
    this.#wordStart = unset;
  }

  /** Looks for a word of a script that runs words together, which ends with the unit at `at`. */
  matchUnspaced(text: string, base: number, at: number): void {
    const candidates = unspacedEndingWith(unitAt(at));
    if (candidates === undefined) return;
    for (const [word, entry] of candidates) {
      const start = at + 1 - word.length;
      if (start < 0 || !text.startsWith(word, start)) continue;
      this.#trail.add(base + start, base + at + 1, 0, withFlags(entry));
      return;
    }
  }

  /** The same reader for a text that began alike and may go on otherwise. */
  fork(trail: WordTrail): WordReader {
    const fork = new WordReader(trail);
    fork.#wordStart = this.#wordStart;
    fork.#hash = this.#hash;
    fork.#isAfterSmall = this.#isAfterSmall;
    fork.#runStart = this.#runStart;
    return fork;
  }

  // Letters from `start` to `at` were read.
  #open(base: number, start: number, at: number, hash: number): void {
    this.#wordStart = base + start;
    this.#runStart = base + start;
    this.#hash = hash;
    this.#isAfterSmall = at > start && (letters[codes[at - 1] ?? 0] ?? 0) < capital;
  }

  // Reads on in letters that are open; a hump ends a word and begins another one.
  #readOn(base: number, from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const letter = letters[codes[at] ?? 0] ?? 0;
      if (letter === 0) {
        this.close(base, at);
        return at;
      }
      const isCapital = letter >= capital;
      if (isCapital && this.#isAfterSmall) {
        this.#trail.add(this.#wordStart, base + at, this.#hash, lookUp(this.#hash));
        this.#trail.runningWord = unknownWord;
        this.#wordStart = base + at;
        this.#hash = emptyHash;
      }
      this.#isAfterSmall = !isCapital;
      this.#hash = hashLetter(this.#hash, letter);
    }
    return to;
  }

  #addRun(start: number, end: number, base: number): void {
    const from = Math.max(0, start);
    if (end - from > runUnitsMax) return;
    let hash = emptyHash;
    for (let at = from; at < end; at += 1) hash = hashLetter(hash, letters[codes[at] ?? 0] ?? 0);
    const found = lookUp(hash);
    if (found !== unknownWord) this.#trail.add(base + start, base + end, 0, found);
  }
}

// A dash behind no other, and a digit with no word beside it that says something: nothing begins there.
function isIdle(trail: WordTrail, base: number, at: number, role: number): boolean {
  if (role < roles.dash || at === 0) return false;
  const before = codes[at - 1];
  if (role === roles.dash) return before !== 0x2d;
  if (role !== roles.digit) return false;
  return (before !== 0x20 && before !== 0x23) || !trail.tellsSince(base + at - numberWordUnitsMax);
}
