import type {
  CommandSink,
  ExchangeEvent,
  ExchangeSession,
  Opening,
} from "../src/exchange/index.ts";

/**
 * An exchange that changes nothing: an empty answer to each event, except that a duplex body is
 * echoed, because there an empty answer is an error.
 */
export function openNoopExchange(opening: Opening, sink: CommandSink): ExchangeSession {
  return new NoopExchange(opening, sink);
}

class NoopExchange implements ExchangeSession {
  readonly isSettled = true;
  readonly #isRequestDuplex: boolean;
  readonly #isResponseDuplex: boolean;
  readonly #sink: CommandSink;

  constructor(opening: Opening, sink: CommandSink) {
    this.#isRequestDuplex = opening.requestBodyMode === "FULL_DUPLEX_STREAMED";
    this.#isResponseDuplex = opening.responseBodyMode === "FULL_DUPLEX_STREAMED";
    this.#sink = sink;
  }

  handle(event: ExchangeEvent): void {
    switch (event.kind) {
      case "request_headers":
        this.#sink.send({ kind: "headers", direction: "request" });
        break;
      case "response_headers":
        this.#sink.send({ kind: "headers", direction: "response" });
        break;
      case "request_body":
        this.#sendBody("request", this.#isRequestDuplex, event);
        break;
      case "response_body":
        this.#sendBody("response", this.#isResponseDuplex, event);
        break;
      case "request_trailers":
        this.#sink.send({ kind: "trailers", direction: "request" });
        break;
      case "response_trailers":
        this.#sink.send({ kind: "trailers", direction: "response" });
        break;
      case "malformed":
      case "audit_failed":
        this.#sink.send({ kind: "error", status: "UNAVAILABLE", message: event.kind });
        break;
      case "peer_ended":
      case "peer_reset":
      case "drained":
        break;
    }
  }

  #sendBody(
    direction: "request" | "response",
    isDuplex: boolean,
    event: { readonly bytes: Buffer; readonly endOfStream: boolean },
  ): void {
    if (!isDuplex) this.#sink.send({ kind: "body", direction });
    else {
      const { bytes, endOfStream } = event;
      this.#sink.send({ kind: "piece", direction, bytes, endOfStream });
    }
  }
}
