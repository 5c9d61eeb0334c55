import {
  addCandidate,
  type Candidate,
  type LabelledFamily,
  type LabelledValue,
  ranks,
} from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { anyMasks, bareLayouts } from "../shapes/free-shape.ts";
import { labelPct } from "../shapes/labelled-place.ts";
import { catalogueEntry, type Shape } from "../shapes/shape.ts";

const kind = catalogueEntry("pii", {
  type: "LICENSE_PLATE",
  // The words for plates and for driving licences share some, so confidence has to tell them apart.
  rank: ranks.government,
  example: "AB12 CDE",
  check: "capitals and digits in the groups of a plate",
  context: "yes",
  basePct: 20,
  countries: [],
});

/** Points for letters and digits in groups as plates have them. */
const shapePct = 15;

/** Number plates of vehicles behind a label for them. */
export const licensePlates: LabelledFamily = { kinds: [kind], topics: [topics.plate], find };

/** Number plates without spaces anywhere near a word for them. */
export const plateNumbers: Shape = {
  kind,
  topic: topics.plate,
  masks: anyMasks(5, 8),
  alone: [],
  labelled: [
    ...bareLayouts(5, 8),
    "2-2-2",
    "2-3-2",
    "2-2-3",
    "3-3",
    "3-4",
    "4-3",
    "2-5",
    "2-4",
    "1-4",
  ],
  checkPct: shapePct,
  passes: isPlate,
};

const valueUnitsMax = 32;
const lead = /[\s"'*(]{0,4}(?:(?:is|was|no\.?|number|ist|:)\s)?["']?/y;
/** Two to four groups of letters and digits, or one; a Chinese or Japanese place may stand first. */
const plate =
  /(?:[\p{Script=Han}][A-Z][·・ ]?[A-Z0-9]{5,6}|[\p{Script=Han}]{2,4} ?\d{3} ?[\p{Script=Hiragana}] ?\d{2}-\d{2}|\d{2,3}[\p{Script=Hangul}] ?\d{4}|[A-ZÄÖÜА-ЯΑ-Ω0-9]{1,8}(?:[ ·-][A-ZÄÖÜА-ЯΑ-Ω0-9]{1,5}){0,3}|[a-z0-9]{5,8})(?![\p{L}\p{N}])/uy;

function find(value: LabelledValue, found: Candidate[]): void {
  const text = value.text.slice(value.from, Math.min(value.to, value.from + valueUnitsMax));
  lead.lastIndex = 0;
  const start = lead.test(text) ? lead.lastIndex : 0;
  plate.lastIndex = start;
  if (!plate.test(text)) return;
  const end = plate.lastIndex;
  if (!isPlate(text.slice(start, end)) || /^[._@/:=]\S/.test(text.slice(end, end + 2))) return;
  const pct = kind.basePct + shapePct + labelPct(value);
  addCandidate(found, kind, { start: value.from + start, end: value.from + end, pct });
}

// Letters and digits, four to nine together.
function isPlate(written: string): boolean {
  const compact = written.replace(/[ ·・-]/g, "");
  if (compact.length < 4 || compact.length > 10) return false;
  return /\d/.test(compact) && /\p{L}/u.test(compact);
}
