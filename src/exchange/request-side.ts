import { Fault } from "../base/index.ts";
import type { Decision, HeaderField, Span } from "../domain/index.ts";
import {
  bodilessRequest,
  type DecodedRequest,
  mayBeginObject,
  type Recognition,
  recognise,
} from "../formats/index.ts";
import { evaluate, judgesAnswers } from "../policy/index.ts";
import { callerOf } from "./caller.ts";
import type { HeaderEdit } from "./commands.ts";
import { decisionInput, type ExchangeCore } from "./core.ts";
import type { ExchangeEvent } from "./events.ts";
import { type ReadRequest, readRequest } from "./read-request.ts";
import { requestEdit } from "./request-edit.ts";
import { type RequestHead, readRequestHead } from "./request-head.ts";
import {
  type JudgedTexts,
  planRequestEdits,
  type RequestEdits,
  sortEdits,
  textsOfRequest,
  textsOfTrailers,
} from "./request-texts.ts";

type HeadersEvent = Extract<ExchangeEvent, { kind: "request_headers" | "response_headers" }>;

type KnownFormat = Extract<Recognition, { kind: "format" }>;

/**
 * How the end of a request came: with its headers, with the body, or in trailers behind it; or that
 * it has not come yet.
 */
type RequestEnd = "headers" | "end" | "trailers" | "open";

/** A body as it came, to be passed on once it is judged. */
interface HeldBody {
  readonly raw: Buffer;
  readonly end: RequestEnd;
}

const nothing = Buffer.alloc(0);

/**
 * The first half of an exchange: admit by its headers, hold the body until it is whole, judge it,
 * and pass on what the decision allows.
 */
export class RequestSide {
  readonly #core: ExchangeCore;
  #isBypassed = false;
  #isJudged = false;
  /** Nothing but the body can say what this request is, and none of it was looked at yet. */
  #isUnseen = false;
  #trailers: readonly Span[] = [];
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
    knowledge.identity = callerOf(deps, snapshot, event);
    const recognition = recognise({ method: head.method, path: head.path });
    if (recognition.kind === "format") return this.#admit(recognition, head, isLast);
    if (recognition.kind === "by_body" && !isLast) return this.#awaitBody();
    const isList = recognition.kind === "model_list" && isLast && this.#saysNothing(head);
    if (isList && deps.content.modelList === "pass" && knowledge.identity !== undefined) {
      return this.#bypass();
    }
    this.#leaveUnread(nothing, "headers");
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
    // One that is only observed goes on after it was refused.
    if (this.#core.evidence.hasFirst) return;
    this.#collect(bytes);
    if (this.#isUnseen && bytes.length > 0 && this.#isForeign(bytes)) {
      return this.#leaveUnread(this.#takeBody(), isLast ? "end" : "open");
    }
    if (isWhole) this.#judge("end");
  }

  trailers(fields: readonly HeaderField[]): void {
    const isDuplex = this.#core.requestMode === "FULL_DUPLEX_STREAMED";
    if (!this.#isBypassed) this.#trailers = textsOfTrailers(fields);
    if (this.#isJudged && this.#trailers.length > 0) return this.#judgeTrailers();
    if (this.isPassed || !isDuplex) {
      if (!this.isPassed)
        throw new Fault("json_invalid", "expected a JSON body, found trailers only");
      this.#core.send({ kind: "trailers", direction: "request" });
      return;
    }
    if (this.#core.evidence.hasFirst) return;
    this.#judge("trailers");
  }

  #admit({ format, hasBody }: KnownFormat, head: RequestHead, isLast: boolean): void {
    this.#core.knowledge.format = format;
    if (this.#core.knowledge.identity === undefined && !this.#core.isObserving) {
      return this.#refuseUnknown();
    }
    if (!hasBody) {
      // What a server makes of a body here is not known.
      if (!isLast) return this.#core.refuse({ kind: "unrecognised" });
      const read = { format, plain: nothing, request: bodilessRequest };
      return this.#classify(read, head, { raw: nothing, end: "headers" });
    }
    if (isLast) throw new Fault("json_invalid", "expected a JSON body, found none");
    this.#askForBody();
  }

  #askForBody(): void {
    if (this.#core.requestMode === "FULL_DUPLEX_STREAMED") return;
    this.#core.send({ kind: "headers", direction: "request" });
  }

  #awaitBody(): void {
    this.#isUnseen = true;
    this.#askForBody();
  }

  /** True where nothing would be found in the path and query of what passes unjudged. */
  #saysNothing({ line }: RequestHead): boolean {
    return line.every(({ text }) => this.#core.deps.detector.scan(text).length === 0);
  }

  /** True where the first bytes show that this is no JSON object; packed ones show nothing. */
  #isForeign(bytes: Buffer): boolean {
    this.#isUnseen = false;
    const codings = this.#core.knowledge.head?.codings ?? [];
    return codings.length === 0 && !mayBeginObject(bytes);
  }

  /** Nobody's body is waited for: whoever asks, the decision would be the same. */
  #refuseUnknown(): void {
    this.#core.refuse({ kind: "denied", decision: this.#evaluate() });
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

