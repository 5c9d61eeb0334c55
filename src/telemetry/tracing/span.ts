/** A value of an attribute; whole numbers are integers. */
export type AttributeValue = string | number | boolean;

/** By name; what is undefined is left out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

/** Something that happened at one moment of a span. */
export interface SpanEvent {
  readonly name: string;
  /** Microseconds since 1970. */
  readonly atMicros: number;
  readonly attributes: Attributes;
}

/** A span that is over (OpenTelemetry specification, trace API). */
export interface Span {
  /** Ids in lower-case hex. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly link: { readonly traceId: string; readonly spanId: string } | undefined;
  readonly name: string;
  readonly kind: "internal" | "server" | "client";
  /** Microseconds since 1970. */
  readonly startMicros: number;
  readonly endMicros: number;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  /** Events beyond what a span keeps. */
  readonly droppedEvents: number;
  readonly isError: boolean;
}
