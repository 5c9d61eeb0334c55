import { plainLetter } from "./fold.ts";

/** Fold of what nobody sees and of marks on letters: passed over inside words. */
export const unseen = 0;
/** Fold of what parts words. */
export const gap = 1;

/** Where characters may be letters that have to be looked up one by one. */
const lookedUpEnd = 0x3040;
const compatibilityStart = 0xff00;
/** Kana, Han and Hangul stand for themselves. */
const selfFolding: readonly (readonly [first: number, last: number])[] = [
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
];
/** Letters that no normalisation takes apart. */
const strokes: Readonly<Record<string, string>> = {
  ß: "s",
  æ: "a",
  ø: "o",
  đ: "d",
  ð: "d",
  ħ: "h",
  ı: "i",
  ł: "l",
  œ: "o",
  þ: "t",
  ŧ: "t",
};

/**
 * For each UTF-16 unit what it counts as in a word: small, without accents, in the plain form of its
 * script; else `gap` or `unseen`. Surrogates are gaps.
 */
export const folds: Uint16Array = buildFolds();

/** A word as the folds have it; what parts words is a space. */
export function foldedText(text: string): string {
  let folded = "";
  for (let at = 0; at < text.length; at += 1) {
    const fold = folds[text.charCodeAt(at)] ?? gap;
    if (fold === gap) folded += " ";
    else if (fold !== unseen) folded += String.fromCharCode(fold);
  }
  return folded;
}

/** Whether a folded unit belongs to a script that is written without spaces. */
export function isUnspaced(fold: number): boolean {
  if (fold < 0xe01) return false;
  return fold <= 0xe5b || (fold >= 0x3041 && fold <= 0x9fff);
}

function buildFolds(): Uint16Array {
  const table = new Uint16Array(0x10000).fill(gap);
  for (let code = 0; code < lookedUpEnd; code += 1) table[code] = foldOf(code);
  for (let code = compatibilityStart; code < 0xfffe; code += 1) table[code] = foldOf(code);
  for (const [first, last] of selfFolding) {
    for (let code = first; code <= last; code += 1) table[code] = code;
  }
  return table;
}

function foldOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/\p{Default_Ignorable_Code_Point}|\p{M}/u.test(character)) return unseen;
  if (!/[\p{L}\p{N}\p{So}]/u.test(character)) return gap;
  const small = plainLetter(character, "NFKD");
  const plain = strokes[small] ?? small;
  return /[\p{L}\p{N}]/u.test(plain) ? plain.charCodeAt(0) : gap;
}
