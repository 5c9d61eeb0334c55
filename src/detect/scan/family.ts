import type { Finding } from "../../domain/index.ts";
import type { NumberGroups } from "./number-groups.ts";
import type { Context, Topic } from "./topics.ts";

/** Who wins where two values overlap; higher wins (secret, financial, government, contact). */
export const ranks = { secret: 4, financial: 3, government: 2, contact: 1 } as const;

/** What a family reports, fixed per type. */
export interface FindingKind {
  readonly type: string;
  readonly dataClass: string;
  readonly detector: string;
  readonly rank: number;
}

/** A type of value as the documentation lists it. */
export interface CatalogueEntry extends FindingKind {
  /** A value that is nobody's; empty where no valid one is safe to print. */
  readonly example: string;
  /** What is checked besides the shape, in a few words; empty if nothing is. */
  readonly check: string;
  /** Whether a word nearby is needed: never, only for values without separators, or always. */
  readonly context: "no" | "bare" | "yes";
  /** Confidence in percent before anything around the value counts. */
  readonly basePct: number;
  /** ISO 3166 codes of the countries it belongs to; empty: everywhere. */
  readonly countries: readonly string[];
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
  /** What stands around it. */
  readonly context: Context;
  /** Text goes on after `to` without a break: the segment is a window of something longer. */
  readonly isWindow: boolean;
}

/** Rules for one family of values. */
export interface Family {
  /** What it reports. */
  readonly kinds?: readonly CatalogueEntry[];
  /** Character kinds a segment must all have to be worth a look. */
  readonly needs: number;
  /** Units a segment must at least have. */
  readonly unitsMin: number;
  /** Digits a segment must at least have. */
  readonly digitsMin: number;
  /** Adds what it finds, in any order; may overlap. */
  find(segment: Segment, found: Candidate[]): void;
}

/** What stands where a label says what it is: behind it, in its column, under its key. */
export interface LabelledValue {
  readonly text: string;
  readonly from: number;
  /** End, exclusive: of the string, the cell, the line, or of what may still belong to it. */
  readonly to: number;
  /** What the label speaks of. */
  readonly topic: Topic;
  /** A key, column or form label, or only words of a sentence ("my name is"). */
  readonly isStructural: boolean;
}

/** Rules for values that only a label tells, such as names and record numbers. */
export interface LabelledFamily {
  readonly kinds: readonly CatalogueEntry[];
  /** Labels it wants to see the values of. */
  readonly topics: readonly Topic[];
  /** Adds what it finds in the value, as `Family.find` does. */
  find(value: LabelledValue, found: Candidate[]): void;
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
