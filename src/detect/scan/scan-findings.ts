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
  /** Where nothing was found and words and labels were not read yet, in the whole text. */
  #passedFrom = unset;
  #passedTo = unset;

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

  /** Judges and reports a whole segment. */
  reportSegment(stretch: Stretch): void {
    const { text, base, from, to } = stretch;
    const found = this.#judge.judge(stretch, this.#surroundings);
    if (found.length === 0) {
      this.pass(text, base, from, to);
      return;
    }
    // Values that begin within it are met before what was found in it is reported.
    this.lookAround(text, base, from, to);
    for (const candidate of found) this.report(candidate, base);
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
  report({ kind, start, end, confidencePct }: Candidate, base: number): void {
    const placed = { kind, start: base + start, end: base + end, confidencePct };
    if (!this.#surroundings.values.hold(placed)) this.#found.push(placed);
  }

  /** Reads words and labels up to `to`; before `from` all was reported, so no value begins there. */
  lookAround(text: string, base: number, from: number, to: number): void {
    if (this.#passedFrom !== unset && this.#passedTo !== base + from) this.catchUp(text, base);
    const { values } = this.#surroundings;
    if (this.#passedFrom === unset) values.floor = base + from;
    this.#passedFrom = unset;
    this.#surroundings.lend(text, base, to);
    this.#surroundings.reach(to);
  }

  /**
   * There is nothing to report between two places. Words and labels there are read together with those
   * behind, unless a value waits for its end.
   */
  pass(text: string, base: number, from: number, to: number): void {
    const { values } = this.#surroundings;
    if (this.#passedFrom === unset) {
      this.#passedFrom = base + from;
      values.floor = base + from;
    }
    this.#passedTo = base + to;
    const units = this.#passedTo - this.#passedFrom;
    // Of no units: what begins here was not there to be seen when the text was read up to it.
    if (units === 0 || units > passedUnits || !values.isEmpty) this.catchUp(text, base);
  }

  /** Reads all that was passed, settling values on the way: there may be many. */
  catchUp(text: string, base: number): void {
    if (this.#passedFrom === unset) return;
    const to = this.#passedTo - base;
    let at = this.#passedFrom - base;
    this.#passedFrom = unset;
    while (to - at > passedUnits) {
      const next = at + passedUnits;
      this.lookAround(text, base, at, next);
      this.settleValues(text, base, base + next, false);
      at = next;
    }
    this.lookAround(text, base, at, to);
  }

  /**
   * Reports the labelled values that are known, together with what was found in them. All else was
   * found up to `readTo` in the whole text; `isOver`: that is its end.
   */
  settleValues(text: string, base: number, readTo: number, isOver: boolean): void {
    const { values } = this.#surroundings;
    if (values.isEmpty) return;
    values.lend(text, base);
    values.reach(readTo);
    if (isOver) values.end(readTo);
    let group = values.shift(readTo);
    while (group !== undefined) {
      this.#found.push(...this.#judge.judgeGroup(text, base, group));
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
}
