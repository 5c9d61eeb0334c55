import type { Family } from "./family.ts";

/** Segments with more digits are treated alike. */
const digitsMax = 31;
/** Bits of the kinds of characters. */
const kindBits = 7;

/** The families by what a segment must have for them, so that each segment costs those alone. */
export interface FamilyTable {
  /** Families that ask for no more than these character kinds and digits, in their order. */
  familiesFor(kinds: number, digits: number): readonly Family[];
}

/** A table whose rows are made when they are first asked for. */
export function createFamilyTable(families: readonly Family[]): FamilyTable {
  const rows = new Array<readonly Family[] | undefined>((digitsMax + 1) << kindBits).fill(
    undefined,
  );
  return {
    familiesFor(kinds, digits) {
      const row = (Math.min(digits, digitsMax) << kindBits) | kinds;
      let worthy = rows[row];
      if (worthy === undefined) {
        worthy = families.filter(
          ({ needs, digitsMin }) => (kinds & needs) === needs && digits >= digitsMin,
        );
        rows[row] = worthy;
      }
      return worthy;
    },
  };
}
