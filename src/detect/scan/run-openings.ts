import { kindBits } from "../text/character-kind.ts";
import { units } from "../text/units.ts";
import { groupStart, type NumberGroups } from "./number-groups.ts";

/**
 * How runs of ASCII letters and digits may begin, as bits behind those of character kinds and signs. Told
 * by their first units, so that long tokens do not call families whose values begin otherwise.
 */
export const openingsShift = 2 * kindBits;
/** Two letters and two digits, as in `GB82`. */
export const ibanOpening = 1 << openingsShift;
/** `eyJ`, which is `{"` in base64url. */
export const jsonOpening = 1 << (openingsShift + 1);
/** Two or three digits and what a word for years may follow with: `93yo`, `93-y`, `104 y`. */
export const ageOpening = 1 << (openingsShift + 2);
/** 1 or 3, as an address in base 58. */
export const base58Opening = 1 << (openingsShift + 3);
/** `bc` and `0x`, as addresses with a prefix; also `bx` and `0c`. */
export const prefixOpening = 1 << (openingsShift + 4);

const digits = "0123456789";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** What each of the first four units may be; where none is named, it may be any. */
const openings: readonly (readonly [opening: number, ...places: string[]])[] = [
  [ibanOpening, letters, letters, digits, digits],
  [jsonOpening, "e", "y", "J"],
  [ageOpening, "019", digits, `${digits}y- `, "yoer/- "],
  [base58Opening, "13"],
  [prefixOpening, "0bB", "xXcC"],
];

const placesMax = 4;
const rows = 128;
const rowMask = rows - 1;

/** For each place and each unit of ASCII the openings that may have it there, shifted down. */
const table = buildTable();

/**
 * How the runs of a segment begin, all together, shifted down by `openingsShift`. What is no opening may
 * be taken for one where a run has fewer units or others than ASCII follow.
 */
export function openingsOf(runs: NumberGroups): number {
  let found = 0;
  for (let index = 0; index < runs.count; index += 1) found |= openingsAt(groupStart(runs, index));
  return found;
}

// Each unit leaves the openings that may have it at its place: no branch for any of them.
function openingsAt(at: number): number {
  return (
    (table[(units[at] ?? 0) & rowMask] ?? 0) &
    (table[rows + ((units[at + 1] ?? 0) & rowMask)] ?? 0) &
    (table[2 * rows + ((units[at + 2] ?? 0) & rowMask)] ?? 0) &
    (table[3 * rows + ((units[at + 3] ?? 0) & rowMask)] ?? 0)
  );
}

function buildTable(): Uint8Array {
  return Uint8Array.from({ length: placesMax * rows }, (_, cell) => {
    const unit = String.fromCharCode(cell & rowMask);
    let bits = 0;
    for (const [opening, ...places] of openings) {
      const allowed = places[Math.floor(cell / rows)];
      if (allowed === undefined || allowed.includes(unit)) bits |= opening >> openingsShift;
    }
    return bits;
  });
}
