import type { MetricSet } from "./metric-set.ts";

const kinds = ["false_positive", "true_positive", "false_negative", "true_negative"] as const;

/** What reviewers said about findings. */
export interface FeedbackMetrics {
  /** From now on a scrape asks here for the marks by kind. */
  readFrom(read: () => Promise<ReadonlyMap<string, number>>): void;
}

export function createFeedbackMetrics(metrics: MetricSet): FeedbackMetrics {
  let read = async (): Promise<ReadonlyMap<string, number>> => new Map();
  metrics.counterOf("chancery_feedback_total", "Marks that reviewers made, by what they say.", {
    name: "kind",
    async read() {
      const counts = await read();
      return kinds.map((kind) => [kind, counts.get(kind) ?? 0] as const);
    },
  });
  return {
    readFrom(reader) {
      read = reader;
    },
  };
}
