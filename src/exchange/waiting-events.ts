import { Fault, invariant } from "../base/index.ts";
import type { BodyMode } from "./events.ts";
import type { AskingEvent } from "./steps.ts";

/** Events kept apart; a proxy sends a handful, or many small pieces of one body. */
const eventsMax = 1024;

type ResponseBody = Extract<AskingEvent, { kind: "request_body" | "response_body" }>;

/**
 * Events that came while a judgement is under way, in order. Pieces of a FULL_DUPLEX_STREAMED answer
 * are handed out joined, since no answer is owed to each of them.
 */
export class WaitingEvents {
  readonly #isJoining: boolean;
  readonly #bodyBytesMax: number;
  #events: AskingEvent[] = [];

  /** `bodyBytesMax`: of the pieces that are joined. */
  constructor(responseMode: BodyMode, bodyBytesMax: number) {
    this.#isJoining = responseMode === "FULL_DUPLEX_STREAMED";
    this.#bodyBytesMax = bodyBytesMax;
  }

  get length(): number {
    return this.#events.length;
  }

  /** @throws Fault message_out_of_order for more events, body_too_large for more bytes than may wait */
  push(event: AskingEvent): void {
    if (this.#events.length >= eventsMax) this.#joinAll();
    if (this.#events.length >= eventsMax) {
      throw new Fault("message_out_of_order", "too many events while one is judged");
    }
    this.#events.push(event);
  }

  shift(): AskingEvent | undefined {
    const first = this.#events.shift();
    if (first === undefined || !this.#goesOn(first)) return first;
    const pieces = this.#events.findIndex((event) => !this.#goesOn(event));
    const isLastKind = pieces >= 0 && this.#events[pieces]?.kind === "response_body";
    const count = pieces < 0 ? this.#events.length : pieces + Number(isLastKind);
    return joined([first, ...(this.#events.splice(0, count) as ResponseBody[])]);
  }

  clear(): void {
    this.#events = [];
  }

  /** True for a piece of an answer behind which another may come. */
  #goesOn(event: AskingEvent): event is ResponseBody {
    return this.#isJoining && event.kind === "response_body" && !event.endOfStream;
  }

  #joinAll(): void {
    const all: AskingEvent[] = [];
    for (let next = this.shift(); next !== undefined; next = this.shift()) {
      if ("bytes" in next && next.bytes.length > this.#bodyBytesMax) {
        throw new Fault("body_too_large", `expected at most ${this.#bodyBytesMax} bytes to wait`);
      }
      all.push(next);
    }
    this.#events = all;
  }
}

function joined(pieces: readonly ResponseBody[]): ResponseBody {
  const [first] = pieces;
  const last = pieces.at(-1);
  invariant(first !== undefined && last !== undefined, "there is a piece to join");
  if (pieces.length === 1) return first;
  return { ...last, bytes: Buffer.concat(pieces.map(({ bytes }) => bytes)) };
}
