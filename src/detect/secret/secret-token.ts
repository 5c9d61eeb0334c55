import { asciiWordBits, codeAt, kindAt } from "../text/character-kind.ts";

/** Longest provider token looked at; what goes on longer is not one of them. */
export const tokenUnitsMax = 300;

const repeatsMin = 6;
const stepsMin = 6;
const fillers = /example|your[-_]|dummy|placeholder|changeme|redacted|sample/i;

/** Where a run of ASCII letters, digits, `_` and `-` ends that begins at `start`, at most at `to`. */
export function tokenEnd(text: string, start: number, to: number): number {
  const limit = Math.min(to, start + tokenUnitsMax + 1);
  let end = start;
  while (end < limit && isTokenUnit(text, end)) end += 1;
  return end;
}

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

/**
 * Whether a value is filling for documentation rather than a secret: one character over and over, a
 * run through the alphabet or the digits, or a word that says so.
 */
export function isPlaceholder(value: string): boolean {
  return fillers.test(value) || hasMonotony(value);
}

/** Shannon entropy of ASCII text in bits per character. */
export function entropyBits(value: string): number {
  const counts = new Map<number, number>();
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) {
    const share = count / value.length;
    bits -= share * Math.log2(share);
  }
  return bits;
}

function hasMonotony(value: string): boolean {
  let repeats = 1;
  let steps = 1;
  for (let at = 1; at < value.length; at += 1) {
    const step = value.charCodeAt(at) - value.charCodeAt(at - 1);
    repeats = step === 0 ? repeats + 1 : 1;
    steps = step === 1 ? steps + 1 : 1;
    if (repeats >= repeatsMin || steps >= stepsMin) return true;
  }
  return false;
}
