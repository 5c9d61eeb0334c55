import { unitAt, units } from "../../text/units.ts";
import { answer, lookUp, stops } from "../../wide/wide.ts";
import { capitalFlag, letters } from "./letters.ts";
import { emptyHash, hashLetter, unknownWord, unspacedEndingWith, withFlags } from "./word-table.ts";
import type { WordTrail } from "./word-trail.ts";

/** How far before a number a word begins that it may belong to; `assembly/src/words.ts` has it too. */
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
   * Reads words and all that is no mark, from `from` to at most `to`. Gives where it stopped: there, at a
   * mark, at a space if it `seesSpaces`, or behind a word that may run into a value. Places are those in
   * `units`, which begin at `base`.
   */
  read(base: number, from: number, to: number, seesSpaces: boolean): number {
    let at = from;
    do {
      if (this.isOpen) {
        at = this.#readOn(base, at, to);
        if (this.#trail.runningWord !== unknownWord) return at;
      }
      at = this.#trail.read(base, at, to, seesSpaces);
      if (answer[0] === stops.opens) this.#open(base, at);
    } while (this.isOpen && at < to);
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

  // A word was read up to `at` that is not plain, or may go on.
  #open(base: number, at: number): void {
    const start = answer[3] ?? at;
    this.#wordStart = base + start;
    this.#runStart = base + start;
    this.#hash = answer[4] ?? emptyHash;
    this.#isAfterSmall = at > start && (letters[units[at - 1] ?? 0] ?? 0) < capitalFlag;
  }

  // Reads on in letters that are open; a hump ends a word and begins another one.
  #readOn(base: number, from: number, to: number): number {
    for (let at = from; at < to; at += 1) {
      const letter = letters[units[at] ?? 0] ?? 0;
      if (letter === 0) {
        this.close(base, at);
        return at;
      }
      const isCapital = letter >= capitalFlag;
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
    for (let at = from; at < end; at += 1) hash = hashLetter(hash, letters[units[at] ?? 0] ?? 0);
    const found = lookUp(hash);
    if (found !== unknownWord) this.#trail.add(base + start, base + end, 0, found);
  }
}
