import { hashBytes, type SubtreeHashes, type SubtreeSink } from "../../signing/index.ts";

const placeholder = new Uint8Array(hashBytes);

/**
 * The hashes that proofs will need, gathered in one walk over the tree: asked for hashes first, it
 * notes which; told of subtrees then, it keeps those; asked again, it has them. So a proof from a log
 * of any length takes a few kilobytes.
 */
export class NeededHashes implements SubtreeHashes, SubtreeSink {
  readonly #hashes = new Map<string, Uint8Array | undefined>();
  readonly #complete: number[] = [];
  readonly #held: SubtreeHashes | undefined;
  #isAsking = true;

  /** `held` has hashes that no walk will tell, as tiles do of pruned records. */
  constructor(held?: SubtreeHashes) {
    this.#held = held;
  }

  /** While it is asked what is needed: a placeholder. Then: the hash, undefined where none came. */
  hash(level: number, index: number): Uint8Array | undefined {
    const key = `${level}/${index}`;
    if (!this.#isAsking) return this.#hashes.get(key) ?? this.#held?.hash(level, index);
    this.#hashes.set(key, undefined);
    return placeholder;
  }

  /** Ends the asking: `size` records come before those that will be told. */
  gatherFrom(size: number): void {
    this.#isAsking = false;
    for (let width = size; width > 0; width = Math.floor(width / 2)) this.#complete.push(width);
  }

  take(level: number, hash: Uint8Array): void {
    const index = this.#complete[level] ?? 0;
    this.#complete[level] = index + 1;
    const key = `${level}/${index}`;
    if (this.#hashes.has(key)) this.#hashes.set(key, Uint8Array.from(hash));
  }
}
