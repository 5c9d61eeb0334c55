import type { GrpcStatus } from "./grpc-status.ts";
import type { StreamEnd } from "./observer.ts";

/** How a stream is to end, and what to count it as. */
export interface Ending {
  readonly status: GrpcStatus;
  readonly end: StreamEnd;
}

/**
 * The endings a stream can have beside an error the exchange or the wire asks for. Two give status
 * 0, on which a proxy lets pass whatever it still has: both need a peer that has half-closed.
 */
export const endings = {
  /** Nothing is owed. */
  complete: { status: { name: "OK", message: "" }, end: "complete" },
  /** Nothing is owed after an answer in the upstream's place. */
  refused: { status: { name: "OK", message: "" }, end: "refused" },
  /** The peer half-closed while it was owed an answer. INTERNAL: a proxy would repeat the call
   * on UNAVAILABLE, for a client that is gone. */
  leftEarly: {
    status: { name: "INTERNAL", message: "the exchange has not ended" },
    end: "peer_reset",
  },
  drained: unavailable("draining", "drained"),
  notRecorded: unavailable("the record could not be written", "server_error"),
  /** A bug of ours; what it is stays with us. */
  crashed: { status: { name: "INTERNAL", message: "internal" }, end: "server_error" },
} as const satisfies { readonly [name: string]: Ending };

function unavailable(message: string, end: StreamEnd): Ending {
  return { status: { name: "UNAVAILABLE", message }, end };
}
