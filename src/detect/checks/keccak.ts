/**
 * Keccak-256 as Ethereum uses it: the sponge with the padding of the original submission, which is not
 * that of SHA-3 (FIPS 202), so that the digests of `node:crypto` differ. For short messages: up to
 * 135 bytes, one block.
 */
import { invariant } from "../../base/index.ts";

const rateBytes = 136;
const rounds = 24;
const originalPadding = 1;
/** Two 32-bit halves of each lane, the low one first. */
const state = new Int32Array(50);
const columns = new Int32Array(10);
const rotated = new Int32Array(50);

/** Rotations along the walk of rho, and where it goes (pi): Keccak reference, 1.2. */
const offsets: readonly number[] = [
  ...[1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44],
];
const walk: readonly number[] = [
  ...[10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1],
];
const roundConstants = buildRoundConstants();

/** The 32 bytes of the digest of a short ASCII text. */
export function keccak256(text: string): Uint8Array {
  return sponge256(text, originalPadding);
}

/**
 * The 32 bytes that the sponge gives for a short ASCII text and the first byte of its padding: 1 in
 * the original, 6 in SHA-3.
 */
export function sponge256(text: string, padding: number): Uint8Array {
  invariant(text.length < rateBytes, "the message fits into one block");
  state.fill(0);
  const bytes = new Uint8Array(state.buffer);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  bytes[text.length] = padding;
  bytes[rateBytes - 1] = (bytes[rateBytes - 1] ?? 0) | 0x80;
  for (let round = 0; round < rounds; round += 1) permute(round);
  return bytes.slice(0, 32);
}

function permute(round: number): void {
  mixColumns();
  rotateLanes();
  mixRows();
  state[0] = low(0) ^ (roundConstants[2 * round] ?? 0);
  state[1] = high(0) ^ (roundConstants[2 * round + 1] ?? 0);
}

function low(lane: number): number {
  return state[2 * lane] ?? 0;
}

function high(lane: number): number {
  return state[2 * lane + 1] ?? 0;
}

// Theta: each lane takes up the parity of two columns.
function mixColumns(): void {
  for (let x = 0; x < 10; x += 1) {
    let parity = 0;
    for (let row = 0; row < 5; row += 1) parity ^= state[x + 10 * row] ?? 0;
    columns[x] = parity;
  }
  for (let x = 0; x < 5; x += 1) {
    const left = (x + 4) % 5;
    const right = (x + 1) % 5;
    const rightLow = columns[2 * right] ?? 0;
    const rightHigh = columns[2 * right + 1] ?? 0;
    const mixLow = (columns[2 * left] ?? 0) ^ ((rightLow << 1) | (rightHigh >>> 31));
    const mixHigh = (columns[2 * left + 1] ?? 0) ^ ((rightHigh << 1) | (rightLow >>> 31));
    for (let row = 0; row < 5; row += 1) {
      const lane = x + 5 * row;
      state[2 * lane] = low(lane) ^ mixLow;
      state[2 * lane + 1] = high(lane) ^ mixHigh;
    }
  }
}

// Rho and pi: each lane turns and moves to the next place of the walk.
function rotateLanes(): void {
  let lowHalf = low(1);
  let highHalf = high(1);
  for (let step = 0; step < 24; step += 1) {
    const lane = walk[step] ?? 0;
    const turn = offsets[step] ?? 0;
    const nextLow = low(lane);
    const nextHigh = high(lane);
    const isSwapped = turn >= 32;
    const one = isSwapped ? highHalf : lowHalf;
    const other = isSwapped ? lowHalf : highHalf;
    const bits = turn & 31;
    state[2 * lane] = (one << bits) | (other >>> (32 - bits));
    state[2 * lane + 1] = (other << bits) | (one >>> (32 - bits));
    lowHalf = nextLow;
    highHalf = nextHigh;
  }
}

// Chi: each lane is changed by the two to its right.
function mixRows(): void {
  rotated.set(state);
  for (let row = 0; row < 50; row += 10) {
    for (let x = 0; x < 10; x += 1) {
      const next = row + (x < 8 ? x + 2 : x - 8);
      const afterNext = row + (x < 6 ? x + 4 : x - 6);
      const mix = ~(rotated[next] ?? 0) & (rotated[afterNext] ?? 0);
      state[row + x] = (rotated[row + x] ?? 0) ^ mix;
    }
  }
}

// Iota: bits of a linear feedback register at the places 2^j - 1.
function buildRoundConstants(): Int32Array {
  const constants = new Int32Array(2 * rounds);
  let register = 1;
  for (let round = 0; round < rounds; round += 1) {
    for (let power = 0; power < 7; power += 1) {
      const place = (1 << power) - 1;
      const half = 2 * round + (place >> 5);
      if ((register & 1) !== 0) constants[half] = (constants[half] ?? 0) ^ (1 << (place & 31));
      register = (register << 1) ^ ((register >> 7) * 0x171);
    }
  }
  return constants;
}
