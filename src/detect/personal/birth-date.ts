import {
  addCandidate,
  type Candidate,
  type Family,
  type LabelledFamily,
  type LabelledValue,
  ranks,
  type Segment,
} from "../scan/family.ts";
import {
  groupEnd,
  groupStart,
  groupUnits,
  jointOf,
  joints,
  mayBegin,
  mayEnd,
  numberOf,
} from "../scan/number-groups.ts";
import { topics } from "../scan/topics.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry, checkPcts } from "../shapes/shape.ts";
import { digitBit } from "../text/character-kind.ts";
import { isBirth, plainDateEnd, readDate } from "./written-date.ts";

const kind = catalogueEntry("pii", {
  type: "DATE_OF_BIRTH",
  rank: ranks.contact,
  example: "DOB: 1970-01-31",
  check: "calendar, year 1880 to 2039",
  context: "yes",
  basePct: 20,
  countries: [],
});

/** How far behind its label a date may begin, and behind words of a sentence: "in Springfield on ". */
const leadUnitsMax = 12;
const spokenLeadUnitsMax = 40;
const dateUnitsMax = 28;
const sentenceEnd = /[.!?;]\s/;

/** Dates behind a label for births, in numbers or words of many languages. */
export const labelledBirthDates: LabelledFamily = {
  kinds: [kind],
  topics: [topics.birth],
  find: findLabelled,
};

/** Dates of three numbers on a line that speaks of a birth. */
export const birthDates: Family = {
  kinds: [kind],
  needs: digitBit,
  unitsMin: 6,
  digitsMin: 4,
  groupsMin: 3,
  // A year of four digits beside a number of one, or else two digits somewhere.
  groupSizes: [[4, 1], [2]],
  find: findNumeric,
};

/** Points for a label, above those for a word. */
const structuralPct = 45;

function findLabelled(value: LabelledValue, found: Candidate[]): void {
  const { text, from, to } = value;
  const pct = kind.basePct + checkPcts.hundredth + labelPct(value);
  const plainEnd = plainDateEnd(from, to);
  if (plainEnd >= 0) {
    addCandidate(found, kind, { start: from, end: plainEnd, pct });
    return;
  }
  const leadMax = value.isStructural ? leadUnitsMax : spokenLeadUnitsMax;
  const date = readDate(text.slice(from, Math.min(to, from + leadMax + dateUnitsMax)));
  if (date === undefined || date.start > leadMax) return;
  if (sentenceEnd.test(text.slice(from, from + date.start))) return;
  addCandidate(found, kind, { start: from + date.start, end: from + date.end, pct });
}

function findNumeric(segment: Segment, found: Candidate[]): void {
  const { groups } = segment;
  for (let first = 0; first + 2 < groups.count; first += 1) {
    if (!isDateAt(segment, first)) continue;
    if (!mayBegin(groups, first) || !mayEnd(groups, first + 2)) continue;
    const start = groupStart(groups, first);
    const end = groupEnd(groups, first + 2);
    if (!segment.context.near(start, end).has(topics.birth)) continue;
    const context = segment.context.pct(topics.birth, start, end);
    // What stands behind a label is that family's to judge, and what stands far behind it is no part.
    if (context <= 0 || context >= structuralPct) continue;
    const pct = kind.basePct + checkPcts.hundredth + context;
    addCandidate(found, kind, { start, end, pct });
  }
}

// Three groups joined alike, year first or last.
function isDateAt({ groups }: Segment, first: number): boolean {
  const joint = jointOf(groups, first + 1);
  const isJoined = joint === joints.dash || joint === joints.dot || joint === joints.slash;
  if (!isJoined || jointOf(groups, first + 2) !== joint) return false;
  if (groupUnits(groups, first + 1) > 2) return false;
  const other = numberOf(groups, first + 1, first + 1);
  const units = groupUnits(groups, first);
  const lastUnits = groupUnits(groups, first + 2);
  if (units === 4 && lastUnits <= 2) {
    return isBirth(numberOf(groups, first, first), other, numberOf(groups, first + 2, first + 2));
  }
  if (units > 2 || (lastUnits !== 4 && lastUnits !== 2)) return false;
  const year = lastUnits === 2 ? 2000 : numberOf(groups, first + 2, first + 2);
  const one = numberOf(groups, first, first);
  return isBirth(year, other, one) || isBirth(year, one, other);
}
