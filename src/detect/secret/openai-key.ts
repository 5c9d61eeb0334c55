import {
  addCandidate,
  type Candidate,
  type Family,
  type FindingKind,
  ranks,
  type Segment,
} from "../scan/family.ts";
import { lowerBit } from "../text/character-kind.ts";
import { entropyBits, isPlaceholder, mayBeginToken, tokenEnd } from "./secret-token.ts";

/** OpenAI API keys: legacy, project, service account and admin keys. */
export const openaiKeys: Family = { needs: lowerBit, unitsMin: 40, digitsMin: 0, find };

const kind: FindingKind = {
  type: "OPENAI_KEY",
  dataClass: "secret.openai_key",
  detector: "openai_key@1",
  rank: ranks.secret,
};

/** "OpenAI" in base 64, in the middle of each key. */
const marker = "T3BlbkFJ";
const markedPct = 97;
/** A prefix nobody else uses and a random body, but no marker: cut off, or a newer form. */
const unmarkedPct = 75;
const unmarkedBodyMin = 40;
const unmarkedEntropyMin = 4;
const sideUnitsMin = 20;
const prefixed = /^sk-(?:proj|svcacct|admin)-/;

function find(segment: Segment, found: Candidate[]): void {
  const { text, from, to, value } = segment;
  for (let at = value.indexOf("sk-"); at >= 0; at = value.indexOf("sk-", at + 1)) {
    const start = from + at;
    if (!mayBeginToken(text, start)) continue;
    const end = tokenEnd(text, start, to);
    const pct = judge(text.slice(start, end));
    if (pct > 0) addCandidate(found, kind, { start, end, pct });
  }
}

function judge(token: string): number {
  const prefix = prefixed.exec(token)?.[0] ?? "";
  const body = token.slice(prefix === "" ? 3 : prefix.length);
  const mark = body.indexOf(marker);
  const isMarked = mark >= sideUnitsMin && body.length - mark - marker.length >= sideUnitsMin;
  if (isMarked && (prefix !== "" || !/[_-]/.test(body))) return isPlaceholder(body) ? 0 : markedPct;
  const isRandom =
    prefix !== "" && body.length >= unmarkedBodyMin && entropyBits(body) >= unmarkedEntropyMin;
  return isRandom && !isPlaceholder(body) ? unmarkedPct : 0;
}
