import { invariant } from "../../base/index.ts";
import { kindOf } from "./character-kind.ts";

/** Longer pieces are read in steps of so many units. */
export const stepUnitsMax = 16_384;

/**
 * The UTF-16 units of the text that is being read, which cost a fraction of what asking a string for
 * each of them does. Shared by all scans: each lays its text down before it reads, and reads at once.
 */
export const units = new Uint16Array(32_768);

const bytes = Buffer.from(units.buffer);

invariant(new Uint8Array(Uint16Array.of(1).buffer)[0] === 1, "the machine is little-endian");

/** How many of them are laid down, and how often any were. */
let laidUnits = 0;
let laidTimes = 0;
let laidText = "";

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
  if (text === laidText) return laidTimes;
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
