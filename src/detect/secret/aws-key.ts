import { lookBehindUnits } from "../scan/bounds.ts";
import {
  addCandidate,
  type Candidate,
  type Family,
  type FindingKind,
  ranks,
  type Segment,
} from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { asciiWordBits, codeAt, kindAt, upperBit } from "../text/character-kind.ts";
import { entropyBits, isPlaceholder } from "./secret-token.ts";

/**
 * AWS access key ids, and secret access keys that stand beside their name or shortly after an access
 * key id: by themselves the latter are forty characters of base 64 like many others.
 */
export const awsKeys: Family = { needs: upperBit, unitsMin: 20, digitsMin: 0, find };

const accessKind: FindingKind = {
  type: "AWS_ACCESS_KEY",
  dataClass: "secret.aws_access_key",
  detector: "aws_access_key@1",
  rank: ranks.secret,
};

const secretKind: FindingKind = {
  type: "AWS_SECRET_KEY",
  dataClass: "secret.aws_secret_key",
  detector: "aws_secret_key@1",
  rank: ranks.secret,
};

const accessPct = 95;
const accessUnits = 20;
const accessEntropyMin = 3;
const accessPrefixes = ["AKIA", "ASIA", "ABIA", "ACCA"] as const;

const secretPct = 40;
/** What a preceding access key id adds. */
const pairPct = 40;
const secretUnits = 40;
const secretEntropyMin = 4;

function find(segment: Segment, found: Candidate[]): void {
  for (const prefix of accessPrefixes) addAccessKeys(segment, prefix, found);
  if (segment.to - segment.from >= secretUnits) addSecretKeys(segment, found);
}

function addAccessKeys(segment: Segment, prefix: string, found: Candidate[]): void {
  const { text, from, value } = segment;
  for (let at = value.indexOf(prefix); at >= 0; at = value.indexOf(prefix, at + 1)) {
    const start = from + at;
    if (!isAccessKey(text, start)) continue;
    addCandidate(found, accessKind, { start, end: start + accessUnits, pct: accessPct });
  }
}

function isAccessKey(text: string, start: number): boolean {
  if ((kindAt(text, start - 1) & asciiWordBits) !== 0) return false;
  const end = start + accessUnits;
  if ((kindAt(text, end) & asciiWordBits) !== 0) return false;
  const body = text.slice(start + 4, end);
  if (!/^[A-Z2-7]{16}$/.test(body)) return false;
  return entropyBits(body) >= accessEntropyMin && !isPlaceholder(body);
}

function addSecretKeys(segment: Segment, found: Candidate[]): void {
  const { text, from, to } = segment;
  let at = from;
  while (at < to) {
    const start = at;
    while (at < to && isBase64Unit(text, at)) at += 1;
    if (at - start === secretUnits) addSecretKey(segment, start, found);
    at += 1;
  }
}

function addSecretKey(segment: Segment, start: number, found: Candidate[]): void {
  const { text } = segment;
  const end = start + secretUnits;
  if (isBase64Unit(text, start - 1)) return;
  if (isAttached(text, start - 1) || isAttached(text, end)) return;
  const value = text.slice(start, end);
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value);
  if (!isMixed || entropyBits(value) < secretEntropyMin || isPlaceholder(value)) return;
  const context = segment.context.pct(topics.awsSecret, start, end);
  const pair = hasAccessKeyBefore(text, start) ? pairPct : 0;
  if (Math.max(context, pair) <= 0) return;
  addCandidate(found, secretKind, { start, end, pct: secretPct + Math.max(context, pair) });
}

function hasAccessKeyBefore(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - lookBehindUnits), start);
  for (const prefix of accessPrefixes) {
    const at = before.lastIndexOf(prefix);
    // At the edge of the reach the character before is out of sight.
    const isVisible = at > 0 || (at === 0 && start < lookBehindUnits);
    if (isVisible && isAccessKey(before, at)) return true;
  }
  return false;
}

function isBase64Unit(text: string, at: number): boolean {
  if ((kindAt(text, at) & asciiWordBits) !== 0) return true;
  const code = codeAt(text, at);
  return code === 0x2b || code === 0x2f;
}

// Part of something longer: padded base 64, or a name with hyphens.
function isAttached(text: string, at: number): boolean {
  const code = codeAt(text, at);
  return code === 0x5f || code === 0x2d || code === 0x40;
}
