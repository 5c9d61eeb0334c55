import { invariant } from "../../base/index.ts";
import { emptyRoot, nodeHash } from "./hashing.ts";

/** Hashes of perfect subtrees, as tiles or a store of nodes hold them. */
export interface SubtreeHashes {
  /**
   * The hash over the leaves from `index * 2 ** level` up to `(index + 1) * 2 ** level`, undefined
   * where it is not held. Level 0 are the leaves.
   */
  hash(level: number, index: number): Uint8Array | undefined;
}

/**
 * The audit path of a leaf in the tree of the first `size` leaves, lowest hash first (RFC 6962
 * section 2.1.1); undefined where a hash it needs is not held. `index` must be below `size`.
 */
export function inclusionProof(
  index: number,
  size: number,
  hashes: SubtreeHashes,
): readonly Buffer[] | undefined {
  invariant(index >= 0 && index < size, "a proof is of a leaf the tree has");
  return complete(pathOf(index, 0, size, hashes));
}

/**
 * The proof that the tree of `from` leaves is the beginning of that of `to` leaves (RFC 6962
 * section 2.1.2), empty where `from` is 0 or `to`; undefined where a hash it needs is not held.
 */
export function consistencyProof(
  from: number,
  to: number,
  hashes: SubtreeHashes,
): readonly Buffer[] | undefined {
  invariant(from >= 0 && from <= to, "a tree grows from the smaller to the larger");
  return from === 0 || from === to ? [] : complete(stepsOf(from, 0, to, true, hashes));
}

/** What an inclusion proof is held against. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
}

/** Whether the proof shows the leaf at its index under the root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(claim: InclusionClaim, proof: readonly Uint8Array[]): boolean {
  const { index, size, leaf, root } = claim;
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && isSame(hash, root);
}

/** A tree by its size and its root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/**
 * Whether the proof shows the older tree to be the beginning of the newer one (RFC 9162 section
 * 2.1.4.2). The empty tree is the beginning of every tree, with an empty proof.
 */
export function verifyConsistency(
  older: TreeHead,
  newer: TreeHead,
  proof: readonly Uint8Array[],
): boolean {
  if (!isCount(older.size) || !isCount(newer.size) || older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && isSame(older.root, newer.root);
  if (older.size === 0) return proof.length === 0 && isSame(older.root, emptyRoot);
  return foldsToBoth(older, newer, proof);
}

function foldsToBoth(older: TreeHead, newer: TreeHead, proof: readonly Uint8Array[]): boolean {
  let node = older.size - 1;
  let last = newer.size - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  // An older tree that is one perfect subtree is not repeated in the proof.
  const steps = node === 0 ? [older.root, ...proof] : proof;
  const first = steps[0];
  if (first === undefined) return false;
  let olderHash = first;
  let newerHash = first;
  for (const step of steps.slice(1)) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      olderHash = nodeHash(step, olderHash);
      newerHash = nodeHash(step, newerHash);
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      newerHash = nodeHash(newerHash, step);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && isSame(olderHash, older.root) && isSame(newerHash, newer.root);
}

/** PATH(index, D[begin:end]) of RFC 6962 section 2.1.1. */
function pathOf(
  index: number,
  begin: number,
  end: number,
  hashes: SubtreeHashes,
): (Uint8Array | undefined)[] {
  if (end - begin === 1) return [];
  const middle = begin + splitOf(end - begin);
  return index < middle
    ? [...pathOf(index, begin, middle, hashes), rangeHash(middle, end, hashes)]
    : [...pathOf(index, middle, end, hashes), rangeHash(begin, middle, hashes)];
}

/** SUBPROOF(from, D[begin:end], isWhole) of RFC 6962 section 2.1.2. */
function stepsOf(
  from: number,
  begin: number,
  end: number,
  isWhole: boolean,
  hashes: SubtreeHashes,
): (Uint8Array | undefined)[] {
  if (from === end) return isWhole ? [] : [rangeHash(begin, end, hashes)];
  const middle = begin + splitOf(end - begin);
  return from <= middle
    ? [...stepsOf(from, begin, middle, isWhole, hashes), rangeHash(middle, end, hashes)]
    : [...stepsOf(from, middle, end, false, hashes), rangeHash(begin, middle, hashes)];
}

/** MTH(D[begin:end]), where `begin` is a multiple of the largest power of two in the width. */
function rangeHash(begin: number, end: number, hashes: SubtreeHashes): Uint8Array | undefined {
  const width = end - begin;
  const split = splitOf(width);
  if (width === 1 || split * 2 === width) return hashes.hash(Math.log2(width), begin / width);
  const left = rangeHash(begin, begin + split, hashes);
  const right = rangeHash(begin + split, end, hashes);
  return left === undefined || right === undefined ? undefined : nodeHash(left, right);
}

/** The largest power of two below a width of two or more; 1 for a width of 1. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

function complete(hashes: readonly (Uint8Array | undefined)[]): readonly Buffer[] | undefined {
  const found = hashes.filter((one) => one !== undefined);
  return found.length === hashes.length ? found.map((one) => Buffer.from(one)) : undefined;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
