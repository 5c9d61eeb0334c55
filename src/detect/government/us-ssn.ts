import {
  addCandidate,
  type Candidate,
  type Family,
  type FindingKind,
  ranks,
  type Segment,
} from "../scan/family.ts";
import {
  digitsOf,
  groupEnd,
  groupStart,
  groupUnits,
  isUniform,
  jointOf,
  joints,
  mayBegin,
  mayEnd,
} from "../scan/number-groups.ts";
import { topics } from "../scan/topics.ts";
import { digitBit } from "../text/character-kind.ts";

/** US social security numbers: issued ranges, in groups of 3-2-4, or bare beside a context word. */
export const usSocialSecurityNumbers: Family = {
  needs: digitBit,
  unitsMin: 9,
  digitsMin: 9,
  find,
};

const kind: FindingKind = {
  type: "US_SSN",
  dataClass: "pii.us_ssn",
  detector: "us_ssn@1",
  rank: ranks.government,
};

const dashedPct = 85;
const spacedPct = 60;
/**
 * Nine random digits pass the range check nine times in ten: too little to report without a context
 * word.
 */
const barePct = 30;

/** Printed on sample cards and in examples, so they are nobody's. */
const sampleNumbers: ReadonlySet<string> = new Set(["078051120", "219099999", "123456789"]);

function find(segment: Segment, found: Candidate[]): void {
  const { text, groups } = segment;
  for (let index = 0; index < groups.count; index += 1) {
    const last = lastGroup(segment, index);
    if (last < 0 || !mayBegin(text, groups, index) || !mayEnd(text, groups, last)) continue;
    if (!isIssuable(digitsOf(text, groups, index, last))) continue;
    const start = groupStart(groups, index);
    const context = segment.context.pct(topics.usSsn, start, groupEnd(groups, last));
    const pct = basePct(jointOf(groups, last), last === index) + context;
    addCandidate(found, kind, { start, end: groupEnd(groups, last), pct });
  }
}

function lastGroup(segment: Segment, first: number): number {
  const { groups } = segment;
  const units = groupUnits(groups, first);
  if (units === 9) return first;
  const isSplit =
    units === 3 && groupUnits(groups, first + 1) === 2 && groupUnits(groups, first + 2) === 4;
  if (!isSplit || first + 2 >= groups.count) return -1;
  const joint = jointOf(groups, first + 1);
  const isSsnJoint = joint === joints.dash || joint === joints.space || joint === joints.spacedDash;
  return isSsnJoint && isUniform(groups, first, first + 2, joint) ? first + 2 : -1;
}

function basePct(joint: number, isBare: boolean): number {
  if (isBare) return barePct;
  return joint === joints.space ? spacedPct : dashedPct;
}

// Areas 000, 666 and 900 up, group 00 and serial 0000 are never assigned.
function isIssuable(digits: string): boolean {
  const area = Number(digits.slice(0, 3));
  if (area === 0 || area === 666 || area >= 900) return false;
  if (digits.slice(3, 5) === "00" || digits.slice(5) === "0000") return false;
  return !sampleNumbers.has(digits) && !/^(\d)\1{8}$/.test(digits);
}
