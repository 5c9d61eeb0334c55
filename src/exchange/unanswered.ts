import type { FaultCode } from "../base/index.ts";
import type { ExchangeCommand } from "./commands.ts";
import type { BodyMode } from "./events.ts";
import type { Phase } from "./phases.ts";
import { type AskingEvent, unreadQuestion } from "./steps.ts";

/** One bit for each kind of question. */
const bits = {
  request_headers: 1,
  request_body: 2,
  request_trailers: 4,
  response_headers: 8,
  response_body: 16,
  response_trailers: 32,
} as const;

/** Which questions of the proxy are open, and which answers have been given. */
export class Unanswered {
  #open = 0;
  #areAnswerHeadersSent = false;

  ask(kind: AskingEvent["kind"]): void {
    this.#open |= bits[kind];
  }

  /** A message too large to be read was a question all the same, and can be answered. */
  askUnread(code: FaultCode, phase: Phase): void {
    if (code !== "message_too_large" && code !== "headers_too_large") return;
    const kind = unreadQuestion(phase);
    if (kind !== undefined) this.ask(kind);
  }

  answer(command: ExchangeCommand): void {
    switch (command.kind) {
      case "headers":
        if (command.direction === "response") this.#areAnswerHeadersSent = true;
        this.#open &= ~(command.direction === "request"
          ? bits.request_headers
          : bits.response_headers);
        return;
      case "body":
      case "piece":
        this.#open &= ~(command.direction === "request" ? bits.request_body : bits.response_body);
        return;
      case "trailers":
        this.#open &= ~(command.direction === "request"
          ? bits.request_trailers
          : bits.response_trailers);
        return;
      case "immediate":
      case "error":
        this.#open = 0;
    }
  }

  isOpen(kind: AskingEvent["kind"]): boolean {
    return (this.#open & bits[kind]) !== 0;
  }

  /**
   * True where an answer of our own is expected and can still be one: a question is open, and the
   * headers of the upstream's answer have not gone on (BUFFERED holds them until the body answer).
   */
  allowsImmediate(responseMode: BodyMode): boolean {
    if (this.#areAnswerHeadersSent) {
      return responseMode === "BUFFERED" && this.isOpen("response_body");
    }
    return this.#open !== 0;
  }
}
