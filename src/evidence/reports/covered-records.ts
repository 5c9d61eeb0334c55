import type { RecordReader } from "../../record/index.ts";
import type { RecordVisitor } from "../verify/log-report.ts";
import type { ReportRecord } from "./report.ts";

/** Far more than a log lets pass between two checkpoints; what is beyond is not waited for. */
const waitingMax = 20_000;

/** Kinds that reports read. */
const reported = new Set([
  ...["decision", "closing", "bypass", "shed", "policy"],
  ...["open", "beat", "close"],
]);

/** The record at hand, if reports read its kind. */
export function toReportRecord(record: RecordReader): ReportRecord | undefined {
  const { at, kind, log, seq } = record;
  return reported.has(kind) ? { at, kind, log, seq, json: record.json() } : undefined;
}

/** Hands on records once a checkpoint that counts covers them, and no others. */
export class CoveredRecords implements RecordVisitor {
  readonly #take: (record: ReportRecord) => void;
  #waiting: ReportRecord[] = [];
  #log: string | undefined;
  #left = 0;

  constructor(take: (record: ReportRecord) => void) {
    this.#take = take;
  }

  /** Records that were not handed on, since no checkpoint came for them. */
  get left(): number {
    return this.#left + this.#waiting.length;
  }

  record(reader: RecordReader): void {
    const record = toReportRecord(reader);
    if (record === undefined) return;
    if (record.log !== this.#log) this.#begin(record.log);
    if (this.#waiting.length < waitingMax) this.#waiting.push(record);
    else this.#left += 1;
  }

  covered(): void {
    for (const record of this.#waiting) this.#take(record);
    this.#waiting = [];
  }

  /** What the log before was left with is covered by none of the next. */
  #begin(log: string): void {
    this.#left += this.#waiting.length;
    this.#waiting = [];
    this.#log = log;
  }
}
