import type { Attributes, AttributeValue, Span } from "./span.ts";

/** What all spans of a process have in common. */
export interface SpanSource {
  readonly service: string;
  readonly version: string;
  /** One of several processes of the service. */
  readonly instance: string;
}

/** By their numbers in trace.proto. */
const kinds = { internal: 1, server: 2, client: 3 } as const;
const errorCode = 2;

/**
 * Spans as the body of an export request in OTLP's JSON encoding (opentelemetry-proto 1.x, protocol
 * specification "JSON Protobuf Encoding"): ids as hex, 64-bit integers as strings, enums as numbers.
 */
export function encodeSpans(spans: readonly Span[], source: SpanSource): string {
  const resource = {
    "service.name": source.service,
    "service.version": source.version,
    "service.instance.id": source.instance,
  };
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: toKeyValues(resource) },
        scopeSpans: [
          {
            scope: { name: source.service, version: source.version },
            spans: spans.map(toJson),
          },
        ],
      },
    ],
  });
}

function toJson(span: Span): object {
  const { droppedEvents, events, link, parentSpanId } = span;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: span.name,
    kind: kinds[span.kind],
    startTimeUnixNano: toNanos(span.startMicros),
    endTimeUnixNano: toNanos(span.endMicros),
    attributes: toKeyValues(span.attributes),
    ...(events.length === 0
      ? {}
      : {
          events: events.map(({ atMicros, attributes, name }) => ({
            timeUnixNano: toNanos(atMicros),
            name,
            attributes: toKeyValues(attributes),
          })),
        }),
    ...(droppedEvents === 0 ? {} : { droppedEventsCount: droppedEvents }),
    ...(link === undefined ? {} : { links: [{ traceId: link.traceId, spanId: link.spanId }] }),
    ...(span.isError ? { status: { code: errorCode } } : {}),
  };
}

function toNanos(micros: number): string {
  return `${Math.round(micros)}000`;
}

function toKeyValues(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value: toAnyValue(value) }],
  );
}

function toAnyValue(value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
