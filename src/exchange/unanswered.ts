import type { ExchangeCommand } from "./commands.ts";
import type { BodyMode } from "./events.ts";
import type { AskingEvent } from "./steps.ts";

/** Which questions of the proxy are open, and which answers have been given. */
export class Unanswered {
  readonly #open = new Set<AskingEvent["kind"]>();
  #areAnswerHeadersSent = false;

  ask(kind: AskingEvent["kind"]): void {
    this.#open.add(kind);
  }

  answer(command: ExchangeCommand): void {
    switch (command.kind) {
      case "headers":
        this.#open.delete(`${command.direction}_headers`);
        if (command.direction === "response") this.#areAnswerHeadersSent = true;
        return;
      case "body":
      case "piece":
        this.#open.delete(`${command.direction}_body`);
        return;
      case "trailers":
        this.#open.delete(`${command.direction}_trailers`);
        return;
      case "immediate":
      case "error":
        this.#open.clear();
    }
  }

  /**
   * True where an answer of our own is expected and can still be one: a question is open, and the
   * headers of the upstream's answer have not gone on (BUFFERED holds them until the body answer).
   */
  allowsImmediate(responseMode: BodyMode): boolean {
    if (this.#areAnswerHeadersSent) {
      return responseMode === "BUFFERED" && this.#open.has("response_body");
    }
    return this.#open.size > 0;
  }
}
