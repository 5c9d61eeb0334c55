import { toRecordTime } from "../base/index.ts";
import type { Cursor } from "./cursor.ts";
import type { Refusal } from "./cursor-file.ts";
import type { WithDeadline } from "./deadline.ts";
import { Delivery, type Refused } from "./deliver.ts";
import type { ListLogs, LogSource, Position } from "./log-source.ts";
import { type Batch, readBatch, UnreadableLogError } from "./read-batch.ts";
import { type Sink, SinkError, type SinkLine } from "./sink.ts";
import type { SinkObserver, Work } from "./work.ts";

/** A reason in the cursor file is for people, not a copy of what a receiver sent. */
const reasonUnits = 200;

/** What a sink of lines works with. */
export interface LineWorkParts {
  readonly name: string;
  readonly sink: Sink;
  readonly cursor: Cursor;
  readonly listLogs: ListLogs;
  readonly observer: SinkObserver;
  readonly nowMicros: () => number;
  readonly withDeadline: WithDeadline;
}

/** A batch that went out and may be lost. */
interface Unsure {
  readonly from: Position;
  readonly lines: number;
}

/** Brings every line of every log to one sink, in the order of each log. */
export class LineWork implements Work {
  readonly #parts: LineWorkParts;
  readonly #delivery: Delivery;
  /** Ahead of the cursor by what may still be lost. */
  readonly #sent = new Map<string, Position>();
  readonly #unsure = new Map<string, Unsure[]>();
  /** The durable size at which everything of a log was read. */
  readonly #readAll = new Map<string, number>();
  #oldestMicros: number | undefined;

  constructor(parts: LineWorkParts) {
    this.#parts = parts;
    this.#delivery = new Delivery(parts.sink, parts.withDeadline);
  }

  get cursor(): Cursor {
    return this.#parts.cursor;
  }

  get lag(): number {
    return this.#parts
      .listLogs()
      .reduce((sum, log) => sum + Math.max(0, log.durableSize - this.#at(log.origin).seq), 0);
  }

  get oldestMicros(): number | undefined {
    return this.#oldestMicros;
  }

  get isPressing(): boolean {
    return this.lag >= this.#parts.sink.batch.lines;
  }

  async step(signal: AbortSignal): Promise<boolean> {
    const { cursor, listLogs, sink } = this.#parts;
    await this.#openCursor();
    if (sink.takeLoss?.() === true) this.#goBack();
    let isMore = false;
    let pending: number | undefined;
    for (const log of listLogs()) {
      const batch = await this.#read(log);
      pending = earlier(pending, batch.lines);
      this.#oldestMicros = pending ?? this.#oldestMicros;
      if (batch.lines.length > 0) await this.#send(log, batch, signal);
      isMore ||= this.#at(log.origin).seq < log.durableSize && batch.lines.length > 0;
    }
    if (!isMore) this.#oldestMicros = undefined;
    await this.#save(cursor);
    return isMore;
  }

  hasPassed(origin: string, seq: number): boolean {
    const { cursor } = this.#parts;
    return cursor.isRead && cursor.of(origin).seq >= seq;
  }

  async close(): Promise<void> {
    await this.#parts.sink.close();
  }

  #at(origin: string): Position {
    return this.#sent.get(origin) ?? this.#parts.cursor.of(origin);
  }

  async #openCursor(): Promise<void> {
    const { cursor, name, observer } = this.#parts;
    if (cursor.isRead) return;
    try {
      await cursor.open();
    } catch (error) {
      // Lines that come again are marked; lines that are left out would be lost.
      observer.failed(name, "cursor", error);
      cursor.startOver();
    }
  }

  async #read(log: LogSource): Promise<Batch> {
    const { name, observer, sink } = this.#parts;
    const from = this.#at(log.origin);
    // Without a look at the disk where nothing can have come.
    if (this.#readAll.get(log.origin) === log.durableSize) return nothingAt(from);
    try {
      const batch = await readBatch(log, from, sink.batch);
      if (batch.lines.length === 0 && from.seq >= log.durableSize) {
        this.#readAll.set(log.origin, log.durableSize);
      }
      if (batch.missing === 0) return batch;
      const error = new UnreadableLogError(`segments of ${log.origin} are gone`);
      observer.failed(name, "missing", error, batch.missing);
      this.#moved(log.origin, from, batch.end, 0);
      return await readBatch(log, batch.end, sink.batch);
    } catch (error) {
      observer.failed(name, "log", error);
      return nothingAt(from);
    }
  }

  async #send(log: LogSource, { end, lines }: Batch, signal: AbortSignal): Promise<void> {
    const { cursor, name, observer } = this.#parts;
    const from = this.#at(log.origin);
    if (cursor.isFull) {
      throw new SinkError("denied", "the cursor file names as many refused lines as it may");
    }
    const refused = await this.#delivery.send(lines, signal);
    const gone = refused.reduce((sum, { count }) => sum + count, 0);
    observer.sent(name, lines.length - gone);
    if (gone > 0) observer.failed(name, "refused", refused[0]?.reason, gone);
    this.#moved(log.origin, from, end, lines.length, refused);
  }

  #moved(
    origin: string,
    from: Position,
    to: Position,
    lines: number,
    refused: readonly Refused[] = [],
  ): void {
    const { cursor, nowMicros, sink } = this.#parts;
    const at = toRecordTime(nowMicros());
    const named = refused.map((entry) => nameOf(entry, at));
    const { unacknowledged = 0 } = sink;
    if (unacknowledged === 0) {
      cursor.move(origin, to, named);
      return;
    }
    this.#sent.set(origin, to);
    const unsure = this.#unsure.get(origin) ?? [];
    this.#unsure.set(origin, unsure);
    unsure.push({ from, lines });
    let behind = unsure.reduce((sum, entry) => sum + entry.lines, 0);
    for (let first = unsure[0]; first !== undefined; first = unsure[0]) {
      behind -= first.lines;
      if (behind < unacknowledged) break;
      unsure.shift();
    }
    cursor.move(origin, unsure[0]?.from ?? from, named);
  }

  /** Everything that may be lost is sent again. */
  #goBack(): void {
    this.#sent.clear();
    this.#unsure.clear();
    this.#readAll.clear();
  }

  async #save(cursor: Cursor): Promise<void> {
    try {
      await cursor.save();
    } catch (error) {
      // The lines are with the receiver; a start without this cursor sends them again.
      this.#parts.observer.failed(this.#parts.name, "cursor", error);
    }
  }
}

function nothingAt(end: Position): Batch {
  return { lines: [], end, missing: 0 };
}

function nameOf({ count, lines, reason }: Refused, at: string): Refusal {
  const [first, last] = [lines[0], lines.at(-1)];
  const { log = "", seq = 0, type = "record" } = first ?? {};
  const range = lines.length === 1 ? {} : { to: last?.seq ?? seq, count };
  return { log, type, seq, ...range, at, reason: reason.slice(0, reasonUnits).toWellFormed() };
}

/** The time of the first record in lines, if that is earlier. */
function earlier(than: number | undefined, lines: readonly SinkLine[]): number | undefined {
  const record = lines.find(({ type }) => type === "record");
  if (record === undefined) return than;
  const [, at] = /"at":"([0-9TZ:.-]{27})"/.exec(record.text) ?? [];
  const micros = at === undefined ? Number.NaN : Date.parse(at) * 1000;
  if (Number.isNaN(micros)) return than;
  return than === undefined ? micros : Math.min(than, micros);
}
