import { invariant } from "../../base/index.ts";
import { kindBits } from "../text/character-kind.ts";
import type { Family } from "./family.ts";
import { openingsOf, openingsShift } from "./run-openings.ts";
import { groupSizeMax, type SegmentParts } from "./segment-parts.ts";

/** A set of families is the bits of one number. */
const familiesMax = 32;

/**
 * All sets lie in one array, which touches less memory than several: columns of one length, and one
 * behind them for the sizes of runs of digits.
 */
const rows = 128;
const kindMask = rows - 1;
const kindsColumn = 0;
const signsColumn = rows;
const openingsColumn = 2 * rows;
const unitsColumn = 3 * rows;
const digitsColumn = 4 * rows;
const numberGroupsColumn = 5 * rows;
const numberDigitsColumn = 6 * rows;
const runColumn = 7 * rows;
const evenRunsColumn = 8 * rows;
const sizesColumn = 9 * rows;

/** The families by what a segment must have for them, so that each segment costs those alone. */
export interface FamilyTable {
  /**
   * Families that ask for no more than a segment of so many units and these parts has: bit n is the
   * n-th of the table.
   */
  setFor(units: number, parts: SegmentParts): number;
}

/** A table of up to 32 families. */
export function createFamilyTable(families: readonly Family[]): FamilyTable {
  invariant(families.length <= familiesMax, "a set of families fits in one number");
  const sets = new Int32Array(sizesColumn + (2 << groupSizeMax));
  const fill = (column: number, isIn: (family: Family, row: number) => boolean) => {
    const end = column === sizesColumn ? sets.length : column + rows;
    for (let at = column; at < end; at += 1) {
      sets[at] = setOf(families, (family) => isIn(family, at - column));
    }
  };
  fill(kindsColumn, (family, kinds) => isContent(family, kinds, 0));
  fill(signsColumn, (family, signs) => isContent(family, signs, kindBits));
  fill(openingsColumn, (family, openings) => isContent(family, openings, openingsShift));
  fill(
    unitsColumn,
    ({ unitsMin, unitsMax = rows }, units) => units >= unitsMin && units <= unitsMax,
  );
  fill(digitsColumn, ({ digitsMin }, digits) => digits >= digitsMin);
  fill(numberGroupsColumn, ({ groupsMin = 0 }, count) => count >= groupsMin);
  fill(numberDigitsColumn, ({ numberDigitsMin = 0 }, digits) => digits >= numberDigitsMin);
  fill(runColumn, ({ runUnitsMin = 0 }, units) => units >= runUnitsMin);
  fill(evenRunsColumn, ({ evenRunsMin = 0 }, count) => count >= evenRunsMin);
  fill(sizesColumn, ({ groupSizes = [[]] }, sizes) =>
    groupSizes.some((set) => set.every((size) => (sizes & (1 << size)) !== 0)),
  );
  // Only a few ask how runs begin: elsewhere nobody looks.
  const asking = setOf(
    families,
    ({ needs, needsOne = 0 }) => (needs | needsOne) >> openingsShift !== 0,
  );
  return {
    setFor(units, parts) {
      const { signs } = parts;
      const set =
        (sets[kindsColumn + (signs & kindMask)] ?? 0) &
        (sets[signsColumn + (signs >> kindBits)] ?? 0) &
        (sets[unitsColumn + rowOf(units)] ?? 0) &
        (sets[digitsColumn + rowOf(parts.groups.units)] ?? 0) &
        (sets[numberGroupsColumn + rowOf(parts.numberGroups)] ?? 0) &
        (sets[numberDigitsColumn + rowOf(parts.numberDigits)] ?? 0) &
        (sets[runColumn + rowOf(parts.runs.longest)] ?? 0) &
        (sets[evenRunsColumn + rowOf(parts.evenRuns)] ?? 0) &
        (sets[sizesColumn + parts.groupSizes] ?? 0);
      if ((set & asking) === 0) return set;
      return set & (sets[openingsColumn + openingsOf(parts.runs)] ?? 0);
    },
  };
}

// The last row stands for all that is more.
function rowOf(count: number): number {
  return Math.min(count, rows - 1);
}

// Whether kinds, signs or openings, the first of which is bit `first`, are all and one of what a family
// needs.
function isContent({ needs, needsOne = 0 }: Family, kinds: number, first: number): boolean {
  const all = (needs >> first) & kindMask;
  const one = (needsOne >> first) & kindMask;
  return (kinds & all) === all && (one === 0 || (kinds & one) !== 0);
}

function setOf(families: readonly Family[], isIn: (family: Family) => boolean): number {
  return families.reduce((set, family, index) => (isIn(family) ? set | (1 << index) : set), 0);
}
