import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { Fault, invariant } from "../base/index.ts";
import {
  encodeClosing,
  encodeKey,
  encodeOpen,
  type OpenRecord,
  type RecordPosition,
} from "../record/index.ts";
import { emptyRoot, renameRoot } from "../signing/index.ts";
import { Anchoring } from "./anchoring.ts";
import { CheckpointSigner } from "./checkpoint-signer.ts";
import type { DurableMark } from "./committer.ts";
import { Journal } from "./journal.ts";
import { LogDuties, type PruneCause } from "./log-duties.ts";
import { type Slot, takeNamedSlot, takeSlot } from "./log-folder.ts";
import { type LogInfo, writeLogInfo } from "./log-info.ts";
import { createLogKeys, type LogKeys } from "./log-keys.ts";
import { type LogObserver, silentLogObserver } from "./log-observer.ts";
import type { RecordLogOptions } from "./log-options.ts";
import { LogTally } from "./log-tally.ts";
import { type Encode, LogWriter } from "./log-writer.ts";
import { isLogOrigin } from "./origin.ts";
import type { RecordRole } from "./record-role.ts";
import type { ExpiredSegment } from "./retention.ts";
import { localDisk } from "./segment-file.ts";
import { SegmentWriter } from "./segment-writer.ts";
import { type TakenLog, takeLog } from "./take-log.ts";
import type { UnclosedDecision } from "./unclosed.ts";

/** Days a record is kept that says nothing itself (audit-and-operations 16). */
const retentionDaysDefault = 400;
/** How long a stop waits for anchors (audit-and-operations 11). */
const lastAnchorMs = 3_000;

/** Records of one process, in the order of their `seq`. One owner; all calls on one thread. */
export interface RecordLog {
  /** `log` of every record in it. */
  readonly origin: string;
  /** The `seq` the next record gets; falls back when a write failed. */
  readonly nextSeq: number;
  /** False after a failed write until one succeeds; the log itself tries once a second. */
  readonly isWritable: boolean;
  /** How far the log is on the disk for good; undefined before the first commit. */
  readonly durable: DurableMark | undefined;
  /** What metrics and people are told. */
  readonly status: LogStatus;
  /** How the log was found. */
  readonly opening: LogOpening;
  /**
   * Gives a record its place, keeps its line for `commit` and returns its `seq`. `encode` returns
   * the line without line feed; if it throws, nothing was appended. `at` is when the record is
   * made, where that is not now. Undefined where the log cannot be written and the record is kept
   * in memory to be written late. Throws Fault audit_unavailable when a turn appends too much, and
   * always where a damaged log bars the process from serving.
   */
  append(encode: Encode, role: RecordRole, at?: string): number | undefined;
  /**
   * Writes everything appended since, in one synchronous write. Throws Fault audit_unavailable
   * after undoing all of it: the file is cut back and `nextSeq` is what it was. What may be late is
   * then kept in memory.
   */
  commit(): void;
  /**
   * Writes a record of no exchange, at any time and at once; late where the log cannot be written.
   * Throws Fault audit_unavailable where a damaged log bars the process from serving.
   */
  tell(encode: Encode, kind: string): void;
  /** Calls `done` once the record of this `seq` is on the disk for good, or is not known to be. */
  whenDurable(seq: number, done: (isDurable: boolean) => void): void;
  /** Told each time the durable mark moves; returns what ends that. */
  onDurable(listener: (mark: DurableMark) => void): () => void;
  /** Writes and syncs at once, for a process about to end. Throws what the disk says. */
  commitNow(): void;
  /** Deletes the segments that nothing keeps; rejects where that cannot be known or done. */
  prune(by: PruneCause): Promise<readonly ExpiredSegment[]>;
  /** Writes `close`, commits, anchors, and lets go of the slot; the log is of no use then. */
  close(reason?: string): Promise<void>;
}

/** What a process found when it took up a log (audit-and-operations 4.4). */
export interface LogOpening extends Pick<OpenRecord, "adopted" | "cutBytes" | "ended"> {
  /** Decisions without closing, which were closed as lost. */
  readonly lost: number;
}

