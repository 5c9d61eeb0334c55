import { type HeaderField, headerValue, type Refusal } from "../domain/index.ts";
import type { Answer } from "./answer.ts";
import { judgeAnswerFields } from "./answer-fields.ts";
import type { ExchangeCommand } from "./commands.ts";
import type { ExchangeCore } from "./core.ts";
import { EchoAnswer } from "./echo-answer.ts";
import type { ExchangeEvent } from "./events.ts";
import { type HeaderMasks, noMasks } from "./header-texts.ts";
import { openAnswer } from "./open-answer.ts";
import type { AskingEvent } from "./steps.ts";
import { passesUnread } from "./watch.ts";

type HeadersEvent = Extract<ExchangeEvent, { kind: "request_headers" | "response_headers" }>;

/**
 * The second half of an exchange: judge headers and trailers of the answer, and hand its body to the
 * way of handling it that fits.
 */
export class AnswerSide {
  readonly #core: ExchangeCore;
  #answer: Answer | undefined;
  #trailerMasks = noMasks;
  /** Goes on without the judgement of headers or trailers that is under way. */
  #skipFields: (() => void) | undefined;

  constructor(core: ExchangeCore) {
    this.#core = core;
  }

  /** True once an answer has begun. */
  get isOpen(): boolean {
    return this.#answer !== undefined || this.#skipFields !== undefined;
  }

  /** True while `cut` can be done. */
  get isRunning(): boolean {
    return this.#answer?.isRunning === true;
  }

  /** The command without what was found in the trailers of the answer, if it is what passes them. */
  mask(command: ExchangeCommand): ExchangeCommand {
    const { remove, set } = this.#trailerMasks;
    const isEnd = command.kind === "trailers" && command.direction === "response";
    const isMasked = isEnd && set.length + remove.length > 0;
    return isMasked ? { ...command, edit: { set, remove } } : command;
  }

  /** `isLast`: neither body nor trailers follow; `isBypassed`: its request passed, and so does it. */
  headers(event: HeadersEvent, isLast: boolean, isBypassed: boolean): void {
    const { evidence, isObserving, knowledge } = this.#core;
    const begin = ({ set }: HeaderMasks) => {
      if (knowledge.answerFields !== undefined) knowledge.answerFields.headers = set;
      knowledge.quotas?.answered(Number(headerValue(event.headers, ":status") ?? 0));
      this.#answer = isBypassed ? new EchoAnswer(this.#core) : this.#open(event);
      this.#answer.headers(isLast);
    };
    if (isBypassed) return begin(noMasks);
    // A proxy that answers by itself may do so before the request was read.
    if (!evidence.hasFirst && !isObserving) knowledge.isWatched = passesUnread(this.#core);
    this.#whenFieldsJudged(event.headers, begin);
  }

  /** `isWhole`: this is all of the body; `isLast`: nothing follows it, not even trailers. */
  body(bytes: Buffer, isWhole: boolean, isLast: boolean): void {
    this.#answer?.body(bytes, isWhole, isLast);
  }

  trailers(fields: readonly HeaderField[], isBypassed: boolean): void {
    if (isBypassed) return this.#answer?.trailers();
    this.#whenFieldsJudged(fields, (masks) => {
      this.#trailerMasks = masks;
      this.#answer?.trailers();
    });
  }

  /** As `Answer.cut`; false before there is an answer. */
  cut(refusal: Refusal, record: () => void): boolean {
    return this.#answer?.cut(refusal, record) === true;
  }

  /** What still comes of an answer that was cut. STREAMED waits to be told of each piece of it. */
  afterCut({ kind }: AskingEvent): void {
    if (this.#core.responseMode !== "STREAMED") return;
    if (kind === "response_body") {
      this.#core.send({ kind: "body", direction: "response", bytes: Buffer.alloc(0) });
    } else if (kind === "response_trailers") {
      this.#core.send({ kind: "trailers", direction: "response" });
    }
  }

  /** Goes on with the answer as it comes; `reason` is why. False where that cannot be done. */
  passUnread(reason: string): boolean {
    const skip = this.#skipFields;
    this.#skipFields = undefined;
    if (skip !== undefined) {
      skip();
      return true;
    }
    if (this.#answer?.giveUp === undefined || this.#core.evidence.isComplete) return false;
    this.#answer.giveUp(reason);
    return true;
  }

  release(): void {
    this.#answer?.release?.();
  }

  #open(event: HeadersEvent): Answer {
    const { evidence } = this.#core;
    // The proxy answered by itself before the request was judged, so nothing has left.
    if (!evidence.hasFirst) evidence.decide(undefined, { reason: "local_reply" });
    return openAnswer(this.#core, event);
  }

  #whenFieldsJudged(fields: readonly HeaderField[], goOn: (masks: HeaderMasks) => void): void {
    const { isWatched, permit } = this.#core.knowledge;
    if (isWatched && permit === undefined) return goOn(noMasks);
    if (isWatched) this.#skipFields = () => goOn(noMasks);
    judgeAnswerFields(this.#core, fields, (masks) => {
      this.#skipFields = undefined;
      goOn(masks);
    });
  }
}
