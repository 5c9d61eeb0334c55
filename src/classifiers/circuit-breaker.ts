import type { Clock } from "../base/index.ts";

/** When a server is left alone, and for how long. */
export interface BreakerTerms {
  /** Failures in a row. */
  readonly failures: number;
  /** Until one call may find out whether it is well again. */
  readonly openMs: number;
}

/**
 * Keeps calls from a server that fails: closed it lets all pass, open none, and half-open the one that
 * finds out.
 */
export class CircuitBreaker {
  readonly #terms: BreakerTerms;
  readonly #clock: Pick<Clock, "monotonicMicros">;
  #failuresInRow = 0;
  /** Of the trial under way, or the next one; undefined while closed. */
  #retryAtMicros: number | undefined;

  constructor(terms: BreakerTerms, clock: Pick<Clock, "monotonicMicros">) {
    this.#terms = terms;
    this.#clock = clock;
  }

  get isClosed(): boolean {
    return this.#retryAtMicros === undefined;
  }

  /** Whether a call may be made now; whoever is let through says how it went. */
  admits(): boolean {
    if (this.#retryAtMicros === undefined) return true;
    const now = this.#clock.monotonicMicros();
    if (now < this.#retryAtMicros) return false;
    // The next trial, should nobody ever hear of this one.
    this.#retryAtMicros = now + this.#terms.openMs * 1000;
    return true;
  }

  succeeded(): void {
    this.#failuresInRow = 0;
    this.#retryAtMicros = undefined;
  }

  failed(): void {
    this.#failuresInRow += 1;
    if (this.#failuresInRow < this.#terms.failures) return;
    this.#retryAtMicros = this.#clock.monotonicMicros() + this.#terms.openMs * 1000;
  }
}
