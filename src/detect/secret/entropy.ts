import { units } from "../text/units.ts";

const counts = new Uint16Array(256);
/** What a character adds to the sum of `count * log2(count)`, by how often it was there before. */
const gains = Float64Array.from({ length: 1024 }, (_, count) => gainOf(count));
/** Shares that are powers of two give whole bits, whatever rounding on the way there does. */
const places = 1e9;

/**
 * Shannon entropy in bits per character, to nine places, of what stands between two places of the text
 * that is laid down. Meant for text that is ASCII.
 */
export function entropyBits(start: number, end: number): number {
  const length = end - start;
  if (length <= 0) return 0;
  counts.fill(0);
  let sum = 0;
  for (let at = start; at < end; at += 1) {
    const code = (units[at] ?? 0) & 0xff;
    const count = counts[code] ?? 0;
    sum += gains[count] ?? gainOf(count);
    counts[code] = count + 1;
  }
  return Math.round((Math.log2(length) - sum / length) * places) / places;
}

function gainOf(count: number): number {
  const before = count === 0 ? 0 : count * Math.log2(count);
  return (count + 1) * Math.log2(count + 1) - before;
}
