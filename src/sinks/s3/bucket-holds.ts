import { access } from "node:fs/promises";
import { join } from "node:path";
import type { HoldBook } from "../../evidence/index.ts";
import type { BackOff } from "../back-off.ts";
import type { Cursor } from "../cursor.ts";
import type { WithDeadline } from "../deadline.ts";
import type { ListLogs, LogSource } from "../log-source.ts";
import { SinkError } from "../sink.ts";
import type { HoldStatus, SinkObserver } from "../work.ts";
import type { Bucket } from "./bucket.ts";
import type { HoldState, KnownHold, SegmentName } from "./hold-state.ts";
import {
  isKept,
  type RememberedSegment,
  readContent,
  type SegmentMemory,
} from "./segment-memory.ts";
import {
  endOfRetention,
  listSealed,
  readSealHead,
  sealPathOf,
  segmentPathOf,
} from "./segment-objects.ts";

/** How soon a hold that is set or lifted is copied; who reads them looks first whether any changed. */
const lookMicros = 10_000_000;
/** So many segments before what is to be sent has its turn again. */
const batchMax = 16;

/** What holds in a bucket are kept with. */
export interface BucketHoldsParts {
  readonly name: string;
  readonly bucket: Bucket;
  readonly state: HoldState;
  readonly memory: SegmentMemory;
  /** What the admin log says, as of now. Throws where there may be holds that cannot be read. */
  readonly readHolds: () => HoldBook;
  readonly cursor: Cursor;
  readonly listLogs: ListLogs;
  readonly observer: SinkObserver;
  readonly nowMicros: () => number;
  readonly monotonicMicros: () => number;
  readonly withDeadline: WithDeadline;
  readonly backOff: BackOff;
}

/** Objects of a segment that are to be held, or let go. */
interface Change extends SegmentName {
  /** Undefined where the segment has to be read to know. */
  readonly isHeld: boolean | undefined;
  /** The seal alone is there. */
  readonly isGone: boolean;
}

/**
 * Copies the legal holds of the admin log to the segments in a bucket, and to their seals
 * (audit-and-operations 4.7). What is asked of the store is noted before and after, so that whoever
 * goes on from the notes, wherever they end, asks again; a hold is lifted only where the notes say it
 * was set from here. Nothing here rejects: what fails is told, and tried again later.
 */
export class BucketHolds {
  readonly #parts: BucketHoldsParts;
  #nextLook = Number.NEGATIVE_INFINITY;
  #notBefore = Number.NEGATIVE_INFINITY;
  #isReadable = false;
  /** The last attempt did. */
  #hasFailed = false;
  /** In the order in which they are tried; undefined where what is due is not known yet. */
  #due: Change[] | undefined;
  /** Taken from there, and not settled yet. */
  #underway: readonly Change[] = [];
  /** Of the segment that is being sent, which may take many attempts. */
  #remembered: RememberedSegment | undefined;

  constructor(parts: BucketHoldsParts) {
    this.#parts = parts;
  }

