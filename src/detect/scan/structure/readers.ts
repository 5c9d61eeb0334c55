import { unitAt } from "../../text/units.ts";
import { letters } from "../context/letters.ts";
import { roles } from "../context/roles.ts";

/** Most units between a word and a number that belongs to it. */
const gapUnitsMax = 3;

/** The role of a quotation mark, or 0 if it is none. */
export function quoteRoleOf(code: number): number {
  if (code === 0x22) return roles.quote;
  if (code === 0x27) return roles.apostrophe;
  return code === 0x60 ? roles.backtick : 0;
}

/** Whether an odd number of backslashes stands before a character. */
export function isEscaped(at: number): boolean {
  let before = at - 1;
  while (before >= 0 && at - before <= 8 && unitAt(before) === 0x5c) before -= 1;
  return (at - before) % 2 === 0;
}

/** Marks a line may begin with that are no part of it: of lists, quotes, headings and diffs. */
export function isLineMark(code: number): boolean {
  return code === 0x2d || code === 0x2b || code === 0x3e || code === 0x2a || code === 0x23;
}

/** A letter, but for those that "true", "false" and "null" begin with. */
export function isProse(code: number): boolean {
  if (code === 0x74 || code === 0x66 || code === 0x6e) return false;
  return (letters[code] ?? 0) !== 0;
}

/** Whether nothing but spaces and perhaps a number sign stands between two places. */
export function isBeside(end: number, at: number): boolean {
  if (end >= at || at - end > gapUnitsMax) return false;
  for (let between = Math.max(0, end); between < at; between += 1) {
    const code = unitAt(between);
    if (code !== 0x20 && code !== 0x23) return false;
  }
  return true;
}

/** An ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Carriage return or line feed. */
export function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

/** The last unit before `end` that is no space, or 0. */
export function lastCode(end: number): number {
  let at = end - 1;
  while (at >= 0 && end - at < 8 && unitAt(at) === 0x20) at -= 1;
  return at < 0 ? 0 : unitAt(at);
}

/** How many ASCII digits stand between two places. */
export function digitsBetween(from: number, to: number): number {
  let digits = 0;
  for (let at = Math.max(0, from); at < to; at += 1) {
    if (isDigit(unitAt(at))) digits += 1;
  }
  return digits;
}
