import { asciiWordBits, digitBit, kindOf } from "../text/character-kind.ts";
import {
  addGroup,
  clearGroups,
  createNumberGroups,
  groupUnits,
  jointBetween,
  joints,
  type NumberGroups,
} from "./number-groups.ts";
import { units } from "./units.ts";

/** Signs that decide which families look at a segment, as bits beside those of character kinds. */
export const colonSign = 128;
export const slashSign = 256;

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
  /** Which signs stand between the runs. */
  signs: number;
}

/** Scratch memory for the parts of segments of up to `unitsMax` units. */
export function createSegmentParts(unitsMax: number): SegmentParts {
  return {
    groups: createNumberGroups(unitsMax),
    runs: createNumberGroups(unitsMax),
    numberGroups: 0,
    numberDigits: 0,
    signs: 0,
  };
}

/** Fills `parts` with what stands between two offsets of `text`, which is laid down. */
export function readParts(from: number, to: number, parts: SegmentParts): void {
  clearGroups(parts.groups);
  clearGroups(parts.runs);
  let signs = 0;
  let previousEnd = -1;
  let at = from;
  while (at < to) {
    const code = units[at] ?? 0;
    if ((kindOf(code) & asciiWordBits) === 0) {
      if (code === 0x3a) signs |= colonSign;
      else if (code === 0x2f) signs |= slashSign;
      at += 1;
      continue;
    }
    const joint = previousEnd < 0 ? joints.none : jointOfRuns(previousEnd, at);
    at = readRun(at, to, joint, parts);
    previousEnd = at;
  }
  parts.signs = signs;
  measureNumbers(parts);
}

function measureNumbers(parts: SegmentParts): void {
  const { groups } = parts;
  let mostGroups = 0;
  let mostDigits = 0;
  let count = 0;
  let digits = 0;
  for (let index = 0; index < groups.count; index += 1) {
    const isJoined = groups.joint[index] !== joints.none;
    const units = groupUnits(groups, index);
    count = isJoined ? count + 1 : 1;
    digits = isJoined ? digits + units : units;
    if (count > mostGroups) mostGroups = count;
    if (digits > mostDigits) mostDigits = digits;
  }
  parts.numberGroups = mostGroups;
  parts.numberDigits = mostDigits;
}

function jointOfRuns(end: number, start: number): number {
  const isPlus = start - end === 1 && units[end] === 0x2b;
  return isPlus ? joints.plus : jointBetween(end, start);
}

// Adds a run and the digits in it; gives where it ends.
function readRun(start: number, to: number, joint: number, { groups, runs }: SegmentParts): number {
  let kinds = 0;
  let at = start;
  let kind = kindOf(units[at] ?? 0);
  do {
    const stretch = at;
    const isNumber = kind === digitBit;
    do {
      kinds |= kind;
      at += 1;
      kind = at < to ? kindOf(units[at] ?? 0) & asciiWordBits : 0;
    } while (kind !== 0 && (kind === digitBit) === isNumber);
    if (isNumber) addNumber(stretch, at, stretch === start ? joint : joints.none, groups, runs);
  } while (kind !== 0);
  addGroup(runs, start, at, joint, kinds);
  return at;
}

// A number is joined to the one before if nothing but marks lies between.
function addNumber(
  start: number,
  end: number,
  joint: number,
  groups: NumberGroups,
  runs: NumberGroups,
): void {
  const isBehindNumber =
    groups.count > 0 && groups.end[groups.count - 1] === runs.end[runs.count - 1];
  const isJoined = isBehindNumber && joint !== joints.plus;
  addGroup(groups, start, end, isJoined ? joint : joints.none, digitBit);
}
