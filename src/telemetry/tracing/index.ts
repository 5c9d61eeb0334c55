/**
 * Spans of exchanges, made by hand and sent by OTLP over HTTP (audit-and-operations 7). Which exchanges
 * are kept is known for some only once they were denied, so spans are made from what the records say
 * anyway; whoever is not traced pays nothing.
 */
export type { Span } from "./span.ts";
export { SpanExporter } from "./span-exporter.ts";
export { createTracer } from "./tracer.ts";
