import { statSync } from "node:fs";
import { basename, dirname } from "node:path";
import {
  BrokenLogError,
  type FoundLog,
  type LogInfo,
  type LogVisitor,
  readLog,
  readLogInfo,
  recordsOfFile,
  recordsOfLog,
} from "../../evidence/index.ts";
import { createDiskFiles } from "../../log/index.ts";
import type { ReadRecord, RecordReader } from "../../record/index.ts";
import { UsageError } from "../usage-error.ts";
import { type LogPlace, orUnreadable } from "./find-logs.ts";

/** Walks one log in order, each line checked for its form and place. Throws `UsageError` where it breaks. */
export function walkLog(log: FoundLog, visitor: LogVisitor): void {
  const info = readInfo(log);
  orBroken(log, () => readLog(log.files, info, visitor));
}

/**
 * The records of the logs at a place, one log after the other and each in order, or those of the one
 * file of lines that is there. Throws `UsageError` where there is neither, and while it is read where
 * a line does not fit.
 */
export function readRecords({ logs, path, shown }: LogPlace): Iterable<ReadRecord> {
  if (logs.length > 0) return recordsOfLogs(logs);
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return recordsIn(path);
  throw new UsageError(
    `Found no records at ${shown}.`,
    "Give a log folder, a slot, `<stateDir>/log`, or a file of records.",
  );
}

function* recordsOfLogs(logs: readonly FoundLog[]): Generator<ReadRecord> {
  for (const log of logs) {
    const records = recordsOfLog(log.files, readInfo(log));
    yield* eachOf(records, log.path);
  }
}

function recordsIn(path: string): Generator<ReadRecord> {
  const files = createDiskFiles(dirname(path));
  return eachOf(recordsOfFile(files, basename(path)), basename(path));
}

function* eachOf(records: Iterable<RecordReader>, path: string): Generator<ReadRecord> {
  const iterator = records[Symbol.iterator]();
  for (;;) {
    const next = orBroken({ path }, () => iterator.next());
    if (next.done === true) return;
    yield next.value.toRecord();
  }
}

/** What a log says of itself. Throws `UsageError` where that cannot be read. */
export function readInfo({ files, path }: FoundLog): LogInfo {
  const info = orUnreadable(`${path || "the log"}/log.json`, () => readLogInfo(files));
  if (info !== undefined) return info;
  throw new UsageError(
    `${path === "" ? "" : `${path}/`}log.json is missing or malformed.`,
    "`chancery log verify` says what of the log holds.",
  );
}

/** Runs what reads a log. Throws `UsageError` where the log breaks or the disk does not give it. */
export function orBroken<T>({ path }: Pick<FoundLog, "path">, read: () => T): T {
  try {
    return orUnreadable(path || "the log", read);
  } catch (error) {
    if (!(error instanceof BrokenLogError)) throw error;
    throw new UsageError(
      `The log ${path === "" ? "" : `${path} `}cannot be read: ${error.message}.`,
      "`chancery log verify` says what of the log holds.",
    );
  }
}
