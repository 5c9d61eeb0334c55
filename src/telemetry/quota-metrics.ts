import type { MetricSet } from "./metric-set.ts";

/** What quotas are counted in (policy-model 8). */
const units = ["requests", "tokens", "usd", "tool_calls"] as const;

/** What budgets turned down. */
export interface QuotaMetrics {
  /** An exchange was refused because of a quota of this unit, spent or not to be checked. */
  refused(unit: (typeof units)[number]): void;
}

export function createQuotaMetrics(metrics: MetricSet): QuotaMetrics {
  const refusals = metrics.counter(
    "chancery_quota_refusals_total",
    "Exchanges refused because of a quota, by what the quota counts.",
    { name: "unit", values: units },
  );
  return {
    refused: (unit) => refusals.add(unit),
  };
}
