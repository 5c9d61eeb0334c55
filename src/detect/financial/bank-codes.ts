import { isCountry } from "../checks/countries.ts";
import {
  addCandidate,
  type Candidate,
  type LabelledFamily,
  type LabelledValue,
  ranks,
} from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry, checkPcts, type Shape } from "../shapes/shape.ts";
import { lowerBit, upperBit, wordBits } from "../text/character-kind.ts";
import { unitKindAt } from "../text/units.ts";

const kind = catalogueEntry("financial", {
  type: "SWIFT_BIC",
  rank: ranks.financial,
  example: "DEUTDEFF500",
  check: "country at the fifth place",
  context: "yes",
  basePct: 30,
  countries: [],
});

/** Codes of banks with a digit in them, anywhere near a word for them (ISO 9362). */
export const bankCodes: Shape = {
  kind,
  topic: topics.bic,
  masks: ["llllllxx", "llllllxxxxx"],
  alone: [],
  labelled: ["8", "11", "4 2 2", "4 2 2 3"],
  checkPct: checkPcts.tenth,
  passes: (code) => isCountry(code.slice(4, 6)),
};

/** Codes of banks right behind a label for them, where letters are enough. */
export const labelledBankCodes: LabelledFamily = { kinds: [kind], topics: [topics.bic], find };

const shortUnits = 8;
const longUnits = 11;

function find(value: LabelledValue, found: Candidate[]): void {
  const { text, to } = value;
  let at = value.from;
  while (at + shortUnits <= to) {
    const end = endOfWord(at, to);
    if (isBankCode(text, at, end)) {
      const pct = kind.basePct + checkPcts.tenth + labelPct(value);
      addCandidate(found, kind, { start: at, end, pct });
      return;
    }
    at = Math.max(end, at + 1);
  }
}

function endOfWord(start: number, to: number): number {
  let end = start;
  while (end < to && (unitKindAt(end) & wordBits) !== 0) end += 1;
  return end;
}

function isBankCode(text: string, start: number, end: number): boolean {
  const units = end - start;
  if (units !== shortUnits && units !== longUnits) return false;
  let kinds = 0;
  for (let at = start; at < start + 6; at += 1) {
    if ((unitKindAt(at) & upperBit) === 0) return false;
  }
  for (let at = start; at < end; at += 1) kinds |= unitKindAt(at);
  return (kinds & lowerBit) === 0 && isCountry(text.slice(start + 4, start + 6));
}