  get status(): HoldStatus {
    const { state } = this.#parts;
    const held = [...state.segments()].filter(({ standing }) => standing === "set").length;
    return {
      state: this.#isReadable ? (this.#hasFailed ? "waiting" : "running") : "unreadable",
      ...{
        inForce: state.holds.length,
        held,
        due: (this.#due?.length ?? 0) + this.#underway.length,
      },
    };
  }

  /** Whether there is more to do at once. */
  get isPressing(): boolean {
    const { monotonicMicros } = this.#parts;
    return this.#isReadable && monotonicMicros() >= this.#notBefore && this.#due?.length !== 0;
  }

  /** Finds out which holds are in force, where that was a while ago. */
  async look(): Promise<void> {
    const { monotonicMicros, name, observer, readHolds, state } = this.#parts;
    if (monotonicMicros() < this.#nextLook) return;
    this.#nextLook = monotonicMicros() + lookMicros;
    await state.open().catch((error: unknown) => observer.failed(name, "cursor", error));
    if (!state.isRead) return;
    try {
      const holds = this.#withVanished(readHolds());
      if (this.#isReadable && isSame(holds, state.holds)) return;
      if (!isSame(holds, state.holds)) state.holds = holds;
      this.#isReadable = true;
      this.#due = undefined;
      await this.#save();
    } catch (error) {
      this.#isReadable = false;
      observer.failed(name, "hold", error);
    }
  }

  /** Remembers a segment that is about to be sent, and gives whether it is to be held. */
  async begin(log: LogSource, first: number): Promise<boolean> {
    const { state } = this.#parts;
    const { origin } = log;
    const isOther = this.#remembered?.origin !== origin || this.#remembered.first !== first;
    if (isOther) this.#remembered = undefined;
    this.#remembered ??= await this.#remember(log, first, true);
    const isHeld = isKept(state.holds, this.#remembered);
    if (isHeld) {
      state.mark({ origin, first }, "unsure");
      await this.#save();
    }
    return isHeld;
  }

  /** It is there; `isSet` says whether everything of it took the hold that it was to have. */
  async end(
    { origin, first, isGone }: SegmentName & { readonly isGone: boolean },
    { isHeld, isSet }: { readonly isHeld: boolean; readonly isSet: boolean },
  ): Promise<void> {
    const { state } = this.#parts;
    if (isHeld && isSet) {
      state.mark({ origin, first }, "set");
      await this.#save();
    } else if (isHeld || state.of({ origin, first }) !== undefined) {
      this.#due?.push({ origin, first, isHeld, isGone });
    }
  }

  /** Changes what is due, some of it. */
  async step(signal: AbortSignal): Promise<void> {
    const { backOff, monotonicMicros, name, observer } = this.#parts;
    if (!this.#isReadable || monotonicMicros() < this.#notBefore || signal.aborted) return;
    try {
      this.#due ??= await this.#plan();
      if (this.#due.length === 0) return;
      await this.#changeSome(this.#due, signal);
      backOff.reset();
      this.#hasFailed = false;
    } catch (error) {
      if (signal.aborted) return;
      this.#hasFailed = true;
      observer.failed(name, "hold", error);
      const asked = error instanceof SinkError ? error.retryAfterMs : 0;
      this.#notBefore = monotonicMicros() + backOff.next(asked) * 1000;
    }
  }

  /**
   * Holds that are in force, with those that no record lifted though none sets them any more: a log
   * that is gone is no reason to let go.
   */
  #withVanished({ inForce, lifted }: HoldBook): readonly KnownHold[] {
    const { name, observer, state } = this.#parts;
    const ids = new Set(inForce.map(({ hold }) => hold));
    const vanished = state.holds.filter(({ hold }) => !ids.has(hold) && !lifted.has(hold));
    if (vanished.length > 0) {
      const message = `expected a record of the hold ${vanished[0]?.hold}, or that it is lifted`;
      observer.failed(name, "hold", new Error(message), vanished.length);
    }
    return [...inForce, ...vanished];
  }

  /** What separates the bucket from the holds in force. Rejects where that cannot be found out. */
  async #plan(): Promise<Change[]> {
    const { cursor, state } = this.#parts;
    const kept = state.holds.length === 0 ? new Map<string, Change>() : await this.#uploaded();
    const due = [...kept.values()].filter((change) => !this.#isDone(change));
    for (const { first, origin, standing } of state.segments()) {
      if (kept.has(keyOf({ origin, first }))) continue;
      // Of a segment that nobody knows any more any hold is one of its own.
      const isHeld = state.holds.length > 0;
      // What is still on its way is settled when it is there.
      if (isHeld && (standing === "set" || first >= cursor.of(origin).seq)) continue;
      due.push({ origin, first, isHeld, isGone: false });
    }
    return due;
  }

  #isDone({ first, isHeld, origin }: Change): boolean {
    if (isHeld === undefined) return false;
    return this.#parts.state.of({ origin, first }) === (isHeld ? "set" : undefined);
  }

  /** The segments in the bucket, and whether a hold keeps them. */
  async #uploaded(): Promise<Map<string, Change>> {
    const { cursor, listLogs, memory } = this.#parts;
    const kept = new Map<string, Change>();
    for await (const segment of memory.read()) {
      const key = keyOf(segment);
      if (segment.first >= cursor.of(segment.origin).seq) continue;
      // What is sent again after it went here is still there.
      if (kept.get(key)?.isGone !== false) kept.set(key, this.#changeFor(segment));
    }
    for (const log of listLogs()) {
      const { origin } = log;
      for (const first of await this.#sealedBefore(log, cursor.of(origin).seq)) {
        const key = keyOf({ origin, first });
        if (!kept.has(key)) kept.set(key, { origin, first, isHeld: undefined, isGone: false });
      }
    }
    return kept;
  }

  #changeFor(segment: RememberedSegment): Change {
    const { first, isGone = false, origin } = segment;
    return { origin, first, isGone, isHeld: isKept(this.#parts.state.holds, segment) };
  }

  async #sealedBefore(log: LogSource, seq: number): Promise<readonly number[]> {
    return seq === 0 ? [] : (await listSealed(log)).filter((first) => first < seq);
  }

  /** `isNew`: it is not in the bucket yet, so where the file is gone it never comes there. */
  async #remember(log: LogSource, first: number, isNew: boolean): Promise<RememberedSegment> {
    const { memory, name, observer } = this.#parts;
    const path = join(log.folder, segmentPathOf(first));
    let segment: RememberedSegment = { origin: log.origin, first };
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere && !isNew) return segment;
    try {
      const content = isThere ? await readContent(path) : undefined;
      segment = isThere ? { ...segment, content } : { ...segment, isGone: true };
    } catch (error) {
      // What cannot be read is taken for what any hold keeps, and read again next time.
      observer.failed(name, "log", error);
      return segment;
    }
    // What is not remembered is read again, as long as it is here.
    await memory.add(segment).catch((error: unknown) => observer.failed(name, "cursor", error));
    return segment;
  }

  async #changeSome(due: Change[], signal: AbortSignal): Promise<void> {
    const { state } = this.#parts;
    const batch: Change[] = [];
    this.#underway = due.splice(0, batchMax);
    for (const change of this.#underway) {
      const known = await this.#known(change);
      if (!this.#isDone(known)) batch.push(known);
    }
    this.#underway = batch;
    for (const change of batch) state.mark(change, "unsure");
    const isNoted = await this.#save();
    try {
      for (let change = batch[0]; change !== undefined; change = batch[0]) {
        // A hold that is lifted without a note could later be believed to be set.
        if (!isNoted && !change.isHeld) throw new Error("expected to note what is asked for");
        await this.#change(change, signal);
        batch.shift();
      }
    } finally {
      this.#underway = [];
      // What failed does not stand in the way of the others.
      const [failed, ...rest] = batch;
      if (failed !== undefined) {
        due.unshift(...rest);
        due.push(failed);
      }
      await this.#save();
    }
  }

  /** What is to become of a segment, for which it may have to be read. */
  async #known(change: Change): Promise<Change> {
    const { first, isHeld, origin } = change;
    if (isHeld !== undefined) return change;
    const log = this.#parts.listLogs().find((one) => one.origin === origin);
    const segment = log && (await this.#remember(log, first, false));
    return this.#changeFor(segment ?? { origin, first });
  }

  async #change(change: Change, signal: AbortSignal): Promise<void> {
    const { bucket, state, withDeadline } = this.#parts;
    const { first, isGone, isHeld = true, origin } = change;
    const paths = isGone ? [sealPathOf(first)] : [sealPathOf(first), segmentPathOf(first)];
    const missing: string[] = [];
    for (const path of paths) {
      const key = `${origin}/${path}`;
      if (!(await withDeadline(signal, (bounded) => bucket.hold(key, isHeld, bounded)))) {
        missing.push(key);
      }
    }
    if (isHeld && missing.length > 0 && !(await this.#isOver(change))) {
      throw new SinkError("denied", `expected ${missing[0]} in the bucket, found nothing to hold`);
    }
    state.mark(change, isHeld ? "set" : undefined);
  }

  /** Whether the bucket's owner may have deleted a segment, because its time was over. */
  async #isOver({ first, origin }: SegmentName): Promise<boolean> {
    const { listLogs, nowMicros } = this.#parts;
    const log = listLogs().find((one) => one.origin === origin);
    if (log === undefined) return false;
    const end = endOfRetention(await readSealHead(log, first));
    return end !== 0 && end < nowMicros() / 1000;
  }

  /** True where it is on the disk. */
  async #save(): Promise<boolean> {
    const { name, observer, state } = this.#parts;
    try {
      await state.save();
      return true;
    } catch (error) {
      observer.failed(name, "cursor", error);
      return false;
    }
  }
}

function isSame(holds: readonly KnownHold[], others: readonly KnownHold[]): boolean {
  return (
    holds.length === others.length && holds.every(({ hold }, index) => others[index]?.hold === hold)
  );
}

function keyOf({ first, origin }: SegmentName): string {
  return `${origin}#${first}`;
}
