import { kindAt, letterBits } from "../text/character-kind.ts";
import { findingUnitsMax } from "./bounds.ts";
import type { Candidate } from "./family.ts";

/**
 * Candidates that no longer overlap, sorted by start. The higher rank wins, then confidence, then
 * length. What lies inside a winner disappears; of a loser that sticks out, the rest stays as long as
 * it has letters, so that the union is covered. Digits alone left over from a number that lost say
 * nothing. What touches and is of one type becomes one.
 */
export function settleOverlaps(text: string, candidates: Candidate[]): readonly Candidate[] {
  if (areApart(candidates)) return candidates;
  sortFew(candidates, byStrength);
  const settled: Candidate[] = [];
  for (const candidate of candidates) {
    const rest = withoutWinners(candidate, settled);
    for (const piece of rest) {
      if (piece === candidate || hasLetter(text, piece)) settled.push(piece);
    }
  }
  sortFew(settled, byStart);
  return joinTouching(settled);
}

/** So many are sorted without the copy that `sort` makes each time. */
const fewMax = 32;

type Order = (one: Candidate, other: Candidate) => number;

function sortFew(candidates: Candidate[], order: Order): void {
  if (candidates.length > fewMax) {
    candidates.sort(order);
    return;
  }
  for (let index = 1; index < candidates.length; index += 1) putInPlace(candidates, index, order);
}

// Moves the candidate at an index before those in front of it that come after it.
function putInPlace(candidates: Candidate[], index: number, order: Order): void {
  const candidate = candidates[index] as Candidate;
  let at = index;
  while (at > 0 && order(candidates[at - 1] as Candidate, candidate) > 0) {
    candidates[at] = candidates[at - 1] as Candidate;
    at -= 1;
  }
  candidates[at] = candidate;
}

// Sorted, and none begins where another goes on or ends.
function areApart(candidates: readonly Candidate[]): boolean {
  let end = -1;
  for (const candidate of candidates) {
    if (candidate.start <= end) return false;
    end = candidate.end;
  }
  return true;
}

/**
 * Whether one candidate of a higher rank has all of a place with a letter in it: `settleOverlaps` leaves
 * nothing of what else is found there, so nobody need look. Digits alone could outlive it.
 */
export function isCovered(
  text: string,
  candidates: readonly Candidate[],
  place: Place,
  rank: number,
): boolean {
  for (const { kind, start, end } of candidates) {
    if (start > place.start || end < place.end || kind.rank <= rank) continue;
    return hasLetter(text, place);
  }
  return false;
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Orders candidates by who wins where they overlap, the strongest first. */
export function byStrength(a: Candidate, b: Candidate): number {
  return (
    b.kind.rank - a.kind.rank ||
    b.confidencePct - a.confidencePct ||
    b.end - b.start - (a.end - a.start) ||
    a.start - b.start
  );
}

// Touching pieces of one type are one value, unless that were too long.
function joinTouching(sorted: readonly Candidate[]): readonly Candidate[] {
  const joined: Candidate[] = [];
  for (const next of sorted) {
    const last = joined.at(-1);
    const isOne =
      last?.kind === next.kind &&
      last.end === next.start &&
      next.end - last.start <= findingUnitsMax;
    if (!isOne) {
      joined.push(next);
      continue;
    }
    const confidencePct = Math.max(last.confidencePct, next.confidencePct);
    joined[joined.length - 1] = { ...last, end: next.end, confidencePct };
  }
  return joined;
}

function byStart(a: Candidate, b: Candidate): number {
  return a.start - b.start;
}

const nothing: readonly Candidate[] = [];

function withoutWinners(candidate: Candidate, winners: readonly Candidate[]): readonly Candidate[] {
  let pieces: readonly Candidate[] = [candidate];
  for (const winner of winners) {
    if (winner.start >= candidate.end || winner.end <= candidate.start) continue;
    // Most of what loses was read at the same place as something else.
    if (winner.start <= candidate.start && winner.end >= candidate.end) return nothing;
    const rest: Candidate[] = [];
    for (const piece of pieces) addRest(piece, winner, rest);
    pieces = rest;
  }
  return pieces;
}

function addRest(piece: Candidate, winner: Candidate, rest: Candidate[]): void {
  if (winner.start >= piece.end || winner.end <= piece.start) {
    rest.push(piece);
    return;
  }
  if (piece.start < winner.start) rest.push(placed(piece, piece.start, winner.start));
  if (winner.end < piece.end) rest.push(placed(piece, winner.end, piece.end));
}

function placed({ kind, confidencePct }: Candidate, start: number, end: number): Candidate {
  return { kind, start, end, confidencePct };
}

function hasLetter(text: string, piece: Place): boolean {
  for (let at = piece.start; at < piece.end; at += 1) {
    if ((kindAt(text, at) & letterBits) !== 0) return true;
  }
  return false;
}
