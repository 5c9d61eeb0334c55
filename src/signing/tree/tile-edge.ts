import { invariant } from "../../base/index.ts";
import type { SubtreeSink } from "./compact-range.ts";
import { hashBytes } from "./hashing.ts";
import type { ReadTile } from "./tile-hashes.ts";
import { type Tile, tileHeight, tileWidth } from "./tiles.ts";

/** Is given each tile that became full; the bytes are its own. */
export type TakeTile = (tile: Tile, bytes: Uint8Array) => void;

/** The right edge of one level. */
interface LevelEdge {
  index: number;
  width: number;
  bytes: Uint8Array;
}

/**
 * Makes the tiles of a tree while it grows: hand it to `CompactRange.append`. Keeps the right edge
 * of each level only, at most 8 KiB each.
 */
export class TileEdge implements SubtreeSink {
  readonly #levels: LevelEdge[] = [];
  readonly #takeFull: TakeTile;

  constructor(takeFull: TakeTile) {
    this.#takeFull = takeFull;
  }

  /** The edge of a tree of `size` leaves from its tiles; undefined where one of them is not held. */
  static of(size: number, readTile: ReadTile, takeFull: TakeTile): TileEdge | undefined {
    const edge = new TileEdge(takeFull);
    for (
      let level = 0, width = size;
      width > 0;
      level += 1, width = Math.floor(width / tileWidth)
    ) {
      const used = width % tileWidth;
      const index = Math.floor(width / tileWidth);
      const bytes = new Uint8Array(tileWidth * hashBytes);
      if (used > 0) {
        const held = readTile(level, index);
        if (held === undefined || held.length < used * hashBytes) return undefined;
        bytes.set(held.subarray(0, used * hashBytes));
      }
      edge.#levels.push({ index, width: used, bytes });
    }
    return edge;
  }

  /** Takes the hash of the next subtree of 2 ** `treeLevel` leaves. */
  take(treeLevel: number, hash: Uint8Array): void {
    if (treeLevel % tileHeight !== 0) return;
    const level = treeLevel / tileHeight;
    const edge = this.#edgeOf(level);
    edge.bytes.set(hash, edge.width * hashBytes);
    edge.width += 1;
    if (edge.width < tileWidth) return;
    this.#takeFull({ level, index: edge.index, width: tileWidth }, edge.bytes);
    edge.index += 1;
    edge.width = 0;
    edge.bytes = new Uint8Array(tileWidth * hashBytes);
  }

  /** The tiles at the right edge that are not full, lowest level first, with copies of their bytes. */
  partials(): readonly (readonly [Tile, Uint8Array])[] {
    return this.#levels.flatMap(({ index, width, bytes }, level) =>
      width === 0 ? [] : [[{ level, index, width }, bytes.slice(0, width * hashBytes)] as const],
    );
  }

  #edgeOf(level: number): LevelEdge {
    const edge = this.#levels[level];
    if (edge !== undefined) return edge;
    invariant(level === this.#levels.length, "levels of a tree come into being one by one");
    const made = { index: 0, width: 0, bytes: new Uint8Array(tileWidth * hashBytes) };
    this.#levels.push(made);
    return made;
  }
}
