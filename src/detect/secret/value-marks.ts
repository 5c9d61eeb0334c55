import { digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import { units } from "../text/units.ts";

/** Besides the bits of ASCII letters and digits: what joins the parts of names, versions and paths. */
export const jointBit = 8;
/** What no reference to something else, and no expression of a program, is without. */
export const codeBit = 16;
/** What people put into passwords, but not into names, paths and versions. */
export const passwordBit = 32;
/** ASCII that is seen, and none of these. */
export const otherBit = 64;
/** Spaces, controls, and whatever is not ASCII. */
export const unseenBit = 128;

const tellingBits = buildTellingBits();

/**
 * What occurs between two places of the text that is laid down: bits of the characters that tell one
 * kind of value from another.
 */
export function marksIn(start: number, end: number): number {
  let marks = 0;
  for (let at = start; at < end; at += 1) marks |= tellingBits[units[at] ?? 0] ?? unseenBit;
  return marks;
}

function buildTellingBits(): Uint8Array {
  const table = new Uint8Array(128);
  table.fill(unseenBit);
  table.fill(otherBit, 0x21, 0x7f);
  table.fill(digitBit, 0x30, 0x3a);
  table.fill(upperBit, 0x41, 0x5b);
  table.fill(lowerBit, 0x61, 0x7b);
  addBit(table, "-_./:", jointBit);
  addBit(table, "$%<>{}[](@?!:.|=", codeBit);
  addBit(table, "!@#$%^&*?~+=|;,", passwordBit);
  return table;
}

function addBit(table: Uint8Array, units: string, bit: number): void {
  for (const unit of units) {
    const code = unit.charCodeAt(0);
    table[code] = ((table[code] ?? 0) & ~otherBit) | bit;
  }
}
