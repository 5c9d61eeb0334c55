import { isUsSsn } from "../checks/united-states.ts";
import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
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
import { catalogueEntry } from "../shapes/shape.ts";
import { digitBit } from "../text/character-kind.ts";

const kind = catalogueEntry("pii", {
  type: "US_SSN",
  rank: ranks.government,
  example: "",
  check: "areas, groups and serials that are given out",
  context: "bare",
  basePct: 85,
  countries: ["US"],
});

/** US social security numbers: issued ranges, in groups of 3-2-4, or bare beside a context word. */
export const usSocialSecurityNumbers: Family = {
  kinds: [kind],
  needs: digitBit,
  unitsMin: 9,
  digitsMin: 9,
  numberDigitsMin: 9,
  groupSizes: [[9], [3, 2, 4]],
  find,
};

const spacedPct = 60;
/**
 * Nine random digits pass the range check nine times in ten: too little to report without a context
 * word. So with dots, which belong to versions and addresses.
 */
const barePct = 30;

function find(segment: Segment, found: Candidate[]): void {
  const { text, groups } = segment;
  for (let index = 0; index < groups.count; index += 1) {
    const last = lastGroup(segment, index);
    if (last < 0 || !mayBegin(groups, index) || !mayEnd(groups, last)) continue;
    const start = groupStart(groups, index);
    const end = groupEnd(groups, last);
    const base = basePct(jointOf(groups, last), last === index);
    // Nine in ten pass the check, and where a word must tell, most have none near: that is asked first.
    if (base === barePct && !segment.context.near(start, end).has(topics.usSsn)) continue;
    if (!isUsSsn(digitsOf(text, groups, index, last))) continue;
    const pct = base + segment.context.pct(topics.usSsn, start, end);
    addCandidate(found, kind, { start, end, pct });
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
  const isSsnJoint =
    joint === joints.dash ||
    joint === joints.space ||
    joint === joints.spacedDash ||
    joint === joints.dot;
  return isSsnJoint && isUniform(groups, first, first + 2, joint) ? first + 2 : -1;
}

function basePct(joint: number, isBare: boolean): number {
  if (isBare || joint === joints.dot) return barePct;
  return joint === joints.space ? spacedPct : kind.basePct;
}
