/** Small letters of Cyrillic and Greek, each before the Latin letter it looks like. */
const pairs =
  "аaвbсcԁdеeѐeһhіiїiјjкkӏlмmнhоoрpԛqѕsтtуyѵvԝwхxүyгrпnиuзeьbшwяr" +
  "αaβbγyεeηnιiκkνvοoρpσoτtυuχxωwμuπnϲcϳjδd";

/** The Latin letter a folded unit of another script looks like. */
export const looksLike: ReadonlyMap<number, number> = new Map(
  Array.from({ length: pairs.length / 2 }, (_, index) => [
    pairs.charCodeAt(2 * index),
    pairs.charCodeAt(2 * index + 1),
  ]),
);

/** The letter that a digit or sign stands for in words written with them. */
export const leetLetters: ReadonlyMap<number, number> = new Map(
  [..."0o1i3e4a5s7t8b9g@a$s!i"].reduce<[number, number][]>((entries, character, index, all) => {
    if (index % 2 === 0)
      entries.push([character.charCodeAt(0), (all[index + 1] ?? "").charCodeAt(0)]);
    return entries;
  }, []),
);

/** Whether a folded unit is a Latin letter. */
export function isLatin(fold: number): boolean {
  return (fold >= 0x61 && fold <= 0x7a) || (fold >= 0xc0 && fold < 0x250);
}

/** Whether a folded unit is a Greek or Cyrillic letter. */
export function isGreekOrCyrillic(fold: number): boolean {
  return fold >= 0x370 && fold < 0x530;
}
