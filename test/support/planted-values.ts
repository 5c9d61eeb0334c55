/** Valid values of every type the detectors know, made from a seed, and what is to become of them. */
import { crc32 } from "node:zlib";
import { Draw } from "./draw.ts";

/** A value as it is planted in a text. */
export interface PlantedValue {
  /** As the detectors name it, such as `EMAIL`. */
  readonly type: string;
  readonly value: string;
  /** Words without which nobody would know the value for what it is; mostly empty. */
  readonly lead: string;
  /** True: what holds it is refused. False: it is masked wherever it stands. */
  readonly isSecret: boolean;
  /** Digits only, so that it can stand as a number. */
  readonly digits?: string;
}

const letters = "abcdefghijklmnopqrstuvwxyz";
const base62 = `0123456789${letters.toUpperCase()}${letters}`;
const base32 = `${letters.toUpperCase()}234567`;

const makers: readonly ((draw: Draw) => PlantedValue)[] = [
  email,
  phone,
  creditCard,
  socialSecurityNumber,
  iban,
  awsAccessKey,
  awsSecretKey,
  githubToken,
  openaiKey,
  anthropicKey,
  jsonWebToken,
  privateKey,
];

/** One value of each type. The same seed gives the same values. */
export function plantedValues(seed: number): readonly PlantedValue[] {
  return makers.map((make, index) => make(new Draw(seed * makers.length + index)));
}

function masked(type: string, value: string, digits?: string): PlantedValue {
  const base = { type, value, lead: "", isSecret: false };
  return digits === undefined ? base : { ...base, digits };
}

function secret(type: string, value: string, lead = ""): PlantedValue {
  return { type, value, lead, isSecret: true };
}

function email(draw: Draw): PlantedValue {
  const name = `${draw.text(letters, 4)}.${draw.text(letters, 6)}`;
  const tag = draw.pick(["", "+news", "-x", "_2"]);
  return masked("EMAIL", `${name}${tag}@${draw.pick(["example.org", "mail.example.com"])}`);
}

function phone(draw: Draw): PlantedValue {
  const area = draw.pick(["202", "212", "303", "415"]);
  const last = `01${draw.text("0123456789", 2)}`;
  const forms = [`+1 ${area}-555-${last}`, `+1${area}555${last}`, `(${area}) 555-${last}`];
  return masked("PHONE", draw.pick(forms));
}

function creditCard(draw: Draw): PlantedValue {
  const body = draw.pick(["4", "51", "54", "2230"]) + draw.text("0123456789", 14);
  const digits = withLuhnDigit(body.slice(0, 15));
  const groups = digits.match(/.{4}/g) ?? [];
  return masked("CREDIT_CARD", draw.pick([digits, groups.join(" "), groups.join("-")]), digits);
}

function withLuhnDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function socialSecurityNumber(draw: Draw): PlantedValue {
  const area = String(100 + draw.below(500));
  const group = String(10 + draw.below(89));
  const serial = String(1000 + draw.below(8999));
  return masked("US_SSN", `${area}-${group}-${serial}`);
}

function iban(draw: Draw): PlantedValue {
  const [country, bank, units] = draw.pick([
    ["DE", "", 18],
    ["GB", "WEST", 14],
    ["NL", "ABNA", 10],
  ] as const);
  const account = `${bank}${draw.text("0123456789", units)}`;
  const whole = `${country}${ibanCheckDigits(country, account)}${account}`;
  return masked("IBAN", draw.pick([whole, (whole.match(/.{1,4}/g) ?? []).join(" ")]));
}

function ibanCheckDigits(country: string, account: string): string {
  let rest = 0;
  for (const unit of `${account}${country}00`) {
    for (const digit of String(Number.parseInt(unit, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return String(98 - rest).padStart(2, "0");
}

function awsAccessKey(draw: Draw): PlantedValue {
  return secret("AWS_ACCESS_KEY", `${draw.pick(["AKIA", "ASIA"])}${draw.text(base32, 16)}`);
}

function awsSecretKey(draw: Draw): PlantedValue {
  // Of each kind one at least, as nearly all real ones have.
  const value = `aQ7/${draw.text(`${base62}/+`, 35)}b`;
  return secret("AWS_SECRET_KEY", value, "aws_secret_access_key = ");
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

function anthropicKey(draw: Draw): PlantedValue {
  return secret("ANTHROPIC_KEY", `sk-ant-api03-${draw.text(base62, 93)}AA`);
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
