import type { MetricSet } from "./metric-set.ts";

const surfaces = ["record", "log", "span", "metric"] as const;
const classes = ["financial", "pci", "phi", "pii", "secret"] as const;

/** Values found in what the process itself writes, where none may be. */
export interface LeakMetrics {
  /** `family`: the first part of a data class. */
  found(surface: (typeof surfaces)[number], family: string): void;
}

export function createLeakMetrics(metrics: MetricSet): LeakMetrics {
  const leaks = metrics.counter(
    "chancery_leaks_total",
    "Values found in our own output that may not be there, by where and top-level class.",
    { name: "surface", values: surfaces },
    { name: "class", values: classes },
  );
  return { found: (surface, family) => leaks.add(surface, family) };
}
