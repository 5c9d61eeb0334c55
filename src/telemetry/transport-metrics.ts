import type { LimitMetrics } from "./limit-metrics.ts";
import type { MetricSet } from "./metric-set.ts";

const messageEvents = [
  "request_headers",
  "request_body",
  "response_headers",
  "response_body",
  "trailers",
] as const;

const sessionCloses = ["peer", "drain", "ping", "limit", "error"] as const;

const wireErrors = [
  "request",
  "compressed",
  "too_large",
  "malformed",
  "truncated",
  "body_mode",
  "session",
  "peer",
] as const;

/** Buckets T of audit-and-operations 6: 50 ms is the objective, 200 ms Envoy's default time-out. */
export const messageBuckets = [
  0.5e-3, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 200e-3, 500e-3, 1, 2.5, 5, 10,
];

/** What the transport counts, in the shape of its observer port. */
export interface TransportMetrics {
  sessionOpened(): void;
  sessionClosed(reason: (typeof sessionCloses)[number]): void;
  streamOpened(): void;
  /** Once per opened stream; how it ended is counted with the exchange, which knows more. */
  streamEnded(): void;
  wireError(kind: (typeof wireErrors)[number]): void;
  limitHit(limit: string): void;
  /** From an event to its answer; `traceId`: of a trace that is kept. */
  messageSeconds(event: (typeof messageEvents)[number], seconds: number, traceId?: string): void;
}

export function createTransportMetrics(metrics: MetricSet, limits: LimitMetrics): TransportMetrics {
  const messageSeconds = metrics.histogram(
    "chancery_message_seconds",
    "Time from an event of Envoy to its answer.",
    messageBuckets,
    { name: "event", values: messageEvents },
  );
  const closes = metrics.counter("chancery_sessions_closed_total", "Connections that ended.", {
    name: "reason",
    values: sessionCloses,
  });
  const errors = metrics.counter("chancery_wire_errors_total", "Breaches of the protocol.", {
    name: "kind",
    values: wireErrors,
  });
  let streams = 0;
  let sessions = 0;
  metrics.gauge("chancery_streams_active", "Streams open now.", () => streams);
  metrics.gauge("chancery_sessions_active", "Connections open now.", () => sessions);

  return {
    sessionOpened() {
      sessions += 1;
    },
    sessionClosed(reason) {
      sessions -= 1;
      closes.add(reason);
    },
    streamOpened() {
      streams += 1;
    },
    streamEnded() {
      streams -= 1;
    },
    wireError: (kind) => errors.add(kind),
    limitHit: (limit) => limits.hit(limit),
    messageSeconds: (event, seconds, traceId) => messageSeconds.add(seconds, event, traceId),
  };
}
