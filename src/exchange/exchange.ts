import { Fault, type Timer } from "../base/index.ts";
import type { Decision, Refusal } from "../domain/index.ts";
import type { Snapshot } from "../policy/index.ts";
import type { ExchangeEnd } from "../record/index.ts";
import { refusedQuotas } from "./admit-by-quotas.ts";
import { AnswerSide } from "./answer-side.ts";
import { presumedCaller } from "./caller.ts";
import type { CommandSink, ExchangeCommand } from "./commands.ts";
import type { ExchangeCore, RefusalCause } from "./core.ts";
import type { Eventually, ExchangeDeps } from "./deps.ts";
import type { BodyMode, ExchangeEvent, Opening } from "./events.ts";
import { Evidence } from "./evidence.ts";
import { answerRefusalOf, endOf, isProtocolFault, refusalOf } from "./failure.ts";
import { immediateOf } from "./immediate.ts";
import { KillWatch } from "./kill-watch.ts";
import { type Knowledge, newKnowledge } from "./knowledge.ts";
import { isSettled, isTerminal, nextPhase, type Phase, type Step } from "./phases.ts";
import { isQuotaReason } from "./refusals.ts";
import { RequestSide } from "./request-side.ts";
import type { ExchangeSession, OpenExchange } from "./session.ts";
import { type AskingEvent, isWholeStep, stepOf } from "./steps.ts";
import { Suspension } from "./suspension.ts";
import { Unanswered } from "./unanswered.ts";
import { endsWatched, passesUnread } from "./watch.ts";

/** Exchanges over one set of dependencies, one for each stream of the proxy. */
export function createExchanges(deps: ExchangeDeps): OpenExchange {
  return (opening, sink) => new Exchange(deps, opening, sink);
}

/** One request and its response. Owned by its stream; told events, it sends commands. */
class Exchange implements ExchangeSession, ExchangeCore {
  readonly deps: ExchangeDeps;
  readonly snapshot: Snapshot | undefined;
  readonly suspendedRollouts: ReadonlySet<string> | undefined;
  readonly requestMode: BodyMode;
  readonly responseMode: BodyMode;
  readonly isObserving: boolean;
  readonly evidence: Evidence;
  readonly knowledge: Knowledge;
  readonly #sink: CommandSink;
  readonly #request: RequestSide;
  readonly #answer: AnswerSide;
  readonly #unanswered = new Unanswered();
  #idle: Timer;
  #phase: Phase = "open";
  readonly #suspension: Suspension;
  #held = 0;
  #isCut = false;
  readonly #killWatch: KillWatch;

