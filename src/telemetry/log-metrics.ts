import { cuttableFields } from "../record/index.ts";
import type { MetricSet } from "./metric-set.ts";

const recordKinds = ["decision", "closing", "bypass"] as const;
const lossReasons = ["disk_full", "write_error", "ring_full"] as const;

/** Buckets W of audit-and-operations 6. */
const diskBuckets = [10e-6, 50e-6, 100e-6, 250e-6, 1e-3, 5e-3, 25e-3, 100e-3, 500e-3, 2.5];

/** What the record log counts, in the shape of its observer port. */
export interface LogMetrics {
  /** One record was given its place in the log. */
  recorded(kind: (typeof recordKinds)[number]): void;
  /** One record could not be written whole; these of its fields were cut. */
  truncated(fields: readonly string[]): void;
  /** One write reached the disk. */
  written(records: number, seconds: number): void;
  /** Records that are in no log. */
  undone(records: number, reason: (typeof lossReasons)[number]): void;
}

export function createLogMetrics(metrics: MetricSet): LogMetrics {
  const records = metrics.counter("chancery_audit_records_total", "Records by kind.", {
    name: "kind",
    values: recordKinds,
  });
  const incomplete = metrics.counter(
    "chancery_audit_incomplete_total",
    "Records of which a field was cut, by field.",
    { name: "field", values: cuttableFields },
  );
  const lost = metrics.counter("chancery_audit_lost_total", "Records that are in no log.", {
    name: "reason",
    values: lossReasons,
  });
  const writeSeconds = metrics.histogram(
    "chancery_audit_write_seconds",
    "Time to write the records of one turn.",
    diskBuckets,
  );
  return {
    recorded: (kind) => records.add(kind),
    truncated(fields) {
      for (const field of fields) incomplete.add(field);
    },
    written: (_records, seconds) => writeSeconds.add(seconds),
    undone: (count, reason) => lost.add(reason, undefined, count),
  };
}
