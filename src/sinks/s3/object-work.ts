import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { tilePath, tilesBetween } from "../../signing/index.ts";
import type { Cursor } from "../cursor.ts";
import type { WithDeadline } from "../deadline.ts";
import type { ListLogs, LogSource } from "../log-source.ts";
import { SinkError } from "../sink.ts";
import type { HoldStatus, SinkObserver, Work } from "../work.ts";
import type { Bucket, LockedObject } from "./bucket.ts";
import type { BucketHolds } from "./bucket-holds.ts";
import {
  endOfRetention,
  listSealed,
  readSealHead,
  type SealHead,
  sealPathOf,
  segmentPathOf,
} from "./segment-objects.ts";

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
  /** Keeps the legal holds of what is in the bucket. */
  readonly holds: BucketHolds;
}

/** One object as it is to lie in the bucket, below its log. */
interface ObjectPlan {
  readonly path: string;
  readonly retainUntil: Date;
  readonly isOnce: boolean;
  readonly isHeld?: boolean;
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

  get holds(): HoldStatus {
    return this.#parts.holds.status;
  }

  async step(signal: AbortSignal): Promise<boolean> {
    const { holds } = this.#parts;
    await this.#openCursor();
    try {
      await this.#shipAll(signal);
    } finally {
      // A hold does not wait for what cannot be sent.
      await holds.look();
      await holds.step(signal);
    }
    return holds.isPressing;
  }

  async #shipAll(signal: AbortSignal): Promise<void> {
    const { cursor, holds, listLogs, name, observer } = this.#parts;
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
      await holds.look();
      await this.#ship(log, seal, signal);
      const seq = seal.first + seal.count;
      cursor.move(log.origin, { segment: seq, byte: 0, seq });
      this.#lag -= seal.count;
      observer.sent(name, seal.count);
      await this.#save();
      await holds.step(signal);
    }
    this.#oldestMicros = undefined;
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
      const due = (await listSealed(log)).filter((first) => first >= seq);
      return await Promise.all(
        due.map(async (first) => ({
          seal: await readSealHead(log, first),
          sealedMicros: (await stat(join(log.folder, sealPathOf(first)))).mtimeMs * 1000,
        })),
      );
    } catch (error) {
      observer.failed(name, "log", error);
      return [];
    }
  }

  /** One sealed segment with what belongs to it; the checkpoint that covers it comes last. */
  async #ship(log: LogSource, seal: SealHead, signal: AbortSignal): Promise<void> {
    const { holds } = this.#parts;
    const { count, first } = seal;
    const { origin } = log;
    const retainUntil = this.#retainUntil(seal);
    const isHeld = await holds.begin(log, first);
    const segment = await this.#shipSegment(log, seal, isHeld, signal);
    const tiles = tilesBetween(first, first + count).map(({ index, level, width }) =>
      tilePath(level, index, width),
    );
    for (const path of tiles) {
      await this.#putFile(log, { path, retainUntil, isOnce: true }, signal);
    }
    const path = sealPathOf(first);
    const isSealSet = await this.#putFile(log, { path, retainUntil, isOnce: true, isHeld }, signal);
    const isSet = isSealSet && segment !== "unset";
    await holds.end({ origin, first, isGone: segment === "gone" }, { isHeld, isSet });
    await this.#putFile(log, { path: "log.json", retainUntil, isOnce: false }, signal);
    const checkpoint = { path: "checkpoint", retainUntil, isOnce: false };
    await this.#putBytes(log, checkpoint, Buffer.from(seal.checkpoint), signal);
  }

  async #shipSegment(
    log: LogSource,
    seal: SealHead,
    isHeld: boolean,
    signal: AbortSignal,
  ): Promise<"set" | "unset" | "gone"> {
    const { name, observer } = this.#parts;
    const path = segmentPathOf(seal.first);
    const file = join(log.folder, path);
    const isThere = await stat(file).then(
      () => true,
      () => false,
    );
    if (!isThere) {
      observer.failed(name, "missing", undefined, seal.count);
      return "gone";
    }
    const plan = { path, retainUntil: this.#retainUntil(seal), isOnce: true, isHeld };
    const sha256 = Buffer.from(seal.sha256, "hex").toString("base64");
    const put = async (held: boolean) => {
      const body = createReadStream(file);
      try {
        const content = { body, length: seal.bytes, sha256 };
        return await this.#put(log, { ...plan, isHeld: held }, content, signal);
      } finally {
        body.destroy();
      }
    };
    return (await this.#orWithoutHold(isHeld, put)) ? "set" : "unset";
  }

  /** True where it is there as it was to be, a hold with it. */
  async #putFile(log: LogSource, plan: ObjectPlan, signal: AbortSignal): Promise<boolean> {
    return this.#putBytes(log, plan, await readFile(join(log.folder, plan.path)), signal);
  }

  async #putBytes(
    log: LogSource,
    plan: ObjectPlan,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<boolean> {
    const sha256 = createHash("sha256").update(body).digest("base64");
    const content = { body, length: body.length, sha256 };
    return this.#orWithoutHold(plan.isHeld ?? false, (isHeld) =>
      this.#put(log, { ...plan, isHeld }, content, signal),
    );
  }

  /**
   * What a store takes only without its hold is sent without it, since its time keeps it for now. False
   * where the hold is missing: then, and where the object was there before.
   */
  async #orWithoutHold(
    isHeld: boolean,
    put: (isHeld: boolean) => Promise<boolean>,
  ): Promise<boolean> {
    const { name, observer } = this.#parts;
    try {
      return (await put(isHeld)) || !isHeld;
    } catch (error) {
      if (!isHeld || !(error instanceof SinkError && error.fault === "denied")) throw error;
      await put(false);
      observer.failed(name, "hold", error);
      return false;
    }
  }

  async #put(
    log: LogSource,
    { isHeld = false, isOnce, path, retainUntil }: ObjectPlan,
    content: Pick<LockedObject, "body" | "length" | "sha256">,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { bucket, withDeadline } = this.#parts;
    const object: LockedObject = {
      ...{ key: `${log.origin}/${path}`, isOnce, retainUntil, isHeld, ...content },
    };
    return withDeadline(signal, (bounded) => bucket.put(object, bounded));
  }

  /** The end of the last day that a record of it is kept to; a store takes no day that is over. */
  #retainUntil(seal: SealHead): Date {
    return new Date(Math.max(endOfRetention(seal), this.#parts.nowMicros() / 1000 + dayMs));
  }
}
