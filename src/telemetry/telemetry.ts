import { statfs } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { Registry } from "prom-client";
import { type ClassifierMetrics, createClassifierMetrics } from "./classifier-metrics.ts";
import { createDiskMetrics, type DiskMetrics } from "./disk-metrics.ts";
import { createDriftMetrics, type DriftMetrics } from "./drift-metrics.ts";
import { type DriftSettings, defaultDriftSettings } from "./drift-series.ts";
import { createExchangeMetrics, type ExchangeMetrics } from "./exchange-metrics.ts";
import { createFeedbackMetrics, type FeedbackMetrics } from "./feedback-metrics.ts";
import { createFindingsCacheMetrics, type FindingsCacheMetrics } from "./findings-cache-metrics.ts";
import { createLeakMetrics, type LeakMetrics } from "./leak-metrics.ts";
import { createLimitMetrics } from "./limit-metrics.ts";
import { createLogMetrics, type LogMetrics } from "./log-metrics.ts";
import { MetricSet } from "./metric-set.ts";
import { toOpenMetrics } from "./open-metrics.ts";
import { createPolicyMetrics, type PolicyMetrics } from "./policy-metrics.ts";
import { observeProcess } from "./process-metrics.ts";
import { createQuotaMetrics, type QuotaMetrics } from "./quota-metrics.ts";
import { createRuleMetrics, type RuleMetrics } from "./rule-metrics.ts";
import { createShadowMetrics, type ShadowMetrics } from "./shadow-metrics.ts";
import { createSinkMetrics, type SinkMetrics } from "./sink-metrics.ts";
import { createTokenMetrics, type TokenMetrics } from "./token-metrics.ts";
import { createTraceMetrics, type TraceMetrics } from "./trace-metrics.ts";
import { createTransportMetrics, type TransportMetrics } from "./transport-metrics.ts";

interface TelemetryOptions {
  readonly version: string;
  /** Commit the build was made from, where it is known. */
  readonly revision?: string;
  /** By name, those of the configuration. */
  readonly classifiers?: readonly string[];
  /** By name, those of the configuration. */
  readonly anchors?: readonly string[];
  /** By name, those of the configuration. */
  readonly sinks?: readonly string[];
  readonly drift?: DriftSettings;
}

/** The metrics of one process: places to count, and the text a scraper reads. */
export interface Telemetry {
  readonly exchange: ExchangeMetrics;
  readonly transport: TransportMetrics;
  readonly log: LogMetrics;
  readonly sinks: SinkMetrics;
  readonly disk: DiskMetrics;
  readonly policy: PolicyMetrics;
  readonly rules: RuleMetrics;
  readonly shadow: ShadowMetrics;
  readonly tokens: TokenMetrics;
  readonly classifiers: ClassifierMetrics;
  readonly quotas: QuotaMetrics;
  readonly findingsCache: FindingsCacheMetrics;
  readonly drift: DriftMetrics;
  readonly feedback: FeedbackMetrics;
  readonly leaks: LeakMetrics;
  /** Registered by the first call, since without traces they never move. */
  traces(): TraceMetrics;
  /** How late the event loop was when it was asked last. */
  readonly loopLagSeconds: () => number;
  /** Everything in the Prometheus text format 0.0.4. */
  metrics(): Promise<string>;
  readonly contentType: string;
  /** The same in OpenMetrics 1.0, for scrapers that ask for it. */
  openMetrics(): Promise<string>;
  /** Stops sampling; the numbers stay. */
  close(): void;
}

/** Registers every metric of audit-and-operations 6 that can move, and samples the loop. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const {
    version,
    revision = "unknown",
    classifiers = [],
    anchors = [],
    sinks = [],
    drift = defaultDriftSettings,
  } = options;
  const monotonicSeconds = () => performance.now() / 1000;
  const registry = new Registry();
  const metrics = new MetricSet(registry);
  const limits = createLimitMetrics(metrics);
  const loop = observeProcess(metrics, { version, revision }, monotonicSeconds);
  let traces: TraceMetrics | undefined;
  return {
    exchange: createExchangeMetrics(metrics, { classifiers, limits }),
    transport: createTransportMetrics(metrics, limits),
    log: createLogMetrics(metrics, anchors),
    sinks: createSinkMetrics(metrics, sinks),
    disk: createDiskMetrics(metrics, { statfs, monotonicSeconds }),
    policy: createPolicyMetrics(metrics, Date.now),
    rules: createRuleMetrics(metrics),
    shadow: createShadowMetrics(metrics),
    tokens: createTokenMetrics(metrics),
    classifiers: createClassifierMetrics(metrics),
    quotas: createQuotaMetrics(metrics),
    findingsCache: createFindingsCacheMetrics(metrics),
    feedback: createFeedbackMetrics(metrics),
    leaks: createLeakMetrics(metrics),
    drift: createDriftMetrics(metrics, drift, monotonicSeconds),
    traces: () => {
      traces ??= createTraceMetrics(metrics);
      return traces;
    },
    loopLagSeconds: () => loop.lagSeconds,
    metrics: () => registry.metrics(),
    contentType: registry.contentType,
    openMetrics: async () => toOpenMetrics(await registry.metrics(), metrics.exemplars()),
    close: () => loop.close(),
  };
}
