import { join } from "node:path";
import {
  CompactRange,
  hashBytes,
  type SubtreeHashes,
  type Tile,
  TileEdge,
  TileHashes,
  tileHeight,
  tilePath,
  tileWidth,
} from "../signing/index.ts";
import { readIfThere, replaceFilesNow } from "./durable-file.ts";

/** A tile that is full and not on the disk yet. */
export interface FullTile {
  readonly tile: Tile;
  /** Of its file. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The size of the tree from which on it is needed. */
  readonly dueSize: number;
}

/** The tree over the records of one log, and its tiles in the log's folder. */
export class LogTree {
  readonly #folder: string;
  readonly #range: CompactRange;
  readonly #edge: TileEdge;
  readonly #full: FullTile[];

  private constructor(folder: string, range: CompactRange, edge: TileEdge, full: FullTile[]) {
    this.#folder = folder;
    this.#range = range;
    this.#edge = edge;
    this.#full = full;
  }

  /**
   * The tree of the log in a folder, as of a size at which it was sealed (or 0), whose range is
   * given; undefined where the tiles on the disk do not hold it.
   */
  static open(folder: string, range: CompactRange): LogTree | undefined {
    const full: FullTile[] = [];
    const take = (tile: Tile, bytes: Uint8Array) => {
      const leaves = tileWidth ** (tile.level + 1);
      const path = join(folder, pathOf(tile));
      full.push({ tile, path, bytes, dueSize: (tile.index + 1) * leaves });
    };
    const read = (level: number, index: number) =>
      readTile(folder, { level, index, width: widthAt(range.size, level, index) });
    const edge = TileEdge.of(range.size, read, take);
    if (edge === undefined || !holds(edge, range)) return undefined;
    return new LogTree(folder, range.fork(), edge, full);
  }

  get size(): number {
    return this.#range.size;
  }

  /** Adds the leaf of one line. */
  append(line: Uint8Array): void {
    this.#range.appendLine(line, this.#edge);
  }

  root(): Buffer {
    return this.#range.root();
  }

  /** The hashes of the perfect subtrees, largest first. */
  hashes(): readonly Buffer[] {
    return this.#range.hashes();
  }

  /** A full tile that covers nothing beyond `durableSize` and is not on the disk yet. */
  nextFull(durableSize: number): FullTile | undefined {
    const [first] = this.#full;
    return first === undefined || first.dueSize > durableSize ? undefined : first;
  }

  /** How many full tiles are not on the disk yet. */
  get waitingTiles(): number {
    return this.#full.length;
  }

  /** It is on the disk now. */
  tookFull(tile: FullTile): void {
    const place = this.#full.indexOf(tile);
    if (place >= 0) this.#full.splice(place, 1);
  }

  /** Writes what tiles there are at this size, the partial ones too. Throws what the disk says. */
  writeNow(): void {
    const full = this.#full.map(({ bytes, path }) => ({ path, content: bytes }));
    const partials = this.#edge.partials().map(([tile, bytes]) => ({
      path: join(this.#folder, pathOf(tile)),
      content: bytes,
    }));
    replaceFilesNow([...full, ...partials]);
    this.#full.length = 0;
  }

  /** For proofs: hashes of what is in memory or on the disk. */
  subtrees(): SubtreeHashes {
    const partials = this.#edge.partials();
    return new TileHashes((level, index) => {
      const isIt = ({ tile }: FullTile) => tile.level === level && tile.index === index;
      const waiting = this.#full.find(isIt);
      if (waiting !== undefined) return waiting.bytes;
      const edge = partials.find(([tile]) => tile.level === level && tile.index === index);
      return edge?.[1] ?? readTile(this.#folder, { level, index, width: tileWidth });
    });
  }
}

function pathOf({ level, index, width }: Tile): string {
  return tilePath(level, index, width);
}

/** Hashes that a tile has in a tree of this size. */
function widthAt(size: number, level: number, index: number): number {
  const hashes = Math.floor(size / 2 ** (level * tileHeight));
  return Math.min(tileWidth, hashes - index * tileWidth);
}

/** A tile as it was written at that width, or full since. */
function readTile(folder: string, tile: Tile): Uint8Array | undefined {
  const bytes =
    readIfThere(join(folder, pathOf(tile))) ??
    readIfThere(join(folder, pathOf({ ...tile, width: tileWidth })));
  return bytes !== undefined && bytes.length >= tile.width * hashBytes ? bytes : undefined;
}

/** Whether the tiles at the right edge fold to the hashes of the range. */
function holds(edge: TileEdge, range: CompactRange): boolean {
  const hashes: Buffer[] = [];
  for (const [{ width }, bytes] of edge.partials().toReversed()) {
    const level = CompactRange.empty();
    for (let place = 0; place < width; place += 1) {
      level.append(bytes.subarray(place * hashBytes, (place + 1) * hashBytes));
    }
    hashes.push(...level.hashes());
  }
  const expected = range.hashes();
  return (
    hashes.length === expected.length &&
    hashes.every((hash, index) => expected[index]?.equals(hash) === true)
  );
}
