/**
 * The legal course of an exchange, as data. `open` to `answered` follow the proxy's events; `ending`
 * waits for the proxy after we ended the answer ourselves; the last three are terminal.
 */
export type Phase =
  | "open"
  | "request_body"
  | "request_tail"
  | "responding"
  | "response_body"
  | "response_tail"
  | "answered"
  | "ending"
  | TerminalPhase;

export type TerminalPhase = "processed" | "refused" | "failed";

/**
 * What moves an exchange. `_end` says that nothing follows in that direction; `_whole` is the one
 * event of a BUFFERED body whose trailers may follow; `_again` is an empty end after the end, which
 * some proxy versions send in FULL_DUPLEX_STREAMED.
 */
export type Step =
  | "request_headers"
  | "request_headers_end"
  | "request_body"
  | "request_body_whole"
  | "request_body_end"
  | "request_body_again"
  | "request_trailers"
  | "response_headers"
  | "response_headers_end"
  | "response_body"
  | "response_body_whole"
  | "response_body_end"
  | "response_body_again"
  | "response_trailers"
  /** We ended the exchange with an answer of our own. */
  | "refuse"
  /** The proxy half-closed its side. */
  | "peer_ended"
  /** The proxy or its connection went away. */
  | "peer_reset"
  /** We ended the stream with an error status. */
  | "fail";

type Row = Partial<Readonly<Record<Step, Phase>>>;

/** Steps that are taken in every phase that is not terminal. */
const failing: Row = { fail: "failed", peer_reset: "failed", peer_ended: "failed" };

/** A response that starts before the request was seen whole is the proxy's own (a local reply). */
const localReply: Row = { response_headers: "response_body", response_headers_end: "answered" };

/** (phase, step) → phase. What is not listed is a fault (audit-and-operations 8.2). */
export const transitions: Readonly<Record<Phase, Row>> = {
  open: {
    ...failing,
    ...localReply,
    request_headers: "request_body",
    request_headers_end: "responding",
    refuse: "ending",
  },
  request_body: {
    ...failing,
    ...localReply,
    request_body: "request_body",
    request_body_whole: "request_tail",
    request_body_end: "responding",
    request_trailers: "responding",
    refuse: "ending",
  },
  request_tail: {
    ...failing,
    request_trailers: "responding",
    response_headers: "response_body",
    response_headers_end: "answered",
    refuse: "ending",
  },
  responding: {
    ...failing,
    request_body_again: "responding",
    response_headers: "response_body",
    response_headers_end: "answered",
    refuse: "ending",
  },
  response_body: {
    ...failing,
    request_body_again: "response_body",
    response_body: "response_body",
    response_body_whole: "response_tail",
    response_body_end: "answered",
    response_trailers: "answered",
    refuse: "ending",
  },
  response_tail: {
    ...failing,
    request_body_again: "response_tail",
    response_trailers: "answered",
    refuse: "ending",
    peer_ended: "processed",
    peer_reset: "processed",
  },
  answered: {
    request_body_again: "answered",
    response_body_again: "answered",
    refuse: "ending",
    peer_ended: "processed",
    peer_reset: "processed",
    fail: "failed",
  },
  ending: {
    request_headers: "ending",
    request_headers_end: "ending",
    request_body: "ending",
    request_body_whole: "ending",
    request_body_end: "ending",
    request_body_again: "ending",
    request_trailers: "ending",
    response_headers: "ending",
    response_headers_end: "ending",
    response_body: "ending",
    response_body_whole: "ending",
    response_body_end: "ending",
    response_body_again: "ending",
    response_trailers: "ending",
    peer_ended: "refused",
    peer_reset: "refused",
    fail: "refused",
  },
  processed: {},
  refused: {},
  failed: {},
};

/** The phase after a step, or undefined where the step is not legal. */
export function nextPhase(phase: Phase, step: Step): Phase | undefined {
  return transitions[phase][step];
}

/** True once nothing more can happen. */
export function isTerminal(phase: Phase): phase is TerminalPhase {
  return phase === "processed" || phase === "refused" || phase === "failed";
}

/** True where the proxy may half-close without leaving a question unanswered. */
export function isSettled(phase: Phase): boolean {
  switch (phase) {
    case "request_tail":
    case "responding":
    case "response_tail":
    case "answered":
    case "ending":
    case "processed":
    case "refused":
      return true;
    case "open":
    case "request_body":
    case "response_body":
    case "failed":
      return false;
  }
}
