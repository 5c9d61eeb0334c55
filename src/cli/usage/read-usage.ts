import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { PolicyUsage } from "../../policy/index.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";
import { ExpositionReader } from "./exposition-reader.ts";
import { RecordReader } from "./record-reader.ts";

/** What was used, from everything named with `--usage`. */
export interface UsageFound {
  /** One for all records, and one for each process whose metrics were read. */
  readonly usage: readonly PolicyUsage[];
  /** Records whose lists were cut, so that not all they stand for is known. */
  readonly cutRecords: number;
}

interface Source {
  readonly name: string;
  readonly lines: AsyncIterable<string> | Iterable<string>;
  /** When it was written, in milliseconds since the epoch. */
  readonly writtenMs: number;
}

/**
 * Reads metrics in the Prometheus text format and records as JSON Lines; a folder stands for all the
 * `.jsonl` files in it, `-` is standard input. `nowMs` is when that was written, in milliseconds since
 * the epoch. Throws `UsageError` where one can be neither read nor understood.
 */
export async function readUsage(
  io: Io,
  paths: readonly string[],
  nowMs: number,
): Promise<UsageFound> {
  const records = new RecordReader();
  const metrics: PolicyUsage[] = [];
  for (const path of paths) {
    for await (const source of sourcesOf(io, path, nowMs)) {
      const found = await readSource(source, records);
      if (found !== undefined) metrics.push(found);
    }
  }
  const recorded = records.usage();
  return {
    usage: [...metrics, ...(recorded === undefined ? [] : [recorded])],
    cutRecords: records.cut,
  };
}

async function* sourcesOf(io: Io, path: string, nowMs: number): AsyncIterable<Source> {
  if (path === "-") {
    yield { name: "standard input", lines: (await io.readStdin()).split("\n"), writtenMs: nowMs };
    return;
  }
  const full = resolve(io.cwd, path);
  try {
    for (const file of await filesAt(full)) {
      const { mtimeMs } = await stat(file);
      const lines = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
      yield { name: file === full ? path : file, lines, writtenMs: mtimeMs };
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw new UsageError(`Cannot read ${path}: ${reason}.`, "Check the path given with --usage.");
  }
}

/** The file itself, or those of a folder that may hold records. */
async function filesAt(full: string): Promise<readonly string[]> {
  if (!(await stat(full)).isDirectory()) return [full];
  const entries = await readdir(full, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Which of the two it is, its first line with something in it tells. */
async function readSource(
  { name, lines, writtenMs }: Source,
  records: RecordReader,
): Promise<PolicyUsage | undefined> {
  let exposition: ExpositionReader | undefined;
  let isKnown = false;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === "") continue;
    if (!isKnown && !line.startsWith("{")) exposition = new ExpositionReader(name);
    isKnown = true;
    if (exposition === undefined) records.read(line, `${name}:${number}`);
    else exposition.read(line);
  }
  records.endFile();
  return exposition?.usage(writtenMs);
}
