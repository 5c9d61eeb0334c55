import { type Clock, Fault, type Timers } from "../base/index.ts";
import { encodeBeat, encodeClose } from "../record/index.ts";
import { Committer, type DurableMark } from "./committer.ts";
import { LateRecords } from "./late-records.ts";
import type { LogObserver } from "./log-observer.ts";
import type { Encode, LogWriter, PendingRecord } from "./log-writer.ts";
import type { RecordRole } from "./record-role.ts";

/** Many records that come at once are written in batches of this many. */
const batchRecords = 512;

/** What the log works with. */
export interface JournalParts {
  readonly writer: LogWriter;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly observer: LogObserver;
  /** The durable mark a recovered log begins with. */
  readonly mark: DurableMark | undefined;
  /** The lowest `seq` that is still there. */
  readonly minimum: () => number;
  /** A damaged log was found and nothing may be served (`audit.onCorrupt: refuse`). */
  readonly isBarred: boolean;
}

/**
 * The records of one log as they come: turns, commits and what becomes of both while the disk says
 * no (audit-and-operations 4.2, 4.8).
 */
export class Journal {
  readonly writer: LogWriter;
  readonly committer: Committer;
  readonly #parts: JournalParts;
  readonly #late = new LateRecords();
  readonly #listeners = new Set<(mark: DurableMark) => void>();
  /** Something that has a place of its own in the log, until the log is there. */
  #appointed: { readonly seq: number; readonly run: () => void } | undefined;
  #isFailing = false;
  #hasRoom = true;
  #isSyncBroken = false;
  /** Why records were undone before the turn they belong to ended, which has to hear of it. */
  #owed: unknown;
  #durableSize = 0;
  /** `close` was written, behind which nothing may come. */
  #isClosed = false;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.writer = parts.writer;
    this.#durableSize = parts.mark?.checkpoint.size ?? 0;
    this.committer = new Committer(
      {
        ...parts,
        write: () => this.#writeOutsideTurn(),
        onDurable: (mark, seconds) => this.#durable(mark, seconds),
        onSyncFailed: (error) => this.#syncFailed(error),
        onWriteFailed: (error) => this.#fail(error, "write"),
      },
      parts.mark,
    );
  }

  get isWritable(): boolean {
    return !this.#isFailing && this.#mayWrite && !this.#parts.isBarred;
  }

  append(encode: Encode, role: RecordRole, at?: string): number | undefined {
    if (this.#parts.isBarred) {
      this.#late.refused();
      throw new Fault("audit_unavailable", "a damaged log was found, see audit.onCorrupt");
    }
    if (this.#isFailing && role.mayBeLate === true) {
      this.#keepLate({ encode, role, at: at ?? this.writer.now() });
      return undefined;
    }
    if (this.#appointed !== undefined) this.#keepAppointment();
    return this.writer.add(encode, role, at);
  }

  commit(): void {
    const owed = this.#owed;
    this.#owed = undefined;
    // What the turn added since goes the way of what it added before.
    if (owed !== undefined) this.#undo(owed);
    const cause = owed ?? this.#write();
    if (cause === undefined) return;
    throw new Fault("audit_unavailable", "records could not be written", { cause });
  }

  /** Writes a record of no exchange at once; where that cannot be, it is written late. */
  tell(encode: Encode, kind: string): void {
    this.append(encode, { kind, mayBeLate: true });
    this.#parts.observer.noted(kind);
    this.#writeOutsideTurn();
  }

  /**
   * Writes a record of the log about itself at once; false where it could not be, or where it would
   * not get the `seq` it has to have.
   */
  note(encode: Encode, kind: string, seq?: number): boolean {
    if (this.#isClosed || !this.#writeOutsideTurn()) return false;
    try {
      this.writer.makeRoom();
    } catch (error) {
      this.#fail(error, "write");
      return false;
    }
    if (seq !== undefined && this.writer.nextSeq !== seq) return false;
    this.writer.add(encode, { kind });
    if (this.#write(true) !== undefined) return false;
    this.#parts.observer.noted(kind);
    return true;
  }

  /**
   * Writes what was added of how the log was taken up, which nothing may come between, and then these
   * records, and commits. Throws what the disk says.
   */
  begin(records: readonly Omit<PendingRecord, "at">[]): void {
    let cause = this.#write(true);
    for (let start = 0; start < records.length && cause === undefined; start += batchRecords) {
      for (const { encode, role } of records.slice(start, start + batchRecords)) {
        this.writer.add(encode, role);
      }
      cause = this.#write();
    }
    if (cause !== undefined) throw cause;
    this.committer.commitNow();
  }

  /**
   * Calls `run` before the record that would get this `seq`, at once where that is the next one, and
   * never where others get there another way. There is one appointment, this; undefined: none.
   */
  appoint(appointed: { readonly seq: number; readonly run: () => void } | undefined): void {
    this.#appointed = appointed;
    this.#keepAppointment();
  }

  /** Writes a `beat`. */
  beat(): void {
    const { tally } = this.writer;
    const debts = this.#late.debts();
    const encode: Encode = (position) =>
      encodeBeat(
        {
          previous: this.writer.previous,
          counts: tally.counts(),
          minimum: this.#parts.minimum(),
          oldestOpen: tally.oldestOpen(position.seq),
          ...debts,
        },
        position,
      );
    if (this.note(encode, "beat")) this.#late.told();
  }

  /** Tries a disk that said no; called once a second. */
  retry(): void {
    if (!this.#isFailing || !this.#mayWrite) return;
    try {
      this.writer.probe();
    } catch {
      // Still not writable; the first failure was reported.
      return;
    }
    this.#recovered();
  }

  /** Whether the disk has so little room left that nothing more is written. */
  roomChanged(hasRoom: boolean): void {
    if (this.#hasRoom === hasRoom) return;
    this.#hasRoom = hasRoom;
    if (!hasRoom) this.#fail(new Error("less than 2 % of the disk is free"), "space");
    else this.retry();
  }

  onDurable(listener: (mark: DurableMark) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  commitNow(): void {
    const cause = this.#write();
    if (cause !== undefined) throw cause;
    this.committer.commitNow();
  }

  /** Writes `close` and commits; rejects with what the disk says. */
  async close(reason: string): Promise<void> {
    if (!this.#late.isEmpty || this.#late.hasDebts) this.retry();
    this.#isClosed = this.note((position) => {
      const { previous, tally } = this.writer;
      return encodeClose({ reason, previous, counts: tally.counts() }, position);
    }, "close");
    this.committer.stop();
    await this.committer.commit();
    this.committer.stop();
    this.committer.failWaiters();
  }

  #keepAppointment(): void {
    const appointed = this.#appointed;
    if (appointed === undefined || appointed.seq !== this.writer.nextSeq) return;
    this.#appointed = undefined;
    appointed.run();
  }

  get #mayWrite(): boolean {
    return this.#hasRoom && !this.#isSyncBroken;
  }

  #writeOutsideTurn(): boolean {
    if (this.writer.pendingLines === 0) return !this.#isFailing;
    const hadTurn = this.writer.hasPending((role) => role.exchange !== undefined);
    const cause = this.#write();
    if (hadTurn) this.#owed = cause;
    return cause === undefined;
  }

  /** Writes what was added; gives why not, after undoing all of it. */
  #write(isInPlace = false): unknown {
    const { clock, observer } = this.#parts;
    const records = this.writer.pendingLines;
    if (records === 0) return undefined;
    const bytes = this.writer.pendingBytes;
    const start = clock.monotonicMicros();
    try {
      if (!this.#mayWrite) throw new NotWritten();
      this.writer.write(isInPlace);
    } catch (error) {
      this.#undo(error);
      this.#fail(error, "write");
      return error;
    }
    observer.written(records, (clock.monotonicMicros() - start) / 1e6);
    this.committer.wrote(bytes);
    if (this.#isFailing) this.#recovered();
    return undefined;
  }

  /** Takes back what could not be written: kept to be late, or refused and gone. */
  #undo(cause: unknown): void {
    const reason = isDiskFull(cause) || !this.#hasRoom ? "disk_full" : "write_error";
    let gone = 0;
    for (const record of this.writer.takeBack()) {
      if (record.role.mayBeLate === true) {
        this.#keepLate(record);
      } else if (record.role.exchange !== undefined) {
        this.#late.refused();
        gone += 1;
      }
    }
    if (gone > 0) this.#parts.observer.undone(gone, reason);
  }

  #keepLate(record: PendingRecord): void {
    if (!this.#late.keep(record)) this.#parts.observer.undone(1, "ring_full");
  }

  #fail(error: unknown, what: "write" | "space"): void {
    this.committer.failWaiters();
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#parts.observer.troubled(what, error);
  }

  #syncFailed(error: unknown): void {
    this.#isSyncBroken = true;
    this.#parts.observer.troubled("sync", error);
    this.#isFailing = true;
    this.committer.failWaiters();
  }

  /** The disk takes records again: first what is late, then what there is to tell of it. */
  #recovered(): void {
    this.#isFailing = false;
    while (!this.#late.isEmpty) {
      const batch = this.#late.first(batchRecords);
      for (const { at, encode, role } of batch) this.writer.add(encode, role, at, true);
      const bytes = this.writer.pendingBytes;
      try {
        this.writer.write();
      } catch (error) {
        this.writer.takeBack();
        return this.#fail(error, "write");
      }
      this.#late.written(batch.length);
      this.committer.wrote(bytes);
    }
    if (this.#late.hasDebts) this.beat();
  }

  #durable(mark: DurableMark, seconds: number): void {
    const { observer } = this.#parts;
    observer.committed(mark.checkpoint.size - this.#durableSize, seconds);
    this.#durableSize = mark.checkpoint.size;
    for (const listener of this.#listeners) listener(mark);
  }
}

/** The disk is not asked: what it would say does not count any more. */
class NotWritten extends Error {
  override readonly name = "NotWritten";
}

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  return error.code === "ENOSPC" || error.code === "EDQUOT" || error.code === "EFBIG";
}
