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

/** Anthropic API keys, and other tokens under the same prefix. */
export const anthropicKeys: Family = { needs: lowerBit, unitsMin: 60, digitsMin: 0, find };

const kind: FindingKind = {
  type: "ANTHROPIC_KEY",
  dataClass: "secret.anthropic_key",
  detector: "anthropic_key@1",
  rank: ranks.secret,
};

const exact = /^sk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{93}AA$/;
/** The prefix is the provider's alone, so a body of another length still counts. */
const similar = /^sk-ant-[a-z]{2,10}\d\d-[A-Za-z0-9_-]{40,}$/;
const prefixUnitsMax = 20;
const exactPct = 98;
const similarPct = 85;
const entropyMin = 4;

function find(segment: Segment, found: Candidate[]): void {
  const { text, from, to, value } = segment;
  for (let at = value.indexOf("sk-ant-"); at >= 0; at = value.indexOf("sk-ant-", at + 1)) {
    const start = from + at;
    if (!mayBeginToken(text, start)) continue;
    const end = tokenEnd(text, start, to);
    const pct = judge(text.slice(start, end));
    if (pct > 0) addCandidate(found, kind, { start, end, pct });
  }
}

function judge(token: string): number {
  if (!similar.test(token)) return 0;
  const body = token.slice(prefixUnitsMax);
  if (entropyBits(body) < entropyMin || isPlaceholder(body)) return 0;
  return exact.test(token) ? exactPct : similarPct;
}
