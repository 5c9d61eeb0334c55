import type { OpenSign, Sign, SignFinder } from "./text-layer.ts";

/**
 * The escapes of a JSON string (RFC 8259, section 7), one layer of them: in JSON inside JSON each
 * layer escapes the backslashes of the one within. Any other backslash stands for itself.
 */
export const escapes: SignFinder = {
  find: (text, from, isLast) => findEscape(text, from, { backslashesMax: 1, isLast }),
};

/**
 * The last layer that is undone. However many backslashes stand before a letter, they are read as
 * one, so that the line breaks and quotes of deeper layers are still seen.
 */
export const innermostEscapes: SignFinder = {
  find: (text, from, isLast) => findEscape(text, from, { backslashesMax: 64, isLast }),
};

const backslash = "\\";
const hexLetter = "u";
const hexUnits = 4;

const readings: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  [backslash, backslash],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

interface EscapeSearch {
  /** Backslashes in a row that count as one. */
  readonly backslashesMax: number;
  readonly isLast: boolean;
}

function findEscape(text: string, from: number, search: EscapeSearch): Sign | OpenSign | undefined {
  let start = text.indexOf(backslash, from);
  while (start >= 0) {
    const letterAt = endOfBackslashes(text, start, search.backslashesMax);
    const found = escapeAt(text, start, letterAt);
    if (found === undefined) start = text.indexOf(backslash, letterAt);
    else if ("reading" in found) return found;
    else return search.isLast ? undefined : found;
  }
  return undefined;
}

function endOfBackslashes(text: string, start: number, unitsMax: number): number {
  let end = start + 1;
  while (end - start < unitsMax && text.charAt(end) === backslash) end += 1;
  return end;
}

// The backslashes from `start` to `letterAt`, and what the letter makes of them.
function escapeAt(text: string, start: number, letterAt: number): Sign | OpenSign | undefined {
  if (letterAt >= text.length) return { waitsAt: start };
  const letter = text.charAt(letterAt);
  if (letter === hexLetter) return hexEscapeAt(text, start, letterAt + 1);
  const reading = readings.get(letter);
  return reading === undefined ? undefined : { start, end: letterAt + 1, reading };
}

function hexEscapeAt(text: string, start: number, digitsAt: number): Sign | OpenSign | undefined {
  const digits = text.slice(digitsAt, digitsAt + hexUnits);
  if (!/^[0-9A-Fa-f]*$/.test(digits)) return undefined;
  if (digits.length < hexUnits) return { waitsAt: start };
  const reading = String.fromCharCode(Number.parseInt(digits, 16));
  return { start, end: digitsAt + hexUnits, reading };
}
