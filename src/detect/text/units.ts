import { invariant } from "../../base/index.ts";
import {
  beyondBits,
  classifyCodings,
  classifyWords,
  openingBits,
  runBits,
  signBits,
  units,
} from "../wide/wide.ts";
import { kindOf } from "./character-kind.ts";

/** Longer pieces are read in steps of so many units. */
export const stepUnitsMax = 16_384;

/**
 * The UTF-16 units of the text that is being read, which cost a fraction of what asking a string for
 * each of them does. Shared by all scans: each lays its text down before it reads, and reads at once.
 */
export { units };

const bytes = Buffer.from(units.buffer, units.byteOffset, units.byteLength);

invariant(new Uint8Array(Uint16Array.of(1).buffer)[0] === 1, "the machine is little-endian");

/** Units are classified in blocks of so many. */
const blockUnits = 64;

/** How many of them are laid down, and how often any were. */
let laidUnits = 0;
let laidTimes = 0;
let laidText = "";
/** Of what text the units were classified, as `laidTimes` was then, and from where on. */
let wordsClassified = 0;
let wordsFrom = 0;
let codingsClassified = 0;

/** The length of the text that is laid down: asking the string for it costs several times as much. */
export function laidLength(): number {
  return laidUnits;
}

/** The unit at an index of the text that is laid down, or -1 outside it. */
export function unitAt(index: number): number {
  return index >= 0 && index < laidUnits ? (units[index] as number) : -1;
}

/** Bits of the character kind at an index of the text that is laid down; 0 for a break and outside. */
export function unitKindAt(index: number): number {
  return index >= 0 && index < laidUnits ? kindOf(units[index] as number) : 0;
}

/** Lays down a text to be read, unless it still is. Gives a mark by which `isLaid` knows it. */
export function layDown(text: string): number {
  if (isLaidText(text)) return laidTimes;
  invariant(text.length <= units.length, "no more text is held than promised");
  laidText = text;
  laidUnits = text.length;
  laidTimes += 1;
  bytes.write(text, 0, "utf16le");
  return laidTimes;
}

/** Whether what was laid down with this mark still is. */
export function isLaid(mark: number): boolean {
  return mark === laidTimes;
}

/** The bits of signs of a value in the text that is laid down, from a place on; for `nextIn`. */
export function signsFrom(from: number): Int32Array {
  classifyForWords(from);
  return signBits;
}

/** Makes letters and marks of the text that is laid down known to `readWords`, from a place on. */
export function classifyForWords(from: number): void {
  const isBegun = wordsClassified === laidTimes;
  if (isBegun && from >= wordsFrom) return;
  const end = isBegun ? wordsFrom : laidUnits;
  wordsFrom = from & -blockUnits;
  wordsClassified = laidTimes;
  classifyWords(wordsFrom, end);
}

/** The bits of what opens an encoding: `\`, `%` and `&`. */
export function openings(): Int32Array {
  classifyForCodings();
  return openingBits;
}

/** The bits of what can be a disguise or a look-alike: any beyond Latin-1, soft hyphen and middle dot. */
export function beyondLatin(): Int32Array {
  classifyForCodings();
  return beyondBits;
}

/** The bits of where sixteen letters, digits and marks of an encoded run begin. */
export function runOpenings(): Int32Array {
  classifyForCodings();
  return runBits;
}

/** Where the next bit is from a place on; the length of the text that is laid down if there is none. */
export function nextIn(bits: Int32Array, from: number): number {
  const length = laidUnits;
  if (from >= length) return length;
  let cell = from >>> 5;
  let rest = (bits[cell] as number) & (-1 << (from & 31));
  while (rest === 0) {
    cell += 1;
    if (cell << 5 >= length) return length;
    rest = bits[cell] as number;
  }
  const at = (cell << 5) + 31 - Math.clz32(rest & -rest);
  return Math.min(at, length);
}

/** The bits of 32 units from a place on, the first the lowest. */
export function bitsFrom(bits: Int32Array, from: number): number {
  const cell = from >>> 5;
  const shift = from & 31;
  const next = bits[cell + 1] as number;
  return ((bits[cell] as number) >>> shift) | ((next << 1) << (31 - shift));
}

function classifyForCodings(): void {
  if (codingsClassified === laidTimes) return;
  classifyCodings(laidUnits);
  codingsClassified = laidTimes;
}

// Texts often begin alike, so that comparing them from there takes long: their middle and end come first.
function isLaidText(text: string): boolean {
  const { length } = text;
  if (length !== laidUnits) return false;
  if (length === 0) return true;
  const middle = length >>> 1;
  if (text.charCodeAt(middle) !== units[middle]) return false;
  return text.charCodeAt(length - 1) === units[length - 1] && text === laidText;
}
