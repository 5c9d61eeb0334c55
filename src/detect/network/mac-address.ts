import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import { codeAt, digitBit, kindAt, wordBits } from "../text/character-kind.ts";

const kind = catalogueEntry("network", {
  type: "MAC_ADDRESS",
  rank: ranks.network,
  example: "00:00:5e:00:53:0a",
  check: "one separator throughout",
  context: "no",
  basePct: 90,
  countries: [],
});

/** Addresses of network interfaces: six octets with colons or hyphens, or three groups with dots. */
export const macAddresses: Family = {
  kinds: [kind],
  needs: digitBit,
  unitsMin: 12,
  digitsMin: 1,
  find,
};

const octets =
  /[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4}/g;
const bareUnits = 12;
const bare = /^[0-9A-Fa-f]{12}$/;
const separatorCodes: ReadonlySet<number> = new Set([0x3a, 0x2d, 0x2e]);
/** Without separators only a label tells. */
const barePct = 15;

function find(segment: Segment, found: Candidate[]): void {
  const { from, to, value } = segment;
  if (value.length === bareUnits && bare.test(value)) {
    const context = segment.context.pct(topics.mac, from, to);
    if (context > 0) addCandidate(found, kind, { start: from, end: to, pct: barePct + context });
    return;
  }
  if (!hasSeparator(value)) return;
  octets.lastIndex = 0;
  for (let match = octets.exec(value); match !== null; match = octets.exec(value)) {
    const start = from + match.index;
    const end = start + match[0].length;
    if (isPart(segment, start, end) || isNobody(match[0])) continue;
    const context = Math.max(0, segment.context.pct(topics.mac, start, end));
    addCandidate(found, kind, { start, end, pct: kind.basePct + context });
  }
}

// The third or fifth character of an address is a separator, wherever in the segment it begins.
function hasSeparator(value: string): boolean {
  return value.includes(":") || value.includes("-") || value.includes(".");
}

// It is part of something longer, as of a fingerprint.
function isPart({ text, to }: Segment, start: number, end: number): boolean {
  if ((kindAt(text, start - 1) & wordBits) !== 0 || (kindAt(text, end) & wordBits) !== 0)
    return true;
  const isJoinedBefore =
    separatorCodes.has(codeAt(text, start - 1)) && (kindAt(text, start - 2) & wordBits) !== 0;
  const isJoinedAfter =
    end < to && separatorCodes.has(codeAt(text, end)) && (kindAt(text, end + 1) & wordBits) !== 0;
  return isJoinedBefore || isJoinedAfter;
}

// All ones is the broadcast, all zeros nothing.
function isNobody(written: string): boolean {
  return /^(?:0+|[fF]+)$/.test(written.replace(/[:.-]/g, ""));
}
