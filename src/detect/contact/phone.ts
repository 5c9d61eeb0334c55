import { isDottedQuad } from "../network/dotted-quad.ts";
import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
import {
  digitCount,
  digitsOf,
  groupEnd,
  groupStart,
  groupUnits,
  jointOf,
  joints,
  mayBegin,
  mayEnd,
  type NumberGroups,
  numberOf,
  plusBefore,
} from "../scan/number-groups.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { digitBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { isInternationalNumber, isNorthAmericanNumber, powerOfTen } from "./calling-codes.ts";
import { isHomeNumber } from "./numbering-plans.ts";
import { trunkShapeOf } from "./trunk-shape.ts";

const kind = {
  ...catalogueEntry("pii", {
    type: "PHONE",
    rank: ranks.contact,
    example: "+1 202-555-0143",
    check: "calling code and length by its numbering plan",
    context: "bare",
    basePct: 90,
    countries: [],
  }),
  detector: "phone@2",
};

/**
 * Telephone numbers: E.164 with its plus or `00`, the North American forms, and national forms that
 * begin with a trunk 0 as in the United Kingdom, Germany or France. Other national numbers, and those
 * without separators, need a word for telephones near them.
 */
export const phones: Family = {
  kinds: [kind],
  needs: digitBit,
  unitsMin: 7,
  digitsMin: 7,
  numberDigitsMin: 7,
  find,
};

/** Base confidence by the way a number is written; a bare one is not reported without context. */
const pcts = { plus: 90, doubleZero: 70, northAmerican: 70, trunk: 65, bare: 30 } as const;

const plusCode = 0x2b;
/** A country code and up to six groups; more would be a list. */
const groupsMax = 7;
/** Digits of the shortest number, and of the longest with `00` and a bracketed 0. */
const digitsMin = 7;
const digitsMax = 18;
/** The same for a number as it is dialled at home. */
const homeDigitsMax = 13;

function find(segment: Segment, found: Candidate[]): void {
  const { groups } = segment;
  if (groups.count === 1 && !isLoneNumber(segment)) return;
  let index = 0;
  while (index < groups.count) {
    const end = lastJoined(segment, index);
    // Where there are too few digits, there are no more of them further on.
    const isShort = digitCount(groups, index, end) < digitsMin;
    const last = isShort ? end : addNumberAt(segment, index, end, found);
    index = last < 0 ? index + 1 : last + 1;
  }
}

// Digits without separators: most numbers are such, and hardly any of them is for telephones. Without a
// plus only a word nearby makes them one, so that is asked before how they are written.
function isLoneNumber({ groups, context }: Segment): boolean {
  const start = groupStart(groups, 0);
  if (unitAt(start - 1) === plusCode) return true;
  return mayBegin(groups, 0) && context.near(start, groupEnd(groups, 0)).has(topics.phone);
}

// The last group of a number that begins with group `first` and ends by group `end`, or -1.
function addNumberAt(segment: Segment, first: number, end: number, found: Candidate[]): number {
  const { groups } = segment;
  const start = groupStart(groups, first);
  const plus = plusBefore(start);
  if (plus < 0 && !mayBegin(groups, first)) return -1;
  const isDialled = plus >= 0 || unitAt(start) === 0x30;
  const own = isDialled
    ? readDialled(segment, first, end, plus >= 0)
    : readNorthAmerican(segment, first);
  const reading = own ?? (plus < 0 ? readNamed(segment, first, end) : undefined);
  if (reading === undefined) return -1;
  const { last, base } = reading;
  const context = segment.context.pct(topics.phone, start, groupEnd(groups, last));
  const opening = withBracket(segment, plus >= 0 ? plus : start, first, last);
  addCandidate(found, kind, { start: opening, end: groupEnd(groups, last), pct: base + context });
  return last;
}

interface Reading {
  readonly last: number;
  /** Confidence in percent without context. */
  readonly base: number;
}

// Numbers that begin with plus or 0 have groups of any size: the longest reading wins.
function readDialled(
  segment: Segment,
  first: number,
  end: number,
  hasPlus: boolean,
): Reading | undefined {
  const { groups } = segment;
  for (let last = end; last >= first; last -= 1) {
    const units = digitCount(groups, first, last);
    if (units < digitsMin) return undefined;
    if (units > digitsMax || !isOver(segment, last)) continue;
    const base = dialledPct(groups, first, last, hasPlus);
    if (base > 0) return { last, base };
  }
  return undefined;
}

function dialledPct(groups: NumberGroups, first: number, last: number, hasPlus: boolean): number {
  const hint = trunkHint(groups, first, last);
  let digits = digitCount(groups, first, last);
  let number = 0;
  if (hint < 0) number = numberOf(groups, first, last);
  else {
    const behind = powerOfTen(digitCount(groups, hint + 1, last));
    number = numberOf(groups, first, hint - 1) * behind + numberOf(groups, hint + 1, last);
    digits -= 1;
  }
  if (!hasPlus) return zeroPct(groups, first, last, number, digits);
  return isInternationalNumber(number, digits) ? pcts.plus : 0;
}

/** A 1 before ten digits. */
const prefix = 1e10;

