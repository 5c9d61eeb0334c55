/** Events of the protocol as the message histogram names them (audit-and-operations 6). */
export type MessageEvent =
  | "request_headers"
  | "request_body"
  | "response_headers"
  | "response_body"
  | "trailers";

/** How one stream ended, as the transport sees it; the record knows more (cut, deadline). */
export type StreamEnd = "complete" | "refused" | "peer_reset" | "server_error" | "drained";

/** Why one connection ended. */
export type SessionClose = "peer" | "drain" | "ping" | "limit" | "error";

/**
 * What on the wire was not what the protocol allows. `request`: method, path or headers of no gRPC
 * call of ours; `truncated`: half-closed in the middle of a message; `session`: no or bad HTTP/2;
 * `peer`: no certificate, or one of nobody on the list.
 */
export type WireError =
  | "request"
  | "compressed"
  | "too_large"
  | "malformed"
  | "truncated"
  | "body_mode"
  | "session"
  | "peer";

/** A bound the transport itself keeps (audit-and-operations 8.2 and 8.3). */
export type TransportLimit = "message_bytes" | "held_bytes" | "headers" | "stream_resets";

/** Told what the transport does, for metrics. Calls must be cheap and must not throw. */
export interface TransportObserver {
  sessionOpened(): void;
  sessionClosed(reason: SessionClose): void;
  streamOpened(): void;
  /** Exactly once per opened stream. */
  streamEnded(end: StreamEnd): void;
  wireError(kind: WireError): void;
  limitHit(limit: TransportLimit): void;
  /**
   * From the oldest unanswered event of a stream to its answer being written; `traceId`: of a trace
   * that somebody keeps.
   */
  messageSeconds(event: MessageEvent, seconds: number, traceId?: string): void;
}
