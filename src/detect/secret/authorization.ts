import { addCandidate, type Candidate, type Family, type Segment } from "../scan/family.ts";
import { schemeSign } from "../scan/segment-parts.ts";
import { asciiWordBits, lowerBit, upperBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { labelledSecretRank, secretKind } from "./secret-kinds.ts";
import { secretValuePct } from "./secret-value.ts";

const basicPct = 92;
const bearerPct = 85;

const basic = secretKind("BASIC_AUTH", {
  check: "decodes to text with a colon",
  basePct: basicPct,
  rank: labelledSecretRank,
});

const bearer = secretKind("BEARER_TOKEN", {
  check: "entropy, no filling or reference",
  basePct: bearerPct,
  rank: labelledSecretRank,
});

/** What follows `Basic` or `Bearer` (RFC 7617, RFC 6750), wherever it stands. */
export const credentials: Family = {
  kinds: [basic, bearer],
  needs: schemeSign,
  unitsMin: 8,
  digitsMin: 0,
  find,
};

const tokenUnitsMin = 16;
const tokenUnitsMax = 1000;

function find({ text, from, to }: Segment, found: Candidate[]): void {
  const scheme = schemeBefore(from);
  if (scheme === undefined) return;
  const end = tokenEnd(from, to);
  const pct = credentialPct(scheme, text.slice(from, end), from);
  if (pct > 0) addCandidate(found, scheme, { start: from, end, pct });
}

function schemeBefore(start: number): typeof basic | undefined {
  const space = start - 1;
  if (isWordBefore("basic", space)) return basic;
  return isWordBefore("bearer", space) ? bearer : undefined;
}

// Whether a word, here in small letters, ends at `end` and has no letter of ASCII before it.
function isWordBefore(word: string, end: number): boolean {
  const start = end - word.length;
  for (let at = start; at < end; at += 1) {
    if ((unitAt(at) | 0x20) !== word.charCodeAt(at - start)) return false;
  }
  return (unitKindAt(start - 1) & (lowerBit | upperBit)) === 0;
}

// Of token68 (RFC 7235, section 2.1). What decodes to text is found with its padding anyway.
function tokenEnd(start: number, to: number): number {
  const limit = Math.min(to, start + tokenUnitsMax);
  let end = start;
  while (end < limit && isTokenUnit(end)) end += 1;
  while (end > start && unitAt(end - 1) === 0x2e) end -= 1;
  return end;
}

function isTokenUnit(at: number): boolean {
  if ((unitKindAt(at) & asciiWordBits) !== 0) return true;
  const code = unitAt(at);
  return code === 0x2d || code === 0x2e || code === 0x5f || code === 0x7e || isBase64Mark(code);
}

function isBase64Mark(code: number): boolean {
  return code === 0x2b || code === 0x2f;
}

function credentialPct(scheme: typeof basic, token: string, start: number): number {
  if (scheme === basic) return isUserAndPassword(token) ? basicPct : 0;
  const setting = { isPassword: false, isQuoted: true };
  const isToken = token.length >= tokenUnitsMin && secretValuePct(token, start, setting) > 0;
  return isToken ? bearerPct : 0;
}

// RFC 7617, section 2: a user, a colon, a password.
function isUserAndPassword(token: string): boolean {
  if (!/^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(token)) return false;
  const decoded = Buffer.from(token, "base64").toString("utf8");
  return /^[^:\p{Cc}\ufffd]{0,128}:[^\p{Cc}\ufffd]{1,256}$/u.test(decoded);
}
