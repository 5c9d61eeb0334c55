import { asciiWordBits, codeAt, kindAt } from "../text/character-kind.ts";

/** Longest provider token looked at, but for those that say otherwise. */
export const tokenUnitsMax = 300;

/** Whether a unit belongs to base64url text: an ASCII letter or digit, `_` or `-`. */
export function isTokenUnit(text: string, at: number): boolean {
  if ((kindAt(text, at) & asciiWordBits) !== 0) return true;
  const code = codeAt(text, at);
  return code === 0x5f || code === 0x2d;
}

/** Whether a token may begin at `at`: what stands before is no part of it. */
export function mayBeginToken(text: string, at: number): boolean {
  return !isTokenUnit(text, at - 1);
}
