import { digitAt, isAscending, isRepeated, twoDigitsAt, weightedSum } from "./digits.ts";
import { luhnSum } from "./luhn.ts";

/** Printed on sample cards and in examples, so they are nobody's (SSA, "Misused numbers"). */
const sampleNumbers: ReadonlySet<string> = new Set(["078051120", "219099999", "123456789"]);

/**
 * Whether nine digits can be a social security number: areas 000, 666 and 900 up, group 00 and serial
 * 0000 are never assigned (SSA, randomization of 2011). Samples and repeats of one digit are none.
 */
export function isUsSsn(digits: string): boolean {
  const area = digitAt(digits, 0) * 100 + twoDigitsAt(digits, 1);
  if (area === 0 || area === 666 || area >= 900) return false;
  if (
    twoDigitsAt(digits, 3) === 0 ||
    (twoDigitsAt(digits, 5) === 0 && twoDigitsAt(digits, 7) === 0)
  )
    return false;
  return !sampleNumbers.has(digits) && !isRepeated(digits);
}

/** Whether nine digits can be an individual taxpayer number: 9, and a group given out (IRS Pub. 4757). */
export function isUsItin(digits: string): boolean {
  const group = twoDigitsAt(digits, 3);
  if (digitAt(digits, 0) !== 9 || group < 50 || group === 89 || group === 93) return false;
  return (group <= 65 || group >= 70) && !isRepeated(digits);
}

/** Prefixes that no IRS campus gives out. */
const unusedPrefixes: ReadonlySet<number> = new Set([
  ...[0, 7, 8, 9, 17, 18, 19, 28, 29, 49, 69, 70, 78, 79, 89, 96, 97],
]);

/** Whether nine digits can be an employer number: they begin with the prefix of a campus (IRS list). */
export function isUsEin(digits: string): boolean {
  return !unusedPrefixes.has(twoDigitsAt(digits, 0)) && !isRepeated(digits);
}

/** What `80840` in front adds to Luhn's sum of ten digits. */
const issuerSum = 24;

/** Whether ten digits are a provider number: 1 or 2 first, Luhn after `80840` (45 CFR 162.406). */
export function isUsNpi(digits: string): boolean {
  const first = digitAt(digits, 0);
  return (first === 1 || first === 2) && (luhnSum(digits, 0) + issuerSum) % 10 === 0;
}

const registrants = "ABCDEFGHJKLMPRSTUX";

/** Whether two capitals and seven digits are a DEA registration: registrant letter and check digit. */
export function isUsDea(code: string): boolean {
  if (!registrants.includes(code.charAt(0))) return false;
  const odd = digitAt(code, 2) + digitAt(code, 4) + digitAt(code, 6);
  const even = digitAt(code, 3) + digitAt(code, 5) + digitAt(code, 7);
  return (odd + 2 * even) % 10 === digitAt(code, 8) && !isRepeated(code.slice(2));
}

/** The letters that no beneficiary identifier has. */
const confusingLetters = "SLOIBZ";

/**
 * Whether eleven characters of the right kinds are a Medicare beneficiary identifier: none of the
 * letters taken for digits, and no 0 first (CMS, "Understanding the MBI").
 */
export function isUsMbi(code: string): boolean {
  if (code.charCodeAt(0) === 0x30) return false;
  for (let at = 0; at < code.length; at += 1) {
    if (confusingLetters.includes(code.charAt(at))) return false;
  }
  return true;
}

const routingWeights: readonly number[] = [3, 7, 1, 3, 7, 1, 3, 7, 1];

/** Whether nine digits are a bank's routing number: a Federal Reserve prefix, 3-7-1 modulo 10 (ABA). */
export function isUsRouting(digits: string): boolean {
  const prefix = twoDigitsAt(digits, 0);
  const isAssigned =
    prefix <= 12 ||
    (prefix >= 21 && prefix <= 32) ||
    (prefix >= 61 && prefix <= 72) ||
    prefix === 80;
  return isAssigned && weightedSum(digits, routingWeights) % 10 === 0 && isPlain(digits);
}

// 000000000 passes, and so does figures typed in a row.
function isPlain(digits: string): boolean {
  return !isRepeated(digits) && !isAscending(digits);
}
