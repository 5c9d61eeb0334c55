import type { Answer } from "./answer.ts";
import type { ExchangeCore } from "./core.ts";

/** The answer of an exchange that passes unjudged: every byte goes on as it came. */
export class EchoAnswer implements Answer {
  readonly #core: ExchangeCore;

  constructor(core: ExchangeCore) {
    this.#core = core;
  }

  headers(): void {
    const set = [{ name: "x-chancery-decision", value: this.#core.evidence.exchange }];
    if (this.#core.knowledge.isFlagged) {
      set.push({ name: "x-chancery-warning", value: "unrecognised" });
    }
    this.#core.send({ kind: "headers", direction: "response", edit: { set, remove: [] } });
  }

  body(bytes: Buffer, _isWhole: boolean, isLast: boolean): void {
    if (this.#core.responseMode === "FULL_DUPLEX_STREAMED") {
      this.#core.send({ kind: "piece", direction: "response", bytes, endOfStream: isLast });
    } else {
      this.#core.send({ kind: "body", direction: "response" });
    }
  }

  trailers(): void {
    this.#core.send({ kind: "trailers", direction: "response" });
  }

  cut(): boolean {
    return false;
  }
}
