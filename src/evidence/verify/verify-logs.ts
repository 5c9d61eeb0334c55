import type { NoteVerifier } from "../../signing/index.ts";
import { readCheckpoint } from "../checkpoint-line.ts";
import { FileTooLargeError, filesBelow, type LogFiles } from "../log-files.ts";
import { readLogInfo } from "../log-info.ts";
import { AccessJoin, type JoinReport } from "./access-join.ts";
import type { OutsideAnchor } from "./anchor-check.ts";
import type { LogReport, RecordVisitor } from "./log-report.ts";
import { type LogProblem, LogProblems, type LogStatus, worstStatus } from "./problem.ts";
import { verifyLog } from "./verify-log.ts";

/** Folders above a log: an export, the state folder's `log`, a slot. */
const depthMax = 4;

/** A folder that holds a log. */
export interface FoundLog {
  /** Below what was searched; "" for itself. */
  readonly path: string;
  readonly files: LogFiles;
}

/** The log folders in a folder: itself, or those at most four levels below, in order of name. */
export function findLogs(files: LogFiles): readonly FoundLog[] {
  return findBelow(files, "", depthMax);
}

function findBelow(files: LogFiles, path: string, depth: number): readonly FoundLog[] {
  const here = path === "" ? files : filesBelow(files, path);
  const names = here.list("");
  if (names.includes("log.json") || names.includes("segments")) return [{ path, files: here }];
  if (depth === 0) return [];
  return [...names]
    .sort()
    .flatMap((name) => findBelow(files, path === "" ? name : `${path}/${name}`, depth - 1));
}

/** What is verified, and with what. */
export interface Verification {
  readonly logs: readonly FoundLog[];
  /** Roots, or keys of logs. */
  readonly trusted: readonly NoteVerifier[];
  readonly anchors?: readonly OutsideAnchor[];
  /** JSON lines of the proxy's access log. */
  readonly accessLog?: Iterable<string>;
  readonly allowTail?: boolean;
  readonly visitor?: RecordVisitor;
}

/** What was found of all logs. */
export interface VerifyReport {
  readonly status: LogStatus;
  readonly logs: readonly LogReport[];
  /** Findings that are of no log that is there. */
  readonly problems: readonly LogProblem[];
  readonly join: JoinReport | undefined;
}

/**
 * Verifies logs from their files, trusted keys and what is held against them (audit-and-operations
 * 4.5). Memory does not grow with the logs, but for decisions without closing and the access log.
 */
export function verifyLogs(verification: Verification): VerifyReport {
  const { accessLog, allowTail = false, logs: found, trusted, visitor } = verification;
  const join = accessLog && new AccessJoin(accessLog);
  const problems = new LogProblems();
  const anchors = anchorsByOrigin(verification.anchors ?? [], problems);
  const reports = found.map(({ files, path }) => {
    try {
      const info = readLogInfo(files);
      if (info === undefined) return unreadable(path, "log_info_unreadable", infoMissing);
      const own = anchors.get(info.origin) ?? [];
      anchors.delete(info.origin);
      return verifyLog({ path, files, info, trusted, anchors: own, join, allowTail, visitor });
    } catch (error) {
      if (!isOfTheDisk(error)) throw error;
      return unreadable(path, "file_unreadable", error.message);
    }
  });
  for (const [origin, [anchor]] of anchors) {
    const message = `expected the log ${origin}, found none of that name`;
    problems.add("log_missing", { file: anchor?.name ?? origin, message });
  }
  const joined = join?.report();
  const status = worstStatus([
    ...reports.map((report) => report.status),
    problems.status,
    joined === undefined ? "good" : statusOf(joined),
  ]);
  return { status, logs: reports, problems: problems.found, join: joined };
}

const infoMissing = "expected log.json as a log writes it, found none or another";

function anchorsByOrigin(
  anchors: readonly OutsideAnchor[],
  problems: LogProblems,
): Map<string, OutsideAnchor[]> {
  const found = new Map<string, OutsideAnchor[]>();
  for (const anchor of anchors) {
    const origin = readCheckpoint(anchor.text)?.origin;
    if (origin === undefined) {
      const message = "expected a signed checkpoint, found another text";
      problems.add("anchor_unreadable", { file: anchor.name, message });
    } else found.set(origin, [...(found.get(origin) ?? []), anchor]);
  }
  return found;
}

function statusOf({ differ, missing, unlogged }: JoinReport): LogStatus {
  if (differ > 0) return "altered";
  return missing > 0 || unlogged > 0 ? "incomplete" : "good";
}

/** A log that could not be read far enough to say more. */
function unreadable(path: string, code: LogProblem["code"], message: string): LogReport {
  const problems = new LogProblems();
  problems.add(code, { file: code === "log_info_unreadable" ? "log.json" : "", message });
  return {
    ...{ origin: "", path, status: problems.status, size: 0, signed: 0, root: undefined },
    ...{ minimum: 0, from: undefined, to: undefined, kinds: {}, tail: 0 },
    anchors: { checked: 0, unchecked: 0, newest: undefined },
    ...{ adopted: [], doubtful: [], unclosed: { count: 0, first: [] }, gaps: [] },
    problems: problems.found,
  };
}

function isOfTheDisk(error: unknown): error is Error {
  return error instanceof FileTooLargeError || (error instanceof Error && "syscall" in error);
}
