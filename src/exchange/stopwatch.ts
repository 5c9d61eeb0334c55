import type { Clock } from "../base/index.ts";
import type { RecordedTimes } from "../record/index.ts";

type Stage = "parse" | "detect" | "evaluate";

/** Time spent in the stages of one exchange, in microseconds. */
export class Stopwatch {
  readonly #clock: Clock;
  #openedMicros: number;
  #stage: Stage | undefined;
  #stageMicros = 0;
  #parse = 0;
  #detect = 0;
  #evaluate = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#openedMicros = clock.monotonicMicros();
  }

  /** Starts a stage and stops the one before it. */
  start(stage: Stage): void {
    this.stop();
    this.#stage = stage;
    this.#stageMicros = this.#clock.monotonicMicros();
  }

  stop(): void {
    if (this.#stage === undefined) return;
    const spent = this.#clock.monotonicMicros() - this.#stageMicros;
    if (this.#stage === "parse") this.#parse += spent;
    else if (this.#stage === "detect") this.#detect += spent;
    else this.#evaluate += spent;
    this.#stage = undefined;
  }

  /** As a record lists them; stages that did not run are left out. */
  times(): RecordedTimes {
    this.stop();
    return {
      parse: this.#parse === 0 ? undefined : Math.round(this.#parse),
      detect: this.#detect === 0 ? undefined : Math.round(this.#detect),
      evaluate: this.#evaluate === 0 ? undefined : Math.round(this.#evaluate),
      total: Math.round(this.#clock.monotonicMicros() - this.#openedMicros),
    };
  }

  /** Starts over for the second half of the exchange. */
  reset(): void {
    this.#parse = 0;
    this.#detect = 0;
    this.#evaluate = 0;
    this.#openedMicros = this.#clock.monotonicMicros();
  }
}