  constructor(deps: ExchangeDeps, opening: Opening, sink: CommandSink) {
    this.deps = deps;
    this.snapshot = deps.snapshot();
    this.suspendedRollouts = deps.ramps?.suspended;
    this.isObserving = opening.isObservability;
    // A proxy that only observes sends bodies in pieces and takes no answers.
    this.requestMode = opening.isObservability ? "FULL_DUPLEX_STREAMED" : opening.requestBodyMode;
    this.responseMode = opening.isObservability ? "FULL_DUPLEX_STREAMED" : opening.responseBodyMode;
    this.knowledge = newKnowledge(presumedCaller(deps, this.snapshot));
    this.evidence = new Evidence(deps, this.knowledge, {
      isObserving: opening.isObservability,
      traceparent: opening.traceparent,
      snapshot: this.snapshot,
      holdUntilDurable: (seq) => this.#sink.holdUntilDurable(seq),
    });
    this.#sink = sink;
    this.#suspension = new Suspension({
      timers: deps.timers,
      phaseMs: deps.deadlines.phaseMs,
      responseMode: this.responseMode,
      limits: deps.limits,
      run: (goOn) => this.#guard(goOn),
      take: (event) => this.#take(event),
      isOver: () => isTerminal(this.#phase),
    });
    this.#request = new RequestSide(this);
    this.#answer = new AnswerSide(this);
    this.#idle = this.#watchIdle();
    this.#killWatch = new KillWatch(this, () => {
      if (this.#answer.isRunning) this.#guard(() => this.#isKilled());
    });
  }

  get isSettled(): boolean {
    return isSettled(this.#phase) && this.#suspension.isClear;
  }

  get traceId(): string | undefined {
    return this.evidence.traces.traceId;
  }

  get isBodyAsked(): boolean {
    return this.#unanswered.isOpen("response_body");
  }

  stops({ outcome, reason }: Decision): boolean {
    // What began while the app was watched ends so as well.
    return outcome === "deny" && (!this.knowledge.isWatched || reason === "kill_switch");
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
        this.#unanswered.askUnread(event.fault.code, this.#phase);
        return this.#guard(() => this.#fail(event.fault));
      case "request_headers":
      case "request_body":
      case "request_trailers":
      case "response_headers":
      case "response_body":
      case "response_trailers":
        if (!this.#suspension.isOn) return this.#guard(() => this.#take(event));
        return this.#guard(() => this.#suspension.putOff(event));
    }
  }

  send(command: ExchangeCommand): void {
    this.#unanswered.answer(command);
    this.evidence.traces.spans?.answered(
      "direction" in command ? `${command.direction}_${command.kind}` : command.kind,
    );
    if (!this.isObserving) this.#sink.send(this.#answer.mask(command));
  }

  refuse(cause: RefusalCause): void {
    if (cause.kind === "unrecognised" && this.#goesOn("unrecognised")) return;
    const reason = cause.kind === "denied" ? (cause.decision.reason ?? "rule") : "unrecognised";
    const message = cause.kind === "denied" ? cause.decision.message : undefined;
    const decision = cause.kind === "denied" ? cause.decision : undefined;
    const { refusedUnit, retryAfterSeconds } = refusedQuotas(this.knowledge);
    if (refusedUnit !== undefined && isQuotaReason(reason)) {
      this.deps.observer.quotaRefused(refusedUnit);
    }
    const refusal = refusalOf(reason, this.evidence.exchange, message, retryAfterSeconds);
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
    this.#suspension.whenReady(value, goOn);
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
    if (next === undefined) {
      const found = `${step} is not expected in phase ${this.#phase}`;
      throw new Fault("message_out_of_order", found);
    }
    this.#phase = next;
    if (wasEnding) return this.#isCut ? this.#answer.afterCut(event) : undefined;
    if (step.endsWith("_again")) return;
    this.#unanswered.ask(event.kind);
    if (event.kind.startsWith("response") && this.#isKilled()) return;
    this.#dispatch(event, step);
  }

  /** True where a kill switch that came meanwhile has ended the answer (policy-model 6). */
  #isKilled(): boolean {
    const decision = this.#killWatch.news();
    if (decision === undefined) return false;
    this.refuse({ kind: "denied", decision });
    return true;
  }

  #dispatch(event: AskingEvent, step: Step): void {
    const isLast = step.endsWith("_end");
    const isBypassed = this.#request.isUnjudged && !this.knowledge.isWatched;
    switch (event.kind) {
      case "request_headers":
        return this.#request.headers(event, isLast);
      case "request_body":
        return this.#request.body(event.bytes, isWholeStep(step), isLast);
      case "request_trailers":
        return this.#request.trailers(event.headers ?? []);
      case "response_headers":
        return this.#answer.headers(event, isLast, isBypassed);
      case "response_body":
        return this.#answer.body(event.bytes, isWholeStep(step), isLast);
      case "response_trailers":
        return this.#answer.trailers(event.headers ?? [], isBypassed);
    }
  }

  /**
   * True where the exchange goes on as it came although something is wrong with it, because it is only
   * watched.
   */
  #goesOn(reason: string): boolean {
    if (this.isObserving || !passesUnread(this)) return false;
    this.knowledge.isWatched = true;
    this.#idle.cancel();
    this.#idle = this.#watchIdle();
    return this.#answer.isOpen ? this.#answer.passUnread(reason) : this.#request.passUnread(reason);
  }

  /** The proxy is gone or has no more to ask. */
  #leave(step: "peer_ended" | "peer_reset"): void {
    this.#phase = nextPhase(this.#phase, step) ?? "failed";
    this.#suspension.cancel();
    this.evidence.conclude("peer_reset");
    this.#free();
  }

  #fail(fault: Fault): void {
    const { observer } = this.deps;
    let last = fault;
    try {
      if (!endsWatched(fault.code) && this.#goesOn(fault.code)) {
        return observer.faulted(fault.code, "open");
      }
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      last = error;
    }
    observer.faulted(fault.code, "closed");
    this.#failClosed(last);
  }

  #failClosed(fault: Fault): void {
    const end = endOf(fault.code);
    if (fault.code === "audit_unavailable") this.evidence.abandon();
    const { exchange } = this.evidence;
    const refusal = this.#answer.isOpen
      ? answerRefusalOf(fault.code, exchange)
      : refusalOf(fault.code, exchange, undefined);
    const record = (how: ExchangeEnd) => this.evidence.conclude(how, fault.code);
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
    if (this.#answer.cut(refusal, () => record("cut"))) {
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
    this.#step("refuse");
    this.send(immediateOf(this, refusal, details));
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

  #watchIdle(): Timer {
    const seconds = this.deps.deadlines.exchangeIdleSeconds;
    const fault = () => new Fault("exchange_idle", `expected an event within ${seconds} s`);
    return this.deps.timers.after(seconds * 1000, () => this.#guard(() => this.#fail(fault())));
  }

  /** The decision of this turn is not on disk: what it permitted must not leave. */
  #auditFailed(): void {
    if (!this.evidence.isFirstLost) return;
    if (this.evidence.mayGoOn) return this.#sink.retell(this.evidence.goOnUnrecorded());
    this.evidence.abandon();
    this.knowledge.quotas?.release();
    this.#sink.discard();
    this.deps.observer.faulted("audit_unavailable", "closed");
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

  /** Faults end the exchange here, closed; anything else is a bug and goes on to the stream. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (error instanceof Fault) return this.#fail(error);
      this.#phase = "failed";
      this.evidence.conclude("server_error", "internal");
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
    this.#killWatch.close();
    this.#suspension.cancel();
    this.#suspension.clear();
    this.#answer.release();
    // Settled by now, unless no record says how the exchange ended: nothing is given back then.
    this.knowledge.quotas?.settle({ isComplete: false, usage: undefined, bytes: 0 });
    this.#release();
  }

  #release(): void {
    if (this.#held !== 0) this.hold(-this.#held);
  }
}
