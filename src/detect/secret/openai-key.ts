import { entropyBits } from "./entropy.ts";
import { isPlaceholder } from "./placeholders.ts";
import { secretKind } from "./secret-kinds.ts";
import type { TokenShape } from "./token-shape.ts";

/** "OpenAI" in base 64, in the middle of each key. */
const marker = "T3BlbkFJ";
const markedPct = 97;
/** A prefix nobody else uses and a random body, but no marker: cut off, or a newer form. */
const unmarkedPct = 75;
const unmarkedUnitsMin = 40;
const unmarkedBitsMin = 4;
const sideUnitsMin = 20;
const legacyPrefix = "sk-";

const kind = secretKind("OPENAI_KEY", {
  check: "`T3BlbkFJ` in the middle",
  basePct: markedPct,
});

/** OpenAI API keys: legacy, project, service account and admin keys. */
export const openaiKey: TokenShape = {
  kind,
  prefixes: [legacyPrefix, "sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"],
  judge(token, prefix, start) {
    const body = token.slice(prefix.length);
    const bodyStart = start + prefix.length;
    if (isPlaceholder(body, bodyStart)) return 0;
    const isLegacy = prefix === legacyPrefix;
    if (isMarked(body) && !(isLegacy && /[_-]/.test(body))) return markedPct;
    if (isLegacy || body.length < unmarkedUnitsMin) return 0;
    return entropyBits(bodyStart, start + token.length) >= unmarkedBitsMin ? unmarkedPct : 0;
  },
};

function isMarked(body: string): boolean {
  const mark = body.indexOf(marker);
  return mark >= sideUnitsMin && body.length - mark - marker.length >= sideUnitsMin;
}
