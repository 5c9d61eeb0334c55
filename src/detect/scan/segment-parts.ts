import { asciiWordBits, digitBit, kindOf, lowerBit, upperBit } from "../text/character-kind.ts";
import { bitsFrom, classifyForWords, unitAt, units } from "../text/units.ts";
import { alphanumericBits, capitalBits, digitBits, yearBits } from "../wide/wide.ts";
import {
  addGroup,
  clearGroups,
  createNumberGroups,
  jointOfRuns,
  joints,
  type NumberGroups,
} from "./number-groups.ts";

/** Signs that decide which families look at a segment, as bits beside those of character kinds. */
export const colonSign = 1 << 7;
export const slashSign = 1 << 8;
export const tildeSign = 1 << 9;
/** The letter `y`, as in years. */
export const yearSign = 1 << 10;
/** What stands before the segment ends like `Basic ` or `Bearer `. */
export const schemeSign = 1 << 11;
/** Longer runs of digits are all one size. */
export const groupSizeMax = 10;

/** Kinds and signs of each unit. */
const kindsAndSigns = buildKindsAndSigns();

/** Segments of so many units are read by their bits. */
const fewUnitsMax = 32;
/** No run of letters and digits was read yet. */
const none = -1;

/** What a segment is made of, read once for all families. */
export interface SegmentParts {
  /** Runs of digits. */
  readonly groups: NumberGroups;
  /** Runs of ASCII letters and digits. */
  readonly runs: NumberGroups;
  /** The most runs of digits that marks join to one number. */
  numberGroups: number;
  /** The most digits of such a number. */
  numberDigits: number;
  /** Sizes of its runs of digits, each a bit; what is longer than the longest size counts as that. */
  groupSizes: number;
  /** The most runs of letters and digits of one size with one unit between each. */
  evenRuns: number;
  /** Character kinds and signs that occur. */
  signs: number;
  /** While it is read: runs of digits and digits of the last number. */
  chainGroups: number;
  chainDigits: number;
}

/** Scratch memory for the parts of segments of up to `unitsMax` units. */
export function createSegmentParts(unitsMax: number): SegmentParts {
  return {
    groups: createNumberGroups(unitsMax),
    runs: createNumberGroups(unitsMax),
    numberGroups: 0,
    numberDigits: 0,
    groupSizes: 0,
    evenRuns: 0,
    signs: 0,
    chainGroups: 0,
    chainDigits: 0,
  };
}

/** Fills `parts` with what stands between two offsets of the text that is laid down. */
export function readParts(from: number, to: number, parts: SegmentParts): void {
  clear(parts);
  if (to - from <= fewUnitsMax) readFew(from, to, parts);
  else readMany(from, to, parts);
}

// As many units as a number has bits: run by run, by the bits of their classes.
function readFew(from: number, to: number, parts: SegmentParts): void {
  classifyForWords(from);
  const count = to - from;
  const within = count === fewUnitsMax ? -1 : (1 << count) - 1;
  const digits = bitsFrom(digitBits, from) & within;
  const capitals = bitsFrom(capitalBits, from) & within;
  let rest = bitsFrom(alphanumericBits, from) & within;
  const years = bitsFrom(yearBits, from) & within;
  parts.signs =
    signsOf(from, ~rest & within) |
    kindsOf(rest, digits, capitals) |
    (years === 0 ? 0 : yearSign) |
    (isBehindScheme(from) ? schemeSign : 0);
  let previousEnd = none;
  let previousUnits = 0;
  let numberEnd = 0;
  let even = 0;
  while (rest !== 0) {
    const first = rest & -rest;
    // A one is carried through the run.
    const behind = (rest + first) | 0;
    const run = rest & ~behind;
    rest &= behind;
    const start = from + placeOf(first);
    const end = from + endOf(run);
    const joint = jointBehind(previousEnd, start);
    let numberJoint = numberJointOf(joint, numberEnd === previousEnd);
    let numbers = digits & run;
    if ((numbers & first) === 0) numberJoint = joints.none;
    while (numbers !== 0) {
      const firstDigit = numbers & -numbers;
      const behindNumber = (numbers + firstDigit) | 0;
      numberEnd = from + endOf(numbers & ~behindNumber);
      addNumber(from + placeOf(firstDigit), numberEnd, numberJoint, parts);
      numberJoint = joints.none;
      numbers &= behindNumber;
    }
    addGroup(parts.runs, start, end, joint, kindsOf(run, digits, capitals));
    even = end - start === previousUnits && start - previousEnd === 1 ? even + 1 : 1;
    if (even > parts.evenRuns) parts.evenRuns = even;
    previousUnits = end - start;
    previousEnd = end;
  }
}

