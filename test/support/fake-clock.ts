import type { Clock, Timer, Timers } from "../../src/base/index.ts";

/** A clock that moves only when it is told to, and timers that follow it. */
export class FakeClock implements Clock, Timers {
  #nowMicros = Date.UTC(2026, 2, 2, 10) * 1000;
  #timers = new Set<{ at: number; run: () => void }>();

  nowMicros(): number {
    return this.#nowMicros;
  }

  monotonicMicros(): number {
    return this.#nowMicros;
  }

  after(milliseconds: number, run: () => void): Timer {
    const entry = { at: this.#nowMicros + milliseconds * 1000, run };
    this.#timers.add(entry);
    return {
      cancel: () => {
        this.#timers.delete(entry);
      },
      restart: () => {
        entry.at = this.#nowMicros + milliseconds * 1000;
      },
    };
  }

  /** Timers that have neither fired nor been called off. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on and fires what falls due, in order. */
  advance(milliseconds: number): void {
    const until = this.#nowMicros + milliseconds * 1000;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#nowMicros = due.at;
      due.run();
    }
    this.#nowMicros = until;
  }
}
