/** Body modes by the names of Envoy's filter configuration. */
export const probeBodyModes = [
  "NONE",
  "BUFFERED",
  "BUFFERED_PARTIAL",
  "STREAMED",
  "FULL_DUPLEX_STREAMED",
] as const;

export type ProbeBodyMode = (typeof probeBodyModes)[number];

/** Name and value, in wire order. */
export type ProbeHeader = readonly [name: string, value: string];

/** One direction of an exchange, as the proxy would have read it. */
export interface ProbeMessage {
  /** Pseudo-headers first, names in lower case. */
  readonly headers: readonly ProbeHeader[];
  /** The body in the pieces in which it arrives; without any there is no body. */
  readonly chunks: readonly Buffer[];
  readonly trailers?: readonly ProbeHeader[];
}

/** An exchange to drive: what the caller sends, and what the upstream would answer. */
export interface ProbeExchange {
  readonly request: ProbeMessage;
  /** Without one only the request is driven, as if the caller went away after it. */
  readonly response?: ProbeMessage;
  /** Announced to the server with the first event. */
  readonly modes: { readonly request: ProbeBodyMode; readonly response: ProbeBodyMode };
  /** Proxy attributes by expression text, sent with the request's headers. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}
