import {
  digitCount,
  groupUnits,
  jointOf,
  joints,
  type NumberGroups,
} from "../scan/number-groups.ts";

const areaUnitsMin = 3;
const areaUnitsMax = 5;
const groupsMax = 5;
const shortDigitsMin = 7;
const shortDigitsMax = 9;

/**
 * How far digit groups that begin with a trunk 0 look like a written telephone number: `common` forms
 * stand for themselves, `short` ones only beside a context word, anything else is `undefined`. Keeps
 * out dates, dotted versions and part numbers, which begin with 0 just as often.
 */
export function trunkShapeOf(
  groups: NumberGroups,
  first: number,
  last: number,
): "common" | "short" | undefined {
  const count = last - first + 1;
  if (count > groupsMax || !isEvenlyJoined(groups, first, last)) return undefined;
  if (groupUnits(groups, first) === 2) {
    return isTwoDigitArea(groups, first, last) ? "common" : undefined;
  }
  if (!isLongArea(groups, first, last) || isDottedQuad(groups, first, last)) return undefined;
  const digits = digitCount(groups, first, last);
  if (digits === 10 || digits === 11 || (digits === 12 && count === 2)) return "common";
  return digits >= shortDigitsMin && digits <= shortDigitsMax ? "short" : undefined;
}

function isLongArea(groups: NumberGroups, first: number, last: number): boolean {
  const area = groupUnits(groups, first);
  for (let index = first + 1; index <= last; index += 1) {
    if (groupUnits(groups, index) < 2) return false;
  }
  return area >= areaUnitsMin && area <= areaUnitsMax;
}

// Four dotted groups of up to three digits are an address or a version.
function isDottedQuad(groups: NumberGroups, first: number, last: number): boolean {
  return (
    last - first === 3 && jointOf(groups, last) === joints.dot && groupUnits(groups, first) === 3
  );
}

// The area code may be set off in its own way; the rest is written alike.
function isEvenlyJoined(groups: NumberGroups, first: number, last: number): boolean {
  const joint = jointOf(groups, first + 2);
  for (let index = first + 2; index <= last; index += 1) {
    const isKnown = joint === joints.space || joint === joints.dash || joint === joints.dot;
    if (!isKnown || jointOf(groups, index) !== joint) return false;
  }
  return jointOf(groups, first + 1) !== joints.open;
}

// French pairs, and the two-digit areas of the Netherlands or Australia.
function isTwoDigitArea(groups: NumberGroups, first: number, last: number): boolean {
  const units: number[] = [];
  for (let index = first + 1; index <= last; index += 1) units.push(groupUnits(groups, index));
  const joint = jointOf(groups, first + 1);
  if (units.length === 4) return units.every((count) => count === 2) && joint !== joints.slash;
  if (joint === joints.dot || joint === joints.slash) return false;
  if (units.length === 2) return units[0] === 4 && units[1] === 4;
  return units.length === 1 && units[0] === 8;
}
