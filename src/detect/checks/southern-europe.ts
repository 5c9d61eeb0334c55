import { isDate } from "./calendar.ts";
import { digitAt, twoDigitsAt } from "./digits.ts";
import { remainderOf97 } from "./iso-7064.ts";

const controlLetters = "TRWAGMYFPDXBNJZSQVHLCKE";

/**
 * Whether a Spanish identity number of eight digits, or of X, Y or Z and seven, has its letter (Real
 * Decreto 1553/2005; Orden INT/2058/2008).
 */
export function isEsNif(code: string): boolean {
  const first = code.charCodeAt(0);
  let number = first >= 0x58 ? first - 0x58 : first - 0x30;
  if (number < 0 || number > 9) return false;
  for (let at = 1; at < 8; at += 1) number = number * 10 + digitAt(code, at);
  return number > 0 && code.charCodeAt(8) === controlLetters.charCodeAt(number % 23);
}

const oddValues: readonly number[] = [
  ...[1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18],
  ...[20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23],
];
const monthLetters = "ABCDEHLMPRST";
/** Stand for the digits 0 to 9 where two people would have one code. */
const digitLetters = "LMNPQRSTUV";
const digitPlaces: readonly number[] = [6, 7, 9, 10, 12, 13, 14];

/**
 * Whether 16 characters are an Italian tax code: kinds of characters, with the letters that replace
 * digits, day of birth and check letter (Decreto ministeriale 12 marzo 1974).
 */
export function isItFiscalCode(code: string): boolean {
  for (const at of digitPlaces) if (fiscalDigit(code, at) < 0) return false;
  const day = fiscalDigit(code, 9) * 10 + fiscalDigit(code, 10);
  const month = monthLetters.indexOf(code.charAt(8)) + 1;
  const year = 2000 + fiscalDigit(code, 6) * 10 + fiscalDigit(code, 7);
  if (!isDate(year, month, day > 40 ? day - 40 : day)) return false;
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const value = fiscalValue(code.charCodeAt(at));
    sum += at % 2 === 0 ? (oddValues[value] ?? 0) : value;
  }
  return code.charCodeAt(15) === 0x41 + (sum % 26);
}

function fiscalDigit(code: string, at: number): number {
  const unit = code.charCodeAt(at);
  return unit <= 0x39 ? unit - 0x30 : digitLetters.indexOf(code.charAt(at));
}

function fiscalValue(unit: number): number {
  return unit <= 0x39 ? unit - 0x30 : unit - 0x41;
}

/**
 * Whether 15 characters are a French social security number: sex, month, department and the key 97
 * minus the remainder; Corsica's 2A and 2B count as 19 and 18 (INSEE, NIR).
 */
export function isFrNir(code: string): boolean {
  const month = twoDigitsAt(code, 3);
  const isMonth = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
  if (!isMonth || !"123478".includes(code.charAt(0))) return false;
  const letter = code.charCodeAt(6);
  const isCorsican = code.charCodeAt(5) === 0x32 && (letter === 0x41 || letter === 0x42);
  if (letter > 0x39 && !isCorsican) return false;
  const number = isCorsican
    ? `${code.slice(0, 5)}${letter === 0x41 ? "19" : "18"}${code.slice(7)}`
    : code;
  return twoDigitsAt(code, 13) === 97 - remainderOf97(number, 13);
}

/** Whether eleven digits are a Turkish identity number: not 0 first, two digits modulo 10 (NVI). */
export function isTrNationalId(digits: string): boolean {
  if (digitAt(digits, 0) === 0) return false;
  let odd = 0;
  let even = 0;
  for (let at = 0; at < 9; at += 1) {
    if (at % 2 === 0) odd += digitAt(digits, at);
    else even += digitAt(digits, at);
  }
  const tenth = (((odd * 7 - even) % 10) + 10) % 10;
  return digitAt(digits, 9) === tenth && digitAt(digits, 10) === (odd + even + tenth) % 10;
}
