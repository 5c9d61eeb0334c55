import { RecordReader } from "../../record/index.ts";
import type { SubtreeSink } from "../../signing/index.ts";
import { readCheckpointLine, type SignedCheckpoint } from "../checkpoint-line.ts";
import { LineReader } from "../line-reader.ts";
import type { LogFiles } from "../log-files.ts";
import { LogWalk } from "../log-walk.ts";
import { listSeals, readSeal } from "../seal.ts";
import { listSegments, segmentPath } from "../segments.ts";

/** Is told what stands in a log, in order. What it gets is of the line at hand only. */
export interface LogVisitor {
  record?(record: RecordReader, line: Buffer): void;
  checkpoint?(checkpoint: SignedCheckpoint): void;
}

/** What a walk is to do besides. */
export interface ReadOptions {
  readonly origin: string;
  readonly subtrees?: SubtreeSink;
}

/** A line of a log that does not fit, so that nothing after it can be read as part of it. */
export class BrokenLogError extends Error {
  override readonly name = "BrokenLogError";
}

/** The `seq` of the first record that is there; 0 for none. */
export function firstSeq(files: LogFiles): number {
  return listSegments(files)[0] ?? 0;
}

/**
 * Walks a log from its first record to the last that is whole, as its lines say; signatures are not
 * looked at. Throws `BrokenLogError` where a line does not fit or a segment is missing.
 */
export function readLog(files: LogFiles, options: ReadOptions, visitor: LogVisitor): void {
  for (const { line, step, walk } of walkLog(files, options)) {
    if (step === "record") visitor.record?.(walk.record, line.line);
    else visitor.checkpoint?.(walk.checkpoint as SignedCheckpoint);
  }
}

/** The records of a log in order, as `readLog` tells them; each is to be had until the next one. */
export function* recordsOfLog(files: LogFiles, options: ReadOptions): Generator<RecordReader> {
  for (const { step, walk } of walkLog(files, options)) if (step === "record") yield walk.record;
}

/**
 * The records of one file of lines, which may be any records, in any order; each is to be had until
 * the next one. Throws `BrokenLogError` for a line that is neither a record nor a checkpoint.
 */
export function* recordsOfFile(files: LogFiles, path: string): Generator<RecordReader> {
  const line = new LineReader(files, path);
  const record = new RecordReader();
  while (line.next()) {
    if (line.isTorn) continue;
    if (record.read(line.bytes, line.start, line.end)) yield record;
    else if (readCheckpointLine(line.line) === undefined) {
      throw broken(`${path}:${line.number}`, "expected a record or a checkpoint");
    }
  }
}

/** A line that fits, as it stands until the next one. */
interface WalkedLine {
  readonly step: "record" | "checkpoint";
  readonly walk: LogWalk;
  readonly line: LineReader;
}

function* walkLog(files: LogFiles, options: ReadOptions): Generator<WalkedLine> {
  let walk: LogWalk | undefined;
  for (const first of listSegments(files)) {
    walk ??= startWalk(files, first, options);
    if (walk.size !== first) throw broken(segmentPath(first), `expected record ${walk.size} next`);
    yield* walkSegment(new LineReader(files, segmentPath(first)), walk);
  }
}

function startWalk(files: LogFiles, first: number, options: ReadOptions): LogWalk {
  if (first === 0) return new LogWalk(options);
  const seq = listSeals(files).findLast((one) => one < first);
  const seal = seq === undefined ? undefined : readSeal(files, seq);
  if (typeof seal !== "object" || seal.first + seal.count !== first) {
    throw broken(segmentPath(first), "expected a seal that ends before it");
  }
  return new LogWalk({ ...options, range: seal.range.fork(), checkpoint: seal.checkpoint });
}

function* walkSegment(line: LineReader, walk: LogWalk): Generator<WalkedLine> {
  while (line.next()) {
    const step = walk.take(line);
    if (step === "record" || step === "checkpoint") yield { step, walk, line };
    else if (step !== "line_torn") {
      throw broken(`${line.path}:${line.number}`, "expected the next line of the log");
    }
  }
}

function broken(place: string, message: string): BrokenLogError {
  return new BrokenLogError(`${place}: ${message}; verify the log`);
}
