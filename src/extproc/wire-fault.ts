import type { Fault, FaultCode } from "../base/index.ts";
import type { GrpcStatusName } from "./grpc-status.ts";
import type { TransportLimit, TransportObserver, WireError } from "./observer.ts";

/** What a fault of the wire ends its stream with, and what it is counted as. */
interface WireFault {
  readonly status: GrpcStatusName;
  readonly kind: WireError;
  readonly limit?: TransportLimit;
}

const wireFaults: { readonly [code in FaultCode]?: WireFault } = {
  message_too_large: { status: "RESOURCE_EXHAUSTED", kind: "too_large", limit: "message_bytes" },
  held_bytes_exceeded: { status: "RESOURCE_EXHAUSTED", kind: "too_large", limit: "held_bytes" },
  message_compressed: { status: "UNIMPLEMENTED", kind: "compressed" },
  message_malformed: { status: "INTERNAL", kind: "malformed" },
  body_mode_not_accepted: { status: "INVALID_ARGUMENT", kind: "body_mode" },
};

/** Counts a fault of the wire and gives the status its stream must end with. */
export function reportWireFault(fault: Fault, observer: TransportObserver): GrpcStatusName {
  const { status, kind, limit } = wireFaults[fault.code] ?? malformed;
  observer.wireError(kind);
  if (limit !== undefined) observer.limitHit(limit);
  return status;
}

const malformed: WireFault = { status: "INTERNAL", kind: "malformed" };
