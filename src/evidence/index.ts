/**
 * What can be shown from a log alone (audit-and-operations 4.5): the walk over its lines, which
 * recovery, export and replay take too, verification against trusted keys and anchors, and proofs
 * for single records. It reads through the port `LogFiles` and writes nothing. Start with
 * `verifyLogs`, `proveRecords` and `LogWalk`.
 */
export { type HeldRecord, holdCovers, holdsKeep, type LegalHold } from "./admin/hold-cover.ts";
export { type Hold, type HoldBook, readHoldBook } from "./admin/holds.ts";
export { CheckpointKeys, type CheckpointStanding } from "./checkpoint-keys.ts";
export {
  readCheckpoint,
  readCheckpointLine,
  type SignedCheckpoint,
} from "./checkpoint-line.ts";
export { LineReader } from "./line-reader.ts";
export type { LogFiles } from "./log-files.ts";
export { type LogInfo, readLogInfo } from "./log-info.ts";
export { LogWalk, type Misfit, type Step, type WalkStart } from "./log-walk.ts";
export { proveConsistency, proveRecords, proveWhere, type RecordProof } from "./prove/prove.ts";
export {
  BrokenLogError,
  type LogVisitor,
  type ReadOptions,
  readLog,
  recordsOfFile,
  recordsOfLog,
} from "./prove/read-log.ts";
export {
  type ChangeRow,
  Changes,
  type ControlRow,
  Controls,
  type ExceptionRow,
  Exceptions,
  Inventory,
  type InventoryRow,
  type LayerVersion,
  type Measure,
  type MeasureId,
  measures,
  type Report,
  type ReportRecord,
  type ReportSource,
  type Selection,
  ServiceLevels,
  type SloRow,
  type SourceLog,
  takeRecords,
} from "./reports/index.ts";
export { listSeals, readSeal, type Seal } from "./seal.ts";
export { listSegments, sealPath, segmentPath } from "./segments.ts";
export type { JoinDifference, JoinReport } from "./verify/access-join.ts";
export type { AnchorReport, OutsideAnchor } from "./verify/anchor-check.ts";
export type { LogReport } from "./verify/log-report.ts";
export {
  exitCodes,
  type LogProblem,
  type LogProblemCode,
  type LogStatus,
} from "./verify/problem.ts";
export type { SeqRange, Silence, UnclosedDecision } from "./verify/tally.ts";
export {
  type FoundLog,
  findLogs,
  type Verification,
  type VerifyReport,
  verifyLogs,
} from "./verify/verify-logs.ts";
export { csvHead, toCsvRow } from "./views/csv.ts";
export { toOcsfEvent } from "./views/ocsf.ts";
