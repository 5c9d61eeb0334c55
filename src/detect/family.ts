import type { Finding } from "../domain/index.ts";
import type { NumberGroups } from "./number-groups.ts";

/** Who wins where two values overlap; higher wins (secret, financial, government, contact). */
export const ranks = { secret: 4, financial: 3, government: 2, contact: 1 } as const;

/** What a family reports, fixed per type. */
export interface FindingKind {
  readonly type: string;
  readonly dataClass: string;
  readonly detector: string;
  readonly rank: number;
}

/** A value that passed its checks, before overlaps are settled. Offsets into `Segment.text`. */
export interface Candidate {
  readonly kind: FindingKind;
  readonly start: number;
  readonly end: number;
  readonly confidencePct: number;
}

/**
 * A stretch of text that no value reaches out of, lent to the families for one call. A family reads
 * at most one unit after `to` and `lookBehindUnits` before a candidate, or results would depend on how
 * the text was cut.
 */
export interface Segment {
  readonly text: string;
  readonly from: number;
  /** End, exclusive. */
  readonly to: number;
  /** `text` from `from` to `to`. */
  readonly value: string;
  /** Runs of digits in it. */
  readonly groups: NumberGroups;
  /** Text goes on after `to` without a break: the segment is a window of something longer. */
  readonly isWindow: boolean;
}

/** Rules for one family of values. */
export interface Family {
  /** Character kinds a segment must all have to be worth a look. */
  readonly needs: number;
  /** Units a segment must at least have. */
  readonly unitsMin: number;
  /** Digits a segment must at least have. */
  readonly digitsMin: number;
  /** Adds what it finds, in any order; may overlap. */
  find(segment: Segment, found: Candidate[]): void;
}

/** Below this confidence, in percent, a value is not worth reporting. */
export const reportPctMin = 40;

/** Adds a candidate if it is sure enough; nothing is ever entirely sure. */
export function addCandidate(
  found: Candidate[],
  kind: FindingKind,
  place: { readonly start: number; readonly end: number; readonly pct: number },
): void {
  if (place.pct < reportPctMin) return;
  const confidencePct = Math.min(99, place.pct);
  found.push({ kind, start: place.start, end: place.end, confidencePct });
}

/** A candidate as other stages are told of it. */
export function toFinding({ kind, start, end, confidencePct }: Candidate): Finding {
  const { dataClass, type, detector } = kind;
  return { dataClass, type, detector, confidencePct, start, end };
}
