/** Told what the log does, for metrics; calls are cheap and never throw. */
export interface LogObserver {
  /** One write reached the segment. */
  written(records: number, seconds: number): void;
  /** A write failed and was undone; these records are in no log. */
  undone(records: number, reason: "disk_full" | "write_error"): void;
}

export const silentLogObserver: LogObserver = {
  written() {},
  undone() {},
};
