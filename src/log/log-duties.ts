import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock, Timer, Timers } from "../base/index.ts";
import type { LegalHold } from "../evidence/index.ts";
import { encodePrune } from "../record/index.ts";
import type { Anchoring } from "./anchoring.ts";
import type { DurableMark } from "./committer.ts";
import { isMissing, replaceFile, replaceLightly } from "./durable-file.ts";
import type { Journal } from "./journal.ts";
import { KeyChange } from "./key-change.ts";
import { type LogInfo, writeLogInfo } from "./log-info.ts";
import type { LogKeys } from "./log-keys.ts";
import type { LogObserver, LogTrouble } from "./log-observer.ts";
import type { FullTile } from "./log-tree.ts";
import { deleteSegments, type ExpiredSegment, findExpired } from "./retention.ts";

const tickMs = 1_000;
const beatMicros = 60_000_000;
const pruneMicros = 3_600_000_000;

/**
 * The files that follow the durable mark (`checkpoint`, tiles) cost more than a commit. They do so
 * within this time, sooner where this many tiles wait, which a seal would have to write at once.
 */
const filesMicros = 1_000_000;
const waitingTilesMax = 4;

/** Shares of the disk that are free (audit-and-operations 4.8): prune below one, stop below the other. */
const lowRatio = 0.1;
const fullRatio = 0.02;

/** Why segments are deleted, and on whose behalf. */
export interface PruneCause {
  readonly reason: string;
  readonly actor: string;
}

/** What a log does by itself works with. */
export interface DutyParts {
  readonly journal: Journal;
  readonly anchoring: Anchoring;
  /** The folder of the log. */
  readonly path: string;
  readonly info: LogInfo;
  readonly keys: LogKeys;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly observer: LogObserver;
  /** Holds that are in force; rejects where they cannot be read, and nothing is pruned then. */
  readonly readHolds: () => Promise<readonly LegalHold[]>;
  /** Whether every sink has what stands before a `seq`; what one has not is not pruned. */
  readonly isSent: (seq: number) => boolean;
  /** Share of the disk that is free for us, as far as that is known. */
  readonly readFreeRatio: () => Promise<number | undefined>;
}

/**
 * What a log does beside taking records: beats, another key each day, tiles and `checkpoint` once
 * they are durable, anchors, retention, and looking whether the disk takes records again.
 */
export class LogDuties {
  readonly #parts: DutyParts;
  #info: LogInfo;
  #timer: Timer | undefined;
  #isStopped = false;
  #lastBeat: number;
  #lastPrune = Number.NEGATIVE_INFINITY;
  #isLow = false;
  /** Done once what is being pruned is gone, and `log.json` says so. */
  #pruning: Promise<void> | undefined;
  #newestMark: DurableMark | undefined;
  #files: Promise<void> | undefined;
  #lastFiles = Number.NEGATIVE_INFINITY;
  #segment: number | undefined;
  /** Statements of keys that are in the log and not yet in `log.json`, with the size that has them. */
  #statements: { readonly note: string; readonly size: number }[] = [];
  readonly #keyChange: KeyChange;

