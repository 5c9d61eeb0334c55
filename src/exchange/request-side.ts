import { Fault } from "../base/index.ts";
import type { Decision, HeaderField, Span } from "../domain/index.ts";
import {
  bodilessRequest,
  type DecodedRequest,
  mayBeginObject,
  type Recognition,
  recognise,
} from "../formats/index.ts";
import { admitByQuotas } from "./admit-by-quotas.ts";
import { callerOf } from "./caller.ts";
import { classifyTexts } from "./classify-texts.ts";
import { CollectedBody } from "./collected-body.ts";
import { decisionInput, type ExchangeCore, evaluateNow } from "./core.ts";
import type { ExchangeEvent } from "./events.ts";
import { FindingTally } from "./finding-tally.ts";
import { noMasks } from "./header-texts.ts";
import {
  type HeldBody,
  passJudged,
  passPiece,
  passUnjudged,
  type RequestEnd,
} from "./pass-request.ts";
import type { Decided } from "./quota-hold.ts";
import { type ReadRequest, readRequest } from "./read-request.ts";
import { withRecordTerms } from "./record-terms.ts";
import { changesOf } from "./request-changes.ts";
import { type RequestHead, readRequestHead } from "./request-head.ts";
import {
  type JudgedTexts,
  planRequestEdits,
  sortEdits,
  textsOfRequest,
  textsOfTrailers,
} from "./request-texts.ts";
import { requireAnswer } from "./require-answer.ts";
import { tokensOf } from "./tokens.ts";
import { judgeOffers, judgeResults } from "./tool-judge.ts";
import { fullToolName } from "./tool-names.ts";
import { watchedTarget } from "./watched-target.ts";

type HeadersEvent = Extract<ExchangeEvent, { kind: "request_headers" | "response_headers" }>;

type KnownFormat = Extract<Recognition, { kind: "format" }>;

/** What is to be passed on of a request, and what was found in it. */
interface JudgedRequest {
  readonly head: RequestHead;
  readonly judged: HeldBody & JudgedTexts;
}

const nothing = Buffer.alloc(0);

/**
 * The first half of an exchange: admit by its headers, hold the body until it is whole, judge it,
 * and pass on what the decision allows.
 */
export class RequestSide {
  readonly #core: ExchangeCore;
  readonly #body: CollectedBody;
  #isUnjudged = false;
  #isJudged = false;
  #areHeadersAnswered = false;
  #areTrailersHeld = false;
  /** How far the request has come. */
  #end: RequestEnd = "headers";
  /** Nothing but the body can say what this request is, and none of it was looked at yet. */
  #isUnseen = false;
  #trailers: readonly Span[] = [];

  constructor(core: ExchangeCore) {
    this.#core = core;
    this.#body = new CollectedBody(core);
  }

  /** True once the request was passed on without being judged. */
  get isUnjudged(): boolean {
    return this.#isUnjudged;
  }

  /** True once the request was passed on, judged or not. */
  get isPassed(): boolean {
    return this.#isJudged || this.#isUnjudged;
  }

  headers(event: HeadersEvent, isLast: boolean): void {
    const head = readRequestHead(event);
    const { knowledge, snapshot, deps } = this.#core;
    knowledge.head = head;
    this.#core.evidence.traces.requested(head.traceparent);
    if (head.isUpgrade) {
      throw new Fault(
        "upgrade_refused",
        "expected plain HTTP, found a request for another protocol",
      );
    }
    if (snapshot === undefined) {
      throw new Fault("policy_unavailable", "expected an active policy snapshot, found none");
    }
    knowledge.identity = withRecordTerms(callerOf(deps, snapshot, event), deps);
    const recognition = recognise({ method: head.method, path: head.path });
    if (recognition.kind === "format") return this.#admit(recognition, head, isLast);
    if (recognition.kind === "by_body" && !isLast) return this.#awaitBody();
    const isList = recognition.kind === "model_list" && isLast && this.#saysNothing(head);
    if (isList && deps.content.modelList === "pass" && knowledge.identity !== undefined) {
      return this.#bypass(nothing);
    }
    this.#leaveUnread(nothing);
  }

