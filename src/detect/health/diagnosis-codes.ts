import {
  addCandidate,
  type Candidate,
  type LabelledFamily,
  type LabelledValue,
  ranks,
} from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry, checkPcts } from "../shapes/shape.ts";
import { digitBit, upperBit, wordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const kind = catalogueEntry("phi", {
  type: "ICD10",
  rank: ranks.health,
  example: "E11.9",
  check: "",
  context: "yes",
  basePct: 10,
  countries: [],
});

/** Codes of diagnoses behind a label for them, one or several (WHO ICD-10; ICD-10-CM). */
export const diagnosisCodes: LabelledFamily = {
  kinds: [kind],
  topics: [topics.diagnosis],
  find,
};

const dotCode = 0x2e;
/** Characters behind the dot, at most. */
const detailUnitsMax = 4;

function find(value: LabelledValue, found: Candidate[]): void {
  const { from, to } = value;
  const pct = kind.basePct + checkPcts.shape + labelPct(value);
  let at = from;
  while (at + 3 <= to) {
    const end = endOfCode(at, to);
    if (end < 0) {
      at += 1;
      continue;
    }
    addCandidate(found, kind, { start: at, end, pct });
    at = end;
  }
}

// A capital, a digit, a digit or A or B; behind a dot up to four more.
function endOfCode(start: number, to: number): number {
  if ((unitKindAt(start) & upperBit) === 0 || (unitKindAt(start + 1) & digitBit) === 0) return -1;
  if ((unitKindAt(start - 1) & wordBits) !== 0) return -1;
  const third = unitAt(start + 2);
  const isThird = (unitKindAt(start + 2) & digitBit) !== 0 || third === 0x41 || third === 0x42;
  if (!isThird) return -1;
  let end = start + 3;
  const hasDetail = unitAt(end) === dotCode && (unitKindAt(end + 1) & wordBits) !== 0;
  if (hasDetail) end += 1;
  const limit = Math.min(to, end + (hasDetail ? detailUnitsMax : 0));
  while (end < limit && (unitKindAt(end) & (digitBit | upperBit)) !== 0) end += 1;
  return end > to || (unitKindAt(end) & wordBits) !== 0 ? -1 : end;
}
