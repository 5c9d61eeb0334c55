import type { Finding } from "../../domain/index.ts";
import type { Context } from "./context/context.ts";
import type { NumberGroups } from "./number-groups.ts";
import type { Topic } from "./topics.ts";

/** Who wins where two values overlap; higher wins. */
export const ranks = {
  secret: 6,
  financial: 5,
  government: 4,
  health: 3,
  contact: 2,
  network: 1,
} as const;

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
 * A stretch of text that no value reaches out of, lent to the families for one call: a run of
 * characters without a break, or a number in groups with spaces between. It has a digit or an at sign
 * or at least twenty units; what is shorter and of letters alone only a `LabelledFamily` sees. A family
 * reads at most one unit after `to` and `lookBehindUnits` before a candidate, or results would depend
 * on how the text was cut. The text is laid down (`units.ts`): single units are read there, since
 * asking a string for one costs several times as much where strings of many kinds come by.
 */
export interface Segment {
  readonly text: string;
  readonly from: number;
  /** End, exclusive. */
  readonly to: number;
  /** Runs of digits in it. */
  readonly groups: NumberGroups;
  /** Runs of ASCII letters and digits in it. */
  readonly runs: NumberGroups;
  /** What stands around it. */
  readonly context: Context;
  /** Text goes on after `to` without a break: the segment is a window of something longer. */
  readonly isWindow: boolean;
}

/**
 * Rules for one family of values. Families are found by what they ask for (`family-table.ts`), so
 * asking for all that a value must have keeps a family from costing anything elsewhere. Many types that are told apart by the
 * sizes of their groups are best one family, as in `shapes/`.
 */
export interface Family {
  /** What it reports. */
  readonly kinds?: readonly CatalogueEntry[];
  /**
   * Character kinds, signs (`segment-parts.ts`) and openings of runs (`run-openings.ts`) a segment must all
   * have to be worth a look.
   */
  readonly needs: number;
  /** Character kinds of which it must have one, and openings likewise. */
  readonly needsOne?: number;
  /** Units a segment must at least have. */
  readonly unitsMin: number;
  /** Units it may at most have. */
  readonly unitsMax?: number;
  /** Digits a segment must at least have. */
  readonly digitsMin: number;
  /** Runs of digits that one of its numbers must at least have, joined by marks. */
  readonly groupsMin?: number;
  /** Digits that one of its numbers must at least have. */
  readonly numberDigitsMin?: number;
  /** Sizes of runs of digits of which it must have one such set; what is longer than nine is ten. */
  readonly groupSizes?: readonly (readonly number[])[];
  /** Units that one of its runs of ASCII letters and digits must at least have. */
  readonly runUnitsMin?: number;
  /** Runs of ASCII letters and digits it must at least have of one size, one unit apart. */
  readonly evenRunsMin?: number;
  /** Adds what it finds, in any order; may overlap. */
  find(segment: Segment, found: Candidate[]): void;
}

/**
 * What stands where a label says what it is: behind it, in its column, under its key, on the line below
 * it, or right behind a word if it begins with a digit ("CVV 123").
 */
export interface LabelledValue {
  readonly text: string;
  readonly from: number;
  /** End, exclusive: of the string, the cell, the line, or of what may still belong to it. */
  readonly to: number;
  /** What the label speaks of: the first topic of the family that it names. */
  readonly topic: Topic;
  /** A key, column or form label, or only words of a sentence ("my name is"). */
  readonly isStructural: boolean;
  /** It stood in quotes and is all there was between them, up to a bound. */
  readonly isQuoted?: boolean;
}

/** Rules for values that only a label tells, such as names and record numbers. */
export interface LabelledFamily {
  readonly kinds: readonly CatalogueEntry[];
  /** Labels it wants to see the values of. */
  readonly topics: readonly Topic[];
  /** Of these, those that only keep a value from the topics behind them: nobody opens one for such. */
  readonly refusedTopics?: readonly Topic[];
  /**
   * Set where a value said in a sentence begins with capitals: how much it wants to see from its first
   * word in small letters on. Spares streams the wait for more.
   */
  readonly unitsBehindCapitals?: number;
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
