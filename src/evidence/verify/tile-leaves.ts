import {
  type CompactRange,
  hashBytes,
  hashInTile,
  type SubtreeSink,
  tilePath,
  tileWidth,
} from "../../signing/index.ts";
import { type LogFiles, readWhole } from "../log-files.ts";
import { listNumbers } from "../segments.ts";

/**
 * Goes on with a tree up to `size` with the leaf hashes that tiles hold, for records that are gone.
 * Tells every size it reaches; false where a tile is missing.
 */
export function appendFromTiles(
  files: LogFiles,
  size: number,
  tree: { readonly range: CompactRange; readonly subtrees: SubtreeSink },
  reached: (size: number) => void,
): boolean {
  const { range, subtrees } = tree;
  while (range.size < size) {
    const index = Math.floor(range.size / tileWidth);
    const end = Math.min(size, (index + 1) * tileWidth);
    const tile = readLeafTile(files, index, end - index * tileWidth);
    if (tile === undefined) return false;
    while (range.size < end) {
      const hash = hashInTile(tile, range.size % tileWidth);
      if (hash === undefined) return false;
      range.append(hash, subtrees);
      reached(range.size);
    }
  }
  return true;
}

/** A tile of leaves with at least `width` hashes, full or partial. */
function readLeafTile(files: LogFiles, index: number, width: number): Uint8Array | undefined {
  const path = tilePath(0, index);
  const full = readWhole(files, path);
  if (full !== undefined) return full;
  const widths = listNumbers(files, `${path}.p`, /^([1-9][0-9]{0,2})$/);
  const fitting = widths.find((one) => one >= width);
  const partial = fitting === undefined ? undefined : readWhole(files, `${path}.p/${fitting}`);
  return partial !== undefined && partial.length >= width * hashBytes ? partial : undefined;
}
