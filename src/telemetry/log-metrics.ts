import { cuttableFields } from "../record/index.ts";
import type { MetricSet } from "./metric-set.ts";

const recordKinds = [
  ...["decision", "closing", "bypass", "policy"],
  ...["key", "open", "beat", "close", "prune"],
] as const;
const lossReasons = ["disk_full", "write_error", "ring_full"] as const;
const recoveryResults = ["clean", "adopted", "cut", "corrupt"] as const;

/** Buckets W of audit-and-operations 6. */
const diskBuckets = [10e-6, 50e-6, 100e-6, 250e-6, 1e-3, 5e-3, 25e-3, 100e-3, 500e-3, 2.5];
const commitBuckets = [1, 8, 64, 256, 512, 2048];

/** What a log tells of itself when asked. */
interface LogReading {
  readonly unsignedRecords: number;
  readonly checkpointAgeSeconds: number | undefined;
  /** Undefined: the key is for ever. */
  readonly keyAgeSeconds: number | undefined;
  readonly anchorAgeSeconds: ReadonlyMap<string, number | undefined>;
}

/** What the record log counts, in the shape of its observer port. */
export interface LogMetrics {
  /** From now on a scrape asks here. */
  readFrom(read: () => LogReading): void;
  /** One record was given its place in the log. */
  recorded(kind: string): void;
  /** One record could not be written whole; these of its fields were cut. */
  truncated(fields: readonly string[]): void;
  /** One write reached the disk. */
  written(records: number, seconds: number): void;
  /** Records that are in no log. */
  undone(records: number, reason: (typeof lossReasons)[number]): void;
  /** A checkpoint over this many more records is durable. */
  committed(records: number, seconds: number): void;
  /** A log that was there was taken up, or could not be. */
  recovered(result: (typeof recoveryResults)[number]): void;
  /** An anchor did not take a checkpoint. */
  anchorFailed(anchor: string): void;
}

/** `anchors`: by name, those of the configuration. */
export function createLogMetrics(metrics: MetricSet, anchors: readonly string[]): LogMetrics {
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
  const commitSeconds = metrics.histogram(
    "chancery_audit_commit_seconds",
    "Time from signing a checkpoint until it is on the disk.",
    diskBuckets,
  );
  const commitRecords = metrics.histogram(
    "chancery_audit_commit_records",
    "Records that a checkpoint covers and the one before does not.",
    commitBuckets,
  );
  const recoveries = metrics.counter(
    "chancery_audit_recoveries_total",
    "Logs found when a process started, by how they were found.",
    { name: "result", values: recoveryResults },
  );
  const anchorFailures = metrics.counter(
    "chancery_audit_anchor_failures_total",
    "Checkpoints that an anchor did not take.",
    { name: "anchor", values: anchors },
  );
  let read: (() => LogReading) | undefined;
  metrics.gauge(
    "chancery_audit_unsigned_records",
    "Records written that no checkpoint on the disk covers.",
    () => read?.().unsignedRecords,
  );
  metrics.gauge(
    "chancery_audit_checkpoint_age_seconds",
    "Seconds since a checkpoint reached the disk.",
    () => read?.().checkpointAgeSeconds,
  );
  metrics.gauge(
    "chancery_signing_key_age_seconds",
    "Seconds since the key that signs checkpoints was taken up.",
    () => read?.().keyAgeSeconds,
  );
  metrics.gaugeOf(
    "chancery_audit_anchor_age_seconds",
    "Seconds since an anchor took a checkpoint, or since the start where it took none.",
    {
      names: ["anchor"],
      *read() {
        for (const [anchor, seconds] of read?.().anchorAgeSeconds ?? []) {
          yield [[anchor], seconds ?? process.uptime()];
        }
      },
    },
  );
  return {
    readFrom(from) {
      read = from;
    },
    recorded: (kind) => records.add(kind),
    truncated(fields) {
      for (const field of fields) incomplete.add(field);
    },
    written: (_records, seconds) => writeSeconds.add(seconds),
    undone: (count, reason) => lost.add(reason, undefined, count),
    committed(count, seconds) {
      commitRecords.add(count);
      commitSeconds.add(seconds);
    },
    recovered: (result) => recoveries.add(result),
    anchorFailed: (anchor) => anchorFailures.add(anchor),
  };
}
