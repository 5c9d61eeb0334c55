import { isDate } from "../checks/calendar.ts";
import { fold } from "../text/fold.ts";
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
  /(?<![\p{L}\p{N}./-])(?:(\d{4})(?<a>[-/.]|年 ?|년 ?)(\d{1,2})(?:\k<a>|月 ?|월 ?)(\d{1,2})[日일]?|(\d{1,2})(?<b>[-/.]| ?\/ ?)(\d{1,2})\k<b>(\d{4}|\d{2})|(\d{8}))(?![\p{N}]|[-/.]\p{N})/u;
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
  const full = fullYear(lastYear);
  const one = Number(first);
  const other = Number(second);
  return isBirth(full, other, one) || isBirth(full, one, other);
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

// Of a year in two digits only the calendar can be asked, in a leap year.
function fullYear(year = ""): number {
  return year.length === 2 ? 2000 : Number(year);
}

/** Whether the calendar has a day in a year a living person may be born in. */
export function isBirth(year: number, month: number, day: number): boolean {
  const western = year > yearMax ? year - buddhistYears : year;
  return western >= yearMin && western <= yearMax && isDate(western, month, day);
}
