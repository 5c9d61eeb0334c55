import { wordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

const colonCode = 0x3a;
/** Digits of one group of an address of a machine, at most. */
const groupUnitsMax = 4;
/** Longer chains of groups are no address. */
const chainUnitsMax = 48;

/**
 * Tells whether a segment that begins at `from` goes on behind the colon at `at`, within an address of
 * groups: `2001:db8::1`, `00:00:5e:00:53:0a`. `waits` while the text does not show. `isLast`: no more
 * text comes.
 */
export function readColonGap(
  from: number,
  at: number,
  isLast: boolean,
): "goes_on" | "over" | "waits" {
  if (!endsInGroup(from, at) || isLongChain(from, at)) return "over";
  const next = unitAt(at + 1);
  if (next < 0) return isLast ? "over" : "waits";
  const isSecond = unitAt(at - 1) === colonCode;
  return isHexDigit(next) || (next === colonCode && !isSecond) ? "goes_on" : "over";
}

// Up to four hexadecimal digits, or the first of two colons, end before `at`.
function endsInGroup(from: number, at: number): boolean {
  let start = at;
  while (start > from && isHexDigit(unitAt(start - 1))) {
    start -= 1;
    if (at - start > groupUnitsMax) return false;
  }
  if (start === at) return start - 1 > from && unitAt(start - 1) === colonCode;
  return (unitKindAt(start - 1) & wordBits) === 0;
}

function isLongChain(from: number, at: number): boolean {
  if (at - from <= chainUnitsMax) return false;
  for (let before = at - 1; before > at - chainUnitsMax; before -= 1) {
    const code = unitAt(before);
    if (code !== colonCode && !isHexDigit(code)) return false;
  }
  return true;
}

function isHexDigit(code: number): boolean {
  if (code >= 0x30 && code <= 0x39) return true;
  const small = code | 0x20;
  return small >= 0x61 && small <= 0x66;
}
