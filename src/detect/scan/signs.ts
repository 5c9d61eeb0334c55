import { laidLength, units } from "../text/units.ts";
import { opensInCapitals } from "./lettered-gap.ts";

/**
 * Where a value can be: every family needs a digit, an at sign, a hyphen or underscore, or one of the
 * openings of secrets that may lack all four. The classes and first letters are few and rare, which
 * lets the engine look at many characters at once.
 */
const sign = /[-0-9@_]|A[KSBC][IC]A|(?<=ey)J/g;

/** Signs are often close to one another, and asking for one by one is dear. */
const nearUnitsMax = 32;
/** What is a sign by itself, and what may end one. */
const plainSign = 1;
const signEnd = 2;
/** Spaces, line breaks, quotes and what else not even the secret of a URL has in it. */
const plainBreak = 4;
const signKinds = buildSignKinds();

/** Where in the text that was laid down the next sign of a value is, or its length. */
export function nextSign(text: string, from: number): number {
  const nearEnd = Math.min(laidLength(), from + nearUnitsMax);
  for (let at = from; at < nearEnd; at += 1) {
    const kind = signKinds[units[at] ?? 0];
    if (kind === plainSign) return at;
    if (kind === signEnd) return searchSign(text, from);
  }
  return nearEnd === laidLength() ? nearEnd : searchSign(text, from);
}

/**
 * Where the word begins that a sign at `to` stands in, not before `from`; or the word of capitals
 * before it, which may open an identifier whose digits come next.
 */
export function wordStart(from: number, to: number): number {
  const start = plainStart(from, to);
  const isOpened = units[start - 1] === 0x20 && opensInCapitals(from, start - 1);
  return isOpened ? plainStart(from, start - 1) : start;
}

function searchSign(text: string, from: number): number {
  sign.lastIndex = from;
  return sign.test(text) ? sign.lastIndex - 1 : laidLength();
}

/** The place behind the last unit between two places that surely ends a segment, or the first of them. */
function plainStart(from: number, to: number): number {
  let start = to;
  while (start > from && signKinds[units[start - 1] ?? 0] !== plainBreak) start -= 1;
  return start;
}

function buildSignKinds(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const unit of "-0123456789@_") table[unit.charCodeAt(0)] = plainSign;
  table.fill(plainBreak, 0, 0x21);
  for (const unit of '"<>\\`') table[unit.charCodeAt(0)] = plainBreak;
  for (const unit of "AJ") table[unit.charCodeAt(0)] = signEnd;
  return table;
}
