/** How bad a finding is, worst for the whole first: with several, the first of these wins. */
export const statuses = ["unreadable", "altered", "truncated", "incomplete"] as const;

/** What is wrong with a log; "good" where nothing is. */
export type LogStatus = (typeof statuses)[number] | "good";

/** Every code of a finding: what was found, and what it makes the log. */
export const logProblemCodes = {
  file_unreadable: ["unreadable", "A file of the log is there and cannot be read."],
  log_info_unreadable: ["unreadable", "log.json is missing or not what a log writes."],
  anchor_unreadable: ["unreadable", "An anchor that was handed in is no signed checkpoint."],
  line_not_canonical: ["altered", "A line is not in the one form that records have."],
  line_misplaced: ["altered", "A record stands where another record has to stand."],
  checkpoint_differs: ["altered", "A checkpoint is not that of the records before it."],
  checkpoint_unsigned: ["altered", "A checkpoint is not signed by the key in force."],
  key_not_introduced: ["altered", "A key record has no statement of a trusted root that fits it."],
  previous_differs: ["altered", "A record names another checkpoint than the last before it."],
  seal_differs: ["altered", "A seal does not fit its segment."],
  segment_misplaced: ["altered", "A segment begins with a record that an earlier one has."],
  tile_differs: ["altered", "A tile holds other hashes than the records give."],
  anchor_differs: ["altered", "A checkpoint kept apart has another root than the log at its size."],
  anchor_unsigned: ["altered", "A checkpoint kept apart is not signed by a key of the log."],
  log_shorter: ["truncated", "A checkpoint kept apart covers more records than the log has."],
  log_missing: ["truncated", "A checkpoint is of a log that is not there."],
  start_missing: ["incomplete", "Records are missing at the start that no prune record lets go."],
  segment_missing: ["incomplete", "A segment is missing between others."],
  seal_missing: ["incomplete", "A segment that others follow has no seal."],
  checkpoint_missing: ["incomplete", "The file with the latest checkpoint is missing."],
  line_torn: ["incomplete", "The log ends in the middle of a line."],
  tail_unsigned: ["incomplete", "Records come after the last checkpoint that counts."],
} as const satisfies Record<string, readonly [LogStatus, string]>;

export type LogProblemCode = keyof typeof logProblemCodes;

/** One finding. */
export interface LogProblem {
  readonly code: LogProblemCode;
  /** Relative to the log's folder; of an anchor from outside, as it was handed in. */
  readonly file: string;
  /** From 1 on, where it is a line. */
  readonly line?: number | undefined;
  /** The `seq` it is about, or the first of them. */
  readonly seq?: number | undefined;
  /** What was expected and what was found. */
  readonly message: string;
}

/** The one status of several: the first in the order of `statuses`. */
export function worstStatus(found: readonly LogStatus[]): LogStatus {
  return statuses.find((status) => found.includes(status)) ?? "good";
}

/** The exit code of a status (audit-and-operations 4.5). */
export const exitCodes: Readonly<Record<LogStatus, number>> = {
  good: 0,
  altered: 1,
  incomplete: 2,
  unreadable: 3,
  truncated: 4,
};

/** Findings kept for one log; the status counts the rest too. */
const problemsMax = 1000;

/** Collects what is found in one log. */
export class LogProblems {
  readonly found: LogProblem[] = [];
  #status: LogStatus = "good";

  add(code: LogProblemCode, problem: Omit<LogProblem, "code">): void {
    this.#status = worstStatus([this.#status, logProblemCodes[code][0]]);
    if (this.found.length < problemsMax) this.found.push({ code, ...problem });
  }

  get status(): LogStatus {
    return this.#status;
  }
}
