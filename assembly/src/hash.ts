import { smallBit, units, weights } from "./memory";

/**
 * The hash of a word is the value of a polynomial, its letters the coefficients, so that eight of them
 * are multiplied at once. Known to `word-table.ts` of the engine too, which reads words letter by letter.
 */
export const hashBase: u32 = 0x9e3779b1;

/** Letters that are multiplied at once. */
const lanes: u32 = 8;

/** Of words of 0 to 8 letters the weight of each; behind those the powers of the base of each length. */
export function layDownWeights(): void {
  for (let count: u32 = 0; count <= lanes; count++) {
    let power: u32 = 1;
    for (let lane: u32 = count; lane > 0; lane--) {
      store<u32>(weightsOf(count) + ((<usize>(lane - 1)) << 2), power);
      power *= hashBase;
    }
    store<u32>(powerOf(count), power);
  }
}

/** The hash of `count` letters of ASCII, at least one, from a place on. */
// @inline
export function hashOf(at: u32, count: u32): u32 {
  let from = units + ((<usize>at) << 1);
  if (count <= lanes) return hashOfLanes(from, count);
  let hash: u32 = 0;
  let rest = count;
  while (rest > lanes) {
    hash = hash * load<u32>(powerOf(lanes)) + hashOfLanes(from, lanes);
    from += lanes << 1;
    rest -= lanes;
  }
  return hash * load<u32>(powerOf(rest)) + hashOfLanes(from, rest);
}

// @inline
function hashOfLanes(from: usize, count: u32): u32 {
  const small = v128.or(v128.load(from), v128.load(smallBit));
  const weight = weightsOf(count);
  const low = i32x4.mul(i32x4.extend_low_i16x8_u(small), v128.load(weight));
  const high = i32x4.mul(i32x4.extend_high_i16x8_u(small), v128.load(weight, 16));
  const four = i32x4.add(low, high);
  const two = i32x4.add(four, i64x2.shuffle(four, four, 1, 0));
  return i32x4.extract_lane(i32x4.add(two, i32x4.shuffle(two, two, 1, 0, 3, 2)), 0);
}

// @inline
function weightsOf(count: u32): usize {
  return weights + ((<usize>count) << 5);
}

// @inline
function powerOf(count: u32): usize {
  return weights + ((<usize>(lanes + 1)) << 5) + ((<usize>count) << 2);
}
