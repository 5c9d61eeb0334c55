import type { ShadowChange } from "../domain/index.ts";
import type { MetricSet } from "./metric-set.ts";

const changes: readonly ShadowChange[] = ["permit_to_deny", "deny_to_permit", "redaction", "route"];

/** What would be different if rules, quotas and versions that are tried out were in force. */
export interface ShadowMetrics {
  /** One kind of change in one decision; a decision may have several. */
  changed(change: ShadowChange): void;
}

export function createShadowMetrics(metrics: MetricSet): ShadowMetrics {
  const counter = metrics.counter(
    "chancery_shadow_changes_total",
    "Decisions that would have been different with what is tried out in force, by the change.",
    { name: "change", values: changes },
  );
  return {
    changed: (change) => counter.add(change),
  };
}
