import { addCandidate, type Candidate, type Family, ranks, type Segment } from "../scan/family.ts";
import { endsUrlSecret } from "../secret/url-credentials.ts";
import { catalogueEntry } from "../shapes/shape.ts";
import {
  asciiWordBits,
  atBit,
  dashBit,
  digitBit,
  letterBits,
  wordBits,
} from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const kind = {
  ...catalogueEntry("pii", {
    type: "EMAIL",
    rank: ranks.contact,
    example: "jane.roe@example.org",
    check: "labels of the domain; no package, remote or user of a URL",
    context: "no",
    basePct: 95,
    countries: [],
  }),
  detector: "email@2",
};

/**
 * E-mail addresses as people write them (RFC 5321 lengths). Not package versions, `git@host:path`, files
 * with an at sign, or the user of a URL.
 */
export const emails: Family = { kinds: [kind], needs: atBit, unitsMin: 6, digitsMin: 0, find };

const atCode = 0x40;
const localUnitsMax = 64;
const domainUnitsMax = 253;
const labelUnitsMax = 63;
/** How far back the scheme of a URL is looked for. */
const schemeUnitsMax = 128;
/** Backslashes before an escaped slash in JSON that stands in JSON twice over. */
const backslashesMax = 7;

/** Endings of files and units of systems, which no domain has. */
const fileEndings: ReadonlySet<string> = new Set(
  (
    "service socket timer mount target slice png jpg jpeg gif webp svg css js mjs ts tsx jsx json xml " +
    "yaml yml toml html txt lock exe dll conf log jar vue"
  ).split(" "),
);

/** Service users of version control: with a colon after the host, a remote and no mailbox. */
const remoteUsers: ReadonlySet<string> = new Set(["git", "hg", "svn", "bzr"]);

function find(segment: Segment, found: Candidate[]): void {
  const { text, from, to } = segment;
  for (let sign = from; sign < to; sign += 1) {
    if (unitAt(sign) !== atCode) continue;
    const start = localStart(segment, sign);
    const end = start < 0 ? -1 : domainEnd(segment, sign + 1);
    if (end < 0 || isRemote(text, { start, sign, end }) || isFile(text, sign, end)) continue;
    addCandidate(found, kind, { start, end, pct: kind.basePct });
  }
}

// Where the local part begins, or -1 if what stands before the sign is none.
function localStart(segment: Segment, sign: number): number {
  const { from } = segment;
  let start = sign;
  while (start > from && isLocal(start - 1)) {
    start -= 1;
    if (sign - start > localUnitsMax) return -1;
  }
  if ((unitKindAt(start - 1) & atBit) !== 0) return -1;
  while (start < sign && (unitKindAt(start) & wordBits) === 0 && unitAt(start) !== 0x5f) {
    start += 1;
  }
  if (start === sign || unitAt(sign - 1) === 0x2e) return -1;
  if (endsUrlSecret(from, sign)) return -1;
  return isUserOfUrl(start) ? -1 : start;
}

function isLocal(at: number): boolean {
  const kind = unitKindAt(at);
  if ((kind & (wordBits | dashBit)) !== 0) return true;
  const code = unitAt(at);
  return code === 0x2e || code === 0x5f || code === 0x2b || code === 0x25 || code === 0x27;
}

// "https://user@host" and "https://user:secret@host": the scheme stands before, without a slash,
// question or break between.
function isUserOfUrl(start: number): boolean {
  const floor = Math.max(0, start - schemeUnitsMax);
  for (let at = start - 1; at > floor; at -= 1) {
    const code = unitAt(at);
    if (code === 0x2f) return endsScheme(at);
    if (unitKindAt(at) === 0 && !isUserInfo(code)) return false;
  }
  return false;
}

// Whether the slash at `at` is the second one after a colon. JSON may escape each (RFC 8259, section 7).
function endsScheme(at: number): boolean {
  const first = beforeBackslashes(at);
  return unitAt(first) === 0x2f && unitAt(beforeBackslashes(first)) === 0x3a;
}

function beforeBackslashes(at: number): number {
  let before = at - 1;
  while (at - before <= backslashesMax && unitAt(before) === 0x5c) before -= 1;
  return before;
}

// The breaks RFC 3986 allows before the sign, apart from those that end a URL in prose or markup.
function isUserInfo(code: number): boolean {
  return code === 0x3a || code === 0x21 || code === 0x24 || code === 0x2a || code === 0x7e;
}

/** Where a domain that starts at `start` ends: after its last label of letters; or -1. */
function domainEnd(segment: Segment, start: number): number {
  const { text, to } = segment;
  if (isVersion(start)) return -1;
  const limit = Math.min(to, start + domainUnitsMax);
  let end = -1;
  let label = start;
  for (let labels = 1; label < limit; labels += 1) {
    const stop = labelEnd(label, limit);
    if (stop === label || stop - label > labelUnitsMax) break;
    const top = labels > 1 ? topLevelEnd(text, label, stop) : -1;
    if (top >= 0) end = top;
    if (unitAt(stop) !== 0x2e) break;
    label = stop + 1;
  }
  return end;
}

function labelEnd(start: number, limit: number): number {
  let end = start;
  while (end < limit && ((unitKindAt(end) & wordBits) !== 0 || unitAt(end) === 0x2d)) end += 1;
  return end;
}

// Two letters or more, or `xn--`. A hyphen ends it; a digit or underscore means it was none.
function topLevelEnd(text: string, start: number, stop: number): number {
  if (text.startsWith("xn--", start) && stop - start > 5) return stop;
  let end = start;
  while (end < stop && (unitKindAt(end) & letterBits) !== 0) end += 1;
  if (end - start < 2 || (unitKindAt(end) & digitBit) !== 0) return -1;
  return unitAt(end) === 0x5f ? -1 : end;
}

// "react@19.1.0", "checkout@v4.beta", "icon@2x.png": a first label that counts instead of naming.
function isVersion(start: number): boolean {
  const isPrefixed = unitAt(start) === 0x76;
  const first = isPrefixed ? start + 1 : start;
  let at = first;
  while ((unitKindAt(at) & digitBit) !== 0) at += 1;
  const digits = at - first;
  if (digits === 0) return false;
  if (unitAt(at) === 0x78 && unitAt(at + 1) === 0x2e) return true;
  if (unitAt(at) !== 0x2e) return false;
  return isPrefixed || digits <= 2 || (unitKindAt(at + 1) & digitBit) !== 0;
}

// "getty@tty1.service", "logo@large.png"
function isFile(text: string, sign: number, end: number): boolean {
  const dot = text.lastIndexOf(".", end - 1);
  return dot > sign && fileEndings.has(text.slice(dot + 1, end).toLowerCase());
}

// "git@host:path" and "root@host:/path" address a machine.
function isRemote(
  text: string,
  place: { readonly start: number; readonly sign: number; readonly end: number },
): boolean {
  if (unitAt(place.end) !== 0x3a) return false;
  const next = unitAt(place.end + 1);
  if (next === 0x2f || next === 0x7e) return true;
  const isPath = (unitKindAt(place.end + 1) & asciiWordBits) !== 0;
  return isPath && remoteUsers.has(text.slice(place.start, place.sign));
}
