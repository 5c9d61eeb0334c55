import { nodeHash } from "./hashing.ts";
import type { SubtreeHashes } from "./proofs.ts";
import { hashInTile, tileHeight, tileWidth } from "./tiles.ts";

/** Gives the bytes of a tile as far as it is held, the fullest there is; undefined for none. */
export type ReadTile = (level: number, index: number) => Uint8Array | undefined;

/** The hashes of a tree as its tiles hold them, computed up from the level of the tile. */
export class TileHashes implements SubtreeHashes {
  readonly #readTile: ReadTile;

  constructor(readTile: ReadTile) {
    this.#readTile = readTile;
  }

  hash(level: number, index: number): Uint8Array | undefined {
    const above = level % tileHeight;
    const width = 2 ** above;
    const first = index * width;
    const tile = this.#readTile((level - above) / tileHeight, Math.floor(first / tileWidth));
    return tile === undefined ? undefined : foldTile(tile, first % tileWidth, width);
  }
}

/** The hash over `width` places of a tile from `first` on; a width is a power of two. */
function foldTile(tile: Uint8Array, first: number, width: number): Uint8Array | undefined {
  if (width === 1) return hashInTile(tile, first);
  const left = foldTile(tile, first, width / 2);
  const right = foldTile(tile, first + width / 2, width / 2);
  return left === undefined || right === undefined ? undefined : nodeHash(left, right);
}
