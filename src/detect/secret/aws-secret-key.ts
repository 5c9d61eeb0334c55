import { lookBehindUnits } from "../scan/bounds.ts";
import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { asciiWordBits, digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { accessKeyPrefixes, accessKeyUnits, isAccessKeyAt } from "./aws-access-key.ts";
import { secretKind } from "./secret-kinds.ts";
import { isRandom } from "./token-shape.ts";
import { nextRun, runEnd, unitTable } from "./unit-runs.ts";

const unitsExact = 40;
const bitsMin = 4;
const base64Units = unitTable("+/");
/** What a preceding access key id adds. */
const pairPct = 40;

const kind = secretKind("AWS_SECRET_KEY", {
  check: "entropy",
  basePct: 40,
  context: "yes",
  version: 2,
});

/**
 * AWS secret access keys that stand beside their name or shortly after an access key id: by themselves
 * they are forty characters of base 64 like many others.
 */
export const awsSecretKeys: Family = {
  kinds: [kind],
  needs: digitBit | lowerBit | upperBit,
  unitsMin: unitsExact,
  digitsMin: 1,
  find,
};

function find(segment: Segment, found: Candidate[]): void {
  const { from, to } = segment;
  let start = nextRun(from, to, base64Units, unitsExact);
  while (start >= 0) {
    const end = runEnd(start + unitsExact, to, base64Units);
    if (end - start === unitsExact) addSecretKey(segment, start, found);
    start = nextRun(end + 1, to, base64Units, unitsExact);
  }
}

function addSecretKey(segment: Segment, start: number, found: Candidate[]): void {
  const { text } = segment;
  const end = start + unitsExact;
  if (base64Units[unitAt(start - 1)] === 1) return;
  if (isAttached(start - 1) || isAttached(end) || unitAt(end) === 0x3d) return;
  const value = text.slice(start, end);
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
  if (!isMixed || !isRandom(value, start, bitsMin)) return;
  const context = hasAccessKeyBefore(text, start)
    ? pairPct
    : segment.context.pct(topics.awsSecret, start, end);
  if (context <= 0) return;
  addCandidate(found, kind, { start, end, pct: kind.basePct + context });
}

function hasAccessKeyBefore(text: string, start: number): boolean {
  const floor = Math.max(0, start - lookBehindUnits);
  const before = text.slice(floor, start);
  for (const prefix of accessKeyPrefixes) {
    const place = before.lastIndexOf(prefix, start - floor - accessKeyUnits);
    // At the edge of the reach the character before is out of sight.
    if (place < 0 || (place === 0 && floor > 0)) continue;
    const at = floor + place;
    if (isAccessKeyAt(text, at) && !isWord(at - 1) && !isWord(at + accessKeyUnits)) {
      return true;
    }
  }
  return false;
}

function isWord(at: number): boolean {
  return (unitKindAt(at) & asciiWordBits) !== 0;
}

// Part of something longer: padded base 64, or a name with hyphens.
function isAttached(at: number): boolean {
  const code = unitAt(at);
  return code === 0x5f || code === 0x2d || code === 0x40;
}
