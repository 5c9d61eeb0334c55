import { Fault } from "../base/index.ts";
import type { Decision, Finding, FindingGroup, Span, Usage } from "../domain/index.ts";
import { planEdits, requireEditable } from "../effects/index.ts";
import { type DecodedBody, decodeContent, type Format } from "../formats/index.ts";
import { evaluate } from "../policy/index.ts";
import { type Answer, answerEdit } from "./answer.ts";
import type { AnswerHead } from "./answer-head.ts";
import { decisionInput, type ExchangeCore } from "./core.ts";
import { FindingTally } from "./finding-tally.ts";
import { maskEverything } from "./local-reply.ts";
import { readAnswer } from "./read-answer.ts";
import { StreamJudge } from "./stream-judge.ts";

const nothing = Buffer.alloc(0);

/** How the end of an answer came: with the body, or in trailers behind it. */
type BodyEnd = "end" | "trailers";

/** What the judgement of a whole answer came to. */
interface Judged {
  readonly bytes: Buffer;
  readonly edited: number;
  readonly findings: FindingTally;
  readonly decision: Decision | undefined;
  readonly usage: Usage | undefined;
}

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
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isJudged = false;

  constructor(core: ExchangeCore, format: Format | undefined, head: AnswerHead) {
    this.#core = core;
    this.#format = format;
    this.#head = head;
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
    this.#collect(bytes);
    if (isWhole) this.#judge(isLast || !this.#isDuplex ? "end" : "trailers");
    else if (!this.#isDuplex)
      this.#core.send({ kind: "body", direction: "response", bytes: nothing });
  }

  trailers(): void {
    if (this.#isDuplex && !this.#isJudged) return this.#judge("trailers");
    if (this.#bytes > 0) {
      throw new Fault("trailers_after_hold", "expected the end of the body before its trailers");
    }
    if (!this.#isJudged) this.#close(undefined);
    this.#core.send({ kind: "trailers", direction: "response" });
  }

  cut(): boolean {
    return false;
  }

  #collect(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#bytes += bytes.length;
    const { bodyBytesMax } = this.#core.deps.limits;
    if (this.#bytes > bodyBytesMax) {
      throw new Fault("body_too_large", `expected at most ${bodyBytesMax} bytes of answer`);
    }
    this.#core.hold(bytes.length);
    this.#chunks.push(bytes);
  }

  #judge(end: BodyEnd): void {
    const [only = nothing] = this.#chunks;
    const raw = this.#chunks.length <= 1 ? only : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.#core.hold(-this.#bytes);
    this.#bytes = 0;
    const { deps, evidence } = this.#core;
    evidence.stopwatch.start("parse");
    const plain = decodeContent(raw, this.#head.codings, deps.limits);
    const content = readAnswer(plain, this.#head, this.#format, deps.limits);
    if (content.kind === "events")
      return this.#finish(this.#judgeEvents(content.format, plain), raw, end);
    evidence.stopwatch.start("detect");
    const { body } = content;
    this.#core.whenReady(deps.classify(body.spans), (findings) => {
      this.#finish(this.#judgeBody(body, findings, content.usage), raw, end);
    });
  }

  #judgeEvents(format: Format, plain: Buffer): Judged {
    const judge = new StreamJudge(this.#core, format);
    const first = judge.push(plain);
    const last = first.deny === undefined ? judge.end() : { ...first, decision: first.deny };
    const fault = first.fault ?? last.fault;
    if (fault !== undefined) throw fault;
    return {
      bytes: Buffer.concat([...(first.deny === undefined ? first.bytes : []), ...last.bytes]),
      edited: judge.redacted,
      findings: judge.findings,
      decision: last.decision,
      usage: judge.usage,
    };
  }

  #judgeBody(
    body: DecodedBody,
    found: readonly (readonly Finding[])[],
    usage: Usage | undefined,
  ): Judged {
    const { evidence } = this.#core;
    evidence.stopwatch.start("evaluate");
    const findings = new FindingTally();
    findings.addAll(body.spans, found);
    const decision = this.#decide(findings.groups());
    const spans = body.spans.map((span: Span, index) => ({
      place: span.place,
      findings: found[index] ?? [],
    }));
    const { edits } =
      decision === undefined
        ? maskEverything(spans)
        : planEdits({ direction: "response", spans, redact: decision.obligations.redact });
    if (decision?.outcome !== "deny") requireEditable(edits, body.spans);
    evidence.stopwatch.stop();
    return { bytes: body.applyEdits(edits), edited: edits.length, findings, decision, usage };
  }

  /** Undefined for an answer to a request that no decision permitted: a local reply. */
  #decide(found: readonly FindingGroup[]): Decision | undefined {
    const { knowledge, snapshot } = this.#core;
    if (knowledge.permit === undefined || snapshot === undefined) return undefined;
    const groups = [...knowledge.requestFindings.groups(), ...found];
    return evaluate(snapshot, decisionInput(this.#core, "response", groups));
  }

  #finish(judged: Judged, raw: Buffer, end: BodyEnd): void {
    this.#isJudged = true;
    const { evidence } = this.#core;
    evidence.usage(judged.usage);
    if (judged.decision?.outcome === "deny") {
      return this.#core.refuse({ kind: "denied", decision: judged.decision });
    }
    evidence.output(judged.bytes.length);
    this.#close(judged);
    this.#send(judged.bytes, judged.bytes !== raw && !judged.bytes.equals(raw), end);
  }

  #close(judged: Judged | undefined): void {
    const { evidence } = this.#core;
    if (judged === undefined) return evidence.close(this.#decide([]), "complete", {});
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
    const changed = isChanged ? { bytes, edit } : {};
    const told = this.#core.evidence.takeMetadata();
    this.#core.send({ kind: "body", direction: "response", ...changed, ...told });
  }

  #sendHeaders(isDecoded: boolean, isChanged = isDecoded): void {
    const edit = answerEdit(this.#core, this.#head, { isChanged, isDecoded });
    const told = this.#core.evidence.takeMetadata();
    this.#core.send({ kind: "headers", direction: "response", edit, ...told });
  }
}
