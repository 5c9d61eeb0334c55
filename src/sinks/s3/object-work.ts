import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { tilePath, tilesBetween } from "../../signing/index.ts";
import type { Cursor } from "../cursor.ts";
import type { WithDeadline } from "../deadline.ts";
import type { ListLogs, LogSource } from "../log-source.ts";
import type { SinkObserver, Work } from "../work.ts";
import type { Bucket, LockedObject } from "./bucket.ts";

/** Where a seal says no day; the longest that the default configuration keeps records. */
const dayMs = 86_400_000;

/** What a sink of objects works with. */
export interface ObjectWorkParts {
  readonly name: string;
  readonly bucket: Bucket;
  readonly cursor: Cursor;
  readonly listLogs: ListLogs;
  readonly observer: SinkObserver;
  readonly nowMicros: () => number;
  readonly withDeadline: WithDeadline;
}

/** What a seal says, as far as it is needed here. */
interface SealHead {
  readonly first: number;
  readonly count: number;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly checkpoint: string;
  readonly retainUntil?: string;
}

/**
 * Brings sealed segments to a bucket, with their seals, the tiles that came with them, and the log's
 * own description and checkpoint: what lies under a log's name there is a log that can be verified.
 */
export class ObjectWork implements Work {
  readonly #parts: ObjectWorkParts;
  #lag = 0;
  #oldestMicros: number | undefined;

  constructor(parts: ObjectWorkParts) {
    this.#parts = parts;
  }

  get cursor(): Cursor {
    return this.#parts.cursor;
  }

  get lag(): number {
    return this.#lag;
  }

  get oldestMicros(): number | undefined {
    return this.#oldestMicros;
  }

  get isPressing(): boolean {
    return false;
  }

  async step(signal: AbortSignal): Promise<boolean> {
    const { cursor, listLogs, name, observer } = this.#parts;
    await this.#openCursor();
    const due: { log: LogSource; seal: SealHead; sealedMicros: number }[] = [];
    let lag = 0;
    for (const log of listLogs()) {
      const seals = await this.#sealsAfter(log, cursor.of(log.origin).seq);
      lag += seals.reduce((sum, { seal }) => sum + seal.count, 0);
      due.push(...seals.map((entry) => ({ ...entry, log })));
    }
    this.#lag = lag;
    this.#oldestMicros = due.reduce<number | undefined>(
      (oldest, { sealedMicros }) => Math.min(oldest ?? sealedMicros, sealedMicros),
      undefined,
    );
    for (const { log, seal } of due) {
      await this.#ship(log, seal, signal);
      const seq = seal.first + seal.count;
      cursor.move(log.origin, { segment: seq, byte: 0, seq });
      this.#lag -= seal.count;
      observer.sent(name, seal.count);
      await this.#save();
    }
    this.#oldestMicros = undefined;
    return false;
  }

  hasPassed(origin: string, seq: number): boolean {
    const { cursor } = this.#parts;
    return cursor.isRead && cursor.of(origin).seq >= seq;
  }

  async close(): Promise<void> {
    this.#parts.bucket.close();
  }

  async #openCursor(): Promise<void> {
    const { cursor, name, observer } = this.#parts;
    if (cursor.isRead) return;
    try {
      await cursor.open();
    } catch (error) {
      // What is in the bucket already is found there.
      observer.failed(name, "cursor", error);
      cursor.startOver();
    }
  }

  async #save(): Promise<void> {
    const { cursor, name, observer } = this.#parts;
    try {
      await cursor.save();
    } catch (error) {
      observer.failed(name, "cursor", error);
    }
  }

  async #sealsAfter(log: LogSource, seq: number) {
    const { name, observer } = this.#parts;
    try {
      const folder = join(log.folder, "segments");
      const names = (await readdir(folder)).filter((it) => /^[0-9]{12}\.seal\.json$/.test(it));
      const due = names.filter((it) => Number(it.slice(0, 12)) >= seq).sort();
      return await Promise.all(
        due.map(async (file) => ({
          seal: JSON.parse(await readFile(join(folder, file), "utf8")) as SealHead,
          sealedMicros: (await stat(join(folder, file))).mtimeMs * 1000,
        })),
      );
    } catch (error) {
      observer.failed(name, "log", error);
      return [];
    }
  }

  /** One sealed segment with what belongs to it; the checkpoint that covers it comes last. */
  async #ship(log: LogSource, seal: SealHead, signal: AbortSignal): Promise<void> {
    const retainUntil = this.#retainUntil(seal);
    const digits = String(seal.first).padStart(12, "0");
    await this.#shipSegment(log, seal, signal);
    const size = seal.first + seal.count;
    const tiles = tilesBetween(seal.first, size).map(({ index, level, width }) =>
      tilePath(level, index, width),
    );
    for (const path of [...tiles, `segments/${digits}.seal.json`]) {
      await this.#putFile(log, { path, retainUntil, isOnce: true }, signal);
    }
    await this.#putFile(log, { path: "log.json", retainUntil, isOnce: false }, signal);
    await this.#put(
      log,
      { path: "checkpoint", bytes: Buffer.from(seal.checkpoint), retainUntil, isOnce: false },
      signal,
    );
  }

  async #shipSegment(log: LogSource, seal: SealHead, signal: AbortSignal): Promise<void> {
    const { name, observer, withDeadline, bucket } = this.#parts;
    const path = `segments/${String(seal.first).padStart(12, "0")}.jsonl`;
    const file = join(log.folder, path);
    const isThere = await stat(file).then(
      () => true,
      () => false,
    );
    if (!isThere) return observer.failed(name, "missing", undefined, seal.count);
    const body = createReadStream(file);
    try {
      const object: LockedObject = {
        ...{ key: `${log.origin}/${path}`, body, length: seal.bytes, isOnce: true },
        sha256: Buffer.from(seal.sha256, "hex").toString("base64"),
        retainUntil: this.#retainUntil(seal),
      };
      await withDeadline(signal, (bounded) => bucket.put(object, bounded));
    } finally {
      body.destroy();
    }
  }

  async #putFile(
    log: LogSource,
    file: { readonly path: string; readonly retainUntil: Date; readonly isOnce: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const bytes = await readFile(join(log.folder, file.path));
    await this.#put(log, { ...file, bytes }, signal);
  }

  async #put(
    log: LogSource,
    file: {
      readonly path: string;
      readonly bytes: Buffer;
      readonly retainUntil: Date;
      readonly isOnce: boolean;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const { bucket, withDeadline } = this.#parts;
    const { bytes, isOnce, path, retainUntil } = file;
    const object: LockedObject = {
      ...{ key: `${log.origin}/${path}`, body: bytes, length: bytes.length, isOnce, retainUntil },
      sha256: createHash("sha256").update(bytes).digest("base64"),
    };
    await withDeadline(signal, (bounded) => bucket.put(object, bounded));
  }

  /** The end of the last day that a record of it is kept to; a store takes no day that is over. */
  #retainUntil({ retainUntil = "" }: SealHead): Date {
    const today = this.#parts.nowMicros() / 1000;
    const day = Date.parse(`${retainUntil}T00:00:00Z`);
    return new Date(Math.max(Number.isNaN(day) ? 0 : day, today) + dayMs);
  }
}
