/** Valid values of every type the detectors know, made from a seed, and what is to become of them. */
import { Draw } from "./draw.ts";
import { numberMakers } from "./planted-numbers.ts";
import { personalMakers, shortMakers } from "./planted-personal.ts";
import { commonSecretMakers, otherSecretMakers } from "./planted-secrets.ts";
import {
  digits,
  grouped,
  letters,
  type Maker,
  masked,
  maskedNumber,
  type PlantedValue,
  withLuhnDigit,
} from "./planted-value.ts";

export { type PlantedValue, sentenceWith, unknownWords } from "./planted-value.ts";

const commonMakers: readonly Maker[] = [
  email,
  phone,
  creditCard,
  socialSecurityNumber,
  iban,
  ...commonSecretMakers,
];

const otherMakers: readonly Maker[] = [...numberMakers, ...personalMakers, ...otherSecretMakers];

/** How many of the types that take turns are there at once. */
const turns = 3;

/**
 * One value of each common type, and of a few others that take turns: a dozen seeds in a row and more
 * have all types whose values are long enough to be looked for in bytes.
 */
export function plantedValues(seed: number): readonly PlantedValue[] {
  const others = Array.from(
    { length: turns },
    (_, turn) => otherMakers[(seed * turns + turn) % otherMakers.length] as Maker,
  );
  return valuesOf([...commonMakers, ...others], seed);
}

/** One value of every type. The same seed gives the same values. */
export function valuesOfEveryType(seed: number): readonly PlantedValue[] {
  return valuesOf([...commonMakers, ...otherMakers, ...shortMakers], seed);
}

function valuesOf(makers: readonly Maker[], seed: number): readonly PlantedValue[] {
  return makers.map((make, index) => make(new Draw(seed * commonMakers.length + index)));
}

function email(draw: Draw): PlantedValue {
  const name = `${draw.text(letters, 4)}.${draw.text(letters, 6)}`;
  const tag = draw.pick(["", "+news", "-x", "_2"]);
  return masked("EMAIL", `${name}${tag}@${draw.pick(["example.org", "mail.example.com"])}`);
}

function phone(draw: Draw): PlantedValue {
  const area = draw.pick(["202", "212", "303", "415"]);
  const last = `01${draw.text(digits, 2)}`;
  const forms = [`+1 ${area}-555-${last}`, `+1${area}555${last}`, `(${area}) 555-${last}`];
  return masked("PHONE", draw.pick(forms));
}

function creditCard(draw: Draw): PlantedValue {
  const body = draw.pick(["4", "51", "54", "2230"]) + draw.text(digits, 14);
  const plain = withLuhnDigit(body.slice(0, 15));
  const fours = [4, 4, 4, 4];
  const forms = [plain, grouped(plain, fours), grouped(plain, fours, "-")];
  return maskedNumber("CREDIT_CARD", draw.pick(forms), plain);
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
  const account = `${bank}${draw.text(digits, units)}`;
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
