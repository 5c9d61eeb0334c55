import { invariant } from "../base/index.ts";

/** Bytes to stand in for those from `start` to `end`. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly bytes: Buffer;
}

/** The bytes with all splices done; the same buffer where there are none. */
export function applySplices(bytes: Buffer, splices: readonly Splice[]): Buffer {
  if (splices.length === 0) return bytes;
  const parts: Buffer[] = [];
  let position = 0;
  for (const splice of splices.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    invariant(splice.start >= position, "splices of one body do not overlap");
    parts.push(bytes.subarray(position, splice.start), splice.bytes);
    position = splice.end;
  }
  parts.push(bytes.subarray(position));
  return Buffer.concat(parts);
}
