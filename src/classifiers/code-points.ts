/** Offsets in code points, as Python counts them, to UTF-16 units. */
export interface CodePointOffsets {
  /** Of an offset beyond the text, its end. */
  toUnits(codePoints: number): number;
}

/** The offsets of one text; nothing is kept of one whose characters are all one unit long. */
export function codePointOffsets(text: string): CodePointOffsets {
  const within = (offset: number) => Math.min(Math.max(offset, 0), text.length);
  // Code point offsets of the pairs, ascending: each moves all that is behind it on by one.
  const pairs: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const isPair =
      (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
    if (!isPair) continue;
    pairs.push(at - pairs.length);
    at += 1;
  }
  if (pairs.length === 0) return { toUnits: within };
  return { toUnits: (codePoints) => within(codePoints + countBelow(pairs, codePoints)) };
}

function countBelow(ascending: readonly number[], bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
