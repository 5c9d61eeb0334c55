import type { MetricSet } from "./metric-set.ts";

const results = ["exported", "dropped", "rejected"] as const;

/** What became of spans. */
export interface TraceMetrics {
  spans(result: (typeof results)[number], count: number): void;
}

export function createTraceMetrics(metrics: MetricSet): TraceMetrics {
  const spans = metrics.counter(
    "chancery_trace_spans_total",
    "Spans by what became of them: dropped here, or rejected by the receiver.",
    { name: "result", values: results },
  );
  return { spans: (result, count) => spans.add(result, undefined, count) };
}