  constructor(parts: DutyParts) {
    this.#parts = parts;
    this.#info = parts.info;
    this.#lastBeat = parts.clock.monotonicMicros();
    this.#keyChange = new KeyChange({
      ...parts,
      onChanged: (note) => this.#statements.push({ note, size: parts.journal.writer.size }),
    });
    parts.journal.onDurable((mark) => this.#durable(mark));
    const { mark } = parts.journal.committer;
    if (mark !== undefined) this.#durable(mark);
    this.#arm();
  }

  get info(): LogInfo {
    return this.#info;
  }

  /** Ends what comes by itself; resolves when the files of the last mark are in place. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#keyChange.stop();
    this.#timer?.cancel();
    await this.#pruning;
    while (this.#files !== undefined || this.#newestMark !== undefined) {
      this.#followMark();
      await this.#files;
    }
  }

  #arm(): void {
    if (this.#isStopped) return;
    this.#timer = this.#parts.timers.after(tickMs, () => {
      this.#tick();
      this.#arm();
    });
  }

  #tick(): void {
    const { anchoring, clock, journal } = this.#parts;
    const now = clock.monotonicMicros();
    journal.retry();
    void this.#lookAtRoom();
    if (now - this.#lastBeat >= beatMicros) {
      this.#lastBeat = now;
      journal.beat();
    }
    this.#keyChange.look();
    if (now - this.#lastPrune >= pruneMicros) void this.prune("retention");
    this.#followMark();
    const { mark } = journal.committer;
    if (mark !== undefined) anchoring.look(mark);
  }

  async #lookAtRoom(): Promise<void> {
    const ratio = await this.#parts.readFreeRatio();
    if (ratio === undefined || this.#isStopped) return;
    this.#parts.journal.roomChanged(ratio >= fullRatio);
    const isLow = ratio < lowRatio;
    if (isLow && !this.#isLow) void this.prune("space");
    this.#isLow = isLow;
  }

  /** Prunes what may go, and tells of what is in the way. */
  async prune(reason: "retention" | "space"): Promise<void> {
    try {
      await this.pruneNow({ reason, actor: "chancery" });
    } catch (error) {
      this.#parts.observer.troubled("retention", error);
    }
  }

  /**
   * Prunes what may go (audit-and-operations 4.7) and gives what went. Rejects where the holds cannot
   * be read, and where the disk says no.
   */
  async pruneNow(by: PruneCause): Promise<readonly ExpiredSegment[]> {
    const { clock, isSent, path, readHolds } = this.#parts;
    if (this.#pruning !== undefined) return [];
    const done = Promise.withResolvers<void>();
    this.#pruning = done.promise;
    this.#lastPrune = clock.monotonicMicros();
    try {
      const expired = await findExpired(path, dayOf(clock), await readHolds(), isSent);
      if (expired.length === 0 || this.#isStopped) return [];
      return (await this.#delete(expired, by)) ? expired : [];
    } finally {
      this.#pruning = undefined;
      done.resolve();
    }
  }

  /** False where the log does not take the record of it, so that nothing was deleted. */
  async #delete(expired: readonly ExpiredSegment[], by: PruneCause): Promise<boolean> {
    const { journal, path } = this.#parts;
    const minimum = expired.reduce((_, { count, first }) => first + count, 0);
    const pruning = { ...by, minimum, segments: expired.length };
    if (!journal.note((position) => encodePrune(pruning, position), "prune")) return false;
    await new Promise<void>((resolve, reject) => {
      journal.committer.whenDurable(journal.writer.size - 1, (isDurable) => {
        if (isDurable) resolve();
        else reject(new Error("expected the prune record to be durable"));
      });
    });
    await deleteSegments(path, expired);
    this.#info = { ...this.#info, minimum };
    writeLogInfo(path, this.#info);
    return true;
  }

  #durable(mark: DurableMark): void {
    const { clock, journal } = this.#parts;
    this.#newestMark = mark;
    const isDue = clock.monotonicMicros() - this.#lastFiles >= filesMicros;
    if (isDue || journal.writer.tree.waitingTiles >= waitingTilesMax) this.#followMark();
    // A new segment: the one before is sealed.
    if (this.#segment !== undefined && this.#segment !== mark.place.first) {
      void this.prune("retention");
    }
    this.#segment = mark.place.first;
  }

  /** Lets the files follow the newest mark, unless they do already. */
  #followMark(): void {
    const mark = this.#newestMark;
    if (mark === undefined || this.#files !== undefined) return;
    this.#newestMark = undefined;
    this.#lastFiles = this.#parts.clock.monotonicMicros();
    this.#files = this.#writeFiles(mark).finally(() => {
      this.#files = undefined;
    });
  }

  async #writeFiles(mark: DurableMark): Promise<void> {
    const { anchoring, path } = this.#parts;
    const { note, size } = mark.checkpoint;
    await this.#try("checkpoint", () => replaceLightly(join(path, "checkpoint"), note));
    await this.#try("tiles", () => this.#writeTiles(size));
    await this.#try("keys", async () => this.#noteStatements(size));
    if (!this.#isStopped) anchoring.look(mark);
  }

  async #writeTiles(size: number): Promise<void> {
    const { tree } = this.#parts.journal.writer;
    for (;;) {
      const tile = tree.nextFull(size);
      if (tile === undefined) return;
      await writeTile(tile);
      tree.tookFull(tile);
    }
  }

  #noteStatements(size: number): void {
    const there = this.#statements.filter((statement) => statement.size <= size);
    if (there.length === 0) return;
    const keys = [...this.#info.keys, ...there.map(({ note }) => note)];
    writeLogInfo(this.#parts.path, { ...this.#info, keys });
    this.#info = { ...this.#info, keys };
    this.#statements = this.#statements.filter((statement) => statement.size > size);
  }

  async #try(what: LogTrouble, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      // The next durable mark tries it again.
      this.#parts.observer.troubled(what, error);
    }
  }
}

/** Only a tile in a thousand is the first of its folder. */
async function writeTile({ bytes, path }: FullTile): Promise<void> {
  try {
    await replaceFile(path, bytes);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await replaceFile(path, bytes);
  }
}

/** Today in UTC, as in `2026-11-21`. */
function dayOf(clock: Clock): string {
  return new Date(clock.nowMicros() / 1000).toISOString().slice(0, 10);
}
