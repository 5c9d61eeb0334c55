import type { Direction, HeaderField } from "../domain/index.ts";

/** Changes to a header block: removals first, then each `set` replaces all values of its name. */
export interface HeaderEdit {
  readonly set: readonly HeaderField[];
  readonly remove: readonly string[];
}

/** Values for the proxy's access log, namespace `chancery` (audit-and-operations 9). */
export type ExchangeMetadata = Readonly<Record<string, string | number>>;

/**
 * What goes out, each exactly one answer of the protocol, in the order sent. The exchange sends the
 * kind that fits the body mode in force; the transport only encodes.
 */
export type ExchangeCommand =
  | {
      readonly kind: "headers";
      readonly direction: Direction;
      readonly edit?: HeaderEdit;
      /** Selects the route again; only with a non-empty `edit`, request direction only. */
      readonly clearRouteCache?: boolean;
      readonly metadata?: ExchangeMetadata;
    }
  /** Answers one body event of BUFFERED or STREAMED; without `bytes` the body stays as it is. */
  | {
      readonly kind: "body";
      readonly direction: Direction;
      readonly bytes?: Buffer;
      readonly edit?: HeaderEdit;
      readonly clearRouteCache?: boolean;
      readonly metadata?: ExchangeMetadata;
    }
  /** One piece of a FULL_DUPLEX_STREAMED body. */
  | {
      readonly kind: "piece";
      readonly direction: Direction;
      readonly bytes: Buffer;
      readonly endOfStream: boolean;
      readonly metadata?: ExchangeMetadata;
    }
  | {
      readonly kind: "trailers";
      readonly direction: Direction;
      /** Of the trailers themselves. */
      readonly edit?: HeaderEdit;
      readonly metadata?: ExchangeMetadata;
    }
  /** An answer of our own instead of the upstream's; ends the exchange. */
  | {
      readonly kind: "immediate";
      readonly status: number;
      readonly headers: readonly HeaderField[];
      readonly body: Buffer;
      /** One word for the proxy's access log. */
      readonly details: string;
      readonly metadata?: ExchangeMetadata;
    }
  /** Ends the stream with a gRPC error status, on which a fail-closed proxy refuses. */
  | {
      readonly kind: "error";
      readonly status: "UNAVAILABLE" | "INTERNAL" | "INVALID_ARGUMENT" | "RESOURCE_EXHAUSTED";
      readonly message: string;
    };

/** Where commands go. Sending never blocks; what is sent in one turn leaves together at its end. */
export interface CommandSink {
  send(command: ExchangeCommand): void;
  /** Throws away what was sent in this turn and has not left; only while `audit_failed` is handled. */
  discard(): void;
  /** What is sent from now on, this turn included, leaves once the record `seq` is on the disk for good. */
  holdUntilDurable(seq: number): void;
  /** Replaces the metadata of what was sent in this turn; only while `audit_failed` is handled. */
  retell(metadata: ExchangeMetadata): void;
}
