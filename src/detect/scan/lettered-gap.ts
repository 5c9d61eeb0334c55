import { asciiWordBits, digitBit, isSpace, upperBit, wordBits } from "../text/character-kind.ts";
import { unitAt, unitKindAt } from "../text/units.ts";

/**
 * Identifiers of letters and digits that are written with spaces: `l` a capital, `d` a digit, `x`
 * either. In order: British, Indian, Italian, Spanish (two), French from Corsica, US Medicare.
 */
const writings: readonly string[] = [
  "ll dd dd dd l",
  "ll dddddd l",
  "lldd dd dd l",
  "lldddddd l",
  "lllll dddd l",
  "llllll ddldd ldddl",
  "dddddddd l",
  "l ddddddd l",
  "d dd dd dl ddd ddd dd",
  "dlxd lxd lldd",
];

/** A writing up to one of its spaces, and what may stand behind it. */
interface Opening {
  /** Kinds of its characters, 0 for a space. */
  readonly kinds: Uint8Array;
  /** Kinds of the character behind the space. */
  readonly next: number;
}

const lastGroupUnitsMax = 8;
/** Openings by the size of their last group. */
const openings = buildOpenings();

/**
 * Whether an identifier with letters in it goes on behind the one space at `end`: the text before it,
 * not before `from`, is its opening, and what follows fits. The answer needs one character behind the
 * space.
 */
export function lettersGoOn(from: number, end: number): boolean {
  const next = unitKindAt(end + 1);
  if ((next & (upperBit | digitBit)) === 0) return false;
  const units = lastGroupUnits(from, end);
  for (const opening of openings[units] ?? []) {
    if ((opening.next & next) !== 0 && endsWith(from, end, opening.kinds)) return true;
  }
  return false;
}

/** Whether the text before `end`, not before `from`, may be the opening of such an identifier. */
export function mayGoOnInLetters(from: number, end: number): boolean {
  if ((unitKindAt(end - 1) & (upperBit | digitBit)) === 0) return false;
  const units = lastGroupUnits(from, end);
  for (const { kinds } of openings[units] ?? []) {
    if (endsWith(from, end, kinds)) return true;
  }
  return false;
}

/**
 * Whether a word of capitals that ends at `end`, before a space and a digit, opens such an identifier:
 * that it belongs to one shows only afterwards.
 */
export function opensInCapitals(from: number, end: number): boolean {
  if ((unitKindAt(end - 1) & upperBit) === 0) return false;
  const units = lastGroupUnits(from, end);
  for (const { kinds } of openings[units] ?? []) {
    if (kinds.length === units && endsWith(from, end, kinds)) return true;
  }
  return false;
}

function lastGroupUnits(from: number, end: number): number {
  let start = end;
  while (start > from && (unitKindAt(start - 1) & asciiWordBits) !== 0) {
    start -= 1;
    if (end - start > lastGroupUnitsMax) return 0;
  }
  return end - start;
}

function endsWith(from: number, end: number, kinds: Uint8Array): boolean {
  const start = end - kinds.length;
  if (start < from || (unitKindAt(start - 1) & wordBits) !== 0) return false;
  for (let at = kinds.length - 1; at >= 0; at -= 1) {
    const kind = kinds[at] ?? 0;
    const isSame = kind === 0 ? isSpace(unitAt(start + at)) : (unitKindAt(start + at) & kind) !== 0;
    if (!isSame) return false;
  }
  return true;
}

function buildOpenings(): readonly (readonly Opening[])[] {
  const lists: Opening[][] = Array.from({ length: lastGroupUnitsMax + 1 }, () => []);
  for (const writing of writings) {
    const groups = writing.split(" ");
    for (let count = 1; count < groups.length; count += 1) {
      const opening = groups.slice(0, count).join(" ");
      const next = kindsOf(groups[count] ?? "")[0] ?? 0;
      lists[groups[count - 1]?.length ?? 0]?.push({ kinds: kindsOf(opening), next });
    }
  }
  return lists;
}

function kindsOf(writing: string): Uint8Array {
  return Uint8Array.from(writing, (unit) => {
    if (unit === " ") return 0;
    if (unit === "d") return digitBit;
    return unit === "l" ? upperBit : upperBit | digitBit;
  });
}
