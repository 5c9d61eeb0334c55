import {
  hashBytes,
  type Tile,
  TileEdge,
  tileHeight,
  tilePath,
  tileWidth,
} from "../../signing/index.ts";
import { type LogFiles, readWhole } from "../log-files.ts";
import { listNumbers } from "../segments.ts";
import type { LogProblems } from "./problem.ts";

/**
 * Holds the tiles of a log against the hashes its records give, while the tree grows. Tiles may be
 * missing; those that are there must be right (audit-and-operations 4.5 step 4).
 */
export class TileCheck {
  /** To be told of every subtree. */
  readonly edge: TileEdge;
  readonly #files: LogFiles;
  readonly #problems: LogProblems;
  /** The names in the folder that was asked for last, which is that of hundreds of tiles. */
  #folder = "";
  #names: ReadonlySet<string> = new Set();

  constructor(files: LogFiles, problems: LogProblems) {
    this.#files = files;
    this.#problems = problems;
    this.edge = new TileEdge((tile, bytes) => this.#check(tile, bytes));
  }

  /** Checks the right edge once the last record was seen, and that no tile goes beyond it. */
  finish(size: number): void {
    for (const [tile, bytes] of this.edge.partials()) this.#check(tile, bytes);
    let level = 0;
    for (let hashes = size; hashes > 0; hashes = Math.floor(hashes / tileWidth)) {
      this.#checkBeyond(level, Math.ceil(hashes / tileWidth));
      level += 1;
    }
    this.#checkBeyond(level, 0);
  }

  /** The file of a tile, and every partial one of its place. */
  #check(tile: Tile, bytes: Uint8Array): void {
    const full = tilePath(tile.level, tile.index);
    for (const width of [...this.#partialsOf(tile.level, tile.index), tileWidth]) {
      const path = width === tileWidth ? full : `${full}.p/${width}`;
      const held = readWhole(this.#files, path);
      if (held !== undefined) this.#compare(tile, { path, width, held }, bytes);
    }
  }

  #compare(
    tile: Tile,
    { path, width, held }: { path: string; width: number; held: Uint8Array },
    bytes: Uint8Array,
  ): void {
    if (width > tile.width || held.length !== width * hashBytes) {
      const expected = Math.min(width, tile.width);
      const message = `expected ${expected * hashBytes} bytes, found ${held.length}`;
      this.#problems.add("tile_differs", { file: path, message });
      return;
    }
    const place = firstDifference(held, bytes);
    if (place < 0) return;
    const leaves = 2 ** (tile.level * tileHeight);
    const seq = (tile.index * tileWidth + place) * leaves;
    const message =
      tile.level === 0
        ? `expected the hash of record ${seq} at place ${place}, found another`
        : `expected the hash of records ${seq} to ${seq + leaves - 1}, found another`;
    this.#problems.add("tile_differs", { file: path, seq, message });
  }

  /** A tile of records the log does not have: there were more. */
  #checkBeyond(level: number, index: number): void {
    const path = tilePath(level, index);
    const [partial] = this.#partialsOf(level, index);
    const isThere = this.#files.read(path, 0, new Uint8Array(1)) !== undefined;
    if (!isThere && partial === undefined) return;
    const file = isThere ? path : `${path}.p/${partial}`;
    this.#problems.add("tile_differs", {
      file,
      message: "expected no tile beyond the last record",
    });
  }

  #partialsOf(level: number, index: number): readonly number[] {
    const folder = `${tilePath(level, index)}.p`;
    if (!this.#isThere(folder)) return [];
    const widths = listNumbers(this.#files, folder, /^([1-9][0-9]{0,2})$/);
    return widths.filter((width) => width < tileWidth);
  }

  #isThere(path: string): boolean {
    const end = path.lastIndexOf("/");
    const folder = path.slice(0, end);
    if (folder !== this.#folder) {
      this.#folder = folder;
      this.#names = new Set(this.#files.list(folder));
    }
    return this.#names.has(path.slice(end + 1));
  }
}

/** The place of the first hash that differs, -1 for none. */
function firstDifference(held: Uint8Array, bytes: Uint8Array): number {
  const expected = bytes.subarray(0, held.length);
  if (Buffer.compare(held, expected) === 0) return -1;
  return Math.floor(held.findIndex((byte, index) => byte !== expected[index]) / hashBytes);
}
