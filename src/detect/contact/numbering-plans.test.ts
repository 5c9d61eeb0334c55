import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import examples from "libphonenumber-js/mobile/examples";
import { isInternationalNumber } from "./calling-codes.ts";
import { isHomeNumber } from "./numbering-plans.ts";

const mobiles = getCountries().flatMap((country) => {
  const example = getExampleNumber(country, examples);
  return example === undefined ? [] : [example];
});

/** Numbers of local services are shorter than what is looked for. */
const nationalDigitsMin = 6;

/**
 * Of ten North American digits the library asks little: it takes exchanges that begin with 0 or 1, such
 * as 911, and some short numbers of companies. None of them is a subscriber's.
 */
const noSubscriber = /^\+1(?!\d{3}[2-9](?!11)\d{6}$)/;

function isInternational(digits: string): boolean {
  return isInternationalNumber(Number(digits), digits.length);
}

test("the mobile numbers of all countries are international numbers", () => {
  assert.ok(mobiles.length > 200);
  for (const { number, nationalNumber } of mobiles) {
    if (nationalNumber.length < nationalDigitsMin) continue;
    assert.ok(isInternational(number.slice(1)), number);
  }
});

test("what the library finds valid is an international number", () => {
  const digits = fc.stringMatching(/^[1-9][0-9]{7,14}$/);
  fc.assert(
    fc.property(digits, (written) => {
      const parsed = parsePhoneNumberFromString(`+${written}`);
      if (parsed?.isValid() !== true || parsed.nationalNumber.length < nationalDigitsMin) return;
      if (noSubscriber.test(parsed.number)) return;
      assert.ok(isInternational(parsed.number.slice(1)), parsed.number);
    }),
    { numRuns: 3000 },
  );
});

test("numbers as people dial them at home are known in many countries", () => {
  const known = "GB DE FR ES IT NL PL PT BR MX IN CN JP KR AU SE DK NO FI CH AT BE RU TR IL".split(
    " ",
  );
  for (const example of mobiles) {
    if (!known.includes(example.country ?? "")) continue;
    assert.ok(isHomeNumber(example.formatNational().replace(/\D/g, "")), example.number);
  }
});

test("calling codes that no country has, and lengths no plan has, are no numbers", () => {
  for (const written of [
    "999123456789",
    "2105550143",
    "4412345",
    "33639981",
    "121255501430",
    "0044",
    "0442079460958",
  ]) {
    assert.ok(!isInternational(written), written);
  }
});
