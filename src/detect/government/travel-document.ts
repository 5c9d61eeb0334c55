import { passesTravelCheck } from "../checks/travel-document.ts";
import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import { asciiWordBits, digitBit, upperBit } from "../text/character-kind.ts";
import { unitKindAt } from "../text/units.ts";
import { passportKind } from "./documents.ts";

const unitsMin = 28;
const unitsMax = 44;

/**
 * The second line of the machine-readable zone of a passport: number, country, day of birth, sex and
 * day of expiry, the dates and the number with their check digits (ICAO Doc 9303-4, 4.2.2). Reported
 * from its beginning up to the first filler, which ends a segment.
 */
export const travelDocuments: Family = {
  kinds: [passportKind],
  needs: digitBit | upperBit,
  unitsMin,
  unitsMax,
  digitsMin: 12,
  find,
};

const surePct = 95;
/** Where each checked field starts and ends; its check digit follows. */
const fields: readonly (readonly [start: number, end: number])[] = [
  [0, 9],
  [13, 19],
  [21, 27],
];

function find(segment: Segment, found: Candidate[]): void {
  const { text, from, to } = segment;
  if (!isZone(text, from, to)) return;
  const start = from;
  for (const [first, end] of fields) {
    if (!passesTravelCheck(text, start + first, start + end)) return;
  }
  addCandidate(found, passportKind, { start, end: to, pct: surePct });
}

function isZone(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if ((unitKindAt(at) & (upperBit | digitBit)) === 0) return false;
  }
  const sex = text.charAt(from + 20);
  return (sex === "M" || sex === "F") && (unitKindAt(from - 1) & asciiWordBits) === 0;
}