// Three, three and four digits, perhaps after a 1; or all in one.
function readNorthAmerican(segment: Segment, first: number): Reading | undefined {
  const { groups } = segment;
  const units = groupUnits(groups, first);
  const isBare = units === 10 || units === 11;
  const hasPrefix = units === 1 && unitAt(groupStart(groups, first)) === 0x31;
  const area = hasPrefix ? first + 1 : first;
  const last = isBare ? first : area + 2;
  if (last >= groups.count || !(isBare || isSplit(segment, first, area))) return undefined;
  if (!isOver(segment, last)) return undefined;
  const digits = digitCount(groups, first, last);
  const isPrefixed = digits === 11 && unitAt(groupStart(groups, first)) === 0x31;
  const number = numberOf(groups, first, last);
  const isNumber = isPrefixed
    ? isNorthAmericanNumber(number - prefix, digits - 1)
    : isNorthAmericanNumber(number, digits);
  if (!isNumber) return undefined;
  return { last, base: isBare ? pcts.bare : pcts.northAmerican };
}

// Any writing of a number that is dialled at home, if a word for telephones is near.
function readNamed(segment: Segment, first: number, end: number): Reading | undefined {
  const { text, groups } = segment;
  if (isVersionLike(segment, first)) return undefined;
  const { context } = segment;
  const start = groupStart(groups, first);
  for (let last = end; last >= first; last -= 1) {
    const units = digitCount(groups, first, last);
    if (units < digitsMin) return undefined;
    if (units > homeDigitsMax || !isOver(segment, last)) continue;
    const over = groupEnd(groups, last);
    const isNear = context.near(start, over).has(topics.phone);
    if (!isNear || context.pct(topics.phone, start, over) <= 0) return undefined;
    if (isHomeNumber(digitsOf(text, groups, first, last))) return { last, base: pcts.bare };
  }
  return undefined;
}

// Four numbers with dots between that are an address of a machine, or have a digit alone among them.
function isVersionLike({ text, groups }: Segment, first: number): boolean {
  let hasLoneDigit = false;
  for (let index = first + 1; index < first + 4; index += 1) {
    if (index >= groups.count || jointOf(groups, index) !== joints.dot) return false;
    if (groupUnits(groups, index) === 1) hasLoneDigit = true;
  }
  return hasLoneDigit || isDottedQuad(text, groups, first);
}

// An extension may follow without a space: "202-555-0143x12".
function isOver({ groups, to }: Segment, last: number): boolean {
  if (mayEnd(groups, last)) return true;
  const end = groupEnd(groups, last);
  const code = unitAt(end);
  if (code !== 0x78 && code !== 0x58) return false;
  return end + 1 < to && (unitKindAt(end + 1) & digitBit) !== 0;
}

function isSplit(segment: Segment, first: number, area: number): boolean {
  const { groups } = segment;
  const isShaped =
    groupUnits(groups, area) === 3 &&
    groupUnits(groups, area + 1) === 3 &&
    groupUnits(groups, area + 2) === 4;
  if (!isShaped) return false;
  for (let index = first + 1; index <= area + 2; index += 1) {
    const joint = jointOf(groups, index);
    if (joint === joints.none || joint === joints.slash) return false;
  }
  return true;
}

function lastJoined(segment: Segment, first: number): number {
  const { groups } = segment;
  let last = first;
  while (last + 1 < groups.count && last + 1 - first < groupsMax) {
    if (jointOf(groups, last + 1) === joints.none) break;
    last += 1;
  }
  return last;
}

// Of a number that begins with 0.
function zeroPct(
  groups: NumberGroups,
  first: number,
  last: number,
  number: number,
  digits: number,
): number {
  if (number >= powerOfTen(digits - 2)) return trunkPct(groups, first, last, digits);
  if (!isInternationalNumber(number, digits - 2)) return 0;
  return first === last ? pcts.bare : pcts.doubleZero;
}

function trunkPct(groups: NumberGroups, first: number, last: number, digits: number): number {
  if (first === last) return digits >= 9 && digits <= 12 ? pcts.bare : 0;
  const shape = trunkShapeOf(groups, first, last);
  if (shape === "common") return pcts.trunk;
  return shape === "short" ? pcts.bare : 0;
}

// "+44 (0)20 ..." is dialled without the bracketed 0: which group that is, or -1.
function trunkHint(groups: NumberGroups, first: number, last: number): number {
  for (let index = first + 1; index < last; index += 1) {
    const isHint =
      groupUnits(groups, index) === 1 &&
      jointOf(groups, index) === joints.open &&
      jointOf(groups, index + 1) === joints.close &&
      unitAt(groupStart(groups, index)) === 0x30;
    if (isHint) return index;
  }
  return -1;
}

// "(202) 555-0143": the bracket belongs to the number when it closes inside it.
function withBracket(segment: Segment, start: number, first: number, last: number): number {
  if (unitAt(start - 1) !== 0x28) return start;
  for (let index = first + 1; index <= last; index += 1) {
    const joint = jointOf(segment.groups, index);
    if (joint === joints.open) return start;
    if (joint === joints.close) return Math.max(segment.from, start - 1);
  }
  return start;
}
