import type { MetricSet } from "./metric-set.ts";

/** Why an ask of a classifier gave nothing, and what it said that it may not say. */
const faults = ["timeout", "failed", "overloaded", "open", "too_long", "stray"] as const;

/** What goes wrong with classifiers; how long they take is `chancery_detect_seconds`. */
export interface ClassifierMetrics {
  faulted(classifier: string, fault: (typeof faults)[number], count?: number): void;
}

export function createClassifierMetrics(metrics: MetricSet): ClassifierMetrics {
  const faulted = metrics.counter(
    "chancery_classifier_faults_total",
    "Asks of a classifier without an answer that counts, and answers it may not give.",
    { name: "classifier" },
    { name: "fault", values: faults },
  );
  return { faulted: (classifier, fault, count) => faulted.add(classifier, fault, count) };
}
