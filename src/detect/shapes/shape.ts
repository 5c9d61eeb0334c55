import type { CatalogueEntry } from "../scan/family.ts";
import type { Topic } from "../scan/topics.ts";

/**
 * A type of identifier as data: which characters it has, the ways it is written, and its check. All
 * shapes are looked for together, see `createShapeFamily`.
 */
export interface Shape {
  readonly kind: CatalogueEntry;
  /** What a word nearby must speak of to count for it. */
  readonly topic: Topic;
  /**
   * Characters without separators: `d` a digit, `l` a letter, `x` either. Several of one length are
   * alternatives.
   */
  readonly masks: readonly string[];
  /**
   * Ways of writing it that stand for themselves, as sizes of groups and what joins them: `3-2-4`,
   * `4 4 4`, `3.3.3-2`; `9` has no separators.
   */
  readonly alone: readonly string[];
  /** Ways of writing it that count only beside a word of the topic. */
  readonly labelled: readonly string[];
  /** Points for a passed check, by how rarely a chance value passes: see `checkPcts`. */
  readonly checkPct: number;
  /** The check; given the characters without separators, letters as capitals. */
  passes(compact: string): boolean;
  /** Whether this one may stand for itself in a way of `alone`; left out, all may. */
  mayStandAlone?(compact: string): boolean;
}

/**
 * What a passed check is worth, by the share of chance values that pass it: one in ten, one in twenty
 * or thirty, one or two in a hundred, fewer; nothing where most pass. `shape` is for values that only
 * a label tells, so that a word nearby is enough to act on.
 */
export const checkPcts = {
  none: 0,
  shape: 20,
  tenth: 15,
  thirtieth: 20,
  hundredth: 25,
  rare: 30,
} as const;

/** A type of a family of data classes: its class and detector follow from its name. */
export function catalogueEntry(
  family: string,
  entry: Omit<CatalogueEntry, "dataClass" | "detector">,
): CatalogueEntry {
  const name = entry.type.toLowerCase();
  return { ...entry, dataClass: `${family}.${name}`, detector: `${name}@1` };
}
