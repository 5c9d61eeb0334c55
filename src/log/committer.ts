import type { Clock, Timer, Timers } from "../base/index.ts";
import type { SignedCheckpoint } from "./checkpoint-signer.ts";
import type { LogWriter } from "./log-writer.ts";
import type { SegmentPlace } from "./segment-writer.ts";

/** A commit comes at whichever is first (audit-and-operations 4.2). */
const commitMs = 50;
const commitRecordsMax = 512;
const commitBytesMax = 1024 * 1024;
/** Where an answer waits for it. */
const awaitedCommitMs = 5;

/** How far the log is on the disk for good: nobody outside may know more of it. */
export interface DurableMark {
  /** Covers all records before it. */
  readonly checkpoint: SignedCheckpoint;
  /** Where its line ends. */
  readonly place: SegmentPlace;
}

/** What a committer is told with. */
export interface CommitterParts {
  readonly writer: LogWriter;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Writes what a turn has added; false where that failed. */
  readonly write: () => boolean;
  /** A checkpoint is durable. */
  readonly onDurable: (mark: DurableMark, seconds: number) => void;
  /** A sync failed: what the disk holds of the open segment is not known any more. */
  readonly onSyncFailed: (error: unknown) => void;
  /** A checkpoint line could not be written. */
  readonly onWriteFailed: (error: unknown) => void;
}

interface Waiter {
  readonly seq: number;
  readonly done: (isDurable: boolean) => void;
}

/** Signs what was written and sees it to the disk, without holding up the thread. */
export class Committer {
  readonly #parts: CommitterParts;
  #mark: DurableMark | undefined;
  #timer: Timer | undefined;
  #isAwaited = false;
  #bytes = 0;
  #running: Promise<void> | undefined;
  #isDueAgain = false;
  #waiters: Waiter[] = [];

  /** `mark`: what was durable before. */
  constructor(parts: CommitterParts, mark: DurableMark | undefined) {
    this.#parts = parts;
    this.#mark = mark;
  }

  get mark(): DurableMark | undefined {
    return this.#mark;
  }

  /** Records that are written and not durable. */
  get openRecords(): number {
    return this.#parts.writer.size - (this.#mark?.checkpoint.size ?? 0);
  }

  /** Records were written: a commit is due soon. */
  wrote(bytes: number): void {
    this.#bytes += bytes;
    const records = this.#parts.writer.size - (this.#parts.writer.checkpoint?.size ?? 0);
    if (records >= commitRecordsMax || this.#bytes >= commitBytesMax) this.#arm(0);
    else if (this.#timer === undefined) this.#arm(commitMs);
  }

  /** Calls `done` once the record is durable, or will not be known to be. */
  whenDurable(seq: number, done: (isDurable: boolean) => void): void {
    if (seq < (this.#mark?.checkpoint.size ?? 0)) return done(true);
    this.#waiters.push({ seq, done });
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    this.#arm(awaitedCommitMs);
  }

  /** Commits now; resolves when that is done, or has failed. */
  async commit(): Promise<void> {
    this.#begin();
    while (this.#running !== undefined) await this.#running;
  }

  /** The same at once. Throws what the disk says. */
  commitNow(): void {
    const { clock, writer } = this.#parts;
    const start = clock.monotonicMicros();
    writer.writeCheckpoint();
    writer.syncNow();
    this.#isDurable(writer.checkpoint, writer.place, start);
  }

  /** Nobody waits any more. */
  failWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { done } of waiters) done(false);
  }

  /** No commit comes by itself any more. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(milliseconds: number): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.timers.after(milliseconds, () => this.#begin());
  }

  #begin(): void {
    this.stop();
    if (this.#running !== undefined) {
      this.#isDueAgain = true;
      return;
    }
    this.#isAwaited = false;
    this.#bytes = 0;
    const { onSyncFailed, onWriteFailed, clock, write, writer } = this.#parts;
    if (!write()) return;
    const start = clock.monotonicMicros();
    try {
      if (writer.writeCheckpoint() === undefined && this.openRecords === 0) return;
    } catch (error) {
      onWriteFailed(error);
      return;
    }
    const { checkpoint, place } = writer;
    this.#running = writer.sync().then(
      () => this.#isDurable(checkpoint, place, start),
      (error) => onSyncFailed(error),
    );
    void this.#running.then(() => {
      this.#running = undefined;
      if (!this.#isDueAgain && this.#waiters.length === 0) return;
      this.#isDueAgain = false;
      this.#begin();
    });
  }

  #isDurable(
    checkpoint: SignedCheckpoint | undefined,
    place: SegmentPlace | undefined,
    startMicros: number,
  ): void {
    if (checkpoint === undefined || place === undefined) return;
    // One that was sealed meanwhile may have been quicker.
    if (checkpoint.size <= (this.#mark?.checkpoint.size ?? 0)) return;
    this.#mark = { checkpoint, place };
    const seconds = (this.#parts.clock.monotonicMicros() - startMicros) / 1e6;
    this.#parts.onDurable(this.#mark, seconds);
    if (this.#waiters.length === 0) return;
    const done = this.#waiters.filter(({ seq }) => seq < checkpoint.size);
    this.#waiters = this.#waiters.filter(({ seq }) => seq >= checkpoint.size);
    for (const waiter of done) waiter.done(true);
  }
}
