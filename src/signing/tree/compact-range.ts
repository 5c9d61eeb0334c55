import { emptyRoot, hashBytes, leafInput, NodePair, nodeHash, writeHash } from "./hashing.ts";

/** Is told every subtree that becomes complete, in the order of their last leaves. */
export interface SubtreeSink {
  /** `hash` covers 2 ** `level` leaves; level 0 is the leaf itself. It is not to be kept: it changes. */
  take(level: number, hash: Uint8Array): void;
}

/**
 * What is kept of a tree that only grows: the hashes of its perfect subtrees, at most 53, from
 * which its root and every later one follow. Sizes are counts of leaves.
 */
export class CompactRange {
  #size: number;
  /** By level: the subtree that waits on the left for its sibling, where the size has that bit. */
  readonly #pairs: NodePair[] = [];

  /** `hashes` are those of the perfect subtrees, largest first; it copies them. */
  private constructor(size: number, hashes: readonly Uint8Array[]) {
    this.#size = size;
    for (const [index, level] of levelsOf(size).entries()) {
      this.#pairAt(level).left.set(hashes[index] ?? emptyRoot);
    }
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
    if (hashes.length !== levelsOf(size).length) return undefined;
    if (hashes.some(({ length }) => length !== hashBytes)) return undefined;
    return new CompactRange(size, hashes);
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** Adds the leaf of one line. */
  appendLine(line: Uint8Array, subtrees?: SubtreeSink): void {
    this.appendLeaf(leafInput(line), subtrees);
  }

  /** The same from the line behind a byte that is `leafPrefix`. */
  appendLeaf(input: Uint8Array, subtrees?: SubtreeSink): void {
    const leaf = this.#placeAt(0, this.#size);
    writeHash(input, leaf);
    this.#grow(leaf, subtrees);
  }

  /** Adds the hash of one leaf. */
  append(hash: Uint8Array, subtrees?: SubtreeSink): void {
    const leaf = this.#placeAt(0, this.#size);
    leaf.set(hash);
    this.#grow(leaf, subtrees);
  }

  /** The Merkle tree hash of all leaves so far (RFC 6962 section 2.1). */
  root(): Buffer {
    const [smallest, ...larger] = levelsOf(this.#size)
      .map((level) => this.#pairAt(level).left)
      .reverse();
    if (smallest === undefined) return emptyRoot;
    return larger.reduce((right, left) => nodeHash(left, right), Buffer.from(smallest));
  }

  /** The hashes of the perfect subtrees, largest first. */
  hashes(): readonly Buffer[] {
    return levelsOf(this.#size).map((level) => Buffer.from(this.#pairAt(level).left));
  }

  /** Another range that starts as this one is and goes its own way. */
  fork(): CompactRange {
    return new CompactRange(this.#size, this.hashes());
  }

  /** Hashes the nodes above a leaf that is in its place, as far up as they have all their leaves. */
  #grow(leaf: Buffer, subtrees: SubtreeSink | undefined): void {
    subtrees?.take(0, leaf);
    let level = 0;
    for (let width = this.#size; width % 2 === 1; level += 1) {
      const pair = this.#pairAt(level);
      width = (width - 1) / 2;
      const parent = this.#placeAt(level + 1, width);
      pair.writeParent(parent);
      subtrees?.take(level + 1, parent);
    }
    this.#size += 1;
  }

  /** Where the node with this index goes: an even one waits on the left, an odd one joins it. */
  #placeAt(level: number, index: number): Buffer {
    const pair = this.#pairAt(level);
    return index % 2 === 0 ? pair.left : pair.right;
  }

  #pairAt(level: number): NodePair {
    while (this.#pairs.length <= level) this.#pairs.push(new NodePair());
    return this.#pairs[level] as NodePair;
  }
}

/** The levels of the perfect subtrees of a tree, highest first: the ones in its size in binary. */
function levelsOf(size: number): readonly number[] {
  const levels: number[] = [];
  for (let level = 0, rest = size; rest > 0; level += 1, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) levels.unshift(level);
  }
  return levels;
}
