import { secretKind } from "./secret-kinds.ts";
import { type TokenShape, tokenShape } from "./token-shape.ts";

/** Keys of providers of models that have no type of their own. */
export const aiKey = secretKind("AI_KEY_OTHER", { check: "", basePct: 93 });

/** Of a key under the prefix that several providers took over from OpenAI. */
const borrowedPct = 72;

/** Shapes of keys of providers of models, by prefix: the first ones are Groq's and xAI's. */
export const aiKeys: readonly TokenShape[] = [
  tokenShape({ kind: aiKey, prefixes: ["gsk_"], body: /^[A-Za-z0-9]{48,52}$/ }),
  tokenShape({ kind: aiKey, prefixes: ["xai-"], body: /^[A-Za-z0-9_]{80}$/ }),
  tokenShape({ kind: aiKey, prefixes: ["pplx-"], body: /^[A-Za-z0-9]{48,64}$/ }),
  tokenShape({ kind: aiKey, prefixes: ["r8_"], body: /^[A-Za-z0-9_-]{37}$/ }),
  tokenShape({ kind: aiKey, prefixes: ["nvapi-"], body: /^[A-Za-z0-9_-]{60,70}$/ }),
  tokenShape({ kind: aiKey, prefixes: ["sk-or-v1-"], body: /^[0-9a-f]{64}$/ }),
  tokenShape({ kind: aiKey, prefixes: ["tgp_v1_"], body: /^[A-Za-z0-9_-]{43}$/ }),
  tokenShape({
    kind: aiKey,
    prefixes: ["sk-"],
    body: /^(?=.*\d)[A-Za-z0-9]{32,64}$/,
    pct: borrowedPct,
  }),
];
