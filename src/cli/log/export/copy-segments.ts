import { mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type LogFiles, segmentPath } from "../../../evidence/index.ts";
import { UsageError } from "../../usage-error.ts";
import { orBroken } from "../read-records.ts";
import { namedFiles, type SegmentPlan } from "./plan-segments.ts";
import { edgeTiles, listTiles } from "./tiles.ts";

const chunkBytes = 1024 * 1024;

/**
 * Copies what a plan names into a folder, so that it can be verified like the log; `hasEdge` adds the
 * partial tiles of its last checkpoint. Gives the number of files.
 */
export async function copySegments(
  plan: SegmentPlan,
  folder: string,
  hasEdge: boolean,
): Promise<number> {
  const { checkpoint, log, segments, size } = plan;
  const target = join(folder, log.path);
  const copies: (readonly [path: string, bytes: number])[] = [
    ...namedFiles(plan).map((path) => [path, Number.POSITIVE_INFINITY] as const),
    ...listTiles(log.files, size).map((path) => [path, Number.POSITIVE_INFINITY] as const),
    ...segments.map(({ bytes, first }) => [segmentPath(first), bytes] as const),
  ];
  for (const [path, bytes] of copies) await copyFile(log.files, path, join(target, path), bytes);
  const made = [["checkpoint", checkpoint] as const, ...(hasEdge ? edgeOf(plan) : [])];
  for (const [path, content] of made) {
    await mkdir(dirname(join(target, path)), { recursive: true, mode: 0o700 });
    await writeFile(join(target, path), content, { mode: 0o600 });
  }
  return new Set([...copies, ...made].map(([path]) => path)).size;
}

function edgeOf({ log, size }: SegmentPlan): readonly (readonly [string, Uint8Array])[] {
  const tiles = orBroken(log, () => edgeTiles(log, size));
  if (tiles !== undefined) return tiles;
  throw new UsageError(
    `The tiles of ${log.path || "the log"} do not hold the records that were pruned.`,
    "Leave out --tiles; `chancery log verify` says what of the log holds.",
  );
}

async function copyFile(
  files: LogFiles,
  path: string,
  target: string,
  bytes: number,
): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await using file = await open(target, "w", 0o600);
  const chunk = Buffer.allocUnsafe(chunkBytes);
  for (let offset = 0; offset < bytes; ) {
    const read = files.read(path, offset, chunk.subarray(0, Math.min(chunkBytes, bytes - offset)));
    if (read === undefined || read === 0) break;
    await file.write(chunk, 0, read);
    offset += read;
  }
}