/** What a log tells of itself. */
export interface LogStatus {
  /** Records that no durable checkpoint covers. */
  readonly unsignedRecords: number;
  /** Seconds since a checkpoint of this process was durable; undefined before the first. */
  readonly checkpointAgeSeconds: number | undefined;
  /** Seconds since the key that signs was taken up. */
  readonly keyAgeSeconds: number;
  /** Seconds since an anchor took a checkpoint, by its name; undefined: never by this process. */
  readonly anchorAgeSeconds: ReadonlyMap<string, number | undefined>;
}

/**
 * Takes the lowest slot that no living process has, and in it takes up the log that is there, or
 * makes one (audit-and-operations 4.1, 4.4). Throws Fault audit_unavailable where the disk does not
 * allow it.
 */
export async function openRecordLog(options: RecordLogOptions): Promise<RecordLog> {
  invariant(isLogOrigin(options.origin), "an origin is letters, digits and . _ - between slashes");
  let slot: Slot | undefined;
  try {
    slot =
      options.slot === undefined
        ? takeSlot(options.stateDir)
        : await takeNamedSlot(options.stateDir, options.slot);
    const root = options.rootKey;
    const made = createLogKeys(options.stateDir, root);
    const keys = options.createKey === undefined ? made : { ...made, create: options.createKey };
    const { retentionDays = retentionDaysDefault } = options;
    const taken = await takeLog({ slot, options, keys, retentionDays });
    return new SlotRecordLog(slot, taken, { options, keys });
  } catch (error) {
    slot?.lock.release();
    if (error instanceof Fault) throw error;
    const { stateDir } = options;
    throw new Fault("audit_unavailable", `no log could be opened in ${stateDir}`, { cause: error });
  }
}

class SlotRecordLog implements RecordLog {
  readonly origin: string;
  readonly opening: LogOpening;
  readonly #slot: Slot;
  readonly #clock: RecordLogOptions["clock"];
  readonly #journal: Journal;
  readonly #anchoring: Anchoring;
  readonly #duties: LogDuties;
  #durableMicros: number | undefined;

  constructor(
    slot: Slot,
    taken: TakenLog,
    { keys, options }: { readonly options: RecordLogOptions; readonly keys: LogKeys },
  ) {
    const { clock, observer = silentLogObserver, timers } = options;
    const { path } = taken;
    const { origin } = taken.info;
    this.#slot = slot;
    this.#clock = clock;
    this.origin = origin;
    const { adopted, cutBytes, ended } = taken.open;
    this.opening = { adopted, cutBytes, ended, lost: taken.unclosed.length };
    const writer = createWriter(taken, options);
    this.#journal = new Journal({
      writer,
      clock,
      timers,
      observer,
      mark: undefined,
      minimum: () => this.#duties.info.minimum,
      isBarred: taken.isBarred,
    });
    this.#journal.onDurable(() => {
      this.#durableMicros = clock.monotonicMicros();
    });
    const info = addOpening(taken, writer, observer);
    this.#journal.begin(taken.unclosed.map(closingOf));
    for (const _ of taken.unclosed) observer.noted("closing");
    writeLogInfo(path, info);
    const root = keys.root && renameRoot(keys.root, origin);
    const { anchors = [] } = options;
    const { tree } = writer;
    this.#anchoring = new Anchoring({ anchors, origin, path, root, tree, clock, observer });
    this.#duties = new LogDuties({
      journal: this.#journal,
      anchoring: this.#anchoring,
      path,
      info,
      keys,
      clock,
      timers,
      observer,
      readHolds: options.readHolds ?? (async () => []),
      isSent: (seq) => options.isSent?.(origin, seq) ?? true,
      readFreeRatio: options.readFreeRatio ?? (() => freeRatioOf(path)),
    });
  }

  get nextSeq(): number {
    return this.#journal.writer.nextSeq;
  }

  get isWritable(): boolean {
    return this.#journal.isWritable;
  }

  get durable(): DurableMark | undefined {
    return this.#journal.committer.mark;
  }

  get status(): LogStatus {
    const { committer, writer } = this.#journal;
    const since = this.#durableMicros;
    return {
      unsignedRecords: committer.openRecords,
      checkpointAgeSeconds:
        since === undefined ? undefined : (this.#clock.monotonicMicros() - since) / 1e6,
      keyAgeSeconds: writer.signer.keyAgeMicros / 1e6,
      anchorAgeSeconds: this.#anchoring.ages(),
    };
  }

  append(encode: Encode, role: RecordRole, at?: string): number | undefined {
    return this.#journal.append(encode, role, at);
  }

  commit(): void {
    this.#journal.commit();
  }

  tell(encode: Encode, kind: string): void {
    this.#journal.tell(encode, kind);
  }

  whenDurable(seq: number, done: (isDurable: boolean) => void): void {
    this.#journal.committer.whenDurable(seq, done);
  }

  onDurable(listener: (mark: DurableMark) => void): () => void {
    return this.#journal.onDurable(listener);
  }

  commitNow(): void {
    this.#journal.commitNow();
  }

  prune(by: PruneCause): Promise<readonly ExpiredSegment[]> {
    return this.#duties.pruneNow(by);
  }

  async close(reason = "stopped"): Promise<void> {
    try {
      await this.#journal.close(reason);
      await this.#duties.stop();
      const { mark } = this.#journal.committer;
      if (mark !== undefined) {
        await this.#anchoring.finish(mark, AbortSignal.timeout(lastAnchorMs));
      }
      this.#journal.writer.close();
    } finally {
      this.#slot.lock.release();
    }
  }
}