  #takeBody(): Buffer {
    const [only = nothing] = this.#chunks;
    const raw = this.#chunks.length <= 1 ? only : Buffer.concat(this.#chunks);
    this.#chunks = [];
    return raw;
  }

  #judge(end: RequestEnd): void {
    const { deps, evidence, knowledge } = this.#core;
    const { format, head } = knowledge;
    const raw = this.#takeBody();
    if (head === undefined) {
      throw new Fault("message_out_of_order", "expected request headers before the body");
    }
    evidence.stopwatch.start("parse");
    const read = readRequest(raw, head, format, deps);
    if (read === undefined) return this.#leaveUnread(raw, end);
    evidence.input(read.plain.length);
    this.#classify(read, head, { raw, end });
  }

  #classify({ format, request }: ReadRequest, head: RequestHead, body: HeldBody): void {
    const { deps, evidence, knowledge } = this.#core;
    knowledge.format = format;
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
    const texts = textsOfRequest(request, head, this.#trailers);
    this.#core.whenReady(deps.classify(texts), (findings) => {
      this.#decide(request, head, { ...body, texts, findings });
    });
  }

  /** Trailers that come when all before them has been judged and passed. */
  #judgeTrailers(): void {
    const core = this.#core;
    const texts = this.#trailers;
    core.whenReady(core.deps.classify(texts), (findings) => {
      if (findings.some((found) => found.length > 0)) {
        core.knowledge.requestFindings.addAll(texts, findings);
        const decision = this.#evaluate();
        if (decision.outcome === "deny") return core.refuse({ kind: "denied", decision });
        planRequestEdits(decision, { texts, findings });
      }
      core.send({ kind: "trailers", direction: "request" });
    });
  }

  #evaluate(): Decision {
    const { knowledge, snapshot } = this.#core;
    if (snapshot === undefined) throw new Fault("policy_unavailable", "expected a snapshot");
    const groups = knowledge.requestFindings.groups();
    return evaluate(snapshot, decisionInput(this.#core, "request", groups));
  }

  /** What is not understood goes the way that `content.unrecognised` says. */
  #leaveUnread(raw: Buffer, end: RequestEnd): void {
    const core = this.#core;
    const { unrecognised } = core.deps.content;
    if (unrecognised === "refuse") return core.refuse({ kind: "unrecognised" });
    core.knowledge.isFlagged = unrecognised === "flag";
    core.hold(-this.#bytes);
    this.#bytes = 0;
    if (end === "headers") return this.#bypass();
    if (core.requestMode === "FULL_DUPLEX_STREAMED") {
      this.#bypass();
      return this.#sendBody(raw, end);
    }
    this.#isBypassed = true;
    core.evidence.bypass();
    const told = core.evidence.takeMetadata();
    core.send({ kind: "body", direction: "request", ...this.#strip(), ...told });
  }

  #decide(request: DecodedRequest, head: RequestHead, judged: HeldBody & JudgedTexts): void {
    const { evidence, knowledge } = this.#core;
    knowledge.requestFindings.addAll(judged.texts, judged.findings);
    evidence.stopwatch.start("evaluate");
    const decision = this.#evaluate();
    evidence.stopwatch.stop();
    this.#core.hold(-this.#bytes);
    this.#bytes = 0;
    if (decision.outcome === "deny") {
      this.#core.refuse({ kind: "denied", decision });
      if (!this.#core.isObserving) return;
    }
    this.#isJudged = true;
    if (this.#core.isObserving && decision.outcome === "deny") return;
    if (decision.outcome === "permit") this.#requireAnswer(decision);
    const plan = planRequestEdits(decision, judged);
    knowledge.permit = decision;
    const edits = sortEdits(request, head, plan);
    const target = decision.target?.upstreamName;
    const edited =
      target === undefined || target === request.model
        ? request.applyEdits(edits.body)
        : request.applyEditsAndModel(edits.body, target);
    evidence.decide(decision, { edited: plan.length });
    this.#pass(decision, edits, { ...judged, bytes: edited });
  }

  /** What would have to be enforced on an answer that is not sent to us cannot be. */
  #requireAnswer(decision: Decision): void {
    const { responseMode, snapshot } = this.#core;
    if (responseMode !== "NONE" || snapshot === undefined) return;
    const { action, app, tenant } = decisionInput(this.#core, "request", []);
    if (!judgesAnswers(snapshot, { tenant, app, action, model: decision.model.used })) return;
    throw new Fault("answer_not_sent", "expected the body of the answer, which a rule must judge");
  }

  #pass(decision: Decision, edits: RequestEdits, body: HeldBody & { bytes: Buffer }): void {
    const { bytes, end, raw } = body;
    const isChanged = bytes !== raw;
    const isDuplex = this.#core.requestMode === "FULL_DUPLEX_STREAMED";
    const hasBody = end !== "headers";
    const contentLength = isChanged && !isDuplex ? bytes.length : undefined;
    const changes = { masks: edits.headers, hasBody, contentLength };
    const edit = requestEdit(this.#core, decision, changes);
    const told = this.#core.evidence.takeMetadata();
    const common = { direction: "request", edit, clearRouteCache: true, ...told } as const;
    if (isDuplex || !hasBody) this.#core.send({ kind: "headers", ...common });
    else this.#core.send({ kind: "body", ...common, ...(isChanged ? { bytes } : {}) });
    if (isDuplex && hasBody) this.#sendBody(bytes, end);
  }

  #sendBody(bytes: Buffer, end: RequestEnd): void {
    const endOfStream = end === "end";
    // Where trailers follow the headers at once, the proxy has asked about no body.
    if (endOfStream || bytes.length > 0) {
      this.#core.send({ kind: "piece", direction: "request", bytes, endOfStream });
    }
    if (end === "trailers") this.#core.send({ kind: "trailers", direction: "request" });
  }
}
