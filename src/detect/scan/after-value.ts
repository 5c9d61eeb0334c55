import { isSpace } from "../text/character-kind.ts";
import { laidLength, unitAt } from "../text/units.ts";
import { bracketUnitsMax } from "./context/surroundings.ts";

/** Answer while the text does not show. */
export const isUnknown = -1;

/**
 * Up to where what follows a value that ends at `end` is known: the end of a bracket right behind it,
 * which may say what it is ("219091234 (SSN)"), or `end` itself; or `isUnknown`. `isLast`: no more text
 * comes.
 */
export function knownAfter(end: number, isLast: boolean): number {
  if (!isSpace(unitAt(end))) return end;
  const open = end + 1;
  if (open >= laidLength()) return isLast ? end : isUnknown;
  if (unitAt(open) !== 0x28) return end;
  const limit = Math.min(laidLength(), end + bracketUnitsMax);
  for (let at = open + 1; at < limit; at += 1) {
    const code = unitAt(at);
    if (code === 0x29 || code === 0x0a) return at;
  }
  return limit === end + bracketUnitsMax || isLast ? limit : isUnknown;
}
