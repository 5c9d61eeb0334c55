import { crc32 } from "node:zlib";
import { alphanumerics, capitals, hexDigits, type Random, smallLetters } from "../random.ts";
import { type Maker, made } from "./made.ts";

const words = `${alphanumerics}_-`;
const base64 = `${alphanumerics}+/`;

/** Makers of keys, tokens and passwords: rows 64 to 82 of the catalogue. */
export const secretMakers: Readonly<Record<string, Maker>> = {
  AWS_ACCESS_KEY: made(
    "AWS_ACCESS_KEY",
    (random) => `${random.pick(["AKIA", "AKIA", "ASIA"])}${random.string(`${capitals}234567`, 16)}`,
  ),
  AWS_SECRET_KEY: made("AWS_SECRET_KEY", (random) => random.string(base64, 40)),
  GITHUB_TOKEN: made("GITHUB_TOKEN", githubToken),
  GITLAB_TOKEN: made(
    "GITLAB_TOKEN",
    (random) => random.pick(["glpat-", "gldt-", "glrt-"]) + random.string(words, 20),
  ),
  SLACK_TOKEN: made("SLACK_TOKEN", slackToken),
  STRIPE_KEY: made(
    "STRIPE_KEY",
    (random) =>
      random.pick(["sk_live_", "rk_live_", "sk_test_", "whsec_"]) +
      random.string(alphanumerics, random.pick([24, 32, 99])),
  ),
  OPENAI_KEY: made("OPENAI_KEY", (random) => {
    const half = random.pick([58, 74]);
    if (random.chance(0.25))
      return `sk-${random.string(alphanumerics, 20)}T3BlbkFJ${random.string(alphanumerics, 20)}`;
    return `${random.pick(["sk-proj-", "sk-svcacct-", "sk-admin-"])}${random.string(words, half)}T3BlbkFJ${random.string(words, half)}`;
  }),
  ANTHROPIC_KEY: made(
    "ANTHROPIC_KEY",
    (random) => `${random.pick(["sk-ant-api03-", "sk-ant-admin01-"])}${random.string(words, 93)}AA`,
  ),
  GOOGLE_API_KEY: made("GOOGLE_API_KEY", (random) => `AIza${random.string(words, 35)}`),
  HF_TOKEN: made("HF_TOKEN", (random) => `hf_${random.string(capitals + smallLetters, 34)}`),
  AI_KEY_OTHER: made("AI_KEY_OTHER", (random) =>
    random.pick([
      () => `gsk_${random.string(alphanumerics, 52)}`,
      () => `xai-${random.string(alphanumerics, 80)}`,
      () => `pplx-${random.string(alphanumerics, 48)}`,
      () => `r8_${random.string(alphanumerics, 37)}`,
      () => `nvapi-${random.string(words, 64)}`,
      () => `sk-or-v1-${random.string(hexDigits, 64)}`,
      () => `tgp_v1_${random.string(words, 43)}`,
    ])(),
  ),
  PROVIDER_TOKEN: made("PROVIDER_TOKEN", (random) =>
    random.pick([
      () => `npm_${random.string(alphanumerics, 36)}`,
      () => `pypi-AgEIcHlwaS5vcmc${random.string(words, 70)}`,
      () => `SG.${random.string(words, 22)}.${random.string(words, 43)}`,
      () => `SK${random.string(hexDigits, 32)}`,
      () => `dop_v1_${random.string(hexDigits, 64)}`,
      () => `shpat_${random.string(hexDigits, 32)}`,
      () => `dapi${random.string(hexDigits, 32)}`,
      () => `hvs.${random.string(words, 92)}`,
      () => `glsa_${random.string(alphanumerics, 32)}_${random.string(hexDigits, 8)}`,
      () => `lin_api_${random.string(alphanumerics, 40)}`,
      () => `dckr_pat_${random.string(words, 27)}`,
      () => `${random.between(100000000, 7999999999)}:AA${random.string(words, 33)}`,
    ])(),
  ),
  JWT: made("JWT", (random) => {
    const part = (claims: object) => Buffer.from(JSON.stringify(claims)).toString("base64url");
    const header = part({ alg: random.pick(["HS256", "RS256", "ES256"]), typ: "JWT" });
    const body = part({ sub: random.digits(8), iat: random.between(1600000000, 1790000000) });
    return `${header}.${body}.${random.string(words, 43)}`;
  }),
  PRIVATE_KEY: made("PRIVATE_KEY", (random) => {
    const kind = random.pick(["RSA ", "EC ", "", "OPENSSH "]);
    const lines = Array.from({ length: random.between(3, 9) }, () => random.string(base64, 64));
    lines.push(`${random.string(base64, 26)}==`);
    return [
      `-----BEGIN ${kind}PRIVATE KEY-----`,
      ...lines,
      `-----END ${kind}PRIVATE KEY-----`,
    ].join("\n");
  }),
  URL_CREDENTIALS: (random) => ({
    type: "URL_CREDENTIALS",
    lead: `${random.pick(["postgres", "https", "amqp", "redis", "mongodb+srv"])}://${random.pick(["app", "svc_report", "admin", "deploy"])}:`,
    text: random.string(`${alphanumerics}!_-.`, random.between(9, 20)).replace(/[-.]$/, "x"),
    tail: `@${random.pick(["db-1.internal:5432/main", "cache.local:6379", "mq.tavro.io/vhost", "files.tavro.io/app"])}`,
  }),
  BASIC_AUTH: (random) => ({
    type: "BASIC_AUTH",
    lead: "Basic ",
    text: Buffer.from(
      `${random.string(smallLetters, 6)}:${random.string(alphanumerics, 12)}`,
    ).toString("base64"),
  }),
  BEARER_TOKEN: (random) => ({
    type: "BEARER_TOKEN",
    lead: "Bearer ",
    text: random.string(words, random.between(28, 48)).replace(/[-_]$/, "k"),
  }),
  AZURE_STORAGE_KEY: (random) => ({
    type: "AZURE_STORAGE_KEY",
    lead: `DefaultEndpointsProtocol=https;AccountName=${random.string(smallLetters, 8)};AccountKey=`,
    text: `${random.string(base64, 86)}==`,
    tail: ";EndpointSuffix=core.windows.net",
  }),
  AZURE_SECRET: made(
    "AZURE_SECRET",
    (random) => `${random.string(alphanumerics, 3)}8Q~${random.string(words, 31)}k`,
  ),
  GENERIC_SECRET: made("GENERIC_SECRET", password),
  HIGH_ENTROPY: made("HIGH_ENTROPY", (random) => random.string(base64, random.pick([43, 64]))),
};

