import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { LogSource, Position } from "./log-source.ts";
import type { Sink, SinkLine } from "./sink.ts";

/** Of one log. */
export interface Batch {
  readonly lines: readonly SinkLine[];
  /** Behind the last of them, or behind what is not there any more. */
  readonly end: Position;
  /** Records that were to come next and whose segments are gone. */
  readonly missing: number;
}

/** A segment holds what no log writes. */
export class UnreadableLogError extends Error {
  override readonly name = "UnreadableLogError";
}

/** No line of a log comes near it. */
const lineBytesMax = 256 * 1024;
const lineFeed = 0x0a;
/** No record has this key (audit-and-operations 4.1). */
const checkpointStart = Buffer.from('{"checkpoint":');

/**
 * The next durable lines of a log, as many as `limits` allow, without holding up the thread. Rejects
 * with what the disk says.
 */
export async function readBatch(
  log: LogSource,
  from: Position,
  limits: Sink["batch"],
): Promise<Batch> {
  let at = from;
  for (;;) {
    const lines: SinkLine[] = [];
    const end = await readSegment(log, at, limits, lines);
    if (lines.length > 0) return { lines, end, missing: 0 };
    if (at.seq >= log.durableSize) return { lines, end, missing: 0 };
    const next = await nextSegment(log.folder, at);
    if (next === undefined) return { lines, end: at, missing: 0 };
    if (next > at.seq) {
      const there = { segment: next, byte: 0, seq: next };
      return { lines, end: there, missing: next - at.seq };
    }
    at = { segment: next, byte: 0, seq: at.seq };
  }
}

/** Adds the durable lines of one segment from a position on; gives the position behind them. */
async function readSegment(
  log: LogSource,
  from: Position,
  limits: Sink["batch"],
  lines: SinkLine[],
): Promise<Position> {
  const path = join(log.folder, "segments", `${padSize(from.segment)}.jsonl`);
  const file = await openIfThere(path);
  if (file === undefined) return from;
  try {
    const bytes = Buffer.allocUnsafe(limits.bytes + lineBytesMax);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from.byte);
    const chunk = bytes.subarray(0, bytesRead);
    const end = splitLines(log, from, { chunk, limits }, lines);
    if (lines.length === 0 && bytesRead === bytes.length) {
      throw new UnreadableLogError(`expected a line in ${path} at ${from.byte}, found none`);
    }
    return end;
  } finally {
    await file.close();
  }
}

function splitLines(
  log: LogSource,
  from: Position,
  { chunk, limits }: { readonly chunk: Buffer; readonly limits: Sink["batch"] },
  lines: SinkLine[],
): Position {
  let { seq } = from;
  let start = 0;
  while (lines.length < limits.lines && (start < limits.bytes || lines.length === 0)) {
    const end = chunk.indexOf(lineFeed, start);
    if (end < 0) break;
    const isCheckpoint = isCheckpointAt(chunk, start);
    // A checkpoint line behind the last durable record is the one that made it durable.
    if (!isCheckpoint && seq >= log.durableSize) break;
    const text = chunk.toString("utf8", start, end);
    lines.push({ log: log.origin, type: isCheckpoint ? "checkpoint" : "record", seq, text });
    if (!isCheckpoint) seq += 1;
    start = end + 1;
  }
  return { segment: from.segment, byte: from.byte + start, seq };
}

function isCheckpointAt(chunk: Buffer, start: number): boolean {
  return checkpointStart.equals(chunk.subarray(start, start + checkpointStart.length));
}

/** The first `seq` of the segment to go on with: the one that begins here, else the next there is. */
async function nextSegment(folder: string, { segment, seq }: Position) {
  const names = await readdir(join(folder, "segments"));
  const later = names
    .flatMap((name) => /^([0-9]{12})\.jsonl$/.exec(name)?.[1] ?? [])
    .map(Number)
    .filter((first) => first > segment && first >= seq);
  return later.length === 0 ? undefined : Math.min(...later);
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function padSize(size: number): string {
  return String(size).padStart(12, "0");
}
