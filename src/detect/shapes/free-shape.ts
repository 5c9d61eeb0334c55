import { digitBit, kindAt } from "../text/character-kind.ts";

/** Masks of any letters and digits for each number of characters from `unitsMin` to `unitsMax`. */
export function anyMasks(unitsMin: number, unitsMax: number): readonly string[] {
  return masksOf("x", unitsMin, unitsMax);
}

/** Masks of digits for each number of them from `unitsMin` to `unitsMax`. */
export function digitMasks(unitsMin: number, unitsMax: number): readonly string[] {
  return masksOf("d", unitsMin, unitsMax);
}

/** Layouts without separators for each number of characters from `unitsMin` to `unitsMax`. */
export function bareLayouts(unitsMin: number, unitsMax: number): readonly string[] {
  return countsBetween(unitsMin, unitsMax).map(String);
}

/** How many of the characters are digits. */
export function digitsIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    if ((kindAt(text, at) & digitBit) !== 0) count += 1;
  }
  return count;
}

function masksOf(kind: string, unitsMin: number, unitsMax: number): readonly string[] {
  return countsBetween(unitsMin, unitsMax).map((units) => kind.repeat(units));
}

function countsBetween(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
