import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { segmentName, seqOfName } from "./segment-name.ts";

/** What is looked at for the oldest record. */
export interface OldestOptions {
  /** Slots whose records do not count. */
  readonly without: readonly string[];
  /** Segments that are looked at as if they were not there; without it there are none. */
  readonly isGoing?: ((folder: string, first: number) => boolean) | undefined;
  /**
   * Whether a whole segment is read. Records that were written late are older than those before
   * them; without this a log is as old as its first record, which is nearly always so.
   */
  readonly isExact: boolean;
}

/**
 * When the oldest record was made that a log of a state directory still has, over all slots and the
 * logs that were replaced in them, in milliseconds since 1970; undefined where there is no record.
 * Within one log what was written late goes in the order it was made, so its first segment tells.
 * Rejects where a log cannot be read, or holds a line that is none.
 */
export async function findOldestRecord(
  stateDir: string,
  options: OldestOptions,
): Promise<number | undefined> {
  let oldest: number | undefined;
  for (const folder of await logFolders(join(stateDir, "log"), options.without)) {
    const at = await oldestOf(folder, options);
    if (at !== undefined && !(at >= (oldest ?? Number.POSITIVE_INFINITY))) oldest = at;
  }
  return oldest;
}

async function logFolders(logPath: string, without: readonly string[]): Promise<readonly string[]> {
  const folders: string[] = [];
  for (const slot of await foldersIn(logPath)) {
    if (without.includes(slot)) continue;
    for (const id of await foldersIn(join(logPath, slot))) folders.push(join(logPath, slot, id));
  }
  return folders;
}

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await orMissing(readdir(path, { withFileTypes: true }));
  const folders = (entries ?? []).filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
  return folders.map(({ name }) => name);
}

async function oldestOf(
  folder: string,
  { isExact, isGoing = () => false }: OldestOptions,
): Promise<number | undefined> {
  const path = join(folder, "segments");
  const names = await orMissing(readdir(path));
  // A process that died in making a log leaves a folder with nothing in it.
  if (names === undefined) {
    if ((await readdir(folder)).length === 0) return undefined;
    throw new Error(`expected segments in ${folder}`);
  }
  const firsts = names.flatMap((name) => seqOfName(name, ".jsonl") ?? []);
  for (const first of firsts.sort((one, other) => one - other)) {
    if (isGoing(folder, first)) continue;
    const at = await oldestIn(join(path, segmentName(first)), isExact);
    if (at !== undefined) return at;
  }
  return undefined;
}

/** Of one segment; a last line that is still being written does not count. */
async function oldestIn(path: string, isExact: boolean): Promise<number | undefined> {
  let oldest: number | undefined;
  for await (const line of wholeLines(path)) {
    const at = timeOf(line, path);
    if (at === undefined) continue;
    if (!isExact) return at;
    oldest = Math.min(oldest ?? at, at);
  }
  return oldest;
}

async function* wholeLines(path: string): AsyncGenerator<string, void> {
  let rest = "";
  for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

/** When the record on a line was made; undefined for a line that holds a checkpoint. */
function timeOf(line: string, path: string): number | undefined {
  const value: unknown = JSON.parse(line);
  if (typeof value === "object" && value !== null) {
    if ("checkpoint" in value && !("kind" in value)) return undefined;
    const at = "at" in value && typeof value.at === "string" ? Date.parse(value.at) : Number.NaN;
    if (!Number.isNaN(at)) return at;
  }
  throw new Error(`expected records in ${path}`);
}

async function orMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
