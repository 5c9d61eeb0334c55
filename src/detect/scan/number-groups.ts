import { atBit, dashBit, isSpace, kindOf, wordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt, units } from "../text/units.ts";

/** How a group of digits hangs on to the one before it. */
export const joints = {
  /** Not at all: something else lies between. */
  none: 0,
  space: 1,
  dash: 2,
  dot: 3,
  slash: 4,
  /** A dash with a space on each side. */
  spacedDash: 5,
  /** An opening bracket, `12 (` or `12(`. */
  open: 6,
  /** A closing bracket, `12) ` or `12)` or `12)-`. */
  close: 7,
  /** A plus sign, which joins runs of letters and digits but no number: `131052+308T`. */
  plus: 8,
} as const;

const plusCode = 0x2b;
const openCode = 0x28;
const closeCode = 0x29;

/**
 * The runs of digits of one segment, or those of letters and digits, side by side in one array so that
 * reading a page of figures allocates nothing and touches little memory. Owned by the detector, filled
 * anew for each segment.
 */
export interface NumberGroups {
  count: number;
  /** Units in all groups. */
  units: number;
  /** Units of the longest group. */
  longest: number;
  /** Start, end, joint and kinds of the characters of each, one after the other. */
  readonly cells: Int32Array;
}

/** Cells of one group, as a shift, and where each is. */
const cellsShift = 2;
const endCell = 1;
const jointCell = 2;
const kindsCell = 3;

/** Columns for segments of up to `unitsMax` units. */
export function createNumberGroups(unitsMax: number): NumberGroups {
  const groupsMax = (unitsMax >> 1) + 2;
  return {
    count: 0,
    units: 0,
    longest: 0,
    cells: new Int32Array(groupsMax << cellsShift),
  };
}

/** Makes room for the groups of another segment. */
export function clearGroups(groups: NumberGroups): void {
  groups.count = 0;
  groups.units = 0;
  groups.longest = 0;
}

/** Adds a group behind all others: from `start` to `end`, of characters of these kinds. */
export function addGroup(
  groups: NumberGroups,
  start: number,
  end: number,
  how: number,
  kinds: number,
): void {
  const { count, cells } = groups;
  const cell = count << cellsShift;
  cells[cell] = start;
  cells[cell + endCell] = end;
  cells[cell + jointCell] = how;
  cells[cell + kindsCell] = kinds;
  groups.units += end - start;
  if (end - start > groups.longest) groups.longest = end - start;
  groups.count = count + 1;
}

/** Most units between two groups of one number. */
const jointUnitsMax = 3;

// Two bits each count the marks of a joint, of which there are at most three.
const spaceMark = 1;
const dashMark = 1 << 2;
const dotMark = 1 << 4;
const slashMark = 1 << 6;
const openMark = 1 << 8;
const closeMark = 1 << 10;

const marks = buildMarks();

/** What one unit between two runs makes of them. */
const jointsOfUnits = buildJointsOfUnits();

/** What joins a run of letters and digits that ends at `end` to the next one: most often one unit. */
export function jointOfRuns(end: number, start: number): number {
  return start - end === 1 ? (jointsOfUnits[units[end] ?? 0] ?? 0) : jointBetween(end, start);
}

/** What joins a digit run that ends at `end` to one that starts at `start`. */
export function jointBetween(end: number, start: number): number {
  if (start - end > jointUnitsMax) return joints.none;
  let sum = 0;
  for (let at = end; at < start; at += 1) {
    const mark = marks[unitAt(at)] ?? 0;
    if (mark === 0) return joints.none;
    sum += mark;
  }
  return nameJoint(sum);
}

function nameJoint(sum: number): number {
  switch (sum) {
    case spaceMark:
    case 2 * spaceMark:
      return joints.space;
    case dashMark:
      return joints.dash;
    case dashMark + 2 * spaceMark:
      return joints.spacedDash;
    case dotMark:
      return joints.dot;
    case slashMark:
    case slashMark + 2 * spaceMark:
      return joints.slash;
    case openMark:
    case openMark + spaceMark:
    case openMark + 2 * spaceMark:
    case openMark + dashMark:
      return joints.open;
    case closeMark:
    case closeMark + spaceMark:
    case closeMark + 2 * spaceMark:
    case closeMark + dashMark:
    case closeMark + slashMark:
      return joints.close;
    default:
      return joints.none;
  }
}

function buildJointsOfUnits(): Uint8Array {
  const table = new Uint8Array(0x10000);
  marks.forEach((mark, code) => {
    table[code] = nameJoint(mark);
  });
  table[plusCode] = joints.plus;
  return table;
}

// Spaces, dashes, and what is ASCII.
function buildMarks(): Uint16Array {
  const table = new Uint16Array(0x3001);
  for (let code = 0; code < table.length; code += 1) {
    if (isSpace(code)) table[code] = spaceMark;
    else if ((kindOf(code) & dashBit) !== 0) table[code] = dashMark;
  }
  table[0x2e] = dotMark;
  table[0x2f] = slashMark;
  table[0x28] = openMark;
  table[0x29] = closeMark;
  return table;
}

