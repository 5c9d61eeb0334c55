/** Why records could not be written. */
export type LossReason = "disk_full" | "write_error" | "ring_full";

/** How a log was found: what `chancery_audit_recoveries_total` counts. */
export type RecoveryResult = "clean" | "adopted" | "cut" | "corrupt";

/** Told what the log does, for metrics and operators; calls are cheap and never throw. */
export interface LogObserver {
  /** One write reached the segment. */
  written(records: number, seconds: number): void;
  /** These records are in no log, and will be in none. */
  undone(records: number, reason: LossReason): void;
  /** A checkpoint over this many more records is durable; `seconds` from signing to the disk. */
  committed(records: number, seconds: number): void;
  /** A log that was there was taken up, or could not be. */
  recovered(result: RecoveryResult): void;
  /** A record of the log about itself was written. */
  noted(kind: string): void;
  /** An anchor did not take a checkpoint. */
  anchorFailed(anchor: string, error: unknown): void;
  /** Something beside the records failed: it is tried again. */
  troubled(what: LogTrouble, error: unknown): void;
}

export type LogTrouble =
  | "checkpoint"
  | "keys"
  | "recovery"
  | "retention"
  | "space"
  | "sync"
  | "tiles"
  | "write";

export const silentLogObserver: LogObserver = {
  written() {},
  undone() {},
  committed() {},
  recovered() {},
  noted() {},
  anchorFailed() {},
  troubled() {},
};
