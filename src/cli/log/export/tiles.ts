import { type FoundLog, type LogFiles, listSegments, readLog } from "../../../evidence/index.ts";
import { type Tile, TileEdge, tileHeight, tilePath, tileWidth } from "../../../signing/index.ts";
import { readInfo } from "../read-records.ts";

/** The tiles on the disk that hold nothing beyond `size` records, by their paths. */
export function listTiles(files: LogFiles, size: number): readonly string[] {
  return files
    .list("tile")
    .filter((name) => /^\d{1,2}$/.test(name))
    .flatMap((name) => tilesBelow(files, { level: Number(name), size }, `tile/${name}`, 0));
}

/** Three digits of the index in each name (C2SP tlog-tiles): `x001/067`, `067.p/3`. */
function tilesBelow(
  files: LogFiles,
  limit: { readonly level: number; readonly size: number },
  folder: string,
  before: number,
): readonly string[] {
  return files.list(folder).flatMap((name) => {
    const [, more, digits = "", partial] = /^(x)?(\d{3})(\.p)?$/.exec(name) ?? [];
    if (digits === "") return [];
    const index = before * 1000 + Number(digits);
    const path = `${folder}/${name}`;
    if (more !== undefined) return tilesBelow(files, limit, path, index);
    const widths = partial === undefined ? [tileWidth] : partialWidths(files, path);
    return widths
      .filter((width) => leavesOf({ level: limit.level, index, width }) <= limit.size)
      .map((width) => (partial === undefined ? path : `${path}/${width}`));
  });
}

/**
 * The partial tiles at the right edge of a tree of `size` records, with their bytes; of records that
 * are gone the tiles on the disk have the hashes. Undefined where these are missing.
 */
export function edgeTiles(
  log: FoundLog,
  size: number,
): readonly (readonly [string, Uint8Array])[] | undefined {
  const { files } = log;
  const first = listSegments(files)[0] ?? 0;
  const edge = TileEdge.of(
    first,
    (level, index) => readTile(files, level, index),
    () => undefined,
  );
  if (edge === undefined) return undefined;
  let left = size - first;
  // Each record tells its own leaf first, then what that completes.
  const subtrees = {
    take: (level: number, hash: Uint8Array) => {
      if (level === 0) left -= 1;
      if (left >= 0) edge.take(level, hash);
    },
  };
  readLog(files, { origin: readInfo(log).origin, subtrees }, {});
  return edge
    .partials()
    .map(([{ index, level, width }, bytes]) => [tilePath(level, index, width), bytes] as const);
}

function readTile(files: LogFiles, level: number, index: number): Uint8Array | undefined {
  const full = tilePath(level, index);
  const widths = partialWidths(files, `${full}.p`);
  const paths = [full, ...widths.toSorted((a, b) => b - a).map((width) => `${full}.p/${width}`)];
  for (const path of paths) {
    const bytes = Buffer.alloc(tileWidth * 32);
    const read = files.read(path, 0, bytes);
    if (read !== undefined) return bytes.subarray(0, read);
  }
  return undefined;
}

function partialWidths(files: LogFiles, folder: string): readonly number[] {
  return files.list(folder).flatMap((name) => (/^[1-9]\d{0,2}$/.test(name) ? [Number(name)] : []));
}

/** How many records a tile says something of, counted from the first of the log. */
function leavesOf({ index, level, width }: Tile): number {
  return (index * tileWidth + width) * 2 ** (level * tileHeight);
}
