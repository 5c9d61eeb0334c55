import { Fault, type Timer } from "../base/index.ts";
import type { HeaderField, Refusal } from "../domain/index.ts";
import { renderPlainRefusal } from "../formats/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { ExchangeEnd } from "../record/index.ts";
import type { Answer } from "./answer.ts";
import { judgeAnswerFields } from "./answer-fields.ts";
import { presumedCaller } from "./caller.ts";
import type { CommandSink, ExchangeCommand } from "./commands.ts";
import type { ExchangeCore, RefusalCause } from "./core.ts";
import type { Eventually, ExchangeDeps } from "./deps.ts";
import { EchoAnswer } from "./echo-answer.ts";
import type { BodyMode, ExchangeEvent, Opening } from "./events.ts";
import { Evidence } from "./evidence.ts";
import { answerRefusalOf, endOf, isProtocolFault, refusalOf } from "./failure.ts";
import { FindingTally } from "./finding-tally.ts";
import { noMasks } from "./header-texts.ts";
import type { Knowledge } from "./knowledge.ts";
import { openAnswer } from "./open-answer.ts";
import { isSettled, isTerminal, nextPhase, type Phase, type Step } from "./phases.ts";
import { RequestSide } from "./request-side.ts";
import type { ExchangeSession, OpenExchange } from "./session.ts";
import { type AskingEvent, isWholeStep, stepOf, unreadQuestion } from "./steps.ts";
import { Unanswered } from "./unanswered.ts";
import { WaitingEvents } from "./waiting-events.ts";

type HeadersEvent = Extract<AskingEvent, { kind: "request_headers" | "response_headers" }>;

/** Exchanges over one set of dependencies, one for each stream of the proxy. */
export function createExchanges(deps: ExchangeDeps): OpenExchange {
  return (opening, sink) => new Exchange(deps, opening, sink);
}

/** One request and its response. Owned by its stream; told events, it sends commands. */
class Exchange implements ExchangeSession, ExchangeCore {
  readonly deps: ExchangeDeps;
  readonly snapshot: Snapshot | undefined;
  readonly requestMode: BodyMode;
  readonly responseMode: BodyMode;
  readonly isObserving: boolean;
  readonly evidence: Evidence;
  readonly knowledge: Knowledge;
  readonly #sink: CommandSink;
  readonly #request: RequestSide;
  readonly #unanswered = new Unanswered();
  readonly #idle: Timer;
  #answer: Answer | undefined;
  #phase: Phase = "open";
  readonly #waiting: WaitingEvents;
  #deadline: Timer | undefined;
  #held = 0;
  #isCut = false;
  #trailerMasks = noMasks;

