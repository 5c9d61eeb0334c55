import { folds, gap, isUnspaced, unseen } from "../text/folds.ts";
import { isGreekOrCyrillic, isLatin } from "./look-alikes.ts";

/** The bits of `letters` that are a fold. */
export const foldBits = 0xffff;

/** What a unit is, in the bits of `letters` above. */
export const letterKinds = {
  latin: 1 << 17,
  /** Greek or Cyrillic. */
  foreign: 1 << 18,
  digit: 1 << 19,
  /** Of a script without spaces. */
  unspaced: 1 << 20,
  /** Between words; but a word that it stands behind may go on. */
  joining: 1 << 21,
  /** Between words; it may end a sentence. */
  ending: 1 << 22,
  beyondAscii: 1 << 23,
  /** In a word, or in text without spaces: the sign bit. */
  letter: 1 << 31,
} as const;

// The engine reads what is imported again each time, and knows what is declared here.
const foldOf = folds;
const nothing = gap;
const atSign = 0x40;
const dollarSign = 0x24;
/** Lines, and sentences of Latin, Chinese, wide, Indian and Arabic script end in these. */
const endings = [0x0a, 0x2e, 0x21, 0x3f, 0x3002, 0xff01, 0xff1f, 0x0964, 0x061f];

/** For each UTF-16 unit its fold, if it is a letter, and what it is. */
export const letters: Int32Array = buildLetters();

/** What stands at an index inside a word: a folded unit, `unseen`, or `gap` where the word is over. */
export function wordUnitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  const fold = foldOf[code] ?? nothing;
  if (fold === nothing) return isSignInWord(code, text, index) ? code : nothing;
  return isUnspaced(fold) ? nothing : fold;
}

/** The script of a unit in a word, of those that words are disguised with. */
export function scriptOf(unit: number): number {
  if (unit < 0x3a || unit === atSign) return letterKinds.digit;
  if (unit < 0x250) return letterKinds.latin;
  return isGreekOrCyrillic(unit) ? letterKinds.foreign : 0;
}

/** At and dollar signs inside words stand for letters. */
function isSignInWord(code: number, text: string, index: number): boolean {
  if (code !== atSign && code !== dollarSign) return false;
  return isLatin(folds[text.charCodeAt(index + 1)] ?? gap);
}

function buildLetters(): Int32Array {
  const table = Int32Array.from(folds, kindsOf);
  for (const code of [atSign, dollarSign]) table[code] = kindsOf(unseen, code);
  for (const code of endings) table[code] = (table[code] ?? 0) | letterKinds.ending;
  return table;
}

function kindsOf(fold: number, code: number): number {
  const range = code < 0x80 ? 0 : letterKinds.beyondAscii;
  if (fold === unseen) return range | letterKinds.joining;
  if (fold === gap) return range;
  const script = isUnspaced(fold) ? letterKinds.unspaced : scriptOf(fold);
  return range | fold | script | letterKinds.letter;
}
