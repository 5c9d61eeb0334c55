import { Fault, type Limits, type Timer, type Timers } from "../base/index.ts";
import type { Eventually } from "./deps.ts";
import type { BodyMode } from "./events.ts";
import type { AskingEvent } from "./steps.ts";
import { WaitingEvents } from "./waiting-events.ts";

/** What a suspension is made for. */
export interface SuspensionOptions {
  readonly timers: Timers;
  /** The longest a stage may take. */
  readonly phaseMs: number;
  readonly responseMode: BodyMode;
  readonly limits: Limits;
  /** Runs what goes on; faults are caught there. */
  readonly run: (goOn: () => void) => void;
  /** Takes an event that has waited. */
  readonly take: (event: AskingEvent) => void;
  readonly isOver: () => boolean;
}

/**
 * The waits of an exchange for a stage that answers later: under a deadline, while events that come
 * meanwhile wait in order.
 */
export class Suspension {
  readonly #options: SuspensionOptions;
  readonly #waiting: WaitingEvents;
  #deadline: Timer | undefined;

  constructor(options: SuspensionOptions) {
    this.#options = options;
    this.#waiting = new WaitingEvents(options.responseMode, options.limits.bodyBytesMax);
  }

  /** True while a stage is waited for; events are to be put off then. */
  get isOn(): boolean {
    return this.#deadline !== undefined;
  }

  /** True while nothing is waited for, and nothing waits. */
  get isClear(): boolean {
    return !this.isOn && this.#waiting.length === 0;
  }

  /** @throws Fault message_out_of_order, body_too_large */
  putOff(event: AskingEvent): void {
    this.#waiting.push(event);
  }

  /** Goes on at once, or when the value is there; one that fails or is late is a fault. */
  whenReady<T>(value: Eventually<T>, goOn: (value: T) => void): void {
    if (!(value instanceof Promise)) return goOn(value);
    const { phaseMs, timers } = this.#options;
    const deadline = timers.after(phaseMs, () => {
      this.#resume(deadline, () => {
        throw new Fault("phase_deadline", `expected an answer in ${phaseMs} ms`);
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

  /** Waits for nothing any more. */
  cancel(): void {
    this.#deadline?.cancel();
  }

  /** Forgets the events that wait. */
  clear(): void {
    this.#waiting.clear();
  }

  #resume(deadline: Timer, goOn: () => void): void {
    const { isOver, run, take } = this.#options;
    if (this.#deadline !== deadline || isOver()) return;
    deadline.cancel();
    this.#deadline = undefined;
    run(goOn);
    while (this.#deadline === undefined && !isOver()) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      run(() => take(next));
    }
  }
}
