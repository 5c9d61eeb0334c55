import type { SinkLine } from "./sink.ts";

/** OTLP 1.x, SeverityNumber of `INFO` (opentelemetry-proto logs.proto). */
const severityInfo = 9;

/** What a record says that has a place of its own in OTLP. */
interface RecordHead {
  readonly at?: string;
  readonly kind?: string;
  readonly trace?: { readonly traceId?: string; readonly spanId?: string };
}

/**
 * An ExportLogsServiceRequest in the JSON encoding of OTLP: field names in lowerCamelCase, ids in
 * hex, 64-bit integers as strings, each line as it is in the body.
 */
export function toOtlpBody(
  lines: readonly SinkLine[],
  { nowMicros, version }: { readonly nowMicros: number; readonly version: string },
): string {
  const observedTimeUnixNano = `${Math.floor(nowMicros)}000`;
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [attribute("service.name", "chancery")] },
        scopeLogs: [
          {
            scope: { name: "chancery.audit", version },
            logRecords: lines.map((line) => toLogRecord(line, observedTimeUnixNano)),
          },
        ],
      },
    ],
  });
}

function toLogRecord({ log, seq, text, type }: SinkLine, observedTimeUnixNano: string): object {
  const { at, kind = type, trace } = type === "record" ? headOf(text) : {};
  const timeUnixNano = at === undefined ? undefined : nanosOf(at);
  return {
    ...(timeUnixNano && { timeUnixNano }),
    observedTimeUnixNano,
    severityNumber: severityInfo,
    severityText: "INFO",
    body: { stringValue: text },
    attributes: [
      attribute("chancery.log", log),
      { key: "chancery.seq", value: { intValue: String(seq) } },
      attribute("chancery.kind", kind),
    ],
    ...(trace?.traceId && { traceId: trace.traceId }),
    ...(trace?.spanId && { spanId: trace.spanId }),
  };
}

function attribute(key: string, stringValue: string): object {
  return { key, value: { stringValue } };
}

function headOf(text: string): RecordHead {
  try {
    return JSON.parse(text) as RecordHead;
  } catch {
    // A line that is none goes as it is: the receiver finds it altered, which it is.
    return {};
  }
}

/** Nanoseconds since 1970 of a record's time, which has six decimals. */
function nanosOf(at: string): string | undefined {
  const millis = Date.parse(at);
  return Number.isNaN(millis) ? undefined : `${Math.floor(millis / 1000)}${at.slice(20, 26)}000`;
}
