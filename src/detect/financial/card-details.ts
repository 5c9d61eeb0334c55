import {
  addCandidate,
  type Candidate,
  type CatalogueEntry,
  type LabelledFamily,
  type LabelledValue,
  ranks,
} from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { endOfDigits, firstDigitOf, isWholeAt, labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry, checkPcts } from "../shapes/shape.ts";
import { dashBit, digitBit, isSpace } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const cvv = catalogueEntry("pci", {
  type: "CVV",
  rank: ranks.financial,
  example: "CVV 123",
  check: "",
  context: "yes",
  basePct: 5,
  countries: [],
});

const expiry: CatalogueEntry = {
  type: "CARD_EXPIRY",
  dataClass: "pci.expiry",
  detector: "card_expiry@1",
  rank: ranks.financial,
  example: "12/29",
  check: "month 1 to 12",
  context: "yes",
  basePct: 10,
  countries: [],
};

/** The three or four digits printed beside a card number, behind a label for them. */
export const cardCodes: LabelledFamily = {
  kinds: [cvv],
  topics: [topics.cvv],
  find: findCode,
};

/** Month and year until which a card is valid, behind a label for them. */
export const cardExpiries: LabelledFamily = {
  kinds: [expiry],
  topics: [topics.expiry],
  find: findExpiry,
};

const slashCode = 0x2f;
const dotCode = 0x2e;
const yearMin = 2000;
const yearMax = 2099;

function findCode(value: LabelledValue, found: Candidate[]): void {
  const { to } = value;
  const start = firstDigitOf(value);
  if (start < 0) return;
  const end = endOfDigits(start, to);
  if (end - start < 3 || end - start > 4 || !isWholeAt(end)) return;
  addCandidate(found, cvv, { start, end, pct: cvv.basePct + checkPcts.shape + labelPct(value) });
}

function findExpiry(value: LabelledValue, found: Candidate[]): void {
  const { to } = value;
  const start = firstDigitOf(value);
  if (start < 0) return;
  const firstEnd = endOfDigits(start, to);
  const second = skipSeparator(firstEnd);
  const end = endOfDigits(second, to);
  if (!isWholeAt(end) || !isMonthAndYear([start, firstEnd], [second, end])) return;
  const pct = expiry.basePct + checkPcts.shape + labelPct(value);
  addCandidate(found, expiry, { start, end, pct });
}

// A slash, dash or dot, perhaps with a space on each side; or nothing, as in 1229.
function skipSeparator(from: number): number {
  let at = from;
  if (isSpace(unitAt(at))) at += 1;
  const code = unitAt(at);
  if (code !== slashCode && code !== dotCode && (unitKindAt(at) & dashBit) === 0) return from;
  at += 1;
  if (isSpace(unitAt(at)) && (unitKindAt(at + 1) & digitBit) !== 0) at += 1;
  return at;
}

type Range = readonly [start: number, end: number];

function isMonthAndYear(first: Range, second: Range): boolean {
  const one = numberOf(first);
  const other = numberOf(second);
  const units = first[1] - first[0];
  const otherUnits = second[1] - second[0];
  if (otherUnits === 0) return units === 4 && isMonth(Math.floor(one / 100)) && one % 100 > 9;
  if (units === 4) return isYear(one) && otherUnits === 2 && isMonth(other);
  if (units > 2 || !isMonth(one)) return false;
  return otherUnits === 2 || (otherUnits === 4 && isYear(other));
}

function numberOf([start, end]: Range): number {
  let number = 0;
  for (let at = start; at < end; at += 1) number = number * 10 + unitAt(at) - 0x30;
  return number;
}

function isMonth(number: number): boolean {
  return number >= 1 && number <= 12;
}

function isYear(number: number): boolean {
  return number >= yearMin && number <= yearMax;
}
