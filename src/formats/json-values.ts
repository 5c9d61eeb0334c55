import { skipSpace } from "./json-tokens.ts";
import type { ByteRange } from "./sse.ts";

const quote = 0x22;
const backslash = 0x5c;
const openers = new Set([0x5b, 0x7b]);
const closers = new Set([0x5d, 0x7d]);

/**
 * Where each of several JSON objects or arrays stands that follow one another, with nothing or blanks
 * between them; undefined where it is anything else. What lies inside them is not checked.
 */
export function splitJsonValues(
  bytes: Buffer,
  start: number,
  end: number,
): readonly ByteRange[] | undefined {
  const values: ByteRange[] = [];
  for (let from = skipSpace(bytes, start, end); from < end; ) {
    const after = valueEnd(bytes, from, end);
    if (after === undefined) return undefined;
    values.push({ start: from, end: after });
    from = skipSpace(bytes, after, end);
  }
  return values;
}

function valueEnd(bytes: Buffer, start: number, end: number): number | undefined {
  let depth = 0;
  for (let position = start; position < end; position += 1) {
    const byte = bytes[position] as number;
    if (byte === quote) position = closingQuote(bytes, position, end);
    else if (openers.has(byte)) depth += 1;
    else if (closers.has(byte)) depth -= 1;
    if (depth < 1)
      return depth === 0 && openers.has(bytes[start] as number) ? position + 1 : undefined;
  }
  return undefined;
}

function closingQuote(bytes: Buffer, opening: number, end: number): number {
  let position = opening + 1;
  while (position < end && bytes[position] !== quote) {
    position += bytes[position] === backslash ? 2 : 1;
  }
  return position;
}
