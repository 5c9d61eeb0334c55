/** The numbers of a search: all of them, or as many as allowed, evenly and always the same ones. */
export interface Spread {
  readonly isExhaustive: boolean;
  readonly indexes: Iterable<number>;
}

/** Of the numbers below `total`, at most `most`. */
export function spreadOver(total: number, most: number): Spread {
  if (total <= most) return { isExhaustive: true, indexes: countTo(total, { total, stride: 1 }) };
  // A stride without a divisor in common meets no number twice; the golden section leaves no gaps.
  let stride = Math.floor(total * 0.618_033_988_75);
  while (greatestDivisor(stride, total) !== 1) stride += 1;
  return { isExhaustive: false, indexes: countTo(most, { total, stride }) };
}

function* countTo(
  count: number,
  { total, stride }: { readonly total: number; readonly stride: number },
): Iterable<number> {
  let index = 0;
  for (let step = 0; step < count; step += 1) {
    yield index;
    index = (index + stride) % total;
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
