import type { JsonDocument } from "./json-document.ts";
import { skipSpace } from "./json-tokens.ts";
import type { Splice } from "./splice.ts";

const comma = 0x2c;
const nothing = Buffer.alloc(0);

/** Bytes of one item of a list, or of one member with its name. */
export interface ItemRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Takes items out of lists and objects, each with one comma: the one before it where that still
 * stands, else the one behind it. Items may be of several containers.
 */
export function removeItems(
  { bytes }: JsonDocument,
  items: readonly ItemRange[],
): readonly Splice[] {
  const splices: Splice[] = [];
  let removedTo = 0;
  for (const { start, end } of items.toSorted((a, b) => a.start - b.start)) {
    const before = lastBefore(bytes, start);
    const takesBefore = bytes[before] === comma && before >= removedTo;
    const behind = skipSpace(bytes, end, bytes.length);
    const range = takesBefore
      ? { start: before, end }
      : { start, end: bytes[behind] === comma ? behind + 1 : end };
    splices.push({ ...range, bytes: nothing });
    removedTo = range.end;
  }
  return splices;
}

/** The last byte before this one that is no white space. */
function lastBefore(bytes: Buffer, position: number): number {
  let before = position - 1;
  while (before > 0 && (bytes[before] as number) <= 0x20) before -= 1;
  return before;
}
