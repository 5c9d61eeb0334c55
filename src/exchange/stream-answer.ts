import { Fault } from "../base/index.ts";
import type { Decision, Refusal } from "../domain/index.ts";
import type { Format } from "../formats/index.ts";
import { type Answer, answerEdit } from "./answer.ts";
import type { AnswerHead } from "./answer-head.ts";
import type { ExchangeMetadata } from "./commands.ts";
import type { ExchangeCore } from "./core.ts";
import type { Eventually } from "./deps.ts";
import { StreamJudge, type StreamVerdict } from "./stream-judge.ts";

const nothing = Buffer.alloc(0);

/** An event stream that is judged and passed on while it runs. */
export class StreamAnswer implements Answer {
  readonly #core: ExchangeCore;
  readonly #format: Format;
  readonly #head: AnswerHead;
  readonly #judge: StreamJudge;
  readonly #isDuplex: boolean;
  #held = 0;
  #isCut = false;
  #isOver = false;
  /** What leaves with an end that comes before the next verdict. */
  #ready: readonly Buffer[] = [];
  /** Ready before that, while the last verdict is waited for. */
  #before: readonly Buffer[] = [];

  constructor(core: ExchangeCore, format: Format, head: AnswerHead) {
    this.#core = core;
    this.#format = format;
    this.#head = head;
    this.#judge = new StreamJudge(core, format);
    this.#isDuplex = core.responseMode === "FULL_DUPLEX_STREAMED";
  }

  headers(): void {
    const edit = answerEdit(this.#core, this.#head, { isChanged: true, isDecoded: false });
    this.#core.send({ kind: "headers", direction: "response", edit });
  }

  body(bytes: Buffer, _isWhole: boolean, isLast: boolean): void {
    this.#whenJudged(this.#judge.push(bytes), (verdict) => this.#goOn(verdict, isLast));
  }

  #goOn({ bytes: ready, deny, fault }: StreamVerdict, isLast: boolean): void {
    if (deny !== undefined) return this.#deny(ready, deny);
    if (fault !== undefined) return this.#fail(ready, fault);
    const overspent = this.#core.knowledge.quotas?.overspent;
    if (overspent !== undefined) return this.#deny(ready, overspent);
    if (isLast) return this.#finish(ready, true);
    if (ready.length > 0 || !this.#isDuplex) this.#send(joined(ready), false);
  }

  trailers(): void {
    if (this.#isOver) this.#sendTrailers();
    else this.#finish([], false);
  }

  #sendTrailers(): void {
    this.#core.send({ kind: "trailers", direction: "response" });
  }

  get isRunning(): boolean {
    return !this.#isOver && !this.#isCut && (this.#isDuplex || this.#core.isBodyAsked);
  }

  cut(refusal: Refusal, record: () => void): boolean {
    if (!this.isRunning) return false;
    this.#isCut = true;
    this.#release();
    const last = joined([
      ...this.#before,
      ...this.#ready,
      this.#format.renderStreamRefusal(refusal),
    ]);
    this.#core.evidence.bodies.output(last);
    record();
    this.#write(last, true, this.#core.evidence.takeMetadata());
    return true;
  }

  /** Goes on with a verdict, unless the answer was ended while it was waited for. */
  #whenJudged<Verdict extends StreamVerdict>(
    judged: Eventually<Verdict>,
    goOn: (verdict: Verdict) => void,
  ): void {
    if (judged instanceof Promise) {
      this.#ready = this.#judge.ready;
      this.#account();
    }
    this.#core.whenReady(judged, (verdict) => {
      if (this.#isCut) return;
      this.#ready = [];
      this.#before = [];
      this.#account();
      goOn(verdict);
    });
  }

  /** What left before the finding was known leaves here as well, however the bytes were cut. */
  #deny(ready: readonly Buffer[], decision: Decision): void {
    this.#ready = ready;
    this.#core.refuse({ kind: "denied", decision });
  }

  #fail(ready: readonly Buffer[], fault: Fault): never {
    this.#ready = ready;
    throw fault;
  }

  #finish(ready: readonly Buffer[], isLast: boolean): void {
    this.#before = ready;
    this.#whenJudged(this.#judge.end(), (verdict) => this.#end(ready, verdict, isLast));
  }

  #end(
    ready: readonly Buffer[],
    { bytes: rest, decision, deny, fault }: Awaited<ReturnType<StreamJudge["end"]>>,
    isLast: boolean,
  ): void {
    if (deny !== undefined) return this.#deny([...ready, ...rest], deny);
    if (fault !== undefined) return this.#fail([...ready, ...rest], fault);
    const last = joined([...ready, ...rest]);
    if (!isLast && !this.#isDuplex && last.length > 0) {
      throw new Fault("trailers_after_hold", "expected the end of the body before its trailers");
    }
    this.#isOver = true;
    this.#release();
    const { evidence } = this.#core;
    evidence.bodies.output(last);
    evidence.usage(this.#judge.usage);
    const { findings, redacted } = this.#judge;
    evidence.close(decision, "complete", { findings, edited: redacted });
    if (isLast || last.length > 0) this.#write(last, isLast);
    if (!isLast) this.#sendTrailers();
  }

  #send(bytes: Buffer, endOfStream: boolean): void {
    this.#core.evidence.bodies.output(bytes);
    this.#write(bytes, endOfStream);
  }

  #write(bytes: Buffer, endOfStream: boolean, told: { metadata?: ExchangeMetadata } = {}): void {
    const common = { direction: "response", bytes, ...told } as const;
    if (this.#isDuplex) this.#core.send({ kind: "piece", ...common, endOfStream });
    else this.#core.send({ kind: "body", ...common });
  }

  #account(): void {
    const held = this.#judge.heldBytes;
    this.#core.hold(held - this.#held);
    this.#held = held;
  }

  #release(): void {
    this.#core.hold(-this.#held);
    this.#held = 0;
  }
}

function joined(parts: readonly Buffer[]): Buffer {
  const [only] = parts;
  if (only === undefined) return nothing;
  return parts.length === 1 ? only : Buffer.concat(parts);
}
