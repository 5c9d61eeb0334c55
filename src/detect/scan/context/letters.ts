import { isCapital, plainLetter } from "../../text/fold.ts";

/** Set in the entry of a capital letter. */
export const capitalFlag = 0x8000;
/** Entry of a combining mark: part of a word, but it makes it no other word. */
export const markEntry = 0x7fff;

/** Blocks of the scripts that write words apart: Latin to Georgian, Indic ones, more Latin and Greek. */
const spacedBlocks: readonly (readonly [first: number, last: number])[] = [
  [0x41, 0x5a],
  [0x61, 0x7a],
  [0xaa, 0x24f],
  [0x300, 0x6ff],
  [0x900, 0xdff],
  [0x10a0, 0x10ff],
  [0x1e00, 0x1fff],
];

/**
 * Each UTF-16 unit as the letter it counts as in a word: without accent and small, with `capitalFlag`
 * if it is a capital; 0 for what is no letter of a script that writes words apart.
 */
export const letters = buildLetters();

/** Scripts that run words together: Thai to Myanmar, kana, Han, Hangul. */
export function isUnspaced(code: number): boolean {
  if (code < 0xe00) return false;
  if (code < 0x10a0) return true;
  return code >= 0x2e80 && code <= 0xd7af;
}

function buildLetters(): Uint16Array {
  const table = new Uint16Array(0x10000);
  for (const [first, last] of spacedBlocks) {
    for (let code = first; code <= last; code += 1) table[code] = entryOf(code);
  }
  return table;
}

function entryOf(code: number): number {
  const letter = String.fromCharCode(code);
  if (/\p{M}/u.test(letter)) return markEntry;
  if (!/\p{L}/u.test(letter)) return 0;
  return plainLetter(letter, "NFD").charCodeAt(0) | (isCapital(letter) ? capitalFlag : 0);
}
