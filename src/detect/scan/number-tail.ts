import { dashBit, digitBit, isSpace, kindOf } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { jointBetween, joints, plusBefore } from "./number-groups.ts";

/** The most groups a spaced number has before its last one. */
const tailGroupsMax = 6;
/** Digits after which no number goes on: E.164 allows 15, written with `00` in front 17. */
const dialledDigitsMax = 17;
const trunkDigitsMax = 11;
/**
 * Group sizes of the numbers that may be written with spaces, apart from those dialled with `+` or
 * `0`: payment cards, North American phone numbers, social security numbers, and what the tables of
 * identifiers have with spaces.
 */
const spacedShapes: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 6, 5],
  [3, 2, 4],
  [3, 3, 4],
  [1, 3, 3, 4],
  [1, 3, 3, 3, 3],
  [1, 2, 2, 2, 3, 3, 2],
  [1, 2, 2, 2, 6, 2],
  [2, 2, 2],
  [2, 2, 6],
  [2, 3, 3, 3],
  [2, 3, 3, 4, 2],
  [2, 6],
  [2, 7],
  [3, 2, 3, 3],
  [3, 3, 3, 2],
  [3, 6],
  [4, 2, 3],
  [4, 3, 3],
  [4, 5, 1, 1],
  [5, 5],
  [6, 4, 1, 1, 1],
  [6, 4, 2, 1],
  [6, 4, 3],
  [6, 4, 4, 4],
  [6, 7],
  [6, 8, 4],
  [8, 4],
  [13, 2],
];

/** Openings of the shapes as numbers: each size four bits, the first one lowest. */
const openings = buildOpenings();
const shapedUnitsMax = 13;

/**
 * Whether the digits that end at `end`, not before `from`, could be the beginning of a number whose
 * next group follows after a space. Says yes for each number the families know, and for little else:
 * it decides how long a figure in prose is held.
 */
export function couldGoOn(from: number, end: number): boolean {
  let at = skipTrailingMarks(from, end);
  let digits = 0;
  let sizes = 0;
  for (let count = 0; count < tailGroupsMax; count += 1) {
    const start = digitsBackFrom(from, at);
    const units = at - start;
    digits += units;
    if (units === 0 || digits >= dialledDigitsMax) return false;
    sizes = units > shapedUnitsMax ? Number.NaN : sizes * 16 + units;
    if (isDialled(start, digits) || isShaped(start, units, sizes)) return true;
    at = previousDigitEnd(from, start);
    if (at < 0) return false;
  }
  return false;
}

// "(202) " and "4111 - " end in what belongs to the joint.
function skipTrailingMarks(from: number, end: number): number {
  let at = end;
  while (at > from && end - at < 2 && isTrailingMark(unitAt(at - 1))) at -= 1;
  return at;
}

function isTrailingMark(code: number): boolean {
  return code === 0x29 || isSpace(code) || (kindOf(code) & dashBit) !== 0;
}

function digitsBackFrom(from: number, end: number): number {
  let start = end;
  while (start > from && (unitKindAt(start - 1) & digitBit) !== 0) start -= 1;
  return start;
}

function previousDigitEnd(from: number, start: number): number {
  for (let at = start - 1; at > from && start - at <= 3; at -= 1) {
    if ((unitKindAt(at - 1) & digitBit) === 0) continue;
    return jointBetween(at, start) === joints.none ? -1 : at;
  }
  return -1;
}

function isDialled(start: number, digits: number): boolean {
  if (plusBefore(start) >= 0) return digits < dialledDigitsMax - 2;
  if (unitAt(start) !== 0x30) return false;
  return digits < (unitAt(start + 1) === 0x30 ? dialledDigitsMax : trunkDigitsMax);
}

function isShaped(start: number, units: number, sizes: number): boolean {
  const first = unitAt(start);
  // The long-distance prefix is 1, and a French number begins with 1 or 2.
  if (units === 1 && first !== 0x31 && first !== 0x32) return false;
  return openings.has(sizes);
}

function buildOpenings(): ReadonlySet<number> {
  const set = new Set<number>();
  for (const shape of spacedShapes) {
    for (let count = 1; count < shape.length; count += 1) {
      set.add(shape.slice(0, count).reduceRight((sizes, units) => sizes * 16 + units, 0));
    }
  }
  return set;
}
