import type { Decision, Refusal } from "../domain/index.ts";
import type { Format } from "../formats/index.ts";
import { type Answer, answerEdit } from "./answer.ts";
import type { AnswerHead } from "./answer-head.ts";
import { classifiesAnswers } from "./classify-answer.ts";
import { noteStatus } from "./classify-texts.ts";
import { CollectedBody } from "./collected-body.ts";
import type { ExchangeCore } from "./core.ts";
import type { FindingTally } from "./finding-tally.ts";
import { judgeWhole } from "./judge-whole.ts";
import { decideOnAnswer } from "./judged-answer.ts";
import { StreamJudge } from "./stream-judge.ts";

/** What the proxy waits for: the rest of a piece, the end of the body, or what is behind it. */
type Owed = "piece" | "end" | "trailers";

/**
 * The answer of an exchange that is only watched: every byte goes on as it came, and what governing
 * would have done to it is recorded. What cannot be read or held passes unread.
 */
export class WatchedAnswer implements Answer {
  readonly #core: ExchangeCore;
  readonly #format: Format | undefined;
  readonly #head: AnswerHead;
  readonly #isDuplex: boolean;
  /** Of an event stream, which is judged as it runs. */
  #stream: StreamJudge | undefined;
  /** Of any other answer, judged at its end; undefined where it is not read. */
  #copy: CollectedBody | undefined;
  /** Bytes of the stream that its judge holds. */
  #held = 0;
  /** Arrived and not yet passed on. */
  #pending: Buffer[] = [];
  #owed: Owed | undefined;
  /** What has left ends within an event. */
  #endsWithin = false;
  #findings: FindingTally | undefined;
  #reason: string | undefined;
  #isClosed = false;

  constructor(core: ExchangeCore, format: Format | undefined, head: AnswerHead) {
    this.#core = core;
    this.#format = format;
    this.#head = head;
    this.#isDuplex = core.responseMode === "FULL_DUPLEX_STREAMED";
    if (format === undefined || core.knowledge.permit === undefined) return;
    const isStream = head.mediaType === "text/event-stream" && head.codings.length === 0;
    if (isStream) this.#stream = new StreamJudge(core, format);
    // A stream that nobody holds is never there as a whole, as classifiers would have to see it.
    if (isStream && classifiesAnswers(core)) noteStatus(core, "truncated");
    if (!isStream) this.#copy = new CollectedBody(core);
  }

