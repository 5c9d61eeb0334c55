import { findingUnitsMax } from "./bounds.ts";
import type { Candidate } from "./family.ts";
import { byStrength } from "./overlap.ts";

/**
 * What two readings of one text find, joined while the text comes: all that either finds is covered,
 * and no two results overlap. Of two that do the stronger one wins, and what sticks out of the other
 * stays; two of one kind become one, unless that were too long. What it gives depends on what is added
 * only, not on when.
 */
export class CandidateUnion {
  readonly #first = new CandidateQueue();
  readonly #second = new CandidateQueue();
  readonly #choose: (candidate: Candidate) => Candidate | undefined;
  /** What is left of a loser, behind its winner; before all that still waits. */
  #rest: Candidate | undefined;
  /** The last one met, which the next may overlap. */
  #open: Candidate | undefined;
  #united: Candidate[] = [];
  readonly #roundDown: (offset: number) => number;
  #settled = 0;

  /**
   * `choose` gives a candidate of the first reading as it is to be united, or none if it is not;
   * `roundDown` the last place at or before an offset that nothing may be settled beyond yet.
   */
  constructor(
    choose: (candidate: Candidate) => Candidate | undefined,
    roundDown: (offset: number) => number = (offset) => offset,
  ) {
    this.#choose = choose;
    this.#roundDown = roundDown;
  }

  /** Adds what one reading finds, sorted and not overlapping; each reading in its order. */
  addFirst(candidates: readonly Candidate[]): void {
    this.#first.add(candidates);
  }

  /** Adds what the other reading finds, likewise. */
  addSecond(candidates: readonly Candidate[]): void {
    this.#second.add(candidates);
  }

  /**
   * Unites what begins before `known`; both readings have added all of that. Answers up to where
   * nothing changes any more. Never decreases as long as `known` does not.
   */
  settle(known: number): number {
    let goesOn = true;
    while (goesOn) {
      goesOn = this.#rest === undefined ? this.#meetNext(known) : this.#meetRest(known);
    }
    this.#settled = this.#wholeBefore(this.#closeBefore(known));
    return this.#settled;
  }

  /** What was united up to where nothing changes and not taken yet, sorted. */
  take(): readonly Candidate[] {
    const united = this.#united;
    const rest = united.findIndex(({ end }) => end > this.#settled);
    this.#united = rest < 0 ? [] : united.slice(rest);
    return rest < 0 ? united : united.slice(0, rest);
  }

  // Of two that overlap one is cut where the other begins, which may be a place to be rounded.
  #wholeBefore(offset: number): number {
    let settled = offset;
    for (;;) {
      const rounded = this.#roundDown(settled);
      const parted = this.#united.find(({ start, end }) => start < rounded && rounded < end);
      const next = parted?.start ?? rounded;
      if (next === settled) return settled;
      settled = next;
    }
  }

  #closeBefore(known: number): number {
    const open = this.#open;
    if (open === undefined) return known;
    if (open.end > known) return open.start;
    this.#united.push(open);
    this.#open = undefined;
    return known;
  }

  // Both answer whether there was one to meet.

  #meetRest(known: number): boolean {
    const rest = this.#rest;
    if (rest === undefined || rest.start >= known) return false;
    this.#rest = undefined;
    this.#meet(rest);
    return true;
  }

  #meetNext(known: number): boolean {
    const isFirst = this.#first.start <= this.#second.start;
    const queue = isFirst ? this.#first : this.#second;
    if (queue.start >= known) return false;
    const next = queue.shift();
    const chosen = isFirst && next !== undefined ? this.#choose(next) : next;
    if (chosen !== undefined) this.#meet(chosen);
    return next !== undefined;
  }

  #meet(next: Candidate): void {
    const open = this.#open;
    if (open === undefined || next.start >= open.end) this.#replace(open, next);
    else if (isOneValue(open, next)) this.#open = join(open, next);
    else if (byStrength(next, open) < 0) {
      if (next.start > open.start) this.#replace({ ...open, end: next.start }, next);
      else this.#open = next;
      if (open.end > next.end) this.#rest = { ...open, start: next.end };
    } else if (next.end > open.end) this.#rest = { ...next, start: open.end };
  }

  #replace(closed: Candidate | undefined, next: Candidate): void {
    if (closed !== undefined) this.#united.push(closed);
    this.#open = next;
  }
}

/** Candidates in order. */
class CandidateQueue {
  #items: Candidate[] = [];
  #at = 0;

  /** Where the next one begins; beyond all text if there is none. */
  get start(): number {
    return this.#items[this.#at]?.start ?? Number.POSITIVE_INFINITY;
  }

  add(candidates: readonly Candidate[]): void {
    if (candidates.length === 0) return;
    this.#items = [...this.#items.slice(this.#at), ...candidates];
    this.#at = 0;
  }

  shift(): Candidate | undefined {
    const next = this.#items[this.#at];
    this.#at += 1;
    return next;
  }
}

function isOneValue(a: Candidate, b: Candidate): boolean {
  return a.kind === b.kind && Math.max(a.end, b.end) - a.start <= findingUnitsMax;
}

function join(a: Candidate, b: Candidate): Candidate {
  const confidencePct = Math.max(a.confidencePct, b.confidencePct);
  return { kind: a.kind, start: a.start, end: Math.max(a.end, b.end), confidencePct };
}
