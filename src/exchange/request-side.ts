import { Fault } from "../base/index.ts";
import type { Decision, Finding } from "../domain/index.ts";
import { planEdits } from "../effects/index.ts";
import { type DecodedRequest, decodeContent, type Format, recognise } from "../formats/index.ts";
import { evaluate } from "../policy/index.ts";
import type { HeaderEdit } from "./commands.ts";
import { decisionInput, type ExchangeCore } from "./core.ts";
import type { ExchangeEvent } from "./events.ts";
import { reasonOf } from "./refusals.ts";
import { type RequestHead, readRequestHead } from "./request-head.ts";

type HeadersEvent = Extract<ExchangeEvent, { kind: "request_headers" | "response_headers" }>;

/** How the end of a request came: with the body, or in trailers behind it. */
type BodyEnd = "end" | "trailers";

/**
 * The first half of an exchange: admit by its headers, hold the body until it is whole, judge it,
 * and pass on what the decision allows.
 */
export class RequestSide {
  readonly #core: ExchangeCore;
  #isBypassed = false;
  #isJudged = false;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(core: ExchangeCore) {
    this.#core = core;
  }

  get isBypassed(): boolean {
    return this.#isBypassed;
  }

  /** True once the request was passed on, judged or bypassed. */
  get isPassed(): boolean {
    return this.#isJudged || this.#isBypassed;
  }

  headers(event: HeadersEvent, isLast: boolean): void {
    const head = readRequestHead(event);
    const { knowledge, snapshot, deps } = this.#core;
    knowledge.head = head;
    this.#core.evidence.request(head);
    if (head.isUpgrade) {
      throw new Fault(
        "upgrade_refused",
        "expected plain HTTP, found a request for another protocol",
      );
    }
    if (snapshot === undefined) {
      throw new Fault("policy_unavailable", "expected an active policy snapshot, found none");
    }
    const recognition = recognise({ method: head.method, path: head.path });
    const isList = recognition.kind === "model_list" && isLast;
    if (recognition.kind === "format") return this.#admit(recognition.format, isLast);
    if (isList && deps.content.modelList === "pass" && deps.identity !== undefined) {
      return this.#bypass();
    }
    if (deps.content.unrecognised !== "refuse") {
      knowledge.isFlagged = deps.content.unrecognised === "flag";
      return this.#bypass();
    }
    this.#core.refuse({ kind: "unrecognised" });
  }

  /** `isWhole`: this is all of the body; `isLast`: nothing follows it, not even trailers. */
  body(bytes: Buffer, isWhole: boolean, isLast: boolean): void {
    const isDuplex = this.#core.requestMode === "FULL_DUPLEX_STREAMED";
    if (this.#isBypassed) {
      if (isDuplex)
        this.#core.send({ kind: "piece", direction: "request", bytes, endOfStream: isLast });
      else this.#core.send({ kind: "body", direction: "request" });
      return;
    }
    this.#collect(bytes);
    if (isWhole) this.#judge("end");
  }

  trailers(): void {
    const isDuplex = this.#core.requestMode === "FULL_DUPLEX_STREAMED";
    if (this.isPassed || !isDuplex) {
      if (!this.isPassed)
        throw new Fault("json_invalid", "expected a JSON body, found trailers only");
      this.#core.send({ kind: "trailers", direction: "request" });
      return;
    }
    this.#judge("trailers");
  }

  #admit(format: Format, isLast: boolean): void {
    this.#core.knowledge.format = format;
    if (isLast) throw new Fault("json_invalid", "expected a JSON body, found none");
    if (this.#core.requestMode === "FULL_DUPLEX_STREAMED") return;
    this.#core.send({ kind: "headers", direction: "request" });
  }

  #bypass(): void {
    this.#isBypassed = true;
    this.#core.evidence.bypass();
    this.#core.send({
      kind: "headers",
      direction: "request",
      ...this.#strip(),
      ...this.#core.evidence.takeMetadata(),
    });
  }

  /** Takes our own headers off, and the route that they may have chosen. */
  #strip(): { readonly edit?: HeaderEdit; readonly clearRouteCache?: boolean } {
    const remove = this.#core.knowledge.head?.remove ?? [];
    return remove.length === 0 ? {} : { edit: { set: [], remove }, clearRouteCache: true };
  }

  #collect(bytes: Buffer): void {
    this.#bytes += bytes.length;
    const { bodyBytesMax } = this.#core.deps.limits;
    if (this.#bytes > bodyBytesMax) {
      throw new Fault("body_too_large", `expected at most ${bodyBytesMax} bytes of request body`);
    }
    this.#core.hold(bytes.length);
    this.#chunks.push(bytes);
  }

  #judge(end: BodyEnd): void {
    const { deps, evidence, knowledge } = this.#core;
    const { format, head } = knowledge;
    const raw = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [];
    if (format === undefined || head === undefined || raw === undefined) {
      throw new Fault("message_out_of_order", "expected request headers before the body");
    }
    evidence.stopwatch.start("parse");
    const decoded = this.#decode(format, head, raw);
    if (decoded === undefined) return this.#passUnread(raw, end);
    const { plain, request } = decoded;
    evidence.input(plain.length);
    knowledge.requestedModel = request.model;
    knowledge.request = {
      protocol: format.protocol,
      stream: request.isStreaming,
      inputTokens: Math.ceil(request.textBytes / 4),
      ...(request.maxTokens === undefined ? {} : { maxTokens: request.maxTokens }),
      params: request.params,
      toolNames: request.toolNames,
      ...(deps.region === undefined ? {} : { region: deps.region }),
    };
    evidence.stopwatch.start("detect");
    this.#core.whenReady(deps.classify(request.spans), (findings) => {
      this.#decide(request, findings, { raw, plain, end });
    });
  }

  /** Undefined where the body cannot be read and `content.unrecognised` lets such traffic pass. */
  #decode(format: Format, head: RequestHead, raw: Buffer) {
    const { content, limits } = this.#core.deps;
    try {
      const plain = decodeContent(raw, head.codings, limits);
      return { plain, request: format.decodeRequest(plain, limits) };
    } catch (error) {
      const isUnreadable = error instanceof Fault && reasonOf(error.code) === "unreadable";
      if (isUnreadable && content.unrecognised !== "refuse") return undefined;
      throw error;
    }
  }

  #passUnread(raw: Buffer, end: BodyEnd): void {
    const core = this.#core;
    this.#isBypassed = true;
    core.knowledge.isFlagged = core.deps.content.unrecognised === "flag";
    core.hold(-this.#bytes);
    core.evidence.bypass();
    const stripped = this.#strip();
    const told = core.evidence.takeMetadata();
    if (core.requestMode !== "FULL_DUPLEX_STREAMED") {
      core.send({ kind: "body", direction: "request", ...stripped, ...told });
      return;
    }
    core.send({ kind: "headers", direction: "request", ...stripped, ...told });
    this.#sendWhole(raw, end);
  }

  #decide(
    request: DecodedRequest,
    findings: readonly (readonly Finding[])[],
    body: { readonly raw: Buffer; readonly plain: Buffer; readonly end: BodyEnd },
  ): void {
    const { evidence, knowledge, snapshot } = this.#core;
    if (snapshot === undefined) throw new Fault("policy_unavailable", "expected a snapshot");
    knowledge.requestFindings.addAll(request.spans, findings);
    evidence.stopwatch.start("evaluate");
    const groups = knowledge.requestFindings.groups();
    const decision = evaluate(snapshot, decisionInput(this.#core, "request", groups));
    evidence.stopwatch.stop();
    this.#core.hold(-this.#bytes);
    this.#bytes = 0;
    if (decision.outcome === "deny") {
      this.#core.refuse({ kind: "denied", decision });
      if (!this.#core.isObserving) return;
    }
    this.#isJudged = true;
    if (this.#core.isObserving && decision.outcome === "deny") return;
    knowledge.permit = decision;
    const plan = planEdits({
      direction: "request",
      spans: request.spans.map((span, index) => ({
        place: span.place,
        findings: findings[index] ?? [],
      })),
      redact: decision.obligations.redact,
    });
    const target = decision.target?.upstreamName;
    const edited =
      target === undefined || target === request.model
        ? request.applyEdits(plan.edits)
        : request.applyEditsAndModel(plan.edits, target);
    evidence.decide(decision, { edited: plan.edits.length });
    this.#pass(decision, edited, edited !== body.raw, body.end);
  }

  #pass(decision: Decision, bytes: Buffer, isChanged: boolean, end: BodyEnd): void {
    const isDuplex = this.#core.requestMode === "FULL_DUPLEX_STREAMED";
    const edit = this.#edit(decision, isChanged && !isDuplex ? bytes.length : undefined);
    const told = this.#core.evidence.takeMetadata();
    const common = { direction: "request", edit, clearRouteCache: true, ...told } as const;
    if (!isDuplex) {
      this.#core.send({ kind: "body", ...common, ...(isChanged ? { bytes } : {}) });
      return;
    }
    this.#core.send({ kind: "headers", ...common });
    this.#sendWhole(bytes, end);
  }

  #sendWhole(bytes: Buffer, end: BodyEnd): void {
    const endOfStream = end === "end";
    // Where trailers follow the headers at once, the proxy has asked about no body.
    if (endOfStream || bytes.length > 0) {
      this.#core.send({ kind: "piece", direction: "request", bytes, endOfStream });
    }
    if (!endOfStream) this.#core.send({ kind: "trailers", direction: "request" });
  }

  /** `length`: of a changed body whose mode keeps content-length. */
  #edit(decision: Decision, length: number | undefined): HeaderEdit {
    const head = this.#core.knowledge.head;
    const set = [];
    const remove = [...(head?.remove ?? [])];
    if (decision.target !== undefined) {
      set.push({ name: "x-chancery-model", value: decision.target.modelId });
      set.push({ name: "x-chancery-provider", value: decision.target.provider });
    }
    if (length !== undefined && head?.hasContentLength === true) {
      set.push({ name: "content-length", value: String(length) });
    }
    if (head !== undefined && head.codings.length > 0) remove.push("content-encoding");
    return { set, remove };
  }
}
