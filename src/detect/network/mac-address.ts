import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
import { digitsOf, groupEnd, groupStart, groupUnits } from "../scan/number-groups.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { digitBit, wordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const kind = catalogueEntry("network", {
  type: "MAC_ADDRESS",
  rank: ranks.network,
  example: "00:00:5e:00:53:0a",
  check: "one separator throughout",
  context: "no",
  basePct: 90,
  countries: [],
});

const hexUnits = 12;

/** Addresses of network interfaces: six octets with colons or hyphens, or three groups with dots. */
export const macAddresses: Family = {
  kinds: [kind],
  needs: digitBit,
  unitsMin: 14,
  digitsMin: 1,
  evenRunsMin: 3,
  find,
};

/** The same without separators, where a label tells. */
export const bareMacAddresses: Family = {
  kinds: [kind],
  needs: digitBit,
  unitsMin: hexUnits,
  unitsMax: hexUnits,
  digitsMin: 1,
  runUnitsMin: hexUnits,
  find: findBare,
};

const hex = /^[0-9A-Fa-f]{12}$/;
const colonCode = 0x3a;
const hyphenCode = 0x2d;
const dotCode = 0x2e;
/** Without separators only a label tells. */
const barePct = 15;

function find(segment: Segment, found: Candidate[]): void {
  const { text, runs } = segment;
  for (let first = 0; first + 2 < runs.count; first += 1) {
    const last = lastGroup(segment, first);
    if (last < 0) continue;
    const start = groupStart(runs, first);
    const end = groupEnd(runs, last);
    const digits = digitsOf(text, runs, first, last);
    if (isPart(segment, start, end) || !hex.test(digits) || isNobody(digits)) continue;
    const context = Math.max(0, segment.context.pct(topics.mac, start, end));
    addCandidate(found, kind, { start, end, pct: kind.basePct + context });
  }
}

function findBare({ text, from, to, context }: Segment, found: Candidate[]): void {
  if (!hex.test(text.slice(from, to))) return;
  const pct = context.pct(topics.mac, from, to);
  if (pct > 0) addCandidate(found, kind, { start: from, end: to, pct: barePct + pct });
}

// The last of six groups of two, or of three groups of four, that begin with group `first`; or -1.
function lastGroup({ runs }: Segment, first: number): number {
  const units = groupUnits(runs, first);
  if (units !== 2 && units !== 4) return -1;
  const last = first + hexUnits / units - 1;
  const separator = unitAt(groupEnd(runs, first));
  const isKnown =
    units === 4 ? separator === dotCode : separator === colonCode || separator === hyphenCode;
  if (!isKnown || last >= runs.count) return -1;
  for (let index = first + 1; index <= last; index += 1) {
    const start = groupStart(runs, index);
    if (start !== groupEnd(runs, index - 1) + 1 || unitAt(start - 1) !== separator) return -1;
    if (groupUnits(runs, index) !== units) return -1;
  }
  return last;
}

function isSeparator(code: number): boolean {
  return code === colonCode || code === hyphenCode || code === dotCode;
}

// It is part of something longer, as of a fingerprint.
function isPart({ to }: Segment, start: number, end: number): boolean {
  if ((unitKindAt(start - 1) & wordBits) !== 0 || (unitKindAt(end) & wordBits) !== 0) return true;
  const isJoinedBefore = isSeparator(unitAt(start - 1)) && (unitKindAt(start - 2) & wordBits) !== 0;
  const isJoinedAfter =
    end < to && isSeparator(unitAt(end)) && (unitKindAt(end + 1) & wordBits) !== 0;
  return isJoinedBefore || isJoinedAfter;
}

// All ones is the broadcast, all zeros nothing.
function isNobody(digits: string): boolean {
  return /^(?:0+|[fF]+)$/.test(digits);
}
