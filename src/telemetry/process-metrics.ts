import { performance } from "node:perf_hooks";
import { collectDefaultMetrics } from "prom-client";
import type { MetricSet } from "./metric-set.ts";

/** Buckets L of audit-and-operations 6. */
const lagBuckets = [1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 250e-3, 500e-3, 1, 2.5];

/**
 * How often the loop is asked to be on time. A process that has nothing else to do is woken for it,
 * and so it costs other exchanges their caches: at 20 ms, with the library's own 10 ms beside it, an
 * idle server used 6 ms of CPU a second.
 */
const lagSampleMs = 250;

/** The loop of this process, sampled until it is closed. */
interface LoopSamples {
  /** How late the loop was when it was asked last, in seconds. */
  readonly lagSeconds: number;
  close(): void;
}

/** Registers what the process says of itself, and samples the loop. */
export function observeProcess(
  metrics: MetricSet,
  build: { readonly version: string; readonly revision: string },
  monotonicSeconds: () => number,
): LoopSamples {
  collectDefaultMetrics({ register: metrics.registry, eventLoopMonitoringPrecision: 1000 });
  const { revision, version } = build;
  metrics.gaugeOf("chancery_build_info", "What is running.", {
    names: ["version", "revision", "node"],
    read: () => [[[version, revision, process.versions.node], 1]],
  });
  const lags = metrics.histogram(
    "chancery_event_loop_lag_seconds",
    "How late the event loop was.",
    lagBuckets,
  );
  // Between two scrapes, so that each tells of its own time.
  let before = performance.eventLoopUtilization();
  metrics.gauge(
    "chancery_event_loop_utilization",
    "Share of the time since the last scrape in which the event loop worked.",
    () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
  );
  let last = monotonicSeconds();
  let lagSeconds = 0;
  const sampler = setInterval(() => {
    const now = monotonicSeconds();
    lagSeconds = Math.max(0, now - last - lagSampleMs / 1000);
    lags.add(lagSeconds);
    last = now;
  }, lagSampleMs);
  sampler.unref();
  return {
    get lagSeconds() {
      return lagSeconds;
    },
    close: () => clearInterval(sampler),
  };
}
