/**
 * What the world can do to us, by stable code. Codes stand in records, metrics and documents; they
 * are never reused. Each line says what happened and what an operator can do.
 */
export const faultCodes = {
  message_too_large:
    "A gRPC message announced more than limits.messageBytesMax; lower Envoy's buffer limits or raise it.",
  message_compressed:
    "A gRPC message was compressed; Envoy never does that, so check who is calling.",
  message_malformed: "A gRPC message was not a ProcessingRequest; check the version of the caller.",
  message_out_of_order:
    "Envoy's events came in an order the protocol does not allow; check the filter configuration.",
  body_mode_not_accepted:
    "Envoy is configured with a body mode that bodyModes does not accept; align the two.",
  answer_not_sent:
    "A rule would have to judge the answer, and Envoy keeps its body (NONE); change the route or the rule.",
  body_too_large: "A body exceeded limits.bodyBytesMax; raise it or send less.",
  held_bytes_exceeded:
    "All held bodies together exceeded limits.heldBytesMax; add processes or raise it.",
  headers_too_large: "Headers exceeded 256 entries or 64 KiB; look at the client.",
  json_invalid: "A body that must be JSON is not; look at the client or the model server.",
  json_too_deep: "JSON nested deeper than limits.jsonDepthMax; look at the client.",
  json_too_many_keys: "JSON with more members than limits.jsonKeysMax; look at the client.",
  json_ambiguous:
    "A member that steers the request occurs twice, so readers could disagree; look at the client.",
  text_invalid: "Bytes that must be UTF-8 are not; look at the client or the model server.",
  encoding_unsupported: "A content-encoding other than gzip, deflate, br, zstd; change the sender.",
  encoding_invalid: "A compressed body does not decode; look at the sender.",
  decode_ratio_exceeded: "A compressed body grew beyond limits.decodeRatioMax; look at the sender.",
  format_unrecognised: "No known wire format fits this path or body; see content.unrecognised.",
  redaction_impossible:
    "A value to be masked stands where nothing may change, such as a path; look at the client.",
  obligation_impossible:
    "A policy asks for a change that this body has no place for; look at the rule and the client.",
  upgrade_refused: "A request asked for another protocol; leave upgrade_configs out of Envoy.",
  phase_deadline: "A stage did not answer within deadlines.phaseMs; look at load and classifiers.",
  exchange_idle: "No event came for deadlines.exchangeIdleSeconds; look at the upstream.",
  trailers_after_hold:
    "Trailers ended a STREAMED answer while text was held; use FULL_DUPLEX_STREAMED for responses.",
  policy_unavailable: "No policy snapshot is active; see /status for what was refused and why.",
  audit_unavailable: "A record could not be written; look at the disk of stateDir.",
  draining:
    "The server was stopping and the exchange did not end in time; see drain in the configuration.",
  internal: "A bug of ours ended the exchange, closed; the log has the stack.",
} as const;

export type FaultCode = keyof typeof faultCodes;

/** A failure of the world around us; caught once, in the exchange, and answered closed. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly code: FaultCode;

  /** The message says what was expected and what was found, never the payload. */
  constructor(code: FaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
