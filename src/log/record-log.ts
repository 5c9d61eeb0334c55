import { join } from "node:path";
import { type Clock, Fault, invariant, toRecordTime } from "../base/index.ts";
import type { RecordPosition } from "../record/index.ts";
import { Arena } from "./arena.ts";
import { createLogFolder, type LogFolder } from "./log-folder.ts";
import { type LogObserver, silentLogObserver } from "./log-observer.ts";
import { isLogOrigin } from "./origin.ts";
import { type CreateSegment, createDiskSegment } from "./segment-file.ts";
import { SegmentWriter } from "./segment-writer.ts";

/** How long a log that cannot be written rests before it is tried without a record. */
const probeIntervalMicros = 1_000_000;

/** Records of one process, in the order of their `seq`. One owner; all calls on one thread. */
export interface RecordLog {
  /** `log` of every record in it. */
  readonly origin: string;
  /** The `seq` the next record gets; falls back when a write failed. */
  readonly nextSeq: number;
  /**
   * False after a failed write, until one succeeds. Asked while false, the log tries the disk
   * again, once a second at most, so that whoever polls this also brings it back.
   */
  readonly isWritable: boolean;
  /**
   * Gives a record its place, keeps its line for `commit` and returns its `seq`. `encode` returns
   * the line without line feed; if it throws, nothing was appended. `at` is when the record is
   * made, where that is not now. Throws Fault audit_unavailable when a turn appends too much.
   */
  append(encode: (position: RecordPosition) => string, at?: string): number;
  /**
   * Writes everything appended since, in one synchronous write. Throws Fault audit_unavailable
   * after undoing all of it: the file is cut back and `nextSeq` is what it was.
   */
  commit(): void;
  /** Commits, syncs, and lets go of the slot; the log is of no use then. */
  close(): Promise<void>;
}

export interface RecordLogOptions {
  /** Folder of the installation; the log goes to `log/<slot>/<id>/` below it. */
  readonly stateDir: string;
  /** First part of the log's name. */
  readonly origin: string;
  readonly clock: Clock;
  /** UUIDv7, lower case. */
  readonly createId: () => string;
  readonly observer?: LogObserver;
  /** Where segments go; the local disk unless a test says otherwise. */
  readonly createSegment?: CreateSegment;
}

/**
 * Opens a new log for this process in the lowest slot that no living process has. Throws Fault
 * audit_unavailable where the disk does not allow it.
 */
export async function openRecordLog(options: RecordLogOptions): Promise<RecordLog> {
  const { stateDir, origin, clock } = options;
  invariant(isLogOrigin(origin), "an origin is letters, digits and . _ - between slashes");
  try {
    const folder = createLogFolder({ stateDir, origin, nowMicros: clock.nowMicros() });
    return new SegmentedRecordLog(options, folder);
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault("audit_unavailable", `no log could be opened in ${stateDir}`, { cause: error });
  }
}

class SegmentedRecordLog implements RecordLog {
  readonly origin: string;
  readonly #clock: Clock;
  readonly #createId: () => string;
  readonly #observer: LogObserver;
  readonly #folder: LogFolder;
  readonly #segments: SegmentWriter;
  readonly #arena = new Arena();
  /** `seq` of the first record that is not written yet. */
  #writtenSeq = 0;
  #isWritable = true;
  #triedMicros = 0;

  constructor(options: RecordLogOptions, folder: LogFolder) {
    this.origin = folder.origin;
    this.#clock = options.clock;
    this.#createId = options.createId;
    this.#observer = options.observer ?? silentLogObserver;
    this.#folder = folder;
    this.#segments = new SegmentWriter({
      path: join(folder.path, "segments"),
      create: options.createSegment ?? createDiskSegment,
      monotonicMicros: () => options.clock.monotonicMicros(),
    });
  }

  get nextSeq(): number {
    return this.#writtenSeq + this.#arena.lines;
  }

  get isWritable(): boolean {
    if (!this.#isWritable) this.#probe();
    return this.#isWritable;
  }

  append(encode: (position: RecordPosition) => string, at?: string): number {
    const seq = this.nextSeq;
    const line = encode({
      log: this.origin,
      seq,
      id: this.#createId(),
      at: at ?? toRecordTime(this.#clock.nowMicros()),
    });
    this.#arena.add(line);
    return seq;
  }

  commit(): void {
    const records = this.#arena.lines;
    if (records === 0) return;
    const start = this.#clock.monotonicMicros();
    try {
      this.#segments.write(this.#arena.content(), this.#writtenSeq, records);
    } catch (error) {
      this.#isWritable = false;
      this.#triedMicros = start;
      this.#arena.clear();
      this.#observer.undone(records, isDiskFull(error) ? "disk_full" : "write_error");
      throw new Fault("audit_unavailable", `${records} records could not be written`, {
        cause: error,
      });
    }
    this.#isWritable = true;
    this.#writtenSeq += records;
    this.#arena.clear();
    this.#observer.written(records, (this.#clock.monotonicMicros() - start) / 1e6);
  }

  async close(): Promise<void> {
    try {
      this.commit();
      this.#segments.close();
    } finally {
      this.#folder.lock.release();
    }
  }

  #probe(): void {
    const now = this.#clock.monotonicMicros();
    if (now - this.#triedMicros < probeIntervalMicros) return;
    this.#triedMicros = now;
    try {
      this.#segments.probe(this.#writtenSeq);
      this.#isWritable = true;
    } catch {
      // Still not writable, which the caller is about to read; the first failure was reported.
    }
  }
}

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  return error.code === "ENOSPC" || error.code === "EDQUOT" || error.code === "EFBIG";
}
