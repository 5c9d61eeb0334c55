import type { LabelledValue } from "../scan/family.ts";
import { digitBit, letterBits, wordBits } from "../text/character-kind.ts";
import { unitKindAt } from "../text/units.ts";

/** Points for what stands behind a label, as `Context.pct` gives them: more behind a key or column. */
export function labelPct({ isStructural }: LabelledValue): number {
  return isStructural ? 45 : 35;
}

/** How far into a value its digits may begin: "no. ", "is ", an opening quote. */
const leadUnitsMax = 12;

/**
 * Where the first digit of a value is that no letter precedes, at most a few units into it, or -1.
 */
export function firstDigitOf({ from, to }: LabelledValue): number {
  const limit = Math.min(to, from + leadUnitsMax);
  for (let at = from; at < limit; at += 1) {
    if ((unitKindAt(at) & digitBit) === 0) continue;
    return (unitKindAt(at - 1) & letterBits) === 0 ? at : -1;
  }
  return -1;
}

/** The end of the run of digits that begins at `start`, before `to`. */
export function endOfDigits(start: number, to: number): number {
  let end = start;
  while (end < to && (unitKindAt(end) & digitBit) !== 0) end += 1;
  return end;
}

/** Whether what ends at `end` is no beginning of something longer: `123.4`, `12/29/2024`. */
export function isWholeAt(end: number): boolean {
  const kind = unitKindAt(end);
  if ((kind & wordBits) !== 0) return false;
  return kind === 0 || (unitKindAt(end + 1) & wordBits) === 0;
}
