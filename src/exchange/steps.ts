import type { Direction } from "../domain/index.ts";
import type { BodyMode, ExchangeEvent } from "./events.ts";
import type { Phase, Step } from "./phases.ts";

/** Events that ask for an answer. */
export type AskingEvent = Extract<
  ExchangeEvent,
  {
    kind:
      | "request_headers"
      | "request_body"
      | "request_trailers"
      | "response_headers"
      | "response_body"
      | "response_trailers";
  }
>;

/** The step an event makes: what it means depends on the body mode it came under. */
export function stepOf(
  event: AskingEvent,
  phase: Phase,
  modes: { readonly request: BodyMode; readonly response: BodyMode },
): Step {
  switch (event.kind) {
    case "request_headers":
      return event.endOfStream ? "request_headers_end" : "request_headers";
    case "response_headers": {
      // Under NONE the proxy keeps the body, so nothing of the answer is asked about after this.
      const isLast = event.endOfStream || modes.response === "NONE";
      return isLast ? "response_headers_end" : "response_headers";
    }
    case "request_body":
      return bodyStep("request", event, modes.request, phase !== "request_body");
    case "response_body":
      return bodyStep("response", event, modes.response, phase === "answered");
    case "request_trailers":
    case "response_trailers":
      return event.kind;
  }
}

function bodyStep(
  direction: Direction,
  event: { readonly bytes: Buffer; readonly endOfStream: boolean },
  mode: BodyMode,
  hasEnded: boolean,
): Step {
  const isEmptyEnd = event.endOfStream && event.bytes.length === 0;
  if (hasEnded && isEmptyEnd && mode === "FULL_DUPLEX_STREAMED") return `${direction}_body_again`;
  if (event.endOfStream) return `${direction}_body_end`;
  return mode === "BUFFERED" ? `${direction}_body_whole` : `${direction}_body`;
}

/** True for the steps that carry all of a body, or its last piece. */
export function isWholeStep(step: Step): boolean {
  return step.endsWith("_whole") || step.endsWith("_end");
}

/** What a message asked that came in this phase and could not be read. */
export function unreadQuestion(phase: Phase): AskingEvent["kind"] | undefined {
  switch (phase) {
    case "open":
      return "request_headers";
    case "request_body":
      return "request_body";
    case "request_tail":
    case "responding":
      return "response_headers";
    case "response_body":
      return "response_body";
    case "response_tail":
    case "answered":
    case "ending":
    case "processed":
    case "refused":
    case "failed":
      return undefined;
  }
}
