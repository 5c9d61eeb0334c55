import { isDate } from "../checks/calendar.ts";
import { withDigits } from "../scan/number-groups.ts";
import { fold } from "../text/fold.ts";
import { unitAt } from "../text/units.ts";
import { monthOf } from "./month-names.ts";

/** A date somewhere at the beginning of a text. Offsets into the text. */
export interface WrittenDate {
  readonly start: number;
  readonly end: number;
}

const yearMin = 1880;
const yearMax = 2039;
/** Years of the Thai calendar are ahead by this many. */
const buddhistYears = 543;

/** Year first, or last, with marks between; months as numbers. */
const numeric =
  /(?<![\p{L}\p{N}./-])(?:(\d{4})([-/.]|年 ?|년 ?)(\d{1,2})(?:\2|月 ?|월 ?)(\d{1,2})[日일]?|(\d{1,2})([-/.]| ?\/ ?)(\d{1,2})\6(\d{4}|\d{2})|(\d{8}))(?![\p{N}]|[-/.]\p{N})/u;
/** Day, month in letters, year. */
const dayFirst =
  /(?<![\p{L}\p{N}])(\d{1,2})(?:st|nd|rd|th|\.|er|º|°)?[ -]{1,2}(?:of |de |d['’]|di )?(\p{L}[\p{L}\p{M}.]{2,15})\.?,?(?:[ -]{1,2}(?:de |del )?)(\d{4}|['’]?\d{2})(?!\p{N})/u;
/** Month in letters, day, year. */
const monthFirst =
  /(?<![\p{L}\p{N}])(\p{L}[\p{L}\p{M}]{2,15})\.?[ -](\d{1,2})(?:st|nd|rd|th)?,?[ -](\d{4})(?!\p{N})/u;
/** Year, month in letters, day. */
const yearFirst = /(?<![\p{L}\p{N}])(\d{4})[ -](\p{L}[\p{L}\p{M}]{2,15})\.?[ -](\d{1,2})(?!\p{N})/u;

const writings: readonly (readonly [pattern: RegExp, passes: (parts: Parts) => boolean])[] = [
  [numeric, isNumericDate],
  [dayFirst, ([, day, month, year]) => isWordDate(year, month, day)],
  [monthFirst, ([, month, day, year]) => isWordDate(year, month, day)],
  [yearFirst, ([, year, month, day]) => isWordDate(year, month, day)],
];

/** The first date in a text that the calendar has, in a year a living person may be born in. */
export function readDate(text: string): WrittenDate | undefined {
  let first: WrittenDate | undefined;
  for (const [pattern, passes] of writings) {
    if (first?.start === 0) return first;
    const date = tryDate(text, pattern, passes);
    if (date !== undefined && (first === undefined || date.start < first.start)) first = date;
  }
  return first;
}

/** Most digits of a year. */
const yearUnits = 4;

/**
 * Where a date of three numbers of ASCII ends that begins at a place of the text that is laid down, as
 * most do; -1 if there may be any other, which is for `readDate`.
 */
export function plainDateEnd(from: number, to: number): number {
  const firstEnd = digitsEnd(from, to);
  const mark = unitAt(firstEnd);
  if (firstEnd === from || !isDateMark(mark)) return -1;
  const secondEnd = digitsEnd(firstEnd + 1, to);
  if (secondEnd >= to || unitAt(secondEnd) !== mark) return -1;
  const end = digitsEnd(secondEnd + 1, to);
  if (!isDayUnits(secondEnd - firstEnd - 1) || !isOver(end, to)) return -1;
  return isBirthAt(from, firstEnd, secondEnd, end) ? end : -1;
}

// Whether three numbers, the ends of which are given, are a date with the year first or last.
function isBirthAt(from: number, firstEnd: number, secondEnd: number, end: number): boolean {
  const firstUnits = firstEnd - from;
  const lastUnits = end - secondEnd - 1;
  const first = withDigits(0, from, firstEnd);
  const second = withDigits(0, firstEnd + 1, secondEnd);
  const last = withDigits(0, secondEnd + 1, end);
  if (firstUnits === yearUnits) return isDayUnits(lastUnits) && isBirth(first, second, last);
  if (!isDayUnits(firstUnits) || (lastUnits !== yearUnits && lastUnits !== 2)) return false;
  return isBirthEitherWay(lastUnits === 2 ? leapYear : last, first, second);
}

function digitsEnd(from: number, to: number): number {
  const limit = Math.min(to, from + yearUnits);
  let end = from;
  while (end < limit && isDigit(unitAt(end))) end += 1;
  return end;
}

// No digit, no letter of other scripts and no mark follows.
function isOver(end: number, to: number): boolean {
  if (end >= to) return true;
  const code = unitAt(end);
  return code < 0x80 && !isDigit(code) && (!isDateMark(code) || end + 1 >= to);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isDateMark(code: number): boolean {
  return code === 0x2d || code === 0x2e || code === 0x2f;
}

function isDayUnits(units: number): boolean {
  return units === 1 || units === 2;
}

type Parts = readonly (string | undefined)[];

function tryDate(
  text: string,
  pattern: RegExp,
  passes: (parts: Parts) => boolean,
): WrittenDate | undefined {
  const match = pattern.exec(text);
  if (match === null || !passes(match)) return undefined;
  return { start: match.index, end: match.index + match[0].length };
}

// Groups: year, mark, month, day; first, mark, second, year; eight digits.
function isNumericDate(parts: Parts): boolean {
  const [, year, , month, day, first, , second, lastYear, compact] = parts;
  if (compact !== undefined) return isCompactDate(compact);
  if (year !== undefined) return isBirth(Number(year), Number(month), Number(day));
  return isBirthEitherWay(fullYear(lastYear), Number(first), Number(second));
}

function isCompactDate(digits: string): boolean {
  const at = (start: number, units: number) => Number(digits.slice(start, start + units));
  if (isBirth(at(0, 4), at(4, 2), at(6, 2))) return true;
  return isBirth(at(4, 4), at(2, 2), at(0, 2)) || isBirth(at(4, 4), at(0, 2), at(2, 2));
}

function isWordDate(year = "", month = "", day = ""): boolean {
  const number = monthOf(fold(month));
  return number > 0 && isBirth(fullYear(year.replace(/['’]/, "")), number, Number(day));
}

// Day first or month first.
function isBirthEitherWay(year: number, one: number, other: number): boolean {
  return isBirth(year, other, one) || isBirth(year, one, other);
}

/** Of a year in two digits only the calendar can be asked, in a leap year. */
const leapYear = 2000;

function fullYear(year = ""): number {
  return year.length === 2 ? leapYear : Number(year);
}

/** Whether the calendar has a day in a year a living person may be born in. */
export function isBirth(year: number, month: number, day: number): boolean {
  const western = year > yearMax ? year - buddhistYears : year;
  return western >= yearMin && western <= yearMax && isDate(western, month, day);
}