// Kinds and signs of the units whose bits are set.
function signsOf(from: number, bits: number): number {
  let signs = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) {
    signs |= readUnit(from + placeOf(rest & -rest));
  }
  return signs;
}

// Kinds of the letters and digits whose bits are set.
function kindsOf(bits: number, digits: number, capitals: number): number {
  const small = bits & ~(digits | capitals);
  return (
    ((bits & digits) === 0 ? 0 : digitBit) |
    ((bits & capitals) === 0 ? 0 : upperBit) |
    (small === 0 ? 0 : lowerBit)
  );
}

// The place of a bit, and the one behind the last of several.
function placeOf(bit: number): number {
  return 31 - Math.clz32(bit);
}

function endOf(bits: number): number {
  return 32 - Math.clz32(bits);
}

function readMany(from: number, to: number, parts: SegmentParts): void {
  let signs = isBehindScheme(from) ? schemeSign : 0;
  let previousEnd = none;
  let previousUnits = 0;
  let numberEnd = 0;
  let even = 0;
  let at = from;
  while (at < to) {
    let kind = readUnit(at);
    signs |= kind;
    if ((kind & asciiWordBits) === 0) {
      at += 1;
      continue;
    }
    const start = at;
    const joint = jointBehind(previousEnd, start);
    let numberJoint = numberJointOf(joint, numberEnd === previousEnd);
    let kinds = 0;
    while ((kind & asciiWordBits) !== 0) {
      kinds |= kind;
      if (kind === digitBit) {
        at = readNumber(at, to, numberJoint, parts);
        numberEnd = at;
      } else at += 1;
      numberJoint = joints.none;
      kind = readUnitBefore(at, to);
    }
    signs |= kinds;
    addGroup(parts.runs, start, at, joint, kinds & asciiWordBits);
    even = at - start === previousUnits && start - previousEnd === 1 ? even + 1 : 1;
    if (even > parts.evenRuns) parts.evenRuns = even;
    previousUnits = at - start;
    previousEnd = at;
  }
  parts.signs = signs;
}

function jointBehind(previousEnd: number, start: number): number {
  return previousEnd === none ? joints.none : jointOfRuns(previousEnd, start);
}

// A number is joined to the one before if nothing but marks lies between, and no plus sign.
function numberJointOf(joint: number, isBehindNumber: boolean): number {
  return isBehindNumber && joint !== joints.plus ? joint : joints.none;
}

function clear(parts: SegmentParts): void {
  clearGroups(parts.groups);
  clearGroups(parts.runs);
  parts.numberGroups = 0;
  parts.numberDigits = 0;
  parts.groupSizes = 0;
  parts.evenRuns = 0;
}

// "Basic " or "Bearer ", told by the last letter.
function isBehindScheme(from: number): boolean {
  if (unitAt(from - 1) !== 0x20) return false;
  const last = unitAt(from - 2) | 0x20;
  return last === 0x63 || last === 0x72;
}

// Adds the number that begins at `start`, and gives where it ends.
function readNumber(start: number, to: number, joint: number, parts: SegmentParts): number {
  let end = start + 1;
  while (end < to && readUnit(end) === digitBit) end += 1;
  addNumber(start, end, joint, parts);
  return end;
}

function addNumber(start: number, end: number, joint: number, parts: SegmentParts): void {
  const units = end - start;
  addGroup(parts.groups, start, end, joint, digitBit);
  parts.groupSizes |= 1 << Math.min(units, groupSizeMax);
  if (joint === joints.none) {
    parts.chainGroups = 0;
    parts.chainDigits = 0;
  }
  parts.chainGroups += 1;
  parts.chainDigits += units;
  if (parts.chainGroups > parts.numberGroups) parts.numberGroups = parts.chainGroups;
  if (parts.chainDigits > parts.numberDigits) parts.numberDigits = parts.chainDigits;
}

// 0 where the segment is over.
function readUnitBefore(at: number, to: number): number {
  return at < to ? readUnit(at) : 0;
}

function readUnit(at: number): number {
  return kindsAndSigns[units[at] ?? 0] ?? 0;
}

function buildKindsAndSigns(): Uint16Array {
  const table = Uint16Array.from({ length: 0x10000 }, (_, code) => kindOf(code));
  table[0x3a] = colonSign;
  table[0x2f] = kindOf(0x2f) | slashSign;
  table[0x7e] = kindOf(0x7e) | tildeSign;
  table[0x79] = kindOf(0x79) | yearSign;
  return table;
}
