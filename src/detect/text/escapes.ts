import type { OpenSign, Sign } from "./text-layer.ts";

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

/** The end of the backslashes that begin at `start`, or of the first `unitsMax` of them. */
export function endOfBackslashes(text: string, start: number, unitsMax: number): number {
  let end = start + 1;
  while (end - start < unitsMax && text.charAt(end) === backslash) end += 1;
  return end;
}

/**
 * What the backslashes from `start` to `letterAt` and the letter there stand for in a JSON string
 * (RFC 8259, section 7); nothing if that is no escape. Any other backslash stands for itself.
 */
export function escapeAt(
  text: string,
  start: number,
  letterAt: number,
): Sign | OpenSign | undefined {
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
