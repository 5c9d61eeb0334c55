import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
import { groupEnd, groupStart, jointOf, joints, mayBegin, mayEnd } from "../scan/number-groups.ts";
import { colonSign } from "../scan/segment-parts.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { digitBit, markBit } from "../text/character-kind.ts";
import { unitAt } from "../text/units.ts";
import { isDottedQuad } from "./dotted-quad.ts";
import { hexGroupsUnitsMax, isIpV6, readHexGroups } from "./hex-groups.ts";

const address = catalogueEntry("network", {
  type: "IP_ADDRESS",
  rank: ranks.network,
  example: "192.0.2.10",
  check: "numbers to 255, or the grammar of IPv6",
  context: "no",
  basePct: 70,
  countries: [],
});

/** Four numbers of one digit, or one of them of two. */
const sectionUnitsMax = 8;
/** Points for the grammar of IPv6, which little else has. */
const longPct = 15;

/** IPv4 addresses in dotted form (RFC 1123, section 2.1). Port and prefix are no part of them. */
export const ipV4Addresses: Family = {
  kinds: [address],
  needs: digitBit | markBit,
  unitsMin: 7,
  digitsMin: 4,
  groupsMin: 4,
  find: findV4,
};

/** IPv6 addresses (RFC 4291, section 2.2). Zone, port and prefix are no part of them. */
export const ipV6Addresses: Family = {
  kinds: [address],
  needs: digitBit | colonSign,
  unitsMin: 6,
  digitsMin: 1,
  find: findV6,
};

function findV4(segment: Segment, found: Candidate[]): void {
  const { text, groups } = segment;
  for (let first = 0; first + 3 < groups.count; first += 1) {
    if (!isDottedQuad(text, groups, first)) continue;
    if (!mayBegin(groups, first) || !isOverAt(segment, first + 3)) continue;
    const start = groupStart(groups, first);
    const end = groupEnd(groups, first + 3);
    if (isNobody(text, start, end)) continue;
    const context = segment.context.pct(topics.ip, start, end);
    if (context <= 0 && isSectionLike(text, start, end)) continue;
    addCandidate(found, address, { start, end, pct: address.basePct + context });
  }
}

// This host, the loopback and masks of networks are no machine's address (RFC 6890).
function isNobody(text: string, start: number, end: number): boolean {
  const first = unitAt(start);
  if (first === 0x30) return true;
  if (first !== 0x31 && first !== 0x32) return false;
  return text.startsWith("127.", start) || (text.startsWith("255.", start) && end > start);
}

// Small numbers count sections as often as machines, apart from those of the private network.
function isSectionLike(text: string, start: number, end: number): boolean {
  return end - start <= sectionUnitsMax && !text.startsWith("10.", start);
}

// A prefix length or port may follow, and a word of another kind may not: "10.0.0.1/24", "10.0.0.1-x".
function isOverAt({ groups }: Segment, last: number): boolean {
  if (mayEnd(groups, last)) return true;
  const end = groupEnd(groups, last);
  const code = unitAt(end);
  return code === 0x2f || (code === 0x2d && jointOf(groups, last + 1) === joints.dash);
}

function findV6(segment: Segment, found: Candidate[]): void {
  const { text, from, to } = segment;
  for (let at = from; at < to; at += 1) {
    if (unitAt(at) !== 0x3a) continue;
    const { start, end } = readHexGroups(at, [from, to]);
    at = end;
    if (end - start > hexGroupsUnitsMax || !isIpV6(text.slice(start, end))) continue;
    const context = segment.context.pct(topics.ip, start, end);
    addCandidate(found, address, { start, end, pct: address.basePct + longPct + context });
  }
}
