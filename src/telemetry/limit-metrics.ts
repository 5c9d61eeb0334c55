import type { FaultCode } from "../base/index.ts";
import type { MetricSet } from "./metric-set.ts";

/** Bounds whose breach ends an exchange (audit-and-operations 8.3), by the fault that says so. */
const limitOfFault: { readonly [code in FaultCode]?: string } = {
  message_too_large: "message_bytes",
  body_too_large: "body_bytes",
  held_bytes_exceeded: "held_bytes",
  headers_too_large: "headers",
  json_too_deep: "json_depth",
  json_too_many_keys: "json_keys",
  decode_ratio_exceeded: "decode_ratio",
  exchange_idle: "exchange_idle",
};

const faultLimits = Object.values(limitOfFault);

/** Counts bounds that were hit, each once: those that are faults with the fault. */
export interface LimitMetrics {
  faulted(code: FaultCode): void;
  /** A bound the transport keeps; one that becomes a fault is counted there. */
  hit(limit: string): void;
}

export function createLimitMetrics(metrics: MetricSet): LimitMetrics {
  const hits = metrics.counter("chancery_limits_hit_total", "Bounds that were hit.", {
    name: "limit",
    values: [...faultLimits, "stream_resets"],
  });
  return {
    faulted(code) {
      const limit = limitOfFault[code];
      if (limit !== undefined) hits.add(limit);
    },
    hit(limit) {
      if (!faultLimits.includes(limit)) hits.add(limit);
    },
  };
}
