import type { NoteVerifier } from "../../signing/index.ts";
import { FileTooLargeError } from "../log-files.ts";
import { readLogInfo } from "../log-info.ts";
import { BrokenLogError, readLog } from "../prove/read-log.ts";
import type { LogStatus } from "../verify/problem.ts";
import { type FoundLog, verifyLogs } from "../verify/verify-logs.ts";
import { CoveredRecords, toReportRecord } from "./covered-records.ts";
import { isWithin, type Report, type ReportRecord, type Selection } from "./report.ts";

/** How far the figures of a report can be relied on. */
export interface ReportSource {
  /** `unverified`: no key was given, so that the lines were read and nobody's word taken for them. */
  readonly status: LogStatus | "unverified";
  /** When the first and the last record in the time of the report were made. */
  readonly from: string | null;
  readonly to: string | null;
  /** Records left out, since no checkpoint that counts covers them; 0 without keys. */
  readonly uncovered: number;
  /** What the figures rest on; of logs that were not verified, neither size nor root is known. */
  readonly logs: readonly SourceLog[];
  /** What is wrong, for people. */
  readonly problems: readonly string[];
}

/** One log as it was verified. */
export interface SourceLog {
  readonly origin: string;
  /** Records that a signed checkpoint covers, and its root in base64. */
  readonly signed: number;
  readonly root: string | undefined;
}

/** What a report is made from. */
export interface ReportInput {
  readonly logs: readonly FoundLog[];
  /** Roots, or keys of logs; none: nothing is verified. */
  readonly trusted: readonly NoteVerifier[];
  readonly selection: Selection;
}

/**
 * Takes the records of logs into a report, in one pass. With keys the logs are verified on the way
 * (audit-and-operations 4.5) and only what a signed checkpoint covers is taken; what is wrong is
 * told, and what came before it counts all the same. Without keys lines still have to fit together.
 */
export function takeRecords(
  input: ReportInput,
  report: Pick<Report<unknown>, "take">,
): ReportSource {
  const span = new Span(input.selection);
  const take = (record: ReportRecord) => {
    span.take(record.at);
    report.take(record);
  };
  const read = input.trusted.length === 0 ? readUnverified : readVerified;
  return { ...read(input, take), from: span.from, to: span.to };
}

type Taken = Omit<ReportSource, "from" | "to">;
type Take = (record: ReportRecord) => void;

function readVerified({ logs, trusted }: ReportInput, take: Take): Taken {
  const visitor = new CoveredRecords(take);
  const {
    logs: reports,
    problems,
    status,
  } = verifyLogs({ logs, trusted, visitor, allowTail: true });
  const told = reports.flatMap(({ path, problems: found }) =>
    found.map(({ code, file, message }) => `${join(path, file)}: ${code}: ${message}`),
  );
  const others = problems.map(({ code, file, message }) => `${file}: ${code}: ${message}`);
  const sources = reports.map(({ origin, root, signed }) => ({ origin, root, signed }));
  return { status, uncovered: visitor.left, logs: sources, problems: [...told, ...others] };
}

function readUnverified({ logs }: ReportInput, take: Take): Taken {
  const problems = logs.flatMap((log) => readOne(log, take) ?? []);
  const status = problems.length === 0 ? "unverified" : "altered";
  return { status, uncovered: 0, logs: [], problems };
}

/** Gives what is wrong with a log, undefined where its lines fit together. */
function readOne({ files, path }: FoundLog, take: Take): string | undefined {
  const info = readLogInfo(files);
  if (info === undefined) return `${join(path, "log.json")}: expected what a log says of itself`;
  try {
    const { origin } = info;
    readLog(
      files,
      { origin },
      {
        record: (reader) => {
          const record = toReportRecord(reader);
          if (record !== undefined) take(record);
        },
      },
    );
    return undefined;
  } catch (error) {
    if (error instanceof BrokenLogError || error instanceof FileTooLargeError) {
      return join(path, error.message);
    }
    throw error;
  }
}

function join(folder: string, file: string): string {
  return folder === "" ? file : `${folder}/${file}`;
}

/** The first and the last moment of records in the time of a report. */
class Span {
  readonly #selection: Selection;
  from: string | null = null;
  to: string | null = null;

  constructor(selection: Selection) {
    this.#selection = selection;
  }

  take(at: string): void {
    if (!isWithin(this.#selection, at)) return;
    if (this.from === null || at < this.from) this.from = at;
    if (this.to === null || at > this.to) this.to = at;
  }
}
