import { isDate } from "./calendar.ts";
import { digitAt, isRepeated, twoDigitsAt, weightedSum } from "./digits.ts";
import { passesMod11And10 } from "./iso-7064.ts";
import { luhnSum } from "./luhn.ts";

const populationWeights: readonly number[] = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1];

/** Whether eleven digits are a Polish PESEL: day of birth, its century in the month, and check digit. */
export function isPlPesel(digits: string): boolean {
  const month = twoDigitsAt(digits, 2);
  const century = month >= 80 ? 1800 : 1900 + Math.floor(month / 20) * 100;
  const year = century + twoDigitsAt(digits, 0);
  if (!isDate(year, month % 20, twoDigitsAt(digits, 4))) return false;
  return weightedSum(digits, populationWeights) % 10 === 0;
}

const citizenWeights: readonly number[] = [9, 8, 7, 6, 5, 4, 3, 2, -1];
const citizenWeightsShort: readonly number[] = citizenWeights.slice(1);

/** Whether eight or nine digits are a Dutch citizen number: the 11-proof, last weight -1 (Logius). */
export function isNlBsn(digits: string): boolean {
  const weights = digits.length === 8 ? citizenWeightsShort : citizenWeights;
  return weightedSum(digits, weights) % 11 === 0 && !isRepeated(digits);
}

/**
 * Whether eleven digits are a German tax number: not 0 first, one digit two or three times among the
 * first ten and no other twice, check digit MOD 11,10 (§ 139b AO, § 1 StIdV).
 */
export function isDeTaxId(digits: string): boolean {
  if (digitAt(digits, 0) === 0) return false;
  let repeats = 0;
  let repeated = 0;
  for (let digit = 0; digit < 10; digit += 1) {
    const count = countOf(digits, digit);
    if (count > 3) return false;
    if (count > 1) repeated += 1;
    repeats += count > 1 ? count : 0;
  }
  return repeated === 1 && repeats <= 3 && passesMod11And10(digits);
}

function countOf(digits: string, digit: number): number {
  let count = 0;
  for (let at = 0; at < 10; at += 1) if (digitAt(digits, at) === digit) count += 1;
  return count;
}

/**
 * Whether ten or twelve digits are a Swedish personal number: day of birth, 60 more for coordination
 * numbers, and Luhn on the last ten (Skatteverket SKV 704).
 */
export function isSePersonnummer(digits: string): boolean {
  const from = digits.length - 10;
  const short = twoDigitsAt(digits, from);
  const year = from === 0 ? 2000 + short : twoDigitsAt(digits, 0) * 100 + short;
  if (year < 1850 || year > 2099) return false;
  const day = twoDigitsAt(digits, from + 4);
  if (!isDate(year, twoDigitsAt(digits, from + 2), day > 60 ? day - 60 : day)) return false;
  return luhnSum(digits, from) % 10 === 0 && digits.slice(-4) !== "0000";
}

const checkCharacters = "0123456789ABCDEFHJKLMNPRSTUVWXY";

/**
 * Whether six digits, a sign of the century, three digits and a check character are a Finnish
 * personal code; the sign may be left out where it is no letter (Digital and Population Data Services
 * Agency; signs B to F and U to Y since 2023).
 */
export function isFiHetu(code: string): boolean {
  const century = centuryOf(code);
  const year = century + twoDigitsAt(code, 4);
  if (century === 0 || !isDate(year, twoDigitsAt(code, 2), twoDigitsAt(code, 0))) return false;
  const person = code.length - 4;
  let rest = 0;
  for (let at = 0; at < 6; at += 1) rest = (rest * 10 + digitAt(code, at)) % 31;
  for (let at = person; at < person + 3; at += 1) rest = (rest * 10 + digitAt(code, at)) % 31;
  return code.charAt(person + 3) === checkCharacters.charAt(rest);
}

function centuryOf(code: string): number {
  if (code.length === 10) return 2000;
  const sign = code.charAt(6);
  if ("ABCDEF".includes(sign)) return 2000;
  if ("-UVWXY".includes(sign)) return 1900;
  return sign === "+" ? 1800 : 0;
}
