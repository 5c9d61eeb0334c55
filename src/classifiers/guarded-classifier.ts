import type { Clock, Timers } from "../base/index.ts";
import type {
  Classifier,
  ClassifierFault,
  ClassifierLabel,
  ClassifierQuestion,
  ClassifierReply,
} from "../detect/index.ts";
import { CallSlots, type SlotTerms } from "./call-slots.ts";
import { type BreakerTerms, CircuitBreaker } from "./circuit-breaker.ts";

/** One way to ask a model: transport and mapping together, and nothing about when it is asked. */
export interface Adapter {
  /**
   * Makes ready what an ask would wait for too long; absent: nothing. Rejects where there can be no
   * asks, and says why in one line.
   */
  start?(): Promise<void>;
  /**
   * What the server says of these texts, in its own words. Rejects where it says nothing that can be
   * understood, and when the signal ends the call.
   */
  label(
    question: Pick<ClassifierQuestion, "texts" | "labels">,
    signal: AbortSignal,
  ): Promise<readonly ClassifierLabel[]>;
  /** Lets connections and threads go. */
  close(): void;
}

/** How an ask ended. */
export type AskResult = "ok" | ClassifierFault;

/** Told what classifiers do; must not throw. */
export interface ClassifierObserver {
  /** One ask, and how long it took, waiting included. */
  asked(classifier: string, result: AskResult, micros: number): void;
  /** Something was said that the classifier may not say, so often in one answer. */
  strayed(classifier: string, labels: number): void;
  /** A call failed; for operators, never with anything that was asked about. */
  failed(classifier: string, cause: unknown): void;
}

/** Bounds of one classifier. */
export interface GuardTerms extends SlotTerms {
  /** An ask may take this long at most, whatever a policy says. */
  readonly timeoutMs: number;
  /** UTF-16 units of all texts of one ask. */
  readonly textUnitsMax: number;
  readonly breaker: BreakerTerms;
}

export interface GuardOptions {
  readonly name: string;
  readonly adapter: Adapter;
  readonly terms: GuardTerms;
  readonly clock: Pick<Clock, "monotonicMicros">;
  readonly timers: Timers;
  readonly observer: ClassifierObserver;
}

/**
 * A classifier that is asked under a deadline, by so many at once, and not while it keeps failing.
 * Every tenant has a breaker of its own: texts of one that it fails on shut out nobody else.
 */
export class GuardedClassifier implements Classifier {
  readonly #options: GuardOptions;
  readonly #slots: CallSlots;
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#slots = new CallSlots(options.terms);
  }

  async ask(question: ClassifierQuestion): Promise<ClassifierReply> {
    const { clock, name, observer } = this.#options;
    const begin = clock.monotonicMicros();
    const reply = await this.#ask(question);
    const result = reply.kind === "labels" ? "ok" : reply.fault;
    observer.asked(name, result, clock.monotonicMicros() - begin);
    return reply;
  }

  /** Rejects where it can never be asked, with its name and one line about why. */
  async start(): Promise<void> {
    const { adapter, name } = this.#options;
    try {
      await adapter.start?.();
    } catch (cause) {
      // All that there is to say, so that nothing says it twice.
      throw new Error(`classifier ${name}: ${cause instanceof Error ? cause.message : cause}`);
    }
  }

  close(): void {
    this.#options.adapter.close();
  }

  async #ask(question: ClassifierQuestion): Promise<ClassifierReply> {
    const { terms, timers } = this.#options;
    const units = question.texts.reduce((sum, text) => sum + text.length, 0);
    if (units > terms.textUnitsMax) return fault("too_long");
    const breaker = this.#breakerOf(question.tenant);
    if (!breaker.admits()) return fault("open");
    const late = new AbortController();
    const deadlineMs = Math.min(question.deadlineMs, terms.timeoutMs);
    const timer = timers.after(deadlineMs, () => late.abort());
    try {
      const slot = await this.#slots.acquire(question.tenant, late.signal);
      if (slot === undefined) return fault("overloaded");
      try {
        return await this.#call(question, breaker, late.signal);
      } finally {
        slot.release();
      }
    } finally {
      timer.cancel();
    }
  }

  /** The deadline ends the wait whether or not the adapter hears of it. */
  async #call(
    question: ClassifierQuestion,
    breaker: CircuitBreaker,
    late: AbortSignal,
  ): Promise<ClassifierReply> {
    const { adapter, name, observer } = this.#options;
    const call = adapter.label(question, late);
    try {
      const labels = await Promise.race([call, untilAborted(late)]);
      if (!labels.every((label) => isSound(label, question.texts))) {
        throw new Error("expected labels of the texts that were asked about");
      }
      breaker.succeeded();
      return { kind: "labels", labels: this.#withoutStrays(labels, question) };
    } catch (cause) {
      breaker.failed();
      if (late.aborted) {
        // What the call still comes to is nobody's concern any more.
        call.catch(() => undefined);
        return fault("timeout");
      }
      observer.failed(name, cause);
      return fault("failed");
    }
  }

  #withoutStrays(
    labels: readonly ClassifierLabel[],
    question: ClassifierQuestion,
  ): readonly ClassifierLabel[] {
    const allowed = new Set(question.labels);
    const kept = labels.filter(({ label }) => allowed.has(label));
    const strays = labels.length - kept.length;
    if (strays > 0) this.#options.observer.strayed(this.#options.name, strays);
    return kept;
  }

  #breakerOf(tenant: string): CircuitBreaker {
    const known = this.#breakers.get(tenant);
    if (known !== undefined) return known;
    const breaker = new CircuitBreaker(this.#options.terms.breaker, this.#options.clock);
    this.#breakers.set(tenant, breaker);
    return breaker;
  }
}

/** Of a server that counts otherwise than agreed nobody knows what it found where. */
function isSound(
  { confidence, range, text: index }: ClassifierLabel,
  texts: readonly string[],
): boolean {
  const text = texts[index];
  if (text === undefined || !(confidence >= 0 && confidence <= 1)) return false;
  return range === undefined || (range.start < range.end && range.end <= text.length);
}

function fault(why: ClassifierFault): ClassifierReply {
  return { kind: "fault", fault: why };
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(new Error("the answer is late"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
