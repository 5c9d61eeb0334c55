import type { Clock } from "../base/index.ts";
import type { RecordedTimes } from "../record/index.ts";

/** `effects` is traced and not on record. */
type Stage = "parse" | "detect" | "evaluate" | "effects";

/** A stage that ran, in microseconds of the monotonic clock: from its first start to its last end. */
export interface StageRun {
  readonly stage: Stage;
  readonly fromMicros: number;
  readonly toMicros: number;
}

/** Time spent in the stages of one exchange, in microseconds. */
export class Stopwatch {
  /** When the exchange began, on the monotonic clock. */
  readonly startedMicros: number;
  readonly #clock: Clock;
  #openedMicros: number;
  #stage: Stage | undefined;
  #stageMicros = 0;
  #parse = 0;
  #detect = 0;
  #detectFrom = 0;
  #detectTo = 0;
  #evaluate = 0;
  #evaluateFrom = 0;
  #evaluateTo = 0;
  #effectsFrom = 0;
  #effectsTo = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.startedMicros = clock.monotonicMicros();
    this.#openedMicros = this.startedMicros;
  }

  /** Starts a stage and stops the one before it. */
  start(stage: Stage): void {
    this.stop();
    this.#stage = stage;
    this.#stageMicros = this.#clock.monotonicMicros();
  }

  stop(): void {
    const stage = this.#stage;
    if (stage === undefined) return;
    this.#ran(stage, this.#stageMicros, this.#clock.monotonicMicros());
    this.#stage = undefined;
  }

  #ran(stage: Stage, from: number, to: number): void {
    switch (stage) {
      case "parse":
        this.#parse += to - from;
        break;
      case "detect":
        if (this.#detectTo === 0) this.#detectFrom = from;
        this.#detect += to - from;
        this.#detectTo = to;
        break;
      case "evaluate":
        if (this.#evaluateTo === 0) this.#evaluateFrom = from;
        this.#evaluate += to - from;
        this.#evaluateTo = to;
        break;
      case "effects":
        if (this.#effectsTo === 0) this.#effectsFrom = from;
        this.#effectsTo = to;
        break;
    }
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

  /** As a trace shows them: each that ran, from its first start to its last end. */
  stages(): readonly StageRun[] {
    const runs: StageRun[] = [
      { stage: "detect", fromMicros: this.#detectFrom, toMicros: this.#detectTo },
      { stage: "evaluate", fromMicros: this.#evaluateFrom, toMicros: this.#evaluateTo },
      { stage: "effects", fromMicros: this.#effectsFrom, toMicros: this.#effectsTo },
    ];
    return runs.filter(({ toMicros }) => toMicros !== 0);
  }

  /** Starts over for the second half of the exchange. */
  reset(): void {
    this.#parse = 0;
    this.#detect = 0;
    this.#detectTo = 0;
    this.#evaluate = 0;
    this.#evaluateTo = 0;
    this.#effectsTo = 0;
    this.#openedMicros = this.#clock.monotonicMicros();
  }
}
