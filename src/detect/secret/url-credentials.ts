import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import { colonSign, slashSign } from "../scan/segment-parts.ts";
import { asciiWordBits, atBit, letterBits } from "../text/character-kind.ts";
import { laidLength, unitAt, unitKindAt } from "../text/units.ts";
import { isPlaceholder, isReference, isStandIn } from "./placeholders.ts";
import { labelledSecretRank, secretKind } from "./secret-kinds.ts";

const kind = secretKind("URL_CREDENTIALS", {
  example: "https://app:%3Csecret%3E@example.org",
  check: "no filling or reference",
  basePct: 90,
  rank: labelledSecretRank,
});

/** Secrets of users in URLs, without the rest of the URL (RFC 3986, section 3.2.1). */
export const urlCredentials: Family = {
  kinds: [kind],
  needs: atBit | slashSign | colonSign,
  unitsMin: 8,
  digitsMin: 0,
  find,
};

/** Longest secret of a URL. */
export const urlSecretUnitsMax = 128;
const userUnitsMax = 64;
const secretUnitsMin = 3;
const colonCode = 0x3a;
const slashCode = 0x2f;
const atCode = 0x40;

/**
 * Where the secret of a URL ends whose user ends before the colon at `colon` and whose authority
 * begins with the two slashes at `from`: the place of the at sign. 0 if there is no secret, and
 * -1 if the text must show more.
 */
export function urlSecretEnd(from: number, colon: number): number {
  if (!opensAuthority(from, colon)) return 0;
  const limit = colon + 1 + urlSecretUnitsMax;
  for (let at = colon + 1; at <= limit; at += 1) {
    if (at >= laidLength()) return -1;
    const code = unitAt(at);
    if (code === atCode) return at - colon - 1 < secretUnitsMin ? 0 : at;
    if (!isSecretUnit(code)) return 0;
  }
  return 0;
}

/** Whether the at sign at `sign` of a stretch that begins at `from` ends the secret of a URL. */
export function endsUrlSecret(from: number, sign: number): boolean {
  if (unitAt(from) !== slashCode) return false;
  return urlSecretEnd(from, colonBetween(from + 2, sign)) === sign;
}

function colonBetween(from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    if (unitAt(at) === colonCode) return at;
  }
  return -1;
}

// "scheme://user:", where the user may be empty.
function opensAuthority(from: number, colon: number): boolean {
  if (unitAt(from) !== slashCode || unitAt(from + 1) !== slashCode) return false;
  if (unitAt(from - 1) !== colonCode || (unitKindAt(from - 2) & letterBits) === 0) return false;
  if (colon < from || colon - from - 2 > userUnitsMax) return false;
  for (let at = from + 2; at < colon; at += 1) {
    const code = unitAt(at);
    if (code === slashCode || code === atCode) return false;
  }
  return true;
}

// What people leave unescaped is more than the standard lets them, but nothing that is not seen. A
// slash ends the authority.
function isSecretUnit(code: number): boolean {
  if (code <= 0x20 || code === 0x7f || code === slashCode) return false;
  if ((code >= 0x2000 && code <= 0x206f) || code === 0xad || code >= 0xd800) return false;
  return code !== 0x22 && code !== 0x3c && code !== 0x3e && code !== 0x5c && code !== 0x60;
}

function find({ text, from, to }: Segment, found: Candidate[]): void {
  if (unitAt(from) !== slashCode) return;
  const colon = colonBetween(from + 2, to);
  if (colon < 0) return;
  const end = urlSecretEnd(from, colon);
  if (end <= 0 || end >= to || (unitKindAt(end + 1) & asciiWordBits) === 0) return;
  const start = colon + 1;
  const secret = text.slice(start, end);
  if (isPlaceholder(secret, start) || isStandIn(secret) || isReference(secret)) return;
  addCandidate(found, kind, { start, end, pct: kind.basePct });
}