  headers(isLast: boolean): void {
    if (isLast) this.#close(decideOnAnswer(this.#core, []));
    const edit = answerEdit(this.#core, this.#head, { isChanged: false, isDecoded: false });
    const told = this.#core.evidence.takeMetadata();
    this.#core.send({ kind: "headers", direction: "response", edit, ...told });
  }

  body(bytes: Buffer, isWhole: boolean, isLast: boolean): void {
    this.#pending.push(bytes);
    this.#owed = isLast ? "end" : "piece";
    this.#look(bytes, isWhole);
  }

  trailers(): void {
    this.#owed = "trailers";
    if (this.#isClosed) this.#goOn();
    else this.#finish();
  }

  /** No more of it is read, for this reason; what is owed goes on as it came. */
  giveUp(reason: string): void {
    this.#reason ??= reason;
    this.#findings = this.#stream?.findings;
    const isEnd = this.#owed === "end" || this.#owed === "trailers";
    this.#release();
    this.#stream = undefined;
    this.#copy = undefined;
    if (isEnd && !this.#isClosed) this.#close(undefined);
    this.#goOn();
  }

  /** True while a kill switch can end it in its own format: between two of its events. */
  get isRunning(): boolean {
    if (this.#stream === undefined || this.#isClosed || this.#endsWithin) return false;
    return this.#isDuplex || this.#core.isBodyAsked;
  }

  cut(refusal: Refusal, record: () => void): boolean {
    if (!this.isRunning || this.#format === undefined) return false;
    this.#stream = undefined;
    this.#release();
    const bytes = this.#format.renderStreamRefusal(refusal);
    this.#core.evidence.bodies.output(bytes);
    record();
    const told = this.#core.evidence.takeMetadata();
    const common = { direction: "response", bytes, ...told } as const;
    if (this.#isDuplex) this.#core.send({ kind: "piece", ...common, endOfStream: true });
    else this.#core.send({ kind: "body", ...common });
    return true;
  }

  #look(bytes: Buffer, isWhole: boolean): void {
    if (this.#stream !== undefined) {
      const stream = this.#stream;
      return this.#core.whenReady(stream.push(bytes), ({ deny, fault }) => {
        if (this.#stream !== stream) return;
        if (deny !== undefined) return this.#core.refuse({ kind: "denied", decision: deny });
        if (fault !== undefined) throw fault;
        this.#hold(stream.heldBytes);
        this.#lookOn(isWhole);
      });
    }
    this.#copy?.add(bytes);
    this.#lookOn(isWhole);
  }

  #lookOn(isWhole: boolean): void {
    if (isWhole && !this.#isClosed) this.#finish();
    else this.#goOn();
  }

  /** All of the body is here. */
  #finish(): void {
    if (this.#stream !== undefined) return this.#finishStream(this.#stream);
    if (this.#copy === undefined) {
      this.#close(undefined);
      return this.#goOn();
    }
    const body = { raw: this.#copy.read(), head: this.#head, format: this.#format };
    judgeWhole(this.#core, body, ({ decision, findings, usage }) => {
      this.#core.evidence.usage(usage);
      this.#finishJudged(decision, findings);
    });
  }

  #finishStream(stream: StreamJudge): void {
    this.#core.whenReady(stream.end(), ({ decision, deny, fault }) => {
      if (this.#stream !== stream) return;
      if (deny !== undefined) return this.#core.refuse({ kind: "denied", decision: deny });
      if (fault !== undefined) throw fault;
      this.#core.evidence.usage(stream.usage);
      this.#finishJudged(decision, stream.findings);
    });
  }

  #finishJudged(decision: Decision | undefined, findings: FindingTally): void {
    if (decision !== undefined && this.#core.stops(decision)) {
      return this.#core.refuse({ kind: "denied", decision });
    }
    this.#findings = findings;
    this.#release();
    this.#close(decision);
    this.#goOn();
  }

  #close(decision: Decision | undefined): void {
    this.#isClosed = true;
    const { evidence } = this.#core;
    for (const bytes of this.#pending) evidence.bodies.output(bytes);
    const told = this.#reason === undefined ? { edited: 0 } : { reason: this.#reason };
    const findings = this.#findings;
    evidence.close(decision, "complete", findings === undefined ? told : { ...told, findings });
  }

  /** Passes on what is owed. */
  #goOn(): void {
    const bytes = this.#takeReady();
    const owed = this.#owed;
    this.#owed = undefined;
    if (!this.#isClosed) this.#core.evidence.bodies.output(bytes);
    if (this.#isDuplex) this.#sendPiece(bytes, owed === "end");
    else if (owed === "piece" || owed === "end") {
      this.#core.send({ kind: "body", direction: "response" });
    }
    if (owed === "trailers") this.#core.send({ kind: "trailers", direction: "response" });
  }

  /** What may leave now. Of a stream that can still be cut, an event that has begun waits. */
  #takeReady(): Buffer {
    const bytes = Buffer.concat(this.#pending);
    const begun = this.#isClosed ? 0 : (this.#stream?.partBytes ?? 0);
    this.#endsWithin = begun > 0 && !this.#isDuplex;
    if (begun === 0 || !this.#isDuplex) {
      this.#pending = [];
      return bytes;
    }
    this.#pending = [bytes.subarray(bytes.length - begun)];
    return bytes.subarray(0, bytes.length - begun);
  }

  #sendPiece(bytes: Buffer, endOfStream: boolean): void {
    if (!endOfStream && bytes.length === 0) return;
    this.#core.send({ kind: "piece", direction: "response", bytes, endOfStream });
  }

  #hold(bytes: number): void {
    const more = bytes - this.#held;
    this.#held = bytes;
    if (more !== 0) this.#core.hold(more);
  }

  #release(): void {
    this.#hold(0);
    this.#copy?.release();
  }
}
