import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import { isCovered } from "../scan/overlap.ts";
import { topics } from "../scan/topics.ts";
import { digitBit, letterBits } from "../text/character-kind.ts";
import { unitKindAt } from "../text/units.ts";
import { isAboutSecret, keyNameBefore } from "./key-name.ts";
import { looseSecretRank, secretKind } from "./secret-kinds.ts";
import { isRandom } from "./token-shape.ts";
import { nextRun, runEnd, unitTable } from "./unit-runs.ts";

const unitsMin = 20;
const unitsMax = 512;
/** A text of so many characters has no more entropy than this share of what it could have. */
const bitsMin = 4.5;
const bitsShareMin = 0.9;
const hexBitsMin = 3;

const kind = secretKind("HIGH_ENTROPY", {
  check: "entropy; no UUID, digest or commit id",
  basePct: 25,
  context: "yes",
  rank: looseSecretRank,
});

/** Runs of base 64 that look random, beside a word for secrets. */
export const randomRuns: Family = {
  kinds: [kind],
  needs: digitBit,
  needsOne: letterBits,
  unitsMin,
  digitsMin: 1,
  find,
};

const hex = /^[0-9a-f]+$/i;
const runUnits = unitTable("+/-_");
/** Lengths of digests in hexadecimal. */
const digestUnits: ReadonlySet<number> = new Set([32, 40, 56, 64, 96, 128]);
/** Words and numbers joined by hyphens or slashes, and a name with something random behind it. */
const joinedWords = /^(?:[A-Za-z]*|\d*)(?:[-_/+](?:[A-Za-z]*|\d*))*$|^[a-z]{3,}[-_]/;

function find(segment: Segment, found: Candidate[]): void {
  const { from, to } = segment;
  let start = nextRun(from, to, runUnits, unitsMin);
  while (start >= 0) {
    const end = runEnd(start + unitsMin, to, runUnits);
    if (end - start <= unitsMax) addRun(segment, start, end, found);
    start = nextRun(end + 1, to, runUnits, unitsMin);
  }
}

function addRun(segment: Segment, start: number, end: number, found: Candidate[]): void {
  const { text } = segment;
  if (!hasBoth(start, end) || isCovered(text, found, { start, end }, kind.rank)) return;
  const { context } = segment;
  const near = context.near(start, end);
  const isSecret = near.has(topics.secret);
  const isPassword = near.has(topics.password);
  const pct = Math.max(
    isSecret ? context.pct(topics.secret, start, end) : 0,
    isPassword ? context.pct(topics.password, start, end) : 0,
  );
  if (pct <= 0) return;
  const run = text.slice(start, end);
  if (!looksRandom(run, start) || isAboutSecret(keyNameBefore(text, start))) return;
  addCandidate(found, kind, { start, end, pct: kind.basePct + pct });
}

// Letters and digits, as nearly all random text of this length has.
function hasBoth(start: number, end: number): boolean {
  let kinds = 0;
  for (let at = start; at < end; at += 1) {
    kinds |= unitKindAt(at);
    if ((kinds & digitBit) !== 0 && (kinds & letterBits) !== 0) return true;
  }
  return false;
}

function looksRandom(run: string, start: number): boolean {
  if (joinedWords.test(run)) return false;
  if (hex.test(run)) return !digestUnits.has(run.length) && isRandom(run, start, hexBitsMin);
  return isRandom(run, start, Math.min(bitsMin, bitsShareMin * Math.log2(run.length)));
}
