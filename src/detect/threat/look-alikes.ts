import { letterPairs, lookAlikes } from "../text/look-alikes.ts";

/**
 * Small letters that nobody would take for Latin ones alone, but does in a word written with them:
 * Cyrillic and Greek, each before the one it looks like.
 */
const rough = "вbкkмmнhтtгrпnиuзeьbшwяrβbεeηnσoτtμuπnδd";

/** The Latin letter a folded unit of Cyrillic or Greek looks like. */
export const looksLike: ReadonlyMap<number, number> = codesOf([
  ...[...lookAlikes].filter(([letter]) => isGreekOrCyrillic(letter.charCodeAt(0))),
  ...letterPairs(rough),
]);

/** The letter that a digit or sign stands for in words written with them. */
export const leetLetters: ReadonlyMap<number, number> = codesOf(
  letterPairs("0o1i3e4a5s7t8b9g@a$s!i"),
);

/** Whether a folded unit is a Latin letter. */
export function isLatin(fold: number): boolean {
  return (fold >= 0x61 && fold <= 0x7a) || (fold >= 0xc0 && fold < 0x250);
}

/** Whether a folded unit is a Greek or Cyrillic letter. */
export function isGreekOrCyrillic(fold: number): boolean {
  return fold >= 0x370 && fold < 0x530;
}

function codesOf(
  pairs: readonly (readonly [letter: string, reading: string])[],
): ReadonlyMap<number, number> {
  return new Map(pairs.map(([letter, reading]) => [letter.charCodeAt(0), reading.charCodeAt(0)]));
}
