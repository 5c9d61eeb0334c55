import { Fault } from "../base/index.ts";
import type { BodyMode, Opening } from "../exchange/index.ts";
import type { DecodedRequest } from "./decode-request.ts";
import type { AcceptedBodyModes } from "./options.ts";

/**
 * What an exchange must know before its first event, from the message that carries it. Throws a
 * `Fault` (`body_mode_not_accepted`): an answer in the form of another mode would let the original
 * body pass, so such an exchange is not served at all.
 */
export function toOpening(
  first: Pick<DecodedRequest, "protocolConfig" | "isObservability">,
  accepted: AcceptedBodyModes,
  traceparent: string | undefined,
): Opening {
  const { isObservability, protocolConfig: announced } = first;
  if (announced === undefined) {
    const requestBodyMode = accepted.request[0] ?? "NONE";
    const responseBodyMode = accepted.response[0] ?? "NONE";
    return { requestBodyMode, responseBodyMode, isObservability, traceparent };
  }
  // Zero is not written on the wire: a mode left out of what was announced is NONE.
  return {
    requestBodyMode: toAccepted("request", announced.requestBodyMode ?? 0, accepted),
    responseBodyMode: toAccepted("response", announced.responseBodyMode ?? 0, accepted),
    isObservability,
    traceparent,
  };
}

function toAccepted(
  direction: keyof AcceptedBodyModes,
  wireNumber: number,
  accepted: AcceptedBodyModes,
): BodyMode {
  const mode = bodyModes[wireNumber];
  if (mode !== undefined && accepted[direction].includes(mode)) return mode;
  const expected = accepted[direction].join(" or ");
  throw new Fault(
    "body_mode_not_accepted",
    `expected ${direction} body mode ${expected}, found ${mode ?? wireNumber}`,
  );
}

/** By wire number (processing_mode.proto); GRPC (5) and what comes after it have no name here. */
const bodyModes: readonly BodyMode[] = [
  "NONE",
  "STREAMED",
  "BUFFERED",
  "BUFFERED_PARTIAL",
  "FULL_DUPLEX_STREAMED",
];
