import type { MetricSet } from "./metric-set.ts";

/** Why a sink has trouble; `missing`: segments were gone before they were sent; `hold`: not copied. */
const reasons = [
  ...["away", "busy", "late", "refused", "denied"],
  ...["cursor", "log", "missing", "hold"],
] as const;

/** What a sink tells of itself when asked. */
interface SinkReading {
  readonly name: string;
  readonly lagRecords: number;
  readonly lagSeconds: number;
}

/** What goes to sinks and what does not, in the shape of their observer port. */
export interface SinkMetrics {
  /** From now on a scrape asks here. */
  readFrom(read: () => readonly SinkReading[]): void;
  sent(sink: string, lines: number): void;
  failed(sink: string, reason: (typeof reasons)[number], count: number): void;
}

/** `sinks`: by name, those of the configuration. */
export function createSinkMetrics(metrics: MetricSet, sinks: readonly string[]): SinkMetrics {
  const sent = metrics.counter(
    "chancery_sink_sent_total",
    "Lines, or for an object store records, that a sink has taken.",
    { name: "sink", values: sinks },
  );
  const errors = metrics.counter(
    "chancery_sink_errors_total",
    "Attempts that failed, and lines that a sink will not take, by why.",
    { name: "sink", values: sinks },
    { name: "reason", values: reasons },
  );
  let read: (() => readonly SinkReading[]) | undefined;
  const gauge = (name: string, help: string, of: (reading: SinkReading) => number) =>
    metrics.gaugeOf(name, help, {
      names: ["sink"],
      *read() {
        for (const reading of read?.() ?? []) yield [[reading.name], of(reading)];
      },
    });
  gauge(
    "chancery_sink_lag_records",
    "Durable records that a sink could have and has not.",
    ({ lagRecords }) => lagRecords,
  );
  gauge("chancery_sink_lag_seconds", "Age of the first of them.", ({ lagSeconds }) => lagSeconds);
  return {
    readFrom(from) {
      read = from;
    },
    sent: (sink, lines) => sent.add(sink, undefined, lines),
    failed: (sink, reason, count) => errors.add(sink, reason, count),
  };
}
