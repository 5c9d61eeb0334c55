import {
  addCandidate,
  type Candidate,
  type Family,
  type LabelledFamily,
  type LabelledValue,
  ranks,
  type Segment,
} from "../scan/family.ts";
import { groupEnd, groupStart, mayBegin } from "../scan/number-groups.ts";
import { ageOpening } from "../scan/run-openings.ts";
import { yearSign } from "../scan/segment-parts.ts";
import { topics } from "../scan/topics.ts";
import { endOfDigits, firstDigitOf, isWholeAt, labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { digitBit, lowerBit } from "../text/character-kind.ts";
import { unitAt } from "../text/units.ts";

const kind = catalogueEntry("pii", {
  type: "AGE_OVER_89",
  rank: ranks.contact,
  example: "aged 93",
  check: "90 to 125 (HIPAA, 45 CFR 164.514(b)(2))",
  context: "yes",
  basePct: 30,
  countries: [],
});

const ageMin = 90;
const ageMax = 125;

/** Ages over 89 behind a label for ages. */
export const labelledAges: LabelledFamily = {
  kinds: [kind],
  topics: [topics.age],
  find: findLabelled,
};

/** Ages over 89 with what says so in the same word: "93-year-old", "93yo". */
export const ages: Family = {
  kinds: [kind],
  needs: digitBit | lowerBit | yearSign | ageOpening,
  unitsMin: 4,
  digitsMin: 2,
  groupSizes: [[2], [3]],
  find: findWorded,
};

/** Ages over 89 with words for it behind them: "93 years old". */
export const spokenAges: LabelledFamily = {
  kinds: [kind],
  topics: [topics.spokenAge],
  find: findSpoken,
};

const wordedPct = 35;
const spoken =
  /^ (?:(?:years?|yrs?)(?: ?-? ?old| of age)|y\/o|yo|Jahre alt|jährig(?:er?|en)?|ans d['’]âge|лет от роду)(?![\p{L}\p{N}])/u;
const spokenUnitsMax = 24;
const unit = /(?:[- ]?(?:years?|yrs?)[- ]old|[- ]?y\/?o)(?![\p{L}\p{N}])/uy;

function findLabelled(value: LabelledValue, found: Candidate[]): void {
  const { text, to } = value;
  const start = firstDigitOf(value);
  if (start < 0) return;
  const end = endOfDigits(start, to);
  if (!isOldAge(text, start, end) || !isWholeAt(end)) return;
  addCandidate(found, kind, { start, end, pct: kind.basePct + labelPct(value) });
}

function findWorded({ text, from, to, groups }: Segment, found: Candidate[]): void {
  for (let index = 0; index < groups.count; index += 1) {
    const start = groupStart(groups, index);
    const end = groupEnd(groups, index);
    if (end >= to || !isOldAge(text, start, end) || !mayBegin(groups, index)) continue;
    unit.lastIndex = end - from;
    if (unit.test(text.slice(from, to)))
      addCandidate(found, kind, { start, end, pct: kind.basePct + wordedPct });
  }
}

function findSpoken({ text, from, to }: LabelledValue, found: Candidate[]): void {
  const end = endOfDigits(from, to);
  const behind = text.slice(end, Math.min(to, end + spokenUnitsMax));
  if (!isOldAge(text, from, end) || !spoken.test(behind)) return;
  addCandidate(found, kind, { start: from, end, pct: kind.basePct + wordedPct });
}

function isOldAge(text: string, start: number, end: number): boolean {
  if (end - start < 2 || end - start > 3) return false;
  // The first of two digits is a nine; that of three a one, or a zero in front of two.
  const first = unitAt(start);
  if (end - start === 2 ? first !== 0x39 : first > 0x31) return false;
  const age = Number(text.slice(start, end));
  return age >= ageMin && age <= ageMax;
}
