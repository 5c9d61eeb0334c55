import { passesIbanCheck } from "../checks/iso-7064.ts";
import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
import { groupStart, groupUnits } from "../scan/number-groups.ts";
import { ibanOpening } from "../scan/run-openings.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import {
  dashBit,
  digitBit,
  isSpace,
  lowerBit,
  upperBit,
  wordBits,
} from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const kind = catalogueEntry("financial", {
  type: "IBAN",
  rank: ranks.financial,
  example: "GB82 WEST 1234 5698 7654 32",
  check: "length by country, ISO 7064 MOD 97-10",
  context: "no",
  basePct: 98,
  countries: [],
});

/** International bank account numbers: country, length and check digits (ISO 13616, ISO 7064). */
export const ibans: Family = {
  kinds: [kind],
  needs: digitBit | ibanOpening,
  needsOne: lowerBit | upperBit,
  unitsMin: 15,
  digitsMin: 5,
  runUnitsMin: 4,
  find,
};

const partUnits = 4;

/** Characters of a whole IBAN by the letters of its country (SWIFT IBAN registry). */
const lengths = buildLengths(
  "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 " +
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 " +
    "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 " +
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 " +
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30",
);

function find(segment: Segment, found: Candidate[]): void {
  const { text, runs } = segment;
  let foundTo = segment.from;
  for (let index = 0; index < runs.count; index += 1) {
    const start = groupStart(runs, index);
    if (start < foundTo || groupUnits(runs, index) < partUnits) continue;
    const length = openingLength(start);
    const end = length === 0 ? -1 : endOfIban(segment, start, length);
    if (end < 0 || !isChecked(text.slice(start, end), length)) continue;
    const context = segment.context.pct(topics.iban, start, end);
    addCandidate(found, kind, { start, end, pct: kind.basePct + context });
    foundTo = end;
  }
}

/**
 * How many characters of an IBAN are still missing after a run of the text that is laid down,
 * or 0 if it is not the beginning of a spaced one. `missing` is the answer for the run before, 0 at
 * first.
 */
export function missingAfter(
  run: { readonly start: number; readonly end: number },
  missing: number,
): number {
  const opening = unitAt(run.start);
  const start = opening === 0x28 || opening === 0x27 ? run.start + 1 : run.start;
  const units = run.end - start;
  if (units % partUnits !== 0) return 0;
  const length = missing > 0 ? missing : openingLength(start);
  if (units >= length) return 0;
  for (let at = start; at < run.end; at += 1) {
    if ((unitKindAt(at) & (upperBit | digitBit)) === 0) return 0;
  }
  return length - units;
}

// The length an IBAN must have that begins here: two letters of one case, two digits, nothing before.
function openingLength(at: number): number {
  const first = unitKindAt(at) & (upperBit | lowerBit);
  if (first === 0 || (unitKindAt(at + 1) & first) === 0) return 0;
  if ((unitKindAt(at + 2) & digitBit) === 0 || (unitKindAt(at + 3) & digitBit) === 0) return 0;
  const isAttached = (unitKindAt(at - 1) & wordBits) !== 0;
  if (isAttached || unitAt(at - 1) === 0x5f) return 0;
  return lengths[countryCell(unitAt(at), unitAt(at + 1))] ?? 0;
}

// One for each two letters of ASCII, whatever their case.
function countryCell(first: number, second: number): number {
  return ((first & 0x1f) << 5) | (second & 0x1f);
}

function buildLengths(entries: string): Uint8Array {
  const table = new Uint8Array(1 << 10);
  for (const entry of entries.split(" ")) {
    table[countryCell(entry.charCodeAt(0), entry.charCodeAt(1))] = Number(entry.slice(2));
  }
  return table;
}

// Groups of four may be set apart by one space or hyphen; letters are of one case throughout.
function endOfIban(segment: Segment, start: number, length: number): number {
  const { to } = segment;
  const letters = unitKindAt(start) & (upperBit | lowerBit);
  let count = 0;
  let at = start;
  while (count < length) {
    if (at >= to) return -1;
    if ((unitKindAt(at) & (letters | digitBit)) === 0) {
      if (count === 0 || count % partUnits !== 0 || !isSeparator(at)) return -1;
      at += 1;
      if ((unitKindAt(at) & (letters | digitBit)) === 0) return -1;
    }
    count += 1;
    at += 1;
  }
  const isCut = (unitKindAt(at) & wordBits) !== 0 || unitAt(at) === 0x5f;
  return isCut ? -1 : at;
}

function isSeparator(at: number): boolean {
  return isSpace(unitAt(at)) || (unitKindAt(at) & dashBit) !== 0;
}

function isChecked(written: string, length: number): boolean {
  const isBare = written.length === length;
  return passesIbanCheck(isBare ? written : written.replace(/[^0-9A-Za-z]/g, ""));
}