  constructor(deps: ExchangeDeps, opening: Opening, sink: CommandSink) {
    this.deps = deps;
    this.snapshot = deps.snapshot();
    this.isObserving = opening.isObservability;
    // A proxy that only observes sends bodies in pieces and takes no answers.
    this.requestMode = opening.isObservability ? "FULL_DUPLEX_STREAMED" : opening.requestBodyMode;
    this.responseMode = opening.isObservability ? "FULL_DUPLEX_STREAMED" : opening.responseBodyMode;
    this.knowledge = {
      identity: presumedCaller(deps, this.snapshot),
      head: undefined,
      format: undefined,
      request: undefined,
      requestedModel: undefined,
      permit: undefined,
      isFlagged: false,
      requestFindings: new FindingTally(),
      answerFields: undefined,
    };
    this.evidence = new Evidence(deps, this.knowledge, {
      isObserving: opening.isObservability,
      traceparent: opening.traceparent,
      snapshot: this.snapshot,
    });
    this.#sink = sink;
    this.#waiting = new WaitingEvents(this.responseMode, deps.limits.bodyBytesMax);
    this.#request = new RequestSide(this);
    this.#idle = deps.timers.after(deps.deadlines.exchangeIdleSeconds * 1000, () => {
      this.#guard(() => this.#idleTooLong());
    });
  }

  get isSettled(): boolean {
    return isSettled(this.#phase) && this.#deadline === undefined && this.#waiting.length === 0;
  }

  get isBodyAsked(): boolean {
    return this.#unanswered.isOpen("response_body");
  }

  handle(event: ExchangeEvent): void {
    // The end of an exchange can be lost as well, so this is heard whatever the phase.
    if (isTerminal(this.#phase) && event.kind !== "audit_failed") return;
    this.#idle.restart();
    switch (event.kind) {
      case "audit_failed":
        return this.#auditFailed();
      case "peer_reset":
      case "peer_ended":
        // Also while something is judged: nobody will take what comes of it.
        return this.#guard(() => this.#leave(event.kind));
      case "drained":
        return this.#guard(() => this.#fail(new Fault("draining", "the server is stopping")));
      case "malformed":
        this.#askUnread(event.fault);
        return this.#guard(() => this.#fail(event.fault));
      case "request_headers":
      case "request_body":
      case "request_trailers":
      case "response_headers":
      case "response_body":
      case "response_trailers":
        if (this.#deadline === undefined) return this.#guard(() => this.#take(event));
        return this.#guard(() => this.#waiting.push(event));
    }
  }

  send(command: ExchangeCommand): void {
    this.#unanswered.answer(command);
    if (!this.isObserving) this.#sink.send(this.#withTrailerMasks(command));
  }

  #withTrailerMasks(command: ExchangeCommand): ExchangeCommand {
    const { remove, set } = this.#trailerMasks;
    const isAnswerEnd = command.kind === "trailers" && command.direction === "response";
    const isMasked = isAnswerEnd && set.length + remove.length > 0;
    return isMasked ? { ...command, edit: { set, remove } } : command;
  }

  refuse(cause: RefusalCause): void {
    const reason = cause.kind === "denied" ? (cause.decision.reason ?? "rule") : "unrecognised";
    const message = cause.kind === "denied" ? cause.decision.message : undefined;
    const decision = cause.kind === "denied" ? cause.decision : undefined;
    const refusal = refusalOf(reason, this.evidence.exchange, message);
    if (this.isObserving) return this.#observeRefusal(decision, reason);
    const record = (end: ExchangeEnd) => {
      if (this.evidence.hasFirst) this.evidence.close(decision, end, { reason });
      else this.evidence.decide(decision, { reason, end });
    };
    if (!this.#end(refusal, reason, "refused", record)) {
      record("server_error");
      this.#error("UNAVAILABLE", `refused: ${reason}`);
    }
  }

  whenReady<T>(value: Eventually<T>, goOn: (value: T) => void): void {
    if (!(value instanceof Promise)) return goOn(value);
    const deadline = this.deps.timers.after(this.deps.deadlines.phaseMs, () => {
      this.#resume(deadline, () => {
        throw new Fault(
          "phase_deadline",
          `expected an answer in ${this.deps.deadlines.phaseMs} ms`,
        );
      });
    });
    this.#deadline = deadline;
    value.then(
      (ready) => this.#resume(deadline, () => goOn(ready)),
      (cause: unknown) => {
        this.#resume(deadline, () => {
          throw cause instanceof Fault ? cause : new Fault("internal", "a stage failed", { cause });
        });
      },
    );
  }

  hold(bytes: number): void {
    this.#held += bytes;
    const { heldBytes, limits, observer } = this.deps;
    heldBytes.total += bytes;
    observer.held(heldBytes.total);
    if (bytes > 0 && heldBytes.total > limits.heldBytesMax) {
      throw new Fault("held_bytes_exceeded", `expected at most ${limits.heldBytesMax} bytes held`);
    }
  }

  #take(event: AskingEvent): void {
    const wasEnding = this.#phase === "ending";
    const modes = { request: this.requestMode, response: this.responseMode };
    const step = stepOf(event, this.#phase, modes);
    const next = nextPhase(this.#phase, step);
    if (next === undefined) throw outOfOrder(`${step} is not expected in phase ${this.#phase}`);
    this.#phase = next;
    if (wasEnding) return this.#swallow(event);
    if (step.endsWith("_again")) return;
    this.#unanswered.ask(event.kind);
    this.#dispatch(event, step);
  }

  /** STREAMED asks for an answer to every event, even when nothing is left to say. */
  #swallow(event: AskingEvent): void {
    if (!this.#isCut || this.responseMode !== "STREAMED") return;
    if (event.kind === "response_body") {
      this.send({ kind: "body", direction: "response", bytes: Buffer.alloc(0) });
    } else if (event.kind === "response_trailers") {
      this.send({ kind: "trailers", direction: "response" });
    }
  }

  #dispatch(event: AskingEvent, step: Step): void {
    const isLast = step.endsWith("_end");
    switch (event.kind) {
      case "request_headers":
        return this.#request.headers(event, isLast);
      case "request_body":
        return this.#request.body(event.bytes, isWholeStep(step), isLast);
      case "request_trailers":
        return this.#request.trailers(event.headers ?? []);
      case "response_headers":
        return this.#beginAnswer(event, isLast);
      case "response_body":
        return this.#answer?.body(event.bytes, isWholeStep(step), isLast);
      case "response_trailers":
        return this.#endAnswer(event.headers ?? []);
    }
  }

  #beginAnswer(event: HeadersEvent, isLast: boolean): void {
    const begin = () => {
      this.#answer = this.#openAnswer(event);
      this.#answer.headers(isLast);
    };
    if (this.#request.isBypassed) return begin();
    judgeAnswerFields(this, event.headers, ({ set }) => {
      if (this.knowledge.answerFields !== undefined) this.knowledge.answerFields.headers = set;
      begin();
    });
  }

  #endAnswer(trailers: readonly HeaderField[]): void {
    if (this.#request.isBypassed) return this.#answer?.trailers();
    judgeAnswerFields(this, trailers, (masks) => {
      this.#trailerMasks = masks;
      this.#answer?.trailers();
    });
  }

  #openAnswer(event: HeadersEvent): Answer {
    if (this.#request.isBypassed) return new EchoAnswer(this);
    // The proxy answered by itself before the request was judged, so nothing has left.
    if (!this.evidence.hasFirst) this.evidence.decide(undefined, { reason: "local_reply" });
    return openAnswer(this, event);
  }

  /** The proxy is gone or has no more to ask. */
  #leave(step: "peer_ended" | "peer_reset"): void {
    this.#phase = nextPhase(this.#phase, step) ?? "failed";
    this.#deadline?.cancel();
    this.#conclude("peer_reset");
    this.#free();
  }

  #fail(fault: Fault): void {
    this.deps.observer.faulted(fault.code);
    const end = endOf(fault.code);
    if (fault.code === "audit_unavailable") this.evidence.abandon();
    const { exchange } = this.evidence;
    const refusal =
      this.#answer === undefined
        ? refusalOf(fault.code, exchange, undefined)
        : answerRefusalOf(fault.code, exchange);
    const record = (how: ExchangeEnd) => this.#conclude(how, fault.code);
    const mayAnswer = !isProtocolFault(fault.code) && !this.isObserving;
    if (mayAnswer && this.#end(refusal, fault.code, end, record)) return;
    record(end === "refused" ? "server_error" : end);
    const status = isProtocolFault(fault.code) ? "INVALID_ARGUMENT" : "UNAVAILABLE";
    this.#error(fault.code === "draining" ? "UNAVAILABLE" : status, fault.code);
  }

  /**
   * Ends the exchange in the caller's own format: an answer instead of the upstream's while its
   * headers have not left, an error event while it streams. False where neither is possible.
   */
  #end(
    refusal: Refusal,
    details: string,
    end: ExchangeEnd,
    record: (end: ExchangeEnd) => void,
  ): boolean {
    if (this.#answer?.cut(refusal, () => record("cut")) === true) {
      this.#isCut = true;
      this.#step("refuse");
      return true;
    }
    if (!this.#unanswered.allowsImmediate(this.responseMode)) return false;
    record(end);
    this.#immediate(refusal, details);
    return true;
  }

  #immediate(refusal: Refusal, details: string): void {
    const { format } = this.knowledge;
    const { body, headers } =
      format === undefined ? renderPlainRefusal(refusal) : format.renderRefusal(refusal);
    const own = [{ name: "x-chancery-decision", value: this.evidence.exchange }];
    if (refusal.retryAfterSeconds !== undefined) {
      own.push({ name: "retry-after", value: String(refusal.retryAfterSeconds) });
    }
    this.#step("refuse");
    this.send({
      kind: "immediate",
      status: refusal.status,
      headers: [...headers, ...own],
      body,
      details: `chancery_${details}`,
      ...this.evidence.takeMetadata(),
    });
  }

  #error(status: Extract<ExchangeCommand, { kind: "error" }>["status"], message: string): void {
    this.#step("fail");
    this.send({ kind: "error", status, message });
    this.#free();
  }

  #observeRefusal(decision: Parameters<Evidence["decide"]>[0], reason: string): void {
    if (!this.evidence.hasFirst) return this.evidence.decide(decision, { reason });
    this.evidence.close(decision, "complete", { reason });
    this.#step("refuse");
  }

  /** A message too large to be read was a question all the same, and can be answered. */
  #askUnread({ code }: Fault): void {
    if (code !== "message_too_large" && code !== "headers_too_large") return;
    const kind = unreadQuestion(this.#phase);
    if (kind !== undefined) this.#unanswered.ask(kind);
  }

  #idleTooLong(): void {
    const seconds = this.deps.deadlines.exchangeIdleSeconds;
    this.#fail(new Fault("exchange_idle", `expected an event within ${seconds} s`));
  }

  /** Writes the records that are still owed. */
  #conclude(end: ExchangeEnd, reason?: string): void {
    if (this.evidence.isComplete) return;
    const why = reason === undefined ? {} : { reason };
    try {
      if (this.evidence.hasFirst) this.evidence.close(undefined, end, why);
      else this.evidence.decide(undefined, { end, ...why });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      // The log cannot be written and the exchange ends anyway: it is counted there as lost.
      this.evidence.abandon();
    }
  }

  /** The decision of this turn is not on disk: what it permitted must not leave. */
  #auditFailed(): void {
    if (!this.evidence.isFirstLost) return;
    this.evidence.abandon();
    this.#sink.discard();
    this.deps.observer.faulted("audit_unavailable");
    if (this.#phase === "failed") {
      return this.#sink.send({
        kind: "error",
        status: "UNAVAILABLE",
        message: "audit_unavailable",
      });
    }
    this.#phase = "answered";
    const refusal = refusalOf("audit_unavailable", this.evidence.exchange, undefined);
    this.#immediate(refusal, "audit_unavailable");
  }

  #resume(deadline: Timer, goOn: () => void): void {
    if (this.#deadline !== deadline || isTerminal(this.#phase)) return;
    deadline.cancel();
    this.#deadline = undefined;
    this.#guard(goOn);
    while (this.#deadline === undefined && !isTerminal(this.#phase)) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#guard(() => this.#take(next));
    }
  }

  /** Faults end the exchange here, closed; anything else is a bug and goes on to the stream. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (error instanceof Fault) return this.#fail(error);
      this.#phase = "failed";
      this.#conclude("server_error", "internal");
      this.#free();
      throw error;
    }
  }

  #step(step: Step): void {
    this.#phase = nextPhase(this.#phase, step) ?? "failed";
    if (this.#phase === "ending") this.#release();
  }

  #free(): void {
    this.#idle.cancel();
    this.#deadline?.cancel();
    this.#waiting.clear();
    this.#answer?.release?.();
    this.#release();
  }

  #release(): void {
    if (this.#held !== 0) this.hold(-this.#held);
  }
}

function outOfOrder(message: string): Fault {
  return new Fault("message_out_of_order", message);
}
