import { crc32 } from "node:zlib";
import {
  addCandidate,
  type Candidate,
  type Family,
  type FindingKind,
  ranks,
  type Segment,
} from "../scan/family.ts";
import { lowerBit } from "../text/character-kind.ts";
import { isPlaceholder, mayBeginToken, tokenEnd } from "./secret-token.ts";

/** GitHub tokens: classic ones of five kinds and fine-grained personal access tokens. */
export const githubTokens: Family = { needs: lowerBit, unitsMin: 40, digitsMin: 0, find };

const kind: FindingKind = {
  type: "GITHUB_TOKEN",
  dataClass: "secret.github_token",
  detector: "github_token@1",
  rank: ranks.secret,
};

const shapePct = 92;
const checkedPct = 99;

/** At least 36 characters; installation tokens have grown beyond that. */
const classic = /^gh[pousr]_[A-Za-z0-9]{36,}$/;
const fineGrained = /^github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}$/;
const classicUnits = 40;
const checkedUnits = 34;
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function find(segment: Segment, found: Candidate[]): void {
  const { text, from, to, value } = segment;
  for (let at = value.indexOf("gh"); at >= 0; at = value.indexOf("gh", at + 1)) {
    addToken(text, from + at, to, found);
  }
  for (let at = value.indexOf("github_pat_"); at >= 0; at = value.indexOf("github_pat_", at + 1)) {
    addToken(text, from + at, to, found);
  }
}

function addToken(text: string, start: number, to: number, found: Candidate[]): void {
  if (!mayBeginToken(text, start)) return;
  const end = tokenEnd(text, start, to);
  const token = text.slice(start, end);
  if (!classic.test(token) && !fineGrained.test(token)) return;
  if (isPlaceholder(token.slice(token.lastIndexOf("_") + 1))) return;
  addCandidate(found, kind, { start, end, pct: hasChecksum(token) ? checkedPct : shapePct });
}

// The last six characters of a classic token are the CRC-32 of the thirty before, in base 62. A wrong
// one may only mean that the scheme has changed, so it does not reject.
function hasChecksum(token: string): boolean {
  if (token.length !== classicUnits) return false;
  let rest = crc32(token.slice(4, checkedUnits));
  let digits = "";
  for (let count = 0; count < 6; count += 1) {
    digits = base62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return token.endsWith(digits);
}
