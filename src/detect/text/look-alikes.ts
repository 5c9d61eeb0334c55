import { nextBeyondLatin } from "./beyond-latin.ts";
import type { OpenSign, Sign, SignFinder } from "./text-layer.ts";

const pairs =
  "аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwӏlүyѵvАAВBЕEКKМMНHОOРPСCТTХXУYІIЈJЅSҮYԚQԜWԌGӀIѴV" +
  "οoνvρpαaιiκkυuγyχxωwϲcϳjΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXͿJ" +
  "օoոnսuցgհhյjզqՕOՍUՏSԼL" +
  "ᎪAᏴBᏟCᎬEᏀGᎻHᎫJᏦKᏞLᎷMᏢPᏚSᎢTᏙVᎳWᏃZ" +
  "ɑaɡgɩiʏyʀRʙBɢGɴNʟL";

/** What a unit is in a word. */
const kinds = { none: 0, latin: 1, lookAlike: 2, other: 3 } as const;

/**
 * Letters of other scripts that are seen as Latin ones, with what each is seen as: Cyrillic, Greek,
 * Armenian, Cherokee and the phonetic alphabet (Unicode TR 39, confusables, as far as a reader would
 * not notice).
 */
export const lookAlikes: ReadonlyMap<string, string> = new Map(letterPairs(pairs));
const kindOf = buildKinds();

/** What the letters to one side of a letter in its word are; bits. */
const sides = { hasLatin: 1, hasOther: 2, isCut: 4 } as const;

/** How far around a letter its word is looked at. */
const wordUnitsMax = 32;

/** Whether a unit is a letter that is seen as a Latin one. */
export function isLookAlike(code: number): boolean {
  return kindOf[code] === kinds.lookAlike;
}

/** Whether a unit is an ASCII letter or digit. */
export function isLatin(code: number): boolean {
  return kindOf[code] === kinds.latin;
}

/**
 * Finds letters that are seen as Latin ones in words that have Latin letters or digits too, and no
 * letters that only another script has. A word all in one script is left alone. One text each.
 */
export class LookAlikeFinder implements SignFinder {
  /** The end of the text before what is read next. */
  #before: string;
  /** The same before the text being read, with the beginning of that. */
  #opening = "";
  #openingUnits = 0;

  /** `before`: the end of the text before the one it finds signs in, at least a word of it. */
  constructor(before: string) {
    this.#before = before;
  }

  find(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined {
    if (from === 0) {
      this.#openingUnits = this.#before.length;
      this.#opening = this.#before + text.slice(0, wordUnitsMax);
    }
    const found = this.#next(text, from, isLast);
    if (found !== undefined && "reading" in found) return found;
    const before = this.#opening.slice(0, this.#openingUnits);
    this.#before = endOf(before, text.slice(0, found?.waitsAt ?? text.length));
    return found;
  }

  #next(text: string, from: number, isLast: boolean): Sign | OpenSign | undefined {
    const { length } = text;
    for (let at = nextBeyondLatin(text, from); at < length; at = nextBeyondLatin(text, at + 1)) {
      if (kindOf[text.charCodeAt(at)] !== kinds.lookAlike) continue;
      const word = this.#behind(text, at) | lookAlong(text, at, 1);
      if ((word & sides.hasOther) !== 0) continue;
      if ((word & sides.isCut) !== 0 && !isLast) return { waitsAt: at };
      if ((word & sides.hasLatin) !== 0) {
        return { start: at, end: at + 1, reading: lookAlikes.get(text.charAt(at)) ?? "" };
      }
    }
    return undefined;
  }

  // Before the first letter of all there is nothing to wait for.
  #behind(text: string, at: number): number {
    const isOpening = at < wordUnitsMax;
    const side = isOpening
      ? lookAlong(this.#opening, this.#openingUnits + at, -1)
      : lookAlong(text, at, -1);
    return side & ~sides.isCut;
  }
}

// The letters of a word from beside `at` on, as far as a word is looked at.
function lookAlong(text: string, at: number, step: 1 | -1): number {
  let side = 0;
  for (let units = 1; units <= wordUnitsMax; units += 1) {
    const place = at + units * step;
    if (place < 0 || place >= text.length) return side | sides.isCut;
    const kind = kindOf[text.charCodeAt(place)];
    if (kind === kinds.none) return side;
    if (kind === kinds.other) return sides.hasOther;
    if (kind === kinds.latin) side |= sides.hasLatin;
  }
  return side;
}

/** The end of two texts in a row, as much as a word around a letter is looked at. */
function endOf(before: string, text: string): string {
  if (text.length >= wordUnitsMax) return text.slice(-wordUnitsMax);
  return text === "" ? before : (before + text).slice(-wordUnitsMax);
}

/** Letters of which each second one stands behind another, as pairs. */
export function letterPairs(letters: string): readonly (readonly [string, string])[] {
  return Array.from({ length: letters.length / 2 }, (_, index) => [
    letters.charAt(2 * index),
    letters.charAt(2 * index + 1),
  ]);
}

function buildKinds(): Uint8Array {
  const table = new Uint8Array(0x10000);
  const other = /^[\p{L}\p{M}]$/u;
  for (let code = 0x250; code < 0x2000; code += 1) {
    if (other.test(String.fromCharCode(code))) table[code] = kinds.other;
  }
  table.fill(kinds.latin, 0x30, 0x3a);
  table.fill(kinds.latin, 0x41, 0x5b);
  table.fill(kinds.latin, 0x61, 0x7b);
  for (const unit of lookAlikes.keys()) table[unit.charCodeAt(0)] = kinds.lookAlike;
  return table;
}
