/**
 * The append-only record log on disk (audit-and-operations 4): one writer per process slot, lines
 * in segments, written before the answers that rest on them leave. This version keeps lines only:
 * no tree, no checkpoints, no recovery of earlier logs, each start writing a log of its own. It
 * knows nothing of what a record says. Start with `openRecordLog`.
 */
export type { LogObserver } from "./log-observer.ts";
export { isLogOrigin } from "./origin.ts";
export { openRecordLog, type RecordLog, type RecordLogOptions } from "./record-log.ts";
