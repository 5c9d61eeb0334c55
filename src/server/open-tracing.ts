import { randomUUID } from "node:crypto";
import type { Clock } from "../base/index.ts";
import type { Tracer } from "../exchange/index.ts";
import { createHttpClient } from "../sinks/index.ts";
import {
  createTracer,
  type OperatorLog,
  type Span,
  SpanExporter,
  type Telemetry,
} from "../telemetry/index.ts";
import type { Config } from "./config.ts";
import { readProviderCredentials } from "./provider-credentials.ts";

/** From here on an overloaded process leaves out what can be done without (audit-and-operations 10). */
const lagSecondsMax = 0.02;

/** The tracing of a server. */
export interface Tracing {
  /** Undefined: nothing is traced. */
  readonly tracer: Tracer | undefined;
  /** From now on reads the credential again when its file changes. */
  watch(): void;
  /** Sends what waits, until it is told to hurry. */
  close(hurry: AbortSignal): Promise<void>;
}

/** What traces are opened with. */
export interface TracingParts {
  readonly config: Pick<Config, "otel">;
  readonly telemetry: Telemetry;
  readonly log: OperatorLog;
  readonly clock: Clock;
  readonly version: string;
  /** Told of spans on their way out. */
  readonly onSpans: (spans: readonly Span[]) => void;
}

/** Opens what the configuration says. Throws where the credential cannot be read. */
export function openTracing(parts: TracingParts): Tracing {
  const { clock, log, onSpans, telemetry, version } = parts;
  const { credential, endpoint, hasGuardrails, sampleRatio, tls } = parts.config.otel;
  if (endpoint === undefined) {
    return { tracer: undefined, watch() {}, close: () => Promise.resolve() };
  }
  const credentials = readProviderCredentials(
    credential === undefined ? {} : { otel: credential },
    log,
  );
  const metrics = telemetry.traces();
  const http = createHttpClient(tls);
  const exporter = new SpanExporter({
    endpoint,
    http,
    source: { service: "chancery", version, instance: randomUUID() },
    headers: () => {
      const field = credentials.of("otel");
      return field === undefined ? {} : { [field.name]: field.value };
    },
    observer: {
      spans: (result, count) => metrics.spans(result, count),
      failed: (error) => log.error("spans not exported", error),
    },
  });
  return {
    tracer: createTracer({
      clock,
      sampleRatio,
      hasGuardrails,
      isUnderPressure: () => telemetry.loopLagSeconds() > lagSecondsMax,
      onEnd: (spans) => {
        exporter.add(spans);
        onSpans(spans);
      },
    }),
    watch: () => credentials.watch(),
    close: async (hurry) => {
      credentials.close();
      await exporter.close(hurry);
      http.close();
    },
  };
}
