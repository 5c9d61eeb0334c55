import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { readRecordLine } from "../record/index.ts";
import type { ReplayableRecord } from "../replay/index.ts";
import { VersionStore } from "../stores/index.ts";
import type { Io } from "./io.ts";
import { UsageError } from "./usage-error.ts";

/** Records of a log folder, a slot, all logs of an installation, an export, or one file of lines. */
export interface LogRecords {
  /** In the order of each log, one log after the other. */
  records(): AsyncIterable<ReplayableRecord>;
}

/**
 * Opens the records at a path. Throws `UsageError` where there are none, and while they are read for a
 * line that is neither a record nor a checkpoint.
 */
export async function openLogRecords(io: Io, path: string): Promise<LogRecords> {
  const files = await linesFiles(resolve(io.cwd, path));
  if (files.length === 0) {
    throw new UsageError(
      `Found no records at ${path}.`,
      "Give a log folder, a slot, `<stateDir>/log`, or a file of records.",
    );
  }
  return { records: () => readAll(files) };
}

/**
 * The store of versions that belongs to records: the one named with --store, else the one of the
 * state directory that the path is in. Throws `UsageError` where there is none.
 */
export async function findVersionStore(
  io: Io,
  path: string,
  named: string | undefined,
): Promise<VersionStore> {
  if (named !== undefined) {
    const folder = resolve(io.cwd, named);
    const isStore = await isFolder(join(folder, "sha256"));
    if (isStore) return new VersionStore(folder);
    throw new UsageError(
      `Found no versions of policies at ${named}.`,
      "Give `<stateDir>/snapshots`, or a copy of it, with --store.",
    );
  }
  let folder = resolve(io.cwd, path);
  while (folder !== dirname(folder)) {
    const candidate = join(folder, "snapshots");
    if (await isFolder(join(candidate, "sha256"))) return new VersionStore(candidate);
    folder = dirname(folder);
  }
  throw new UsageError(
    `Found no versions of policies beside ${path}.`,
    "Give `<stateDir>/snapshots`, or a copy of it, with --store.",
  );
}

async function linesFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return [];
  if (found.isFile()) return [path];
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && isSegment(entry.parentPath, entry.name))
    .map(({ name, parentPath }) => join(parentPath, name))
    .sort();
}

function isSegment(folder: string, name: string): boolean {
  return basename(folder) === "segments" && name.endsWith(".jsonl");
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}

async function* readAll(files: readonly string[]): AsyncGenerator<ReplayableRecord> {
  for (const file of files) yield* readLines(file);
}

const lineFeed = 0x0a;
/** What a line of the tree begins with, which stands between records (audit-and-operations 4.2). */
const checkpointHead = Buffer.from('{"checkpoint":');

async function* readLines(file: string): AsyncGenerator<ReplayableRecord> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(lineFeed, start);
      if (end < 0) break;
      line += 1;
      const record = toRecord(bytes.subarray(start, end), { file, line });
      if (record !== undefined) yield record;
      start = end + 1;
    }
    // A line without its end is one that is being written, or was when the process died.
    rest = bytes.subarray(start);
  }
}

function toRecord(
  bytes: Buffer,
  { file, line }: { readonly file: string; readonly line: number },
): ReplayableRecord | undefined {
  const record = readRecordLine(bytes);
  if (record !== undefined) return record;
  if (bytes.subarray(0, checkpointHead.length).equals(checkpointHead)) return undefined;
  throw new UsageError(
    `Line ${line} of ${file} is no record.`,
    "`chancery log verify` says what of the log holds.",
  );
}
