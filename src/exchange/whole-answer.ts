import { Fault } from "../base/index.ts";
import type { Format } from "../formats/index.ts";
import { type Answer, answerEdit } from "./answer.ts";
import type { AnswerHead } from "./answer-head.ts";
import { CollectedBody } from "./collected-body.ts";
import type { ExchangeCore } from "./core.ts";
import { judgeWhole } from "./judge-whole.ts";
import { decideOnAnswer, type JudgedAnswer } from "./judged-answer.ts";

const nothing = Buffer.alloc(0);

/** How the end of an answer came: with the body, or in trailers behind it. */
type BodyEnd = "end" | "trailers";

/**
 * An answer that is held until it is complete and judged as one: JSON, text, and event streams that
 * the proxy hands over in one piece. Until then nothing of it leaves, so its status can still be
 * replaced.
 */
export class WholeAnswer implements Answer {
  readonly #core: ExchangeCore;
  readonly #format: Format | undefined;
  readonly #head: AnswerHead;
  readonly #isDuplex: boolean;
  readonly #body: CollectedBody;
  #isJudged = false;

  constructor(core: ExchangeCore, format: Format | undefined, head: AnswerHead) {
    this.#core = core;
    this.#format = format;
    this.#head = head;
    this.#body = new CollectedBody(core);
    this.#isDuplex = core.responseMode === "FULL_DUPLEX_STREAMED";
  }

  headers(isLast: boolean): void {
    if (isLast) {
      this.#isJudged = true;
      this.#close(undefined);
      this.#sendHeaders(false);
    } else if (!this.#isDuplex) {
      this.#sendHeaders(this.#core.responseMode === "STREAMED");
    }
  }

  body(bytes: Buffer, isWhole: boolean, isLast: boolean): void {
    this.#body.add(bytes);
    if (isWhole) this.#judge(isLast || !this.#isDuplex ? "end" : "trailers");
    else if (!this.#isDuplex)
      this.#core.send({ kind: "body", direction: "response", bytes: nothing });
  }

  trailers(): void {
    if (this.#isDuplex && !this.#isJudged) return this.#judge("trailers");
    if (!this.#body.isEmpty) {
      throw new Fault("trailers_after_hold", "expected the end of the body before its trailers");
    }
    if (!this.#isJudged) this.#close(undefined);
    this.#core.send({ kind: "trailers", direction: "response" });
  }

  cut(): boolean {
    return false;
  }

  #judge(end: BodyEnd): void {
    const raw = this.#body.read();
    this.#body.release();
    const body = { raw, head: this.#head, format: this.#format };
    judgeWhole(this.#core, body, (judged) => this.#finish(judged, raw, end));
  }

  #finish(judged: JudgedAnswer, raw: Buffer, end: BodyEnd): void {
    this.#isJudged = true;
    const { evidence } = this.#core;
    evidence.usage(judged.usage);
    if (judged.decision !== undefined && this.#core.stops(judged.decision)) {
      return this.#core.refuse({ kind: "denied", decision: judged.decision });
    }
    evidence.bodies.output(judged.bytes);
    this.#close(judged);
    this.#send(judged.bytes, judged.bytes !== raw && !judged.bytes.equals(raw), end);
  }

  #close(judged: JudgedAnswer | undefined): void {
    const { evidence } = this.#core;
    if (judged === undefined) return evidence.close(decideOnAnswer(this.#core, []), "complete", {});
    const { decision, edited, findings } = judged;
    evidence.close(decision, "complete", { findings, edited });
  }

  #send(bytes: Buffer, isChanged: boolean, end: BodyEnd): void {
    const { responseMode } = this.#core;
    if (this.#isDuplex) {
      this.#sendHeaders(true, isChanged);
      const endOfStream = end === "end";
      // Where trailers follow the headers at once, the proxy has asked about no body.
      if (endOfStream || bytes.length > 0) {
        this.#core.send({ kind: "piece", direction: "response", bytes, endOfStream });
      }
      if (!endOfStream) this.#core.send({ kind: "trailers", direction: "response" });
      return;
    }
    if (responseMode === "STREAMED") {
      this.#core.send({ kind: "body", direction: "response", bytes });
      return;
    }
    const edit = answerEdit(this.#core, this.#head, {
      isChanged,
      isDecoded: true,
      ...(isChanged ? { contentLength: bytes.length } : {}),
    });
    // Decisions on the calls in it may have warned since its headers were answered.
    const isWarned = this.#core.knowledge.toolWarnings.size > 0;
    const changed = isChanged ? { bytes, edit } : isWarned ? { edit } : {};
    const told = this.#core.evidence.takeMetadata();
    this.#core.send({ kind: "body", direction: "response", ...changed, ...told });
  }

  #sendHeaders(isDecoded: boolean, isChanged = isDecoded): void {
    const edit = answerEdit(this.#core, this.#head, { isChanged, isDecoded });
    const told = this.#core.evidence.takeMetadata();
    this.#core.send({ kind: "headers", direction: "response", edit, ...told });
  }
}