/** Where group `index` begins. */
export function groupStart(groups: NumberGroups, index: number): number {
  return groups.cells[index << cellsShift] ?? 0;
}

/** Where group `index` ends, exclusive. */
export function groupEnd(groups: NumberGroups, index: number): number {
  return groups.cells[(index << cellsShift) + endCell] ?? 0;
}

/** How many units group `index` has; 0 outside the list. */
export function groupUnits(groups: NumberGroups, index: number): number {
  const cell = index << cellsShift;
  return (groups.cells[cell + endCell] ?? 0) - (groups.cells[cell] ?? 0);
}

/** Kinds of the characters of group `index`, as bits. */
export function groupKinds(groups: NumberGroups, index: number): number {
  return groups.cells[(index << cellsShift) + kindsCell] ?? 0;
}

/** How group `index` is joined to its predecessor; `none` outside the list. */
export function jointOf(groups: NumberGroups, index: number): number {
  if (index < 0 || index >= groups.count) return joints.none;
  return groups.cells[(index << cellsShift) + jointCell] ?? 0;
}

/** Whether a number may begin with group `index`: it is no tail of something longer. */
export function mayBegin(groups: NumberGroups, index: number): boolean {
  const joint = jointOf(groups, index);
  const start = groupStart(groups, index);
  if (joint === joints.none) return isOpenBefore(start);
  return isLoose(joint, groupEnd(groups, index - 1), start);
}

/** Whether a number may end with group `index`: it is no head of something longer. */
export function mayEnd(groups: NumberGroups, index: number): boolean {
  const joint = jointOf(groups, index + 1);
  const end = groupEnd(groups, index);
  if (joint === joints.none) return isOpenAfter(end);
  return isLoose(joint, end, groupStart(groups, index + 1));
}

/** The offset of a plus sign that belongs to a number beginning at `start`, else -1. */
export function plusBefore(start: number): number {
  if (unitAt(start - 1) !== plusCode) return -1;
  return (unitKindAt(start - 2) & wordBits) === 0 ? start - 1 : -1;
}

/** Whether groups `first` to `last` are joined throughout by the one given joint. */
export function isUniform(
  groups: NumberGroups,
  first: number,
  last: number,
  joint: number,
): boolean {
  for (let index = first + 1; index <= last; index += 1) {
    if (jointOf(groups, index) !== joint) return false;
  }
  return true;
}

/** How many digits groups `first` to `last` have. */
export function digitCount(groups: NumberGroups, first: number, last: number): number {
  let digits = 0;
  for (let index = first; index <= last; index += 1) digits += groupUnits(groups, index);
  return digits;
}

/** Digits of groups `first` to `last` without what joins them. */
export function digitsOf(text: string, groups: NumberGroups, first: number, last: number): string {
  let digits = "";
  for (let index = first; index <= last; index += 1) {
    digits += text.slice(groupStart(groups, index), groupEnd(groups, index));
  }
  return digits;
}

/** The number that the digits of groups `first` to `last` make: exactly if they are fifteen or fewer. */
export function numberOf(groups: NumberGroups, first: number, last: number): number {
  let number = 0;
  for (let index = first; index <= last; index += 1) {
    number = withDigits(number, groupStart(groups, index), groupEnd(groups, index));
  }
  return number;
}

/** A number with the digits behind it that stand between two places of the text that is laid down. */
export function withDigits(number: number, start: number, end: number): number {
  let longer = number;
  for (let at = start; at < end; at += 1) longer = longer * 10 + unitAt(at) - 0x30;
  return longer;
}

// A space sets numbers apart; a bare hyphen, dot or slash makes them one longer thing.
function isLoose(joint: number, end: number, start: number): boolean {
  if (joint === joints.space || joint === joints.spacedDash) return true;
  if (joint !== joints.open && joint !== joints.close) return false;
  return isSpace(unitAt(start - 2)) || isSpace(unitAt(end + 1));
}

function isOpenBefore(start: number): boolean {
  const kind = unitKindAt(start - 1);
  if (kind === 0) return true;
  if ((kind & (wordBits | atBit)) !== 0) return false;
  const code = unitAt(start - 1);
  if (isQuoteOrBracket(code)) return true;
  if (code === 0x5f || code === 0x25) return false;
  return (unitKindAt(start - 2) & (wordBits | atBit)) === 0;
}

function isOpenAfter(end: number): boolean {
  const kind = unitKindAt(end);
  if (kind === 0) return true;
  if ((kind & wordBits) !== 0) return false;
  const code = unitAt(end);
  if (isQuoteOrBracket(code)) return true;
  if (code === 0x5f || code === 0x25) return false;
  return (unitKindAt(end + 1) & (wordBits | atBit)) === 0;
}

function isQuoteOrBracket(code: number): boolean {
  return code === 0x27 || code === openCode || code === closeCode;
}
