import { invariant } from "../../base/index.ts";
import type { Family } from "./family.ts";
import type { SegmentParts } from "./segment-parts.ts";

/** A set of families is the bits of one number. */
const familiesMax = 32;
/** Bits of the kinds of characters and of the signs beside them. */
const kindBits = 9;

/** The families by what a segment must have for them, so that each segment costs those alone. */
export interface FamilyTable {
  /**
   * Families that ask for no more than a segment of so many units, these character kinds and these
   * parts has: bit n is the n-th of the table.
   */
  setFor(units: number, kinds: number, parts: SegmentParts): number;
}

/** A table of up to 32 families. */
export function createFamilyTable(families: readonly Family[]): FamilyTable {
  invariant(families.length <= familiesMax, "a set of families fits in one number");
  const byKinds = setsByKinds(families);
  const byUnits = setsByMinimum(families.map(({ unitsMin }) => unitsMin));
  const byDigits = setsByMinimum(families.map(({ digitsMin }) => digitsMin));
  const byNumberGroups = setsByMinimum(families.map(({ groupsMin }) => groupsMin ?? 0));
  const byNumberDigits = setsByMinimum(families.map((family) => family.numberDigitsMin ?? 0));
  const byRun = setsByMinimum(families.map(({ runUnitsMin }) => runUnitsMin ?? 0));
  return {
    setFor(units, kinds, parts) {
      return (
        (byKinds[kinds | parts.signs] ?? 0) &
        at(byUnits, units) &
        at(byDigits, parts.groups.units) &
        at(byNumberGroups, parts.numberGroups) &
        at(byNumberDigits, parts.numberDigits) &
        at(byRun, parts.runs.longest)
      );
    },
  };
}

// The last row stands for all that is more.
function at(sets: Int32Array, count: number): number {
  return sets[Math.min(count, sets.length - 1)] ?? 0;
}

function setsByKinds(families: readonly Family[]): Int32Array {
  return Int32Array.from({ length: 1 << kindBits }, (_, kinds) =>
    setOf(families, ({ needs }) => (kinds & needs) === needs),
  );
}

// For each count the families whose minimum it reaches.
function setsByMinimum(minima: readonly number[]): Int32Array {
  return Int32Array.from({ length: Math.max(0, ...minima) + 1 }, (_, count) =>
    setOf(minima, (minimum) => count >= minimum),
  );
}

function setOf<T>(all: readonly T[], isIn: (one: T) => boolean): number {
  return all.reduce((set, one, index) => (isIn(one) ? set | (1 << index) : set), 0);
}
