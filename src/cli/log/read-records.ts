import {
  BrokenLogError,
  type FoundLog,
  type LogInfo,
  type LogVisitor,
  readLog,
  readLogInfo,
} from "../../evidence/index.ts";
import { UsageError } from "../usage-error.ts";
import { orUnreadable } from "./find-logs.ts";

/** Walks one log in order, each line checked for its form and place. Throws `UsageError` where it breaks. */
export function walkLog(log: FoundLog, visitor: LogVisitor): void {
  const info = readInfo(log);
  orBroken(log, () => readLog(log.files, info, visitor));
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
export function orBroken<T>({ path }: FoundLog, read: () => T): T {
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
