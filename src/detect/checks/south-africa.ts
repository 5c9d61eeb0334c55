import { isDate } from "./calendar.ts";
import { digitAt, twoDigitsAt } from "./digits.ts";
import { passesLuhn } from "./luhn.ts";

/**
 * Whether thirteen digits are a South African identity number: day of birth, citizenship and Luhn
 * (Department of Home Affairs, Identification Act 68 of 1997).
 */
export function isZaId(digits: string): boolean {
  const year = 2000 + twoDigitsAt(digits, 0);
  if (!isDate(year, twoDigitsAt(digits, 2), twoDigitsAt(digits, 4))) return false;
  return digitAt(digits, 10) <= 2 && passesLuhn(digits);
}
