import {
  addCandidate,
  type Candidate,
  type Family,
  type LabelledFamily,
  type LabelledValue,
  type Segment,
} from "../scan/family.ts";
import { tildeSign } from "../scan/segment-parts.ts";
import { topics } from "../scan/topics.ts";
import { asciiWordBits, digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { secretKind } from "./secret-kinds.ts";
import { isRandom } from "./token-shape.ts";

const bitsMin = 4;
/** Keys of 64 and of 32 bytes in base 64, without padding. */
const storageKeyUnits = 86;
const shortKeyUnits = 43;

/** Client secrets of Entra applications and keys of Azure's services. */
export const azureSecret = secretKind("AZURE_SECRET", {
  check: "`Q~` at the fifth place",
  basePct: 93,
});

const storageKey = secretKind("AZURE_STORAGE_KEY", { check: "length, padding", basePct: 96 });

/** Client secrets: three characters, a digit, `Q~`, and 31 to 34 more. */
export const azureClientSecrets: Family = {
  kinds: [azureSecret],
  needs: digitBit | lowerBit | upperBit | tildeSign,
  unitsMin: 37,
  digitsMin: 1,
  find: findClientSecrets,
};

/** Keys of storage accounts and of other shared access, 64 or 32 bytes of base 64. */
export const azureStorageKeys: Family = {
  kinds: [storageKey],
  needs: digitBit | lowerBit | upperBit,
  unitsMin: storageKeyUnits,
  unitsMax: storageKeyUnits,
  digitsMin: 1,
  find: findStorageKey,
};

/** The same behind a label, with their padding. */
export const labelledStorageKeys: LabelledFamily = {
  kinds: [storageKey],
  topics: [topics.azure],
  find: findLabelledKey,
};

const mark = "Q~";
const markAt = 4;
const clientSecret = /^[A-Za-z0-9_.-]{3}\dQ~[A-Za-z0-9_.~-]{31,34}$/;
const accountKey = /^(?:[A-Za-z0-9+/]{86}==|[A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])/;
const accountKeyLabel = /(?:account|shared\s?access)_?key"?\s{0,2}[=:]\s{0,2}["']?$/i;
const labelUnitsMax = 24;
const labelledUnitsMax = 88;

function findClientSecrets({ text, from, to }: Segment, found: Candidate[]): void {
  const value = text.slice(from, to);
  for (let at = value.indexOf(mark); at >= 0; at = value.indexOf(mark, at + 1)) {
    const start = from + at - markAt;
    if (start < from || isClientUnit(start - 1)) continue;
    let end = from + at + mark.length;
    while (end < to && isClientUnit(end)) end += 1;
    while (unitAt(end - 1) === 0x2e) end -= 1;
    const secret = text.slice(start, end);
    if (!clientSecret.test(secret) || !isRandom(secret, start, bitsMin)) continue;
    addCandidate(found, azureSecret, { start, end, pct: azureSecret.basePct });
  }
}

function isClientUnit(at: number): boolean {
  if ((unitKindAt(at) & asciiWordBits) !== 0) return true;
  const code = unitAt(at);
  return code === 0x2d || code === 0x2e || code === 0x5f || code === 0x7e;
}

// The padding is beyond the segment, which an equals sign ends; behind a label it is taken along.
function findStorageKey({ text, from, to }: Segment, found: Candidate[]): void {
  if (!isPadded(to)) return;
  if (!accountKeyLabel.test(text.slice(Math.max(0, from - labelUnitsMax), from))) return;
  if (!isRandom(text.slice(from, to), from, bitsMin)) return;
  addCandidate(found, storageKey, { start: from, end: to, pct: storageKey.basePct });
}

function findLabelledKey({ text, from, to }: LabelledValue, found: Candidate[]): void {
  if (!isPadded(from + storageKeyUnits) && !isPadded(from + shortKeyUnits)) return;
  const key = accountKey.exec(text.slice(from, Math.min(to, from + labelledUnitsMax + 1)))?.[0];
  if (key === undefined || !isRandom(key, from, bitsMin)) return;
  addCandidate(found, storageKey, { start: from, end: from + key.length, pct: storageKey.basePct });
}

function isPadded(end: number): boolean {
  return unitAt(end) === 0x3d;
}
