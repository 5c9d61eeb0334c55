import { twoDigitsAt } from "./digits.ts";

const monthDays: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the Gregorian calendar has this day; months and days count from 1. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > (monthDays[month - 1] ?? 0)) return false;
  return month !== 2 || day !== 29 || isLeapYear(year);
}

/** Whether eight digits from an index on are a day of the years 1850 to 2099. */
export function isLongDate(text: string, index: number): boolean {
  const year = twoDigitsAt(text, index) * 100 + twoDigitsAt(text, index + 2);
  if (year < 1850 || year > 2099) return false;
  return isDate(year, twoDigitsAt(text, index + 4), twoDigitsAt(text, index + 6));
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
