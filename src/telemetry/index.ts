/**
 * What operators see: metrics for a scraper and a log for people (audit-and-operations 6 and 7).
 * Labels come from closed sets or loaded policy, lines from allow-lists; nothing here holds traffic,
 * and none of it is evidence. Start with `createTelemetry` and `createOperatorLog`.
 */
export { type DriftSettings, defaultDriftSettings } from "./drift-series.ts";
export { toErrorFields } from "./error-fields.ts";
export type { ExchangeMetrics, ExchangeResult } from "./exchange-metrics.ts";
export { createOperatorLog, type LogLevel, type OperatorLog } from "./operator-log.ts";
export { createTelemetry, type Telemetry } from "./telemetry.ts";
export { createTracer, type Span, SpanExporter } from "./tracing/index.ts";
