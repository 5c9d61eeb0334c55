import { laidLength, nextIn, signsFrom, unitAt, units } from "../text/units.ts";
import { opensInCapitals } from "./lettered-gap.ts";

/** Surely the end of a segment: spaces, line breaks, quotes and what else not even the secret of a URL has in it. */
const plainBreaks = buildPlainBreaks();

/**
 * Where in the text that is laid down the next sign of a value is, or its length: every family needs a
 * digit, an at sign, a hyphen or underscore, or one of the openings of secrets that may lack all four.
 */
export function nextSign(from: number): number {
  const length = laidLength();
  const bits = signsFrom(from);
  let at = nextIn(bits, from);
  while (at < length) {
    const code = units[at];
    if (code === 0x41) {
      if (opensKey(at)) return at + 3;
    } else if (code !== 0x4a || opensToken(at)) return at;
    at = nextIn(bits, at + 1);
  }
  return length;
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

// "AKIA", "ASIA", "ABIA" or "ACCA", of which it is the first letter.
function opensKey(at: number): boolean {
  if (unitAt(at + 3) !== 0x41) return false;
  const third = unitAt(at + 2);
  if (third !== 0x49 && third !== 0x43) return false;
  const second = unitAt(at + 1);
  return second === 0x4b || second === 0x53 || second === 0x42 || second === 0x43;
}

// "eyJ", of which it is the last letter.
function opensToken(at: number): boolean {
  return unitAt(at - 1) === 0x79 && unitAt(at - 2) === 0x65;
}

/** The place behind the last unit between two places that surely ends a segment, or the first of them. */
function plainStart(from: number, to: number): number {
  let start = to;
  while (start > from && plainBreaks[units[start - 1] ?? 0] === 0) start -= 1;
  return start;
}

function buildPlainBreaks(): Uint8Array {
  const table = new Uint8Array(0x10000);
  table.fill(1, 0, 0x21);
  for (const unit of '"<>\\`') table[unit.charCodeAt(0)] = 1;
  return table;
}
