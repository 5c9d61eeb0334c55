/**
 * The append-only record log on disk (audit-and-operations 4): one writer per process slot, lines
 * in segments, written before the answers that rest on them leave, signed and synced soon after,
 * taken up again by the next process. It knows of a record only what its role says. Start with
 * `openRecordLog`.
 */
export type { Anchor } from "./anchor.ts";
export type { DurableMark } from "./committer.ts";
export { createDirectoryAnchor } from "./directory-anchor.ts";
export { createDiskFiles } from "./disk-files.ts";
export type { PruneCause } from "./log-duties.ts";
export { SlotTaken } from "./log-folder.ts";
export { findVerifierKey } from "./log-keys.ts";
export type { LogObserver, LogTrouble, LossReason, RecoveryResult } from "./log-observer.ts";
export type { RecordLogOptions } from "./log-options.ts";
export type { Encode } from "./log-writer.ts";
export { findOldestRecord, type OldestOptions } from "./oldest-record.ts";
export { isLogOrigin } from "./origin.ts";
export { type LogOpening, type LogStatus, openRecordLog, type RecordLog } from "./record-log.ts";
export type { RecordRole } from "./record-role.ts";
export { DamagedLogError } from "./recovery.ts";
export { countHeld, type ExpiredSegment, findExpired } from "./retention.ts";
export { type SlotLock, takeSlotLock } from "./slot-lock.ts";
export { createWitnessAnchor } from "./witness-anchor.ts";
export { parseWitnessKey, type WitnessKey } from "./witness-key.ts";
