import type { Timer, Timers } from "../base/index.ts";
import { BackOff } from "./back-off.ts";
import type { Position } from "./log-source.ts";
import { SinkError } from "./sink.ts";
import type { HoldStatus, SinkObserver, Work } from "./work.ts";

/** What comes waits for more this long. */
const lingerMs = 1_000;

/** What one sink is, for metrics and people. */
export interface SinkStatus {
  readonly name: string;
  /** `waiting` for a receiver that failed; `stopped` until somebody has looked. */
  readonly state: "running" | "waiting" | "stopped";
  readonly lagRecords: number;
  /** Age of the first record that could have been sent; 0 where all were. */
  readonly lagSeconds: number;
  /** By log, up to where it has everything. */
  readonly cursors: ReadonlyMap<string, Position>;
  /** Lines that the receiver would not take. */
  readonly refused: number;
  /** Where the receiver can hold. */
  readonly holds?: HoldStatus | undefined;
}

/** What a runner works with. */
export interface RunnerParts {
  readonly name: string;
  readonly work: Work;
  readonly timers: Timers;
  readonly nowMicros: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly observer: SinkObserver;
}

/** Goes through the work of one sink step by step, and rests where there is none or it fails. */
export class SinkRunner {
  readonly #parts: RunnerParts;
  readonly #backOff: BackOff;
  #state: SinkStatus["state"] = "running";
  /** Ends the pause that is under way. */
  #wake: (() => void) | undefined;
  #isClosing = false;
  readonly #end = new AbortController();
  #running: Promise<void> | undefined;
  /** When something came that the work has not looked at yet. */
  #pendingMicros: number | undefined;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#backOff = new BackOff(parts.random);
  }

  get status(): SinkStatus {
    const { name, nowMicros, work } = this.#parts;
    const lagRecords = work.lag;
    const since = work.oldestMicros ?? this.#pendingMicros;
    const lagSeconds =
      lagRecords === 0 || since === undefined ? 0 : Math.max(0, (nowMicros() - since) / 1e6);
    const { positions: cursors, refusals: refused } = work.cursor;
    const { holds } = work;
    return { name, state: this.#state, lagRecords, lagSeconds, cursors, refused, holds };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** More of a log is durable. */
  told(): void {
    this.#pendingMicros ??= this.#parts.nowMicros();
    if (this.#state === "running" && this.#parts.work.isPressing) this.#wake?.();
  }

  /** Somebody has looked: a sink that stopped or waits tries again. */
  resume(): void {
    this.#wake?.();
  }

  /** Sends what there is until the signal says so, then lets go. */
  async close(until: AbortSignal): Promise<void> {
    this.#isClosing = true;
    const end = () => {
      this.#end.abort();
      this.#wake?.();
    };
    until.addEventListener("abort", end, { once: true });
    if (until.aborted) end();
    this.#wake?.();
    await this.#running;
    await this.#parts.work.close();
  }

  async #run(): Promise<void> {
    for (;;) {
      const isClosing = this.#isClosing;
      const pauseMs = await this.#step();
      // At the end a receiver that fails is not waited for: the cursor knows what it has.
      if (this.#end.signal.aborted || (isClosing && pauseMs !== 0)) return;
      if (pauseMs !== 0 && !this.#isClosing) await this.#pause(pauseMs);
      if (this.#isClosing && this.#state !== "running") return;
    }
  }

  /** One step; gives how long to rest after it, undefined for until somebody has looked. */
  async #step(): Promise<number | undefined> {
    const { name, observer, work } = this.#parts;
    this.#pendingMicros = undefined;
    try {
      const isMore = await work.step(this.#end.signal);
      this.#state = "running";
      this.#backOff.reset();
      return isMore ? 0 : lingerMs;
    } catch (error) {
      const fault = error instanceof SinkError ? error.fault : "away";
      observer.failed(name, fault, error);
      if (fault === "denied") {
        this.#state = "stopped";
        observer.stopped(name, error);
        return undefined;
      }
      this.#state = "waiting";
      return this.#backOff.next(error instanceof SinkError ? error.retryAfterMs : 0);
    }
  }

  async #pause(milliseconds: number | undefined): Promise<void> {
    let timer: Timer | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (milliseconds !== undefined) timer = this.#parts.timers.after(milliseconds, resolve);
    });
    timer?.cancel();
    this.#wake = undefined;
  }
}
