/** Credentials in the shapes that their providers give them. */
import { crc32 } from "node:zlib";
import type { Draw } from "./draw.ts";
import {
  base62,
  capitals,
  digits,
  hex,
  letters,
  type Maker,
  type PlantedValue,
  secret,
} from "./planted-value.ts";

const base32 = `${capitals}234567`;

/** Makers of the credentials that every test of leaks plants. */
export const commonSecretMakers: readonly Maker[] = [
  (draw) => secret("AWS_ACCESS_KEY", `${draw.pick(["AKIA", "ASIA"])}${draw.text(base32, 16)}`),
  // Of each kind one at least, as nearly all real ones have.
  (draw) =>
    secret("AWS_SECRET_KEY", `aQ7/${draw.text(`${base62}/+`, 35)}b`, "aws_secret_access_key = "),
  githubToken,
  openaiKey,
  (draw) => secret("ANTHROPIC_KEY", `sk-ant-api03-${draw.text(base62, 93)}AA`),
  jsonWebToken,
  privateKey,
];

/** Makers of all other credentials, one for each type. */
export const otherSecretMakers: readonly Maker[] = [
  (draw) => secret("GITLAB_TOKEN", `glpat-${mixed(draw, 20)}`),
  (draw) =>
    secret(
      "SLACK_TOKEN",
      `xoxb-${draw.text(digits, 12)}-${draw.text(digits, 13)}-${mixed(draw, 24)}`,
    ),
  (draw) => secret("STRIPE_KEY", `sk_live_${mixed(draw, 24)}`),
  (draw) => secret("GOOGLE_API_KEY", `AIza${mixed(draw, 35)}`),
  (draw) => secret("HF_TOKEN", `hf_${draw.text(letters + capitals, 34)}`),
  (draw) =>
    secret("AI_KEY_OTHER", draw.pick([`gsk_${mixed(draw, 52)}`, `sk-or-v1-${draw.text(hex, 64)}`])),
  (draw) =>
    secret("PROVIDER_TOKEN", draw.pick([`npm_${mixed(draw, 36)}`, `dop_v1_${draw.text(hex, 64)}`])),
  (draw) => secret("AZURE_SECRET", `a7Q8Q~${mixed(draw, 34)}`),
  (draw) => secret("AZURE_STORAGE_KEY", `${mixed(draw, 86)}==`, "AccountKey="),
  (draw) => {
    const pair = Buffer.from(`app:${mixed(draw, 23)}`).toString("base64");
    return secret("BASIC_AUTH", pair, "Authorization: Basic ");
  },
  (draw) => secret("BEARER_TOKEN", mixed(draw, 40), "Authorization: Bearer "),
  (draw) => secret("GENERIC_SECRET", mixed(draw, 28), "password: "),
  (draw) => secret("HIGH_ENTROPY", mixed(draw, 64), "the signing key we used, "),
  (draw) =>
    secret("URL_CREDENTIALS", mixed(draw, 24), "postgres://app:", "@db.example.org:5432/orders"),
];

/** Of each kind one at least. */
function mixed(draw: Draw, units: number): string {
  return `a7Q${draw.text(base62, units - 3)}`;
}

function githubToken(draw: Draw): PlantedValue {
  const body = draw.text(base62, 30);
  let rest = crc32(body);
  let check = "";
  for (let count = 0; count < 6; count += 1) {
    check = base62.charAt(rest % 62) + check;
    rest = Math.floor(rest / 62);
  }
  return secret("GITHUB_TOKEN", `${draw.pick(["ghp_", "gho_", "ghs_"])}${body}${check}`);
}

function openaiKey(draw: Draw): PlantedValue {
  const side = () => draw.text(base62, 74);
  return secret("OPENAI_KEY", `sk-proj-${side()}T3BlbkFJ${side()}`);
}

function jsonWebToken(draw: Draw): PlantedValue {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const header = part({ alg: "ES256", kid: draw.text(base62, 8) });
  const claims = part({ sub: draw.text(base62, 12), exp: 1_767_225_600 });
  return secret("JWT", `${header}.${claims}.${draw.text(base62, 86)}`);
}

function privateKey(draw: Draw): PlantedValue {
  const lines = [draw.text(base62, 64), draw.text(base62, 64), `${draw.text(base62, 30)}==`];
  const marker = "EC PRIVATE KEY-----";
  return secret("PRIVATE_KEY", [`-----BEGIN ${marker}`, ...lines, `-----END ${marker}`].join("\n"));
}
