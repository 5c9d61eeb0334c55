import { jsonWebTokenKind } from "../secret/json-web-token.ts";
import type { Surroundings } from "./context/surroundings.ts";
import type { Candidate } from "./family.ts";
import type { Judge, Stretch } from "./judge.ts";
import { OpenSecret } from "./open-secret.ts";

/** How much text in which nothing was found is read at a time. */
const passedUnits = 2048;
const unset = -1;

/**
 * What is found in one text, for the scan that cuts it up: judges stretches and labelled values, and
 * keeps what they gave until it is taken. Whoever reports also has the words and labels read up to
 * there. `text` is the buffer of the scan and begins at `base` in the whole text.
 */
export class ScanFindings {
  readonly #judge: Judge;
  /** Words, labels and labelled values up to where the text was read. */
  readonly #surroundings: Surroundings;
  /** Not taken yet; offsets into the whole text. */
  #found: Candidate[] = [];
  /** Where words and labels were not read yet, in the whole text, and what was found there. */
  #passedFrom = unset;
  #passedTo = unset;
  #passed: Candidate[] = [];

  constructor(judge: Judge, surroundings: Surroundings) {
    this.#judge = judge;
    this.#surroundings = surroundings;
  }

  get surroundings(): Surroundings {
    return this.#surroundings;
  }

  /** Those that were reported and not taken yet, sorted; offsets into the whole text. */
  take(): readonly Candidate[] {
    const taken = this.#found;
    this.#found = [];
    return taken;
  }

  /** Judges a whole segment. What is found in it is reported once words and labels were read. */
  reportSegment(stretch: Stretch): void {
    const { text, base, from, to } = stretch;
    const found = this.#judge.judge(stretch, this.#surroundings);
    if (found.length > 0) {
      // What is read at a time holds all of what was found in it, and all values that begin there.
      if (this.#passedFrom !== unset && base + to - this.#passedFrom > passedUnits) {
        this.catchUp(text, base);
      }
      for (const candidate of found) this.#passed.push(placed(candidate, base));
    }
    this.pass(text, base, from, to);
  }

  /**
   * Judges the first units of a longer segment, and reports what begins before the stride. Gives where
   * reading goes on, and the token that fills the rest, if there is one.
   */
  reportWindow(stretch: Stretch, stride: number): { next: number; secret: OpenSecret | undefined } {
    const { text, base, from, to, isWindow } = stretch;
    const found = this.#judge.judge(stretch, this.#surroundings);
    let next = from + stride;
    let secret: OpenSecret | undefined;
    this.lookAround(text, base, from, next);
    for (const candidate of found) {
      if (candidate.start >= from + stride) break;
      if (isWindow && candidate.kind === jsonWebTokenKind && candidate.end === to) {
        secret = OpenSecret.token(text, candidate.start, to);
      } else {
        this.report(candidate, base);
      }
      next = Math.max(next, candidate.end);
    }
    return { next, secret };
  }

  /** Takes what was found at offsets into the buffer, unless it is settled with a labelled value. */
  report(candidate: Candidate, base: number): void {
    this.#keep(placed(candidate, base));
  }

  /** Reads words and labels up to `to`; before `from` all was reported, so no value begins there. */
  lookAround(text: string, base: number, from: number, to: number): void {
    this.catchUp(text, base);
    this.#readAround(text, base, from, to);
  }

  /** All between two places was judged. Words and labels there are read together with those behind. */
  pass(text: string, base: number, from: number, to: number): void {
    if (this.#passedFrom === unset) {
      this.#passedFrom = base + from;
      this.#surroundings.values.floor = base + from;
    }
    this.#passedTo = base + to;
    const units = this.#passedTo - this.#passedFrom;
    // Of no units: what begins here was not there to be seen when the text was read up to it.
    if (units === 0 || units > passedUnits) this.catchUp(text, base);
  }

  /** Reads all that was passed and reports what was found there, settling values on the way. */
  catchUp(text: string, base: number): void {
    if (this.#passedFrom === unset) return;
    const to = this.#passedTo - base;
    let at = this.#passedFrom - base;
    this.#passedFrom = unset;
    do {
      const next = Math.min(to, at + passedUnits);
      this.#readAround(text, base, at, next);
      this.#reportPassed(text, base);
      this.settleValues(text, base, base + next, false);
      at = next;
    } while (at < to);
  }

  /**
   * Reports the labelled values that are known, together with what was found in them. All else was
   * found up to `readTo` in the whole text; `isOver`: that is its end.
   */
  settleValues(text: string, base: number, readTo: number, isOver: boolean): void {
    const { values } = this.#surroundings;
    if (values.isEmpty) return;
    values.lend(base);
    values.reach(readTo);
    if (isOver) values.end(readTo);
    let group = values.shift(readTo);
    while (group !== undefined) {
      for (const candidate of this.#judge.judgeGroup(text, base, group)) {
        this.#found.push(candidate);
      }
      group = values.shift(readTo);
    }
  }

  /** The same for a text that began alike; what was found is not taken along. */
  fork(): ScanFindings {
    return new ScanFindings(this.#judge, this.#surroundings.fork());
  }

  /** All of the text was read. */
  release(): void {
    this.#surroundings.release();
  }

  #readAround(text: string, base: number, from: number, to: number): void {
    this.#surroundings.values.floor = base + from;
    this.#surroundings.lend(text, base, to);
    this.#surroundings.reach(to);
  }

  // The text was read behind all of it, so the values are known that begin before it or within. Those
  // that are over before it are settled apart: what is settled together is compared with one another.
  #reportPassed(text: string, base: number): void {
    if (this.#passed.length === 0) return;
    for (const candidate of this.#passed) {
      this.settleValues(text, base, candidate.start, false);
      this.#keep(candidate);
    }
    this.#passed = [];
  }

  // Keeps what was found, unless it is settled with a labelled value.
  #keep(candidate: Candidate): void {
    if (!this.#surroundings.values.hold(candidate)) this.#found.push(candidate);
  }
}

// Where it stands in the whole text.
function placed(candidate: Candidate, base: number): Candidate {
  if (base === 0) return candidate;
  const { kind, start, end, confidencePct } = candidate;
  return { kind, start: base + start, end: base + end, confidencePct };
}
