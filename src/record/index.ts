/**
 * The evidence of one exchange: what was seen, decided and done, as one canonical line each
 * (audit-and-operations 2). Knows the schema and the bytes; it holds no content, gives out no
 * sequence numbers and writes no files. Start with `DecisionRecord` and `encodeDecision`.
 */
export type { BypassRecord } from "./bypass-record.ts";
export type { ClosingRecord } from "./closing-record.ts";
export { type CutWatcher, cuttableFields } from "./cuts.ts";
export type { DecisionRecord } from "./decision-record.ts";
export { encodeBypass, encodeClosing, encodeDecision } from "./encode-record.ts";
export { toRecordedFindings, toRecordedRules } from "./from-decision.ts";
export {
  type AccessRecord,
  type BeatRecord,
  type CloseRecord,
  type EraseRecord,
  encodeAccess,
  encodeBeat,
  encodeClose,
  encodeErase,
  encodeHold,
  encodeKey,
  encodeOpen,
  encodePrune,
  type HoldRecord,
  type KeyRecord,
  type OpenRecord,
  type PruneRecord,
  type TreeState,
} from "./log-records.ts";
export type {
  ExchangeEnd,
  FactValue,
  RecordedObligations,
  RecordedPrincipal,
  RecordedSide,
  RecordedTimes,
  RecordedTool,
  RecordedUsage,
  RecordPosition,
} from "./parts.ts";
export {
  encodePolicy,
  type PolicyRecord,
  type RecordedLayer,
  recordedLayersMax,
} from "./policy-record.ts";
export { type ReadRecord, RecordReader, readRecordLine } from "./read-record.ts";
