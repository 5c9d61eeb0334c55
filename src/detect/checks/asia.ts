import { isDate, isLongDate } from "./calendar.ts";
import { digitAt, isRepeated, twoDigitsAt, weightedSum } from "./digits.ts";
import { passesMod11And2 } from "./iso-7064.ts";
import { passesVerhoeff } from "./verhoeff.ts";

/** Whether twelve digits are an Aadhaar number: 2 to 9 first, Verhoeff, no palindrome (UIDAI). */
export function isInAadhaar(digits: string): boolean {
  return digitAt(digits, 0) > 1 && passesVerhoeff(digits) && !isPalindrome(digits);
}

function isPalindrome(digits: string): boolean {
  for (let at = 0; at < digits.length >> 1; at += 1) {
    if (digits.charCodeAt(at) !== digits.charCodeAt(digits.length - 1 - at)) return false;
  }
  return true;
}

const holders = "ABCFGHJLPT";

/**
 * Whether five capitals, four digits and a capital are an Indian tax account: the fourth letter is a
 * kind of holder, and the number is not 0000 (Income-tax Department).
 */
export function isInPan(code: string): boolean {
  return holders.includes(code.charAt(3)) && code.slice(5, 9) !== "0000";
}

/**
 * Whether 15 characters are an Indian goods and services tax number: state, tax account, entity, Z
 * and a check character modulo 36 (CGST Rules 2017, rule 10).
 */
export function isInGstin(code: string): boolean {
  const state = twoDigitsAt(code, 0);
  if (state < 1 || (state > 38 && state !== 97 && state !== 99)) return false;
  if (!isInPan(code.slice(2, 12)) || code.charCodeAt(13) !== 0x5a) return false;
  let sum = 0;
  for (let at = 0; at < 14; at += 1) {
    const product = base36ValueAt(code, at) * (at % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return base36ValueAt(code, 14) === (36 - (sum % 36)) % 36;
}

function base36ValueAt(code: string, at: number): number {
  const unit = code.charCodeAt(at);
  return unit <= 0x39 ? unit - 0x30 : unit - 55;
}

/** First digits of the regions of China (GB/T 2260). */
const regions: ReadonlySet<number> = new Set([
  ...[11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46],
  ...[50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83, 91],
]);

/** Whether 17 digits and a digit or `X` are a Chinese resident identity number (GB 11643). */
export function isCnResidentId(code: string): boolean {
  const last = code.charCodeAt(17);
  if (last > 0x39 && last !== 0x58) return false;
  return regions.has(twoDigitsAt(code, 0)) && isLongDate(code, 6) && passesMod11And2(code);
}

const centuries: readonly number[] = [18, 19, 19, 20, 20, 19, 19, 20, 20, 18];
const residentWeights: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/**
 * Whether thirteen digits are a Korean resident number: day of birth, its century in the seventh digit,
 * and a check digit modulo 11, which numbers given out since October 2020 do not have (Resident
 * Registration Act, Enforcement Rules).
 */
export function isKrRrn(digits: string): boolean {
  const year = (centuries[digitAt(digits, 6)] ?? 0) * 100 + twoDigitsAt(digits, 0);
  const month = twoDigitsAt(digits, 2);
  if (!isDate(year, month, twoDigitsAt(digits, 4))) return false;
  if (year > 2020 || (year === 2020 && month >= 10)) return year < 2100;
  return digitAt(digits, 12) === (11 - (weightedSum(digits, residentWeights) % 11)) % 10;
}

const individualWeights: readonly number[] = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

/**
 * Whether twelve digits are a Japanese individual number: modulo 11, remainders 0 and 1 give 0 (Order
 * of the Ministry of Internal Affairs 85 of 2014, article 5).
 */
export function isJpMyNumber(digits: string): boolean {
  const rest = weightedSum(digits, individualWeights) % 11;
  return digitAt(digits, 11) === (rest < 2 ? 0 : 11 - rest) && !isRepeated(digits);
}

const identityWeights: readonly number[] = [0, 2, 7, 6, 5, 4, 3, 2];
const citizenLetters = "JZIHGFEDCBA";
const foreignLetters = "XWUTRQPNMLK";
const foreignLettersSince2022 = "XWUTRQPNJLK";

/** Whether a letter of S, T, F, G or M, seven digits and a letter are a Singapore identity number. */
export function isSgNric(code: string): boolean {
  const series = code.charAt(0);
  const sum = weightedSum(code, identityWeights);
  const letters =
    series === "S" || series === "T"
      ? citizenLetters
      : series === "M"
        ? foreignLettersSince2022
        : foreignLetters;
  const offset = series === "M" ? 3 : series === "T" || series === "G" ? 4 : 0;
  return "STFGM".includes(series) && letters.charAt((sum + offset) % 11) === code.charAt(8);
}
