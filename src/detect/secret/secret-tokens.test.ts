import assert from "node:assert/strict";
import test from "node:test";
import {
  type DetectionCases,
  testAbsences,
  testDetections,
} from "../../../test/support/detection-cases.ts";
import { Draw } from "../../../test/support/draw.ts";
import { createRuleDetector } from "../index.ts";

const detector = createRuleDetector();
const draw = new Draw(7);
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
const alphabets = {
  any: `${letters}0123456789`,
  letters,
  hex: "0123456789abcdef",
  capitals: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  digits: "0123456789",
};

/** So many characters of an alphabet, one of each kind among them. */
function some(units: number, alphabet: keyof typeof alphabets = "any"): string {
  const kinds = { any: "a7Q", letters: "aQ", hex: "a7", capitals: "Q7", digits: "7" }[alphabet];
  return `${kinds}${draw.text(alphabets[alphabet], units - kinds.length)}`;
}

const prefixed: DetectionCases = {
  GITLAB_TOKEN: [
    `‹glpat-${some(20)}›`,
    `GITLAB=‹gldt-${some(20)}›;`,
    `("‹glpat-${some(27)}.${some(9, "hex")}›")`,
    `use ‹glptt-${some(40, "hex")}›.`,
  ],
  SLACK_TOKEN: [
    `‹xoxb-${some(12, "digits")}-${some(13, "digits")}-${some(24)}›`,
    `"bot":"‹xoxp-${some(11, "digits")}-${some(32, "hex")}›"`,
    `‹xapp-1-A${some(10, "capitals")}-${some(13, "digits")}-${some(64, "hex")}›`,
    `https://‹hooks.slack.com/services/T${some(10, "capitals")}/B${some(10, "capitals")}/${some(24)}›`,
  ],
  STRIPE_KEY: [
    `‹sk_live_${some(24)}›`,
    `‹rk_test_${some(99)}›`,
    `stripe: '‹whsec_${some(32)}›'`,
    `a\\n‹sk_prod_${some(30)}›\\n`,
  ],
  GOOGLE_API_KEY: [`‹AIza${some(35)}›`, `maps?key=‹AIza${some(35)}›&v=3`],
  HF_TOKEN: [`‹hf_${some(34, "letters")}›`, `<‹api_org_${some(34, "letters")}›>`],
  AI_KEY_OTHER: [
    `‹gsk_${some(52)}›`,
    `‹xai-${some(80)}›`,
    `‹pplx-${some(48)}›`,
    `‹r8_${some(37)}›`,
    `‹nvapi-${some(64)}›`,
    `‹sk-or-v1-${some(64, "hex")}›`,
    `‹tgp_v1_${some(43)}›`,
    `deepseek ‹sk-${some(32, "hex")}›`,
  ],
  PROVIDER_TOKEN: [
    `‹npm_${some(36)}›`,
    `‹pypi-AgEIcHlwaS5vcmc${some(60)}›`,
    `‹SG.${some(22)}.${some(43)}›`,
    `‹SK${some(32, "hex")}›`,
    `‹dop_v1_${some(64, "hex")}›`,
    `‹shpat_${some(32, "hex")}›`,
    `‹dapi${some(32, "hex")}›`,
    `‹hvs.${some(95)}›.`,
    `‹glsa_${some(32)}_${some(8, "hex")}›`,
    `‹lin_api_${some(40)}›`,
    `‹dckr_pat_${some(27)}›`,
    `‹ntn_${some(46)}›`,
    `‹cfut_${some(40)}${some(8, "hex")}›`,
    `‹ops_eyJ${some(600)}›`,
    `https://api.telegram.org/bot8104729635:‹AA${some(33)}›/getMe`,
  ],
  AZURE_SECRET: [
    `‹k3_8Q~${some(34)}›`,
    `secret ‹AbC7Q~.${some(15)}~-_${some(14)}›, and`,
    `AZURE_OPENAI_API_KEY=‹${some(32, "hex")}›`,
  ],
};

testDetections("tokens that their first characters tell", detector, prefixed);

testDetections("keys that the name of their provider tells", detector, {
  AI_KEY_OTHER: [
    `MISTRAL_API_KEY=‹${some(32)}›`,
    `# Cohere\nkey = "‹${some(40)}›"`,
    `zhipu: ‹${some(32, "hex")}.${some(16)}›`,
  ],
  PROVIDER_TOKEN: [`twilio_auth = "‹${some(32, "hex")}›"`],
  AWS_SECRET_KEY: [`aws_secret_access_key=‹${some(38)}/+›`],
});

const fixed = some(36);

testAbsences("look-alikes of tokens", detector, {
  GITLAB_TOKEN: ["glpat-short", `myglpat-${fixed}`, "glpat-xxxxxxxxxxxxxxxxxxxx"],
  SLACK_TOKEN: ["xoxb-your-token-here", "xoxo-hugs-and-kisses", "hooks.slack.com/services/T000"],
  STRIPE_KEY: [`pk_live_${fixed}`, "sk_live_...", "sk_test_xxxxxxxxxxxxxxxx", `task_live_${fixed}`],
  GOOGLE_API_KEY: [
    `AIza${fixed}`,
    `AIza${fixed.slice(3)}`,
    "AIzaSyEXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-X",
  ],
  HF_TOKEN: [`hf_${fixed}`, `hf_${some(33, "letters")}`, `shelf_${some(34, "letters")}`],
  AI_KEY_OTHER: [`gsk_${fixed}`, "xai-grok-2", "sk-learn-is-a-library", some(32), some(40)],
  PROVIDER_TOKEN: [
    `npm_${fixed.slice(1)}`,
    "npm_config_registry",
    "SG.is-a-country",
    some(32, "hex"),
    `12:AA${some(33)}`,
    `SKU${some(31, "hex")}`,
  ],
  AZURE_SECRET: [`Q~${fixed}`, some(32, "hex"), "FAQ~and-so-on", `abcdQ~${some(34)}`],
  AWS_ACCESS_KEY: ["AKIAIOSFODNN7EXAMPLE", "AKIA1234567890ABCDEF", `AKIA${"Q3ERTZ2J4UIOPAS5"}X`],
});

test("a token counts only where a border stands on both sides", () => {
  const token = `npm_${fixed}`;
  for (const after of ['"', "'", "`", " ", ";", ",", ")", "<", "\\n", "\\r", "\n", "", "|", "]"]) {
    const [found] = detector.scan(`x ${token}${after}`);
    assert.deepEqual([found?.type, found?.start, found?.end], ["PROVIDER_TOKEN", 2, 42], after);
  }
  for (const text of [`${token}a`, `${token}_`, `a${token}`, `-${token}`, `é${token}`]) {
    assert.deepEqual(detector.scan(text), [], text);
  }
});

test("a checksum that fits makes a token surer, one that does not leaves it a token", () => {
  const pct = (body: string) => detector.scan(`ghp_${body}`)[0]?.confidencePct;
  assert.equal(pct("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"), 99);
  assert.equal(pct("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18"), 92);
});

test("whatever ends or fills a token, it is found in JSON within JSON", () => {
  for (const texts of Object.values(prefixed)) {
    const value = /‹([^›]*)›/.exec(texts[0] ?? "")?.[1] ?? "";
    const text = JSON.stringify({ body: JSON.stringify({ note: `use\n${value}\nnow` }) });
    const found = detector.scan(text).map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(found, [value]);
  }
});