function githubToken(random: Random): string {
  if (random.chance(0.3)) {
    return `github_pat_${random.string(alphanumerics, 22)}_${random.string(alphanumerics, 59)}`;
  }
  const body = random.string(alphanumerics, 30);
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let rest = crc32(body);
  let check = "";
  for (; check.length < 6; rest = Math.floor(rest / 62)) check = digits.charAt(rest % 62) + check;
  return `${random.pick(["ghp_", "gho_", "ghs_", "ghu_"])}${body}${check}`;
}

function slackToken(random: Random): string {
  if (random.chance(0.3)) {
    return `https://hooks.slack.com/services/T${random.string(`${capitals}0123456789`, 8)}/B${random.string(`${capitals}0123456789`, 10)}/${random.string(alphanumerics, 24)}`;
  }
  const kind = random.pick(["xoxb", "xoxp"]);
  return `${kind}-${random.digits(12)}-${random.digits(13)}-${random.string(alphanumerics, 24)}`;
}

/** What people and programs make up: words with marks in them, or runs of characters. */
function password(random: Random): string {
  const word = () =>
    random.pick(["Harvest", "copper", "Tundra", "maple", "Falcon", "river", "Quartz"]);
  return random.pick([
    () => `${word()}${random.character("!#$%&*@")}${random.digits(4)}${random.character("!?+")}`,
    () => `${word()}-${word()}-${random.digits(2)}-${random.string(smallLetters, 4)}`,
    () => random.string(`${alphanumerics}!#%*_`, random.between(12, 24)).replace(/[*_]$/, "q"),
    () => random.string(hexDigits, 32),
    () => random.string(alphanumerics, 32),
  ])();
}
