import { invariant } from "../../base/index.ts";
import { hashBytes } from "./hashing.ts";

/** Levels of the tree in one tile, and hashes in a full one (C2SP tlog-tiles). */
export const tileHeight = 8;
export const tileWidth = 256;

/** One tile: `width` hashes of tree level `level * 8`, the first with index `index * 256`. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  /** 1 to 256; below 256 the tile is partial. */
  readonly width: number;
}

/** The path of a tile below a log, as in `tile/0/x001/x234/067.p/3` (C2SP tlog-tiles). */
export function tilePath(level: number, index: number, width: number = tileWidth): string {
  invariant(width >= 1 && width <= tileWidth, "a tile holds 1 to 256 hashes");
  const path = `tile/${level}/${indexPath(index)}`;
  return width === tileWidth ? path : `${path}.p/${width}`;
}

function indexPath(index: number): string {
  const name = String(index % 1000).padStart(3, "0");
  let path = name;
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return path;
}

/**
 * The tiles of a tree of `to` leaves that one of `from` leaves did not have: every full tile that
 * became full, and the partial right edge of each level. With `from` 0, all tiles.
 */
export function tilesBetween(from: number, to: number): readonly Tile[] {
  const tiles: Tile[] = [];
  let before = from;
  let after = to;
  for (let level = 0; after > 0; level += 1) {
    if (after !== before) addTiles(tiles, level, before, after);
    before = Math.floor(before / tileWidth);
    after = Math.floor(after / tileWidth);
  }
  return tiles;
}

function addTiles(tiles: Tile[], level: number, before: number, after: number): void {
  for (let index = Math.floor(before / tileWidth); index * tileWidth < after; index += 1) {
    tiles.push({ level, index, width: Math.min(tileWidth, after - index * tileWidth) });
  }
}

/** The hash at a place of a tile's bytes, undefined beyond its end. */
export function hashInTile(tile: Uint8Array, place: number): Uint8Array | undefined {
  const start = place * hashBytes;
  return start + hashBytes <= tile.length ? tile.subarray(start, start + hashBytes) : undefined;
}