  /** `isWhole`: this is all of the body; `isLast`: nothing follows it, not even trailers. */
  body(bytes: Buffer, isWhole: boolean, isLast: boolean): void {
    if (this.#isUnjudged) return passPiece(this.#core, bytes, isLast);
    // One that is only observed goes on after it was refused.
    if (this.#core.evidence.hasFirst) return;
    this.#end = isWhole ? "end" : "open";
    this.#body.add(bytes);
    if (this.#isUnseen && bytes.length > 0 && this.#isForeign(bytes)) {
      return this.#leaveUnread(this.#body.read());
    }
    if (isWhole) this.#judge();
  }

  trailers(fields: readonly HeaderField[]): void {
    const isDuplex = this.#core.requestMode === "FULL_DUPLEX_STREAMED";
    if (!this.isPassed) this.#end = "trailers";
    if (!this.#isUnjudged) this.#trailers = textsOfTrailers(fields);
    if (this.#isJudged && this.#trailers.length > 0) return this.#judgeTrailers();
    if (this.isPassed || !isDuplex) {
      if (!this.isPassed)
        throw new Fault("json_invalid", "expected a JSON body, found trailers only");
      this.#core.send({ kind: "trailers", direction: "request" });
      return;
    }
    if (this.#core.evidence.hasFirst) return;
    this.#judge();
  }

  /**
   * Passes on what has come, unread and as it came, and all that follows; `reason` is why. False where
   * the proxy waits for nothing that could carry it.
   */
  passUnread(reason: string): boolean {
    if (this.#areTrailersHeld) this.#passTrailers();
    if (this.isPassed) return true;
    const isDuplex = this.#core.requestMode === "FULL_DUPLEX_STREAMED";
    if (!isDuplex && this.#areHeadersAnswered) {
      // A buffered body may still be on its way, and our own headers are taken off with it.
      if (this.#end !== "end") return this.#end === "headers";
    }
    const raw = this.#body.read();
    this.#body.release();
    this.#isUnjudged = true;
    this.#core.evidence.decide(undefined, { reason });
    passUnjudged(this.#core, { raw, end: this.#end }, this.#areHeadersAnswered);
    return true;
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
    this.#areHeadersAnswered = true;
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

  #bypass(raw: Buffer): void {
    this.#isUnjudged = true;
    this.#core.evidence.bypass();
    passUnjudged(this.#core, { raw, end: this.#end }, this.#areHeadersAnswered);
  }

  #judge(): void {
    const { deps, evidence, knowledge } = this.#core;
    const { format, head } = knowledge;
    const raw = this.#body.read();
    if (head === undefined) {
      throw new Fault("message_out_of_order", "expected request headers before the body");
    }
    evidence.stopwatch.start("parse");
    const read = readRequest(raw, head, format, deps);
    if (read === undefined) return this.#leaveUnread(raw);
    evidence.bodies.input(read.plain);
    this.#classify(read, head, { raw, end: this.#end });
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
      toolNames: request.toolNames.map((name) => fullToolName(this.#core, name)),
      ...(deps.region === undefined ? {} : { region: deps.region }),
    };
    evidence.stopwatch.start("detect");
    const texts = textsOfRequest(request, head, this.#trailers);
    this.#core.whenReady(classifyTexts(this.#core, texts, request.spans.length), (findings) => {
      this.#decide(request, head, { ...body, texts, findings });
    });
  }

  /** Trailers that come when all before them has been judged and passed. */
  #judgeTrailers(): void {
    const core = this.#core;
    const texts = this.#trailers;
    this.#areTrailersHeld = true;
    core.whenReady(core.deps.classify(texts, core.knowledge.identity?.tenant), (findings) => {
      if (findings.some((found) => found.length > 0)) {
        core.knowledge.requestFindings.addAll(texts, findings);
        const decision = this.#evaluate();
        if (core.stops(decision)) {
          const own = new FindingTally();
          own.addAll(texts, findings);
          core.knowledge.trailerFindings = own;
          return core.refuse({ kind: "denied", decision });
        }
        if (decision.isObserved !== true) {
          planRequestEdits(decision, { texts, findings }, { tokenOf: tokensOf(core) });
        }
      }
      this.#passTrailers();
    });
  }

  #passTrailers(): void {
    this.#areTrailersHeld = false;
    this.#core.send({ kind: "trailers", direction: "request" });
  }

  #evaluate(): Decision {
    return this.#decideNow().decision;
  }

  #decideNow(): Decided {
    const groups = this.#core.knowledge.requestFindings.groups();
    const input = decisionInput(this.#core, "request", groups);
    return { input, decision: evaluateNow(this.#core, input) };
  }

  /** What is not understood goes the way that `content.unrecognised` says. */
  #leaveUnread(raw: Buffer): void {
    const core = this.#core;
    const { unrecognised } = core.deps.content;
    if (unrecognised === "refuse") return core.refuse({ kind: "unrecognised" });
    core.knowledge.isFlagged = unrecognised === "flag";
    this.#body.release();
    this.#bypass(raw);
  }

  #decide(request: DecodedRequest, head: RequestHead, judged: HeldBody & JudgedTexts): void {
    const { evidence, knowledge } = this.#core;
    knowledge.requestFindings.addAll(judged.texts, judged.findings);
    evidence.stopwatch.start("evaluate");
    const admitted = admitByQuotas(this.#core, () => this.#decideNow());
    evidence.stopwatch.stop();
    this.#core.whenReady(admitted, (decision) =>
      this.#carryOut(decision, request, { head, judged }),
    );
  }

  #carryOut(decision: Decision, request: DecodedRequest, { head, judged }: JudgedRequest): void {
    const { evidence, knowledge } = this.#core;
    this.#body.release();
    if (decision.isObserved === true) return this.#watch(decision, request, judged);
    if (decision.outcome === "deny") {
      this.#isJudged = this.#core.isObserving;
      return this.#core.refuse({ kind: "denied", decision });
    }
    const results = judgeResults(this.#core, () => request.readToolResults());
    if (results.denied !== undefined) {
      this.#isJudged = this.#core.isObserving;
      return this.#core.refuse({ kind: "denied", decision: results.denied });
    }
    const offers = judgeOffers(this.#core, request.toolNames, decision);
    if (offers.denied !== undefined && this.#core.deps.offeredTools === "refuse") {
      this.#isJudged = this.#core.isObserving;
      return this.#core.refuse({ kind: "denied", decision: offers.denied });
    }
    this.#isJudged = true;
    requireAnswer(this.#core, decision, request.toolNames.length - offers.removed.size);
    evidence.stopwatch.start("effects");
    const tokenOf = tokensOf(this.#core);
    const plan = planRequestEdits(decision, judged, { tokenOf, ofTools: results.redactions });
    knowledge.permit = decision;
    const edits = sortEdits(request, head, plan);
    const changes = changesOf(decision, edits.body, offers.removed);
    const bytes =
      changes === undefined ? request.applyEdits(edits.body) : request.applyChanges(changes);
    evidence.decide(decision, { edited: plan.length });
    passJudged(this.#core, decision, { ...judged, edits, bytes });
  }

  /** Whatever was decided is recorded, and the request goes on as it came (policy-model 7). */
  #watch(decision: Decision, request: DecodedRequest, body: HeldBody): void {
    const { evidence, knowledge } = this.#core;
    if (decision.outcome === "permit") {
      judgeResults(this.#core, () => request.readToolResults());
      judgeOffers(this.#core, request.toolNames, decision);
    }
    this.#isJudged = true;
    knowledge.permit = decision;
    knowledge.isWatched = true;
    const target = watchedTarget(this.#core);
    knowledge.watchedModel = target?.modelId;
    evidence.decide(decision, { edited: 0 });
    const { target: _, ...unrouted } = decision;
    const asNamed = target === undefined ? unrouted : { ...unrouted, target };
    passJudged(this.#core, asNamed, {
      ...body,
      edits: { body: [], headers: noMasks },
      bytes: body.raw,
    });
  }
}
