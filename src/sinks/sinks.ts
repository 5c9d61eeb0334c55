import type { Clock, Timer, Timers } from "../base/index.ts";
import type { HoldBook } from "../evidence/index.ts";
import { BackOff } from "./back-off.ts";
import { Cursor } from "./cursor.ts";
import { CursorFile } from "./cursor-file.ts";
import { createDeadlines } from "./deadline.ts";
import { findLogs, type OwnLog } from "./find-logs.ts";
import { LineWork } from "./line-work.ts";
import { openLineSink, type SinkConfig, type SinkSender } from "./open-sink.ts";
import { SinkRunner, type SinkStatus } from "./runner.ts";
import { openBucket } from "./s3/bucket.ts";
import { BucketHolds } from "./s3/bucket-holds.ts";
import { HoldState } from "./s3/hold-state.ts";
import { ObjectWork } from "./s3/object-work.ts";
import { SegmentMemory } from "./s3/segment-memory.ts";
import type { SinkObserver, Work } from "./work.ts";

/** Of two processes that overlap the older has the cursors until it ends. */
const lockMs = 2_000;

/** What the sinks of a process work with. */
export interface SinksOptions {
  readonly sinks: readonly SinkConfig[];
  /** Cursors go to `sinks/` below it; the logs are in `log/`. */
  readonly stateDir: string;
  readonly own: OwnLog & {
    /** Told each time more of the log is durable; returns what ends that. */
    onDurable(listener: () => void): () => void;
  };
  /** Makes this process the one that sends, undefined while another one is. */
  readonly takeLock: () => { release(): void } | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly sender: Pick<SinkSender, "host" | "processId" | "version">;
  readonly observer: SinkObserver;
  /**
   * What the admin log says of legal holds, cheap where nothing changed; without it there are none.
   * Throws where there may be some that cannot be read.
   */
  readonly readHolds?: () => HoldBook;
  /** From 0 up to 1. */
  readonly random?: () => number;
}

/** Where records go beside the log. Nothing here holds up who writes it. */
export interface Sinks {
  readonly status: readonly SinkStatus[];
  /** Whether every sink has what stands before this record of a log, so that it may go. */
  hasPassed(origin: string, seq: number): boolean;
  /** Tries again at once what has stopped or waits. */
  resume(): void;
  /** Sends what there is until the signal says so, then lets go of everything. */
  close(until: AbortSignal): Promise<void>;
}

/**
 * Opens the sinks of a process and begins to send. Rejects with `MissingLibraryError` where one needs
 * a library that is not installed; a receiver that is away is no reason to.
 */
export async function openSinks(options: SinksOptions): Promise<Sinks> {
  const works = await openWorks(options);
  return new RunningSinks(options, works);
}

async function openWorks(options: SinksOptions): Promise<ReadonlyMap<string, Work>> {
  const { clock, observer, own, random = Math.random, sender, sinks, stateDir, timers } = options;
  const { readHolds = () => ({ inForce: [], lifted: new Set<string>() }) } = options;
  const nowMicros = () => clock.nowMicros();
  const monotonicMicros = () => clock.monotonicMicros();
  const listLogs = findLogs(stateDir, own, monotonicMicros);
  const withDeadline = createDeadlines(timers);
  const works = new Map<string, Work>();
  for (const config of sinks) {
    const { name } = config;
    const cursor = new Cursor(new CursorFile(stateDir, name));
    const parts = { name, cursor, listLogs, observer, nowMicros, withDeadline };
    if (config.kind === "s3") {
      const bucket = await openBucket(config);
      const holds = new BucketHolds({
        ...{ ...parts, bucket, monotonicMicros, readHolds, backOff: new BackOff(random) },
        state: new HoldState(stateDir, name),
        memory: new SegmentMemory(stateDir, name),
      });
      works.set(name, new ObjectWork({ ...parts, bucket, holds }));
    } else {
      const sink = await openLineSink(config, { ...sender, nowMicros });
      works.set(name, new LineWork({ ...parts, sink }));
    }
  }
  return works;
}

class RunningSinks implements Sinks {
  readonly #options: SinksOptions;
  readonly #works: ReadonlyMap<string, Work>;
  readonly #runners: readonly SinkRunner[];
  readonly #endListening: () => void;
  #lock: { release(): void } | undefined;
  #timer: Timer | undefined;

  constructor(options: SinksOptions, works: ReadonlyMap<string, Work>) {
    const { clock, observer, random = Math.random, timers } = options;
    this.#options = options;
    this.#works = works;
    const nowMicros = () => clock.nowMicros();
    this.#runners = [...works].map(
      ([name, work]) => new SinkRunner({ name, work, timers, nowMicros, random, observer }),
    );
    this.#endListening = options.own.onDurable(() => {
      if (this.#lock === undefined) return;
      for (const runner of this.#runners) runner.told();
    });
    if (works.size > 0) this.#takeLock();
  }

  get status(): readonly SinkStatus[] {
    // The one who sends knows; two who count would count twice.
    return this.#lock === undefined ? [] : this.#runners.map(({ status }) => status);
  }

  hasPassed(origin: string, seq: number): boolean {
    return [...this.#works.values()].every((work) => work.hasPassed(origin, seq));
  }

  resume(): void {
    for (const runner of this.#runners) runner.resume();
  }

  async close(until: AbortSignal): Promise<void> {
    this.#timer?.cancel();
    this.#endListening();
    await Promise.all(this.#runners.map((runner) => runner.close(until)));
    this.#lock?.release();
    this.#lock = undefined;
  }

  #takeLock(): void {
    this.#lock = this.#tryLock();
    if (this.#lock === undefined) {
      this.#timer = this.#options.timers.after(lockMs, () => this.#takeLock());
      return;
    }
    for (const runner of this.#runners) runner.start();
  }

  #tryLock(): { release(): void } | undefined {
    try {
      return this.#options.takeLock();
    } catch (error) {
      // A disk that says no now is asked again.
      for (const name of this.#works.keys()) this.#options.observer.failed(name, "cursor", error);
      return undefined;
    }
  }
}
