import { asciiWordBits, digitBit } from "../../text/character-kind.ts";
import { unitAt, unitKindAt } from "../../text/units.ts";

/** Longest name of a variable or field before an equals sign. */
const keyUnitsMax = 64;
/** A run with a digit that is this long is data, and what follows it is padding. */
const encodedUnitsMin = 24;
const shortUnitsMin = 12;
const runUnitsMax = 64;

/**
 * Where the name begins that ends before the equals sign at `at`: words further back on the line are
 * no part of it, as in `status=200 took=5`. Gives `at` if no name stands right before it.
 */
export function assignedKeyStart(at: number): number {
  let start = at;
  while (start > 0 && at - start < keyUnitsMax && isNameUnit(start - 1)) start -= 1;
  return start;
}

/**
 * Whether an equals sign at `at` pads base 64 rather than assigning anything: names have few digits,
 * and padding follows on two or three characters more than a multiple of four (RFC 4648, section 4).
 */
export function isPadding(at: number): boolean {
  let start = at;
  let digits = 0;
  while (start > 0 && at - start < runUnitsMax && isEncodedUnit(start - 1)) {
    start -= 1;
    if ((unitKindAt(start) & digitBit) !== 0) digits += 1;
  }
  const units = at - start;
  if (units >= encodedUnitsMin) return digits > 0;
  return units >= shortUnitsMin && digits > 1 && units % 4 > 1;
}

function isNameUnit(at: number): boolean {
  if ((unitKindAt(at) & asciiWordBits) !== 0) return true;
  const code = unitAt(at);
  return code === 0x5f || code === 0x2d || code === 0x2e || code >= 0x80;
}

function isEncodedUnit(at: number): boolean {
  if ((unitKindAt(at) & asciiWordBits) !== 0) return true;
  const code = unitAt(at);
  return code === 0x2b || code === 0x2f || code === 0x3d;
}
