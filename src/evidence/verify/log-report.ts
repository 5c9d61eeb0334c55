import type { RecordReader } from "../../record/index.ts";
import type { NoteVerifier } from "../../signing/index.ts";
import type { LogFiles } from "../log-files.ts";
import type { LogInfo } from "../log-info.ts";
import type { AccessJoin } from "./access-join.ts";
import type { AnchorReport, OutsideAnchor } from "./anchor-check.ts";
import type { LogProblem, LogStatus } from "./problem.ts";
import type { SeqRange, Silence, UnclosedDecision } from "./tally.ts";

/** What was found of one log (audit-and-operations 4.5 step 7). */
export interface LogReport {
  readonly origin: string;
  /** Of its folder, as it was handed in. */
  readonly path: string;
  readonly status: LogStatus;
  /** Records that were walked through, pruned ones included. */
  readonly size: number;
  /** Records under the last checkpoint that counts, and its root in base64. */
  readonly signed: number;
  readonly root: string | undefined;
  /** The lowest `seq` that is there. */
  readonly minimum: number;
  /** When the first and the last record that are there were made. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Records that are there, by kind. */
  readonly kinds: Readonly<Record<string, number>>;
  readonly anchors: AnchorReport;
  /** Records after the last checkpoint that counts, which nobody signed for. */
  readonly tail: number;
  /** Records a recovery took over unsigned. */
  readonly adopted: readonly SeqRange[];
  /** Records that only a revoked key signed for. */
  readonly doubtful: readonly SeqRange[];
  readonly unclosed: { readonly count: number; readonly first: readonly UnclosedDecision[] };
  readonly gaps: readonly Silence[];
  readonly problems: readonly LogProblem[];
}

/** Is told what a verification walks through, in the order of each log, one log after the other. */
export interface RecordVisitor {
  /** A record that fits; it is of the line at hand only. */
  record(record: RecordReader): void;
  /** A checkpoint that counts covers all records so far. */
  covered(): void;
}

/** What a log is verified with. */
export interface LogCheck {
  readonly path: string;
  readonly files: LogFiles;
  readonly info: LogInfo;
  readonly trusted: readonly NoteVerifier[];
  /** Those of this origin. */
  readonly anchors: readonly OutsideAnchor[];
  readonly join: AccessJoin | undefined;
  /** Told of what is walked through, beside the report. */
  readonly visitor?: RecordVisitor | undefined;
  /** Whether records may follow the last checkpoint, as they do in a log that is running. */
  readonly allowTail: boolean;
}