function createWriter(taken: TakenLog, options: RecordLogOptions): LogWriter {
  const { clock, createId, disk = localDisk, onLine } = options;
  const { retentionDays = retentionDaysDefault } = options;
  const { info, path, signer, tree } = taken;
  const monotonicMicros = () => clock.monotonicMicros();
  return new LogWriter({
    origin: info.origin,
    path,
    clock,
    createId,
    segments: new SegmentWriter({
      path: join(path, "segments"),
      disk,
      monotonicMicros,
      state: taken.segment,
    }),
    tree,
    tally: new LogTally(retentionDays, taken.retainUntilDay),
    signer: new CheckpointSigner({
      origin: info.origin,
      signer,
      last: taken.checkpoint ?? { size: 0, root: emptyRoot },
      monotonicMicros,
    }),
    checkpoint: taken.checkpoint,
    onLine,
  });
}

/** Adds how the log was found: its key where that is new, and `open`. Gives what `log.json` is to say. */
function addOpening(
  { info, introduction: note, open, signer }: TakenLog,
  writer: LogWriter,
  observer: LogObserver,
): LogInfo {
  const { previous } = writer;
  let { keys } = info;
  if (note !== undefined) {
    const key = { event: "introduced", verifier: signer.verifierKey, note } as const;
    writer.add((position) => encodeKey(key, position), { kind: "key" });
    observer.noted("key");
    keys = [...keys, note];
  }
  writer.add((position) => encodeOpen({ ...open, previous }, position), { kind: "open" });
  observer.noted("open");
  return { ...info, keys };
}

/** What is known of an exchange whose process died. */
function closingOf({ app, exchange, route, tenant }: UnclosedDecision) {
  const lost = {
    ...{ app, exchange, route, tenant },
    ...({ point: "response", outcome: "none", verdict: "none", end: "lost" } as const),
    timeUs: { total: 0 },
  };
  return {
    encode: (position: RecordPosition) => encodeClosing(lost, position),
    role: { kind: "closing", exchange },
  };
}

async function freeRatioOf(path: string): Promise<number | undefined> {
  try {
    const { bavail, blocks } = await statfs(path);
    return blocks > 0 ? bavail / blocks : undefined;
  } catch {
    // Any number would be a guess; a disk that is gone shows in what cannot be written.
    return undefined;
  }
}
