import { digitBit } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";
import { secretKind } from "./secret-kinds.ts";
import { isRandom, type TokenShape, tokenShape } from "./token-shape.ts";

const gitlab = secretKind("GITLAB_TOKEN", { check: "", basePct: 92 });
const slack = secretKind("SLACK_TOKEN", { check: "", basePct: 92 });
const stripe = secretKind("STRIPE_KEY", { check: "", basePct: 94 });
const google = secretKind("GOOGLE_API_KEY", { check: "entropy", basePct: 92 });
const huggingFace = secretKind("HF_TOKEN", { check: "letters only", basePct: 92 });
const telegramUnits = 35;
const telegramIdUnitsMin = 8;
const telegramIdUnitsMax = 10;

/** Tokens of providers that put a name before them. */
export const provider = secretKind("PROVIDER_TOKEN", { check: "", basePct: 92 });

/** Shapes of tokens that follow from what their provider writes about them, by provider. */
export const providerTokens: readonly TokenShape[] = [
  tokenShape({
    kind: gitlab,
    prefixes: [
      "glpat-",
      "glptt-",
      "gldt-",
      "glrt-",
      "glrtr-",
      "glcbt-",
      "glsoat-",
      "glft-",
      "glimt-",
      "glagent-",
      "gloas-",
      "glffct-",
    ],
    body: /^[A-Za-z0-9_-]{20,200}(?:\.[A-Za-z0-9_-]{2,10}){0,2}$/,
    marks: ".",
  }),
  tokenShape({
    kind: slack,
    prefixes: ["xoxb-", "xoxp-", "xoxa-", "xoxe-", "xoxs-", "xoxr-", "xoxo-", "xapp-", "xoxe."],
    body: /^(?=.*\d)[A-Za-z0-9.-]{10,280}$/,
    bitsMin: 2.5,
    marks: ".",
  }),
  tokenShape({
    kind: slack,
    prefixes: ["hooks.slack.com/services/", "hooks.slack.com/workflows/"],
    body: /^T[A-Z0-9]{6,14}\/[AB][A-Z0-9]{6,14}\/(?:\d+\/)?[A-Za-z0-9]{16,32}$/,
    marks: "./",
  }),
  tokenShape({
    kind: stripe,
    prefixes: ["sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_"],
    body: /^[A-Za-z0-9]{10,200}$/,
    bitsMin: 2.7,
  }),
  tokenShape({ kind: stripe, prefixes: ["whsec_"], body: /^[A-Za-z0-9+/]{24,99}$/, marks: "+/" }),
  tokenShape({
    kind: google,
    prefixes: ["AIza"],
    body: /^[A-Za-z0-9_-]{35}$/,
    bitsMin: 4,
  }),
  tokenShape({ kind: huggingFace, prefixes: ["hf_", "api_org_"], body: /^[A-Za-z]{34}$/ }),
  tokenShape({ kind: provider, prefixes: ["npm_"], body: /^[A-Za-z0-9]{36}$/ }),
  tokenShape({ kind: provider, prefixes: ["lin_api_"], body: /^[A-Za-z0-9]{40}$/ }),
  tokenShape({ kind: provider, prefixes: ["ntn_"], body: /^[A-Za-z0-9]{46}$/ }),
  tokenShape({
    kind: provider,
    prefixes: ["pypi-AgEIcHlwaS5vcmc"],
    body: /^[A-Za-z0-9_-]{50,}$/,
  }),
  tokenShape({
    kind: provider,
    prefixes: ["SG."],
    body: /^[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}$/,
    marks: ".",
    unitsMax: 72,
  }),
  tokenShape({ kind: provider, prefixes: ["SK"], body: /^[0-9a-f]{32}$/ }),
  tokenShape({
    kind: provider,
    prefixes: ["dop_v1_", "doo_v1_", "dor_v1_"],
    body: /^[0-9a-f]{64}$/,
  }),
  tokenShape({
    kind: provider,
    prefixes: ["shpat_", "shpss_", "shpca_", "shppa_"],
    body: /^[0-9A-Fa-f]{32}$/,
    bitsMin: 2.7,
  }),
  tokenShape({ kind: provider, prefixes: ["dapi"], body: /^[0-9a-f]{32}(?:-\d)?$/, bitsMin: 2.7 }),
  tokenShape({
    kind: provider,
    prefixes: ["hvs.", "hvb."],
    body: /^[A-Za-z0-9_-]{24,280}$/,
    marks: ".",
  }),
  tokenShape({ kind: provider, prefixes: ["glsa_"], body: /^[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}$/ }),
  tokenShape({ kind: provider, prefixes: ["dckr_pat_"], body: /^[A-Za-z0-9_-]{27}$/ }),
  tokenShape({
    kind: provider,
    prefixes: ["cfut_", "cfat_", "cfk_"],
    body: /^[A-Za-z0-9_-]{40}[0-9A-Fa-f]{8}$/,
  }),
  tokenShape({
    kind: provider,
    prefixes: ["ops_eyJ"],
    body: /^[A-Za-z0-9_-]{100,}$/,
    unitsMax: 1000,
  }),
  tokenShape({ kind: provider, prefixes: ["GOCSPX-"], body: /^[A-Za-z0-9_-]{28}$/ }),
  tokenShape({ kind: provider, prefixes: ["ya29."], body: /^[A-Za-z0-9_-]{30,290}$/, marks: "." }),
  {
    // A bot's number, a colon, and this; the number is no secret.
    kind: provider,
    prefixes: ["AA"],
    judge: (token, _prefix, start) =>
      token.length === telegramUnits && isRandom(token, start, 4) ? provider.basePct : 0,
    mayBegin: isBehindBotId,
  },
];

function isBehindBotId(start: number): boolean {
  if (unitAt(start - 1) !== 0x3a) return false;
  let at = start - 1;
  while (start - at <= telegramIdUnitsMax + 1 && (unitKindAt(at - 1) & digitBit) !== 0) at -= 1;
  const units = start - 1 - at;
  return units >= telegramIdUnitsMin && units <= telegramIdUnitsMax;
}
