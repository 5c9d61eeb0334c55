import { Fault } from "../base/index.ts";
import type { Refusal } from "../domain/index.ts";
import { beginsAsEvents, type Format } from "../formats/index.ts";
import type { Answer } from "./answer.ts";
import type { AnswerHead } from "./answer-head.ts";
import type { ExchangeCore } from "./core.ts";
import { StreamAnswer } from "./stream-answer.ts";
import { WholeAnswer } from "./whole-answer.ts";

const nothing = Buffer.alloc(0);

/** First bytes looked at; an event stream that tells itself later than this is judged whole. */
const sniffedBytesMax = 1024;

/**
 * An answer that does not say it is an event stream. Some servers leave the content type out or
 * name another, so its first bytes decide whether it runs or is held until it is whole.
 */
export class SniffedAnswer implements Answer {
  readonly #core: ExchangeCore;
  readonly #format: Format;
  readonly #head: AnswerHead;
  readonly #isDuplex: boolean;
  readonly #whole: WholeAnswer;
  #chosen: Answer | undefined;
  #start: Buffer = nothing;

  constructor(core: ExchangeCore, format: Format, head: AnswerHead) {
    this.#core = core;
    this.#format = format;
    this.#head = head;
    this.#isDuplex = core.responseMode === "FULL_DUPLEX_STREAMED";
    this.#whole = new WholeAnswer(core, format, head);
  }

  headers(isLast: boolean): void {
    this.#whole.headers(isLast);
  }

  body(bytes: Buffer, isWhole: boolean, isLast: boolean): void {
    if (this.#chosen !== undefined) return this.#chosen.body(bytes, isWhole, isLast);
    const start = this.#start.length === 0 ? bytes : Buffer.concat([this.#start, bytes]);
    const isStream = beginsAsEvents(start);
    if (isStream === undefined && !isWhole && start.length < sniffedBytesMax) {
      this.#start = start;
      if (!this.#isDuplex) this.#core.send({ kind: "body", direction: "response", bytes: nothing });
      return;
    }
    this.#start = nothing;
    this.#choose(isStream === true).body(start, isWhole, isLast);
  }

  trailers(): void {
    const chosen = this.#chosen ?? this.#choose(false);
    if (this.#start.length > 0) {
      if (!this.#isDuplex) {
        throw new Fault("trailers_after_hold", "expected the end of the body before its trailers");
      }
      chosen.body(this.#start, false, false);
    }
    chosen.trailers();
  }

  get isRunning(): boolean {
    return this.#chosen?.isRunning ?? false;
  }

  cut(refusal: Refusal, record: () => void): boolean {
    return this.#chosen?.cut(refusal, record) ?? false;
  }

  #choose(isStream: boolean): Answer {
    if (isStream) {
      const stream = new StreamAnswer(this.#core, this.#format, this.#head);
      // STREAMED has answered the headers already, and in the same way.
      if (this.#isDuplex) stream.headers();
      this.#chosen = stream;
    } else {
      this.#chosen = this.#whole;
    }
    return this.#chosen;
  }
}
