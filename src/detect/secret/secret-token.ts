import { asciiWordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

/** Longest provider token looked at, but for those that say otherwise. */
export const tokenUnitsMax = 300;

/** Whether a unit belongs to base64url text: an ASCII letter or digit, `_` or `-`. */
export function isTokenUnit(at: number): boolean {
  if ((unitKindAt(at) & asciiWordBits) !== 0) return true;
  const code = unitAt(at);
  return code === 0x5f || code === 0x2d;
}

/** Whether a token may begin at `at`: what stands before is no part of it. */
export function mayBeginToken(at: number): boolean {
  return !isTokenUnit(at - 1);
}
