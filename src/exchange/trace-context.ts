/** Parent span of an exchange, in lower-case hex. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
}

const form = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/;

/** Reads a `traceparent` (W3C Trace Context section 3.2); anything else counts as no trace. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  const match = header === undefined ? null : form.exec(header);
  const [, traceId, spanId] = match ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}
