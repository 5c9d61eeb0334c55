import { invariant } from "../../base/index.ts";
import { emptyRoot, hashBytes, nodeHash } from "./hashing.ts";

/** Is told every subtree that becomes complete, in the order of their last leaves. */
export interface SubtreeSink {
  /** `hash` covers 2 ** `level` leaves; level 0 is the leaf itself. */
  take(level: number, hash: Uint8Array): void;
}

/**
 * What is kept of a tree that only grows: the hashes of its perfect subtrees, at most 53, from
 * which its root and every later one follow. Sizes are counts of leaves.
 */
export class CompactRange {
  #size: number;
  readonly #hashes: Buffer[];

  private constructor(size: number, hashes: Buffer[]) {
    this.#size = size;
    this.#hashes = hashes;
  }

  /** The range of a tree without leaves. */
  static empty(): CompactRange {
    return new CompactRange(0, []);
  }

  /**
   * The range of a tree of `size` leaves from the hashes of its perfect subtrees, largest first, as
   * `hashes()` gives them; undefined where a size has other than that many. It copies what it keeps.
   */
  static of(size: number, hashes: readonly Uint8Array[]): CompactRange | undefined {
    if (!Number.isSafeInteger(size) || size < 0) return undefined;
    if (hashes.length !== subtreesOf(size)) return undefined;
    if (hashes.some(({ length }) => length !== hashBytes)) return undefined;
    return new CompactRange(
      size,
      hashes.map((one) => Buffer.from(one)),
    );
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds the hash of one leaf, which must not change afterwards. */
  append(leaf: Buffer, subtrees?: SubtreeSink): void {
    let hash = leaf;
    let level = 0;
    subtrees?.take(level, hash);
    for (let width = this.#size; width % 2 === 1; width = (width - 1) / 2) {
      const left = this.#hashes.pop();
      invariant(left !== undefined, "a range has a hash for every bit of its size");
      hash = nodeHash(left, hash);
      level += 1;
      subtrees?.take(level, hash);
    }
    this.#hashes.push(hash);
    this.#size += 1;
  }

  /** The Merkle tree hash of all leaves so far (RFC 6962 section 2.1). */
  root(): Buffer {
    const hashes = this.#hashes;
    let root = hashes.at(-1) ?? emptyRoot;
    for (let index = hashes.length - 2; index >= 0; index -= 1) {
      root = nodeHash(hashes[index] ?? emptyRoot, root);
    }
    return root;
  }

  /** The hashes of the perfect subtrees, largest first; their bytes are not to be changed. */
  hashes(): readonly Buffer[] {
    return [...this.#hashes];
  }

  /** Another range that starts as this one is and goes its own way. */
  fork(): CompactRange {
    return new CompactRange(this.#size, [...this.#hashes]);
  }
}

/** The perfect subtrees of a tree: the ones in its size as a binary number. */
function subtreesOf(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
