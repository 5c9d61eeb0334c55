import { passesLuhn } from "../checks/luhn.ts";
import {
  addCandidate,
  type Candidate,
  type CatalogueEntry,
  type Family,
  ranks,
  type Segment,
} from "../scan/family.ts";
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
} from "../scan/number-groups.ts";
import { topics } from "../scan/topics.ts";
import { digitBit, letterBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const kind: CatalogueEntry = {
  type: "CREDIT_CARD",
  dataClass: "pci.pan",
  detector: "credit_card@1",
  rank: ranks.financial,
  example: "4111 1111 1111 1111",
  check: "brand, length, Luhn",
  context: "no",
  basePct: 90,
  countries: [],
};

/** Payment card numbers: brand, length and Luhn check, bare or in a brand's usual groups. */
export const creditCards: Family = {
  kinds: [kind],
  needs: digitBit,
  unitsMin: 13,
  digitsMin: 13,
  numberDigitsMin: 13,
  groupSizes: [[4], [10]],
  find,
};

/** Written the way cards are written: at most a label can speak against it. */
const groupedPct = 98;
/** The old short Visa numbers look like many other things, so they need a context word. */
const shortPct = 50;

const bareUnitsMin = 13;

const groupings: readonly (readonly number[])[] = [
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
];

/** First four digits as a range, and how many digits numbers in it have (ISO/IEC 7812 ranges). */
const brands: readonly (readonly [first: number, last: number, lengths: readonly number[]])[] = [
  [4000, 4999, [13, 16, 19]],
  [5100, 5599, [16]],
  [2221, 2720, [16]],
  [3400, 3499, [15]],
  [3700, 3799, [15]],
  [6011, 6011, [16, 19]],
  [6440, 6599, [16, 19]],
  [3528, 3589, [16, 19]],
  [3000, 3059, [14, 16, 19]],
  [3095, 3095, [14, 16, 19]],
  [3600, 3699, [14, 16, 19]],
  [3800, 3999, [14, 16, 19]],
  [6200, 6299, [16, 17, 18, 19]],
  [8100, 8171, [16, 17, 18, 19]],
  [5018, 5020, [13, 15, 16, 17, 18, 19]],
  [5038, 5038, [16, 17, 18, 19]],
  [5080, 5089, [16]],
  [6304, 6304, [16, 17, 18, 19]],
  [6759, 6763, [13, 16, 17, 18, 19]],
  [6070, 6089, [16]],
  [2200, 2204, [16, 17, 18, 19]],
];

function find(segment: Segment, found: Candidate[]): void {
  for (let index = 0; index < segment.groups.count; index += 1) {
    const units = groupUnits(segment.groups, index);
    if (units !== 4 && units < bareUnitsMin) continue;
    if (!isFirstDigit(segment, index) || !mayBeginCard(segment, index)) continue;
    if (units === 4) addGrouped(segment, index, found);
    else addBare(segment, index, found);
  }
}

function isFirstDigit(segment: Segment, index: number): boolean {
  const code = unitAt(groupStart(segment.groups, index));
  return (code >= 0x32 && code <= 0x36) || code === 0x38;
}

// Unlike other numbers a card may hang on to a word: "card-4111...", "pan_4111...".
function mayBeginCard(segment: Segment, index: number): boolean {
  const { groups } = segment;
  if (mayBegin(groups, index)) return true;
  if (jointOf(groups, index) !== joints.none) return false;
  const start = groupStart(groups, index);
  const code = unitAt(start - 1);
  const isLink = code === 0x2d || code === 0x5f || code === 0x2f || code === 0x2e;
  return isLink && isWordBefore(segment, start - 1);
}

function isWordBefore(segment: Segment, end: number): boolean {
  let at = end;
  while (at > segment.from && (unitKindAt(at - 1) & letterBits) !== 0) at -= 1;
  return end - at >= 2 && (unitKindAt(at - 1) & digitBit) === 0;
}

function addBare(segment: Segment, index: number, found: Candidate[]): void {
  const { groups } = segment;
  if (!mayEnd(groups, index) || !isCardNumber(segment, index, index)) return;
  const start = groupStart(groups, index);
  const context = segment.context.pct(topics.card, start, groupEnd(groups, index));
  const isShort = groupUnits(groups, index) === bareUnitsMin;
  const base = isShort ? shortPct : kind.basePct;
  if (isShort && context <= 0) return;
  addCandidate(found, kind, { start, end: groupEnd(groups, index), pct: base + context });
}

function addGrouped(segment: Segment, first: number, found: Candidate[]): void {
  const { groups } = segment;
  const joint = jointOf(groups, first + 1);
  if (!isCardJoint(joint)) return;
  for (const grouping of groupings) {
    if (!isGrouped(groups, first, grouping, joint)) continue;
    const last = first + grouping.length - 1;
    if (!mayEnd(groups, last) || !isCardNumber(segment, first, last)) continue;
    const start = groupStart(groups, first);
    const pct = groupedPct + segment.context.pct(topics.card, start, groupEnd(groups, last));
    addCandidate(found, kind, { start, end: groupEnd(groups, last), pct });
    return;
  }
}

function isCardJoint(joint: number): boolean {
  return (
    joint === joints.space ||
    joint === joints.dash ||
    joint === joints.dot ||
    joint === joints.spacedDash
  );
}

// Whether groups from the second on are joined by the one joint and have these sizes, as the first has.
function isGrouped(
  groups: NumberGroups,
  first: number,
  grouping: readonly number[],
  joint: number,
): boolean {
  for (let offset = 1; offset < grouping.length; offset += 1) {
    const index = first + offset;
    if (jointOf(groups, index) !== joint || groupUnits(groups, index) !== grouping[offset]) {
      return false;
    }
  }
  return true;
}

function isCardNumber({ text, groups }: Segment, first: number, last: number): boolean {
  const isOfBrand = isBranded(groupStart(groups, first), digitCount(groups, first, last));
  return isOfBrand && passesLuhn(digitsOf(text, groups, first, last));
}

// By the first four digits, which always stand together.
function isBranded(start: number, units: number): boolean {
  let prefix = 0;
  for (let at = start; at < start + 4; at += 1) prefix = prefix * 10 + unitAt(at) - 0x30;
  for (const [first, last, lengths] of brands) {
    if (prefix >= first && prefix <= last) return lengths.includes(units);
  }
  return false;
}
