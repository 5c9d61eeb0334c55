import { secretKind } from "./secret-kinds.ts";
import { isRandom, type TokenShape } from "./token-shape.ts";

const exactPct = 98;
const similarPct = 85;
const bitsMin = 4;

const kind = secretKind("ANTHROPIC_KEY", {
  check: "length and ending",
  basePct: exactPct,
});

const prefixUnitsMax = 20;
const exact = /^sk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{93}AA$/;
/** The prefix is the provider's alone, so a body of another length still counts. */
const similar = /^sk-ant-[a-z]{2,10}\d\d-[A-Za-z0-9_-]{40,}$/;

/** Anthropic API keys, and other tokens under the same prefix. */
export const anthropicKey: TokenShape = {
  kind,
  prefixes: ["sk-ant-"],
  judge(token, _prefix, start) {
    if (!similar.test(token)) return 0;
    const body = token.slice(prefixUnitsMax);
    if (!isRandom(body, start + prefixUnitsMax, bitsMin)) return 0;
    return exact.test(token) ? exactPct : similarPct;
  },
};
