import type { Fault } from "../base/index.ts";
import type { HeaderField, ReadMetadata } from "../domain/index.ts";

/** Body modes a filter can be configured with, by the names of its configuration. */
export type BodyMode =
  | "NONE"
  | "BUFFERED"
  | "BUFFERED_PARTIAL"
  | "STREAMED"
  | "FULL_DUPLEX_STREAMED";

/** What is known when an exchange opens, before its first event. */
export interface Opening {
  /** In force for this exchange: announced by the proxy, else the configured stand-in. */
  readonly requestBodyMode: BodyMode;
  readonly responseBodyMode: BodyMode;
  /** Answers are thrown away by the proxy: judge and record, send nothing. */
  readonly isObservability: boolean;
  /** W3C `traceparent` of the proxy's side call, if any. */
  readonly traceparent: string | undefined;
}

/** What comes in. `bytes` belong to the exchange once handed over. */
export type ExchangeEvent =
  | {
      readonly kind: "request_headers" | "response_headers";
      readonly headers: readonly HeaderField[];
      /** True: neither body nor trailers follow. */
      readonly endOfStream: boolean;
      /** Proxy attributes by expression text, such as `xds.route_name`. */
      readonly attributes: ReadonlyMap<string, string | number | boolean>;
      /** With request headers only, and only where the proxy forwards metadata. */
      readonly metadata?: ReadMetadata;
    }
  | {
      readonly kind: "request_body" | "response_body";
      readonly bytes: Buffer;
      readonly endOfStream: boolean;
    }
  | {
      readonly kind: "request_trailers" | "response_trailers";
      readonly headers?: readonly HeaderField[];
    }
  /** The proxy half-closed: it has no more to ask. */
  | { readonly kind: "peer_ended" }
  /** The proxy or its connection went away. */
  | { readonly kind: "peer_reset" }
  /** The server stops and cannot wait longer. */
  | { readonly kind: "drained" }
  /** What the transport read was not what the protocol allows. */
  | { readonly kind: "malformed"; readonly fault: Fault }
  /** Records of this turn could not be written; commands of this turn have not left yet. */
  | { readonly kind: "audit_failed" };
