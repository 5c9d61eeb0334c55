import { join } from "node:path";
import { type Clock, recordBytesMax, toRecordTime } from "../base/index.ts";
import type { RecordPosition, TreeState } from "../record/index.ts";
import { canonicalJson } from "../signing/index.ts";
import { Arena } from "./arena.ts";
import type { CheckpointSigner, SignedCheckpoint } from "./checkpoint-signer.ts";
import { replaceFileNow } from "./durable-file.ts";
import type { LogTally } from "./log-tally.ts";
import type { LogTree } from "./log-tree.ts";
import type { RecordRole } from "./record-role.ts";
import { sealName } from "./segment-name.ts";
import type { SegmentPlace, SegmentWriter } from "./segment-writer.ts";

/** Makes the line of a record, without line feed, for the place it is given. */
export type Encode = (position: RecordPosition) => string;

/** One record on its way. */
export interface PendingRecord {
  readonly encode: Encode;
  readonly role: RecordRole;
  readonly at: string;
}

/** What a writer works on: all of one log, as it was made or recovered. */
export interface LogWriterParts {
  readonly origin: string;
  /** The folder of the log. */
  readonly path: string;
  readonly clock: Clock;
  /** UUIDv7, lower case. */
  readonly createId: () => string;
  readonly segments: SegmentWriter;
  readonly tree: LogTree;
  readonly tally: LogTally;
  readonly signer: CheckpointSigner;
  /** The last checkpoint line that is there. */
  readonly checkpoint: SignedCheckpoint | undefined;
  /** Told of each line, lent for the call, once it is written. */
  readonly onLine?: ((line: Uint8Array, seq: number) => void) | undefined;
}

/**
 * Puts records, checkpoint lines and seals into one log, synchronously and in this order: lines,
 * then their leaves (audit-and-operations 4.1, 4.2). It knows neither timers nor what to do about a
 * disk that says no: everything throws that, and leaves the log as it was.
 */
export class LogWriter {
  readonly origin: string;
  readonly tally: LogTally;
  readonly #parts: LogWriterParts;
  readonly #arena = new Arena();
  #pending: PendingRecord[] = [];
  /** The last checkpoint line. */
  #checkpoint: SignedCheckpoint | undefined;
  /** Signed, and its line could not be written. */
  #unwritten: SignedCheckpoint | undefined;

  constructor(parts: LogWriterParts) {
    this.#parts = parts;
    this.origin = parts.origin;
    this.tally = parts.tally;
    this.#checkpoint = parts.checkpoint;
  }

  /** Records in the log. */
  get size(): number {
    return this.#parts.tree.size;
  }

  /** The `seq` the next record gets. */
  get nextSeq(): number {
    return this.size + this.#arena.lines;
  }

  /** Lines that are added and not written. */
  get pendingLines(): number {
    return this.#arena.lines;
  }

  get pendingBytes(): number {
    return this.#arena.bytes;
  }

  /** Whether something is added and not written whose role is such a one. */
  hasPending(isSuch: (role: RecordRole) => boolean): boolean {
    return this.#pending.some(({ role }) => isSuch(role));
  }

  /** The last checkpoint line. */
  get checkpoint(): SignedCheckpoint | undefined {
    return this.#checkpoint;
  }

  /** The same as `previous` of a record has it. */
  get previous(): TreeState | undefined {
    const last = this.#checkpoint;
    return last && { size: last.size, root: last.root.toString("base64") };
  }

  get place(): SegmentPlace | undefined {
    return this.#parts.segments.place;
  }

  get tree(): LogTree {
    return this.#parts.tree;
  }

  get signer(): CheckpointSigner {
    return this.#parts.signer;
  }

  /**
   * Gives a record its place among those of the turn and returns its `seq`. What `encode` throws is
   * passed on, and nothing was added then. Throws Fault audit_unavailable when a turn is too big.
   */
  add(encode: Encode, role: RecordRole, at = this.now(), late?: true): number {
    const seq = this.nextSeq;
    const id = this.#parts.createId();
    const position = { log: this.origin, seq, id, at };
    this.#arena.add(encode(late === undefined ? position : { ...position, late }));
    this.#pending.push({ encode, role, at });
    return seq;
  }

  /** Now, as records have it. */
  now(): string {
    return toRecordTime(this.#parts.clock.nowMicros());
  }

  /** Closes the open segment where one more record of the log about itself would not fit in it. */
  makeRoom(): void {
    if (this.#parts.segments.isFull(recordBytesMax, 1)) this.seal();
  }

  /**
   * Writes all that was added. `isInPlace`: into the open segment however full, since what was added
   * tells of the checkpoint line before it, or introduces the key that the next one needs.
   */
  write(isInPlace = false): void {
    const { segments, tally, tree } = this.#parts;
    const lines = this.#arena.content();
    const records = this.#arena.lines;
    if (records === 0) return;
    if (!isInPlace && segments.isFull(lines.length, records)) this.seal();
    segments.write(lines, tree.size, records);
    for (let index = 0; index < records; index += 1) {
      const pending = this.#pending[index];
      if (pending !== undefined) tally.written(pending.role, tree.size, pending.at);
      const line = this.#arena.line(index);
      this.#parts.onLine?.(line, tree.size);
      tree.append(line);
    }
    this.#clear();
  }

  /** Takes back what was added and not written. */
  takeBack(): readonly PendingRecord[] {
    const pending = this.#pending;
    this.#pending = [];
    this.#arena.clear();
    return pending;
  }

  /** Throws where a record could not be written now. */
  probe(): void {
    this.#parts.segments.probe(this.size);
  }

  /** Signs what is written and adds the checkpoint line, unless the last one says it already. */
  writeCheckpoint(): SignedCheckpoint | undefined {
    const { segments, signer, tree } = this.#parts;
    if (tree.size === (this.#checkpoint?.size ?? 0)) return undefined;
    if (this.#unwritten?.size !== tree.size) this.#unwritten = signer.sign(tree.size, tree.root());
    const line = `{"checkpoint":${canonicalJson(this.#unwritten.note)}}\n`;
    segments.write(Buffer.from(line), tree.size, 0);
    this.#checkpoint = this.#unwritten;
    return this.#checkpoint;
  }

  /** Done once everything written until now is on the disk. */
  sync(): Promise<void> {
    return this.#parts.segments.sync();
  }

  syncNow(): void {
    this.#parts.segments.syncNow();
  }

  /** Closes the open segment for good: what is written to it is on the disk then, and its seal. */
  seal(): void {
    const { path, segments, tally, tree } = this.#parts;
    this.writeCheckpoint();
    segments.syncNow();
    tree.writeNow();
    const facts = segments.facts();
    if (facts === undefined || this.#checkpoint === undefined) return;
    const seal = canonicalJson({
      ...facts,
      checkpoint: this.#checkpoint.note,
      range: tree.hashes().map((hash) => hash.toString("base64")),
      retainUntil: tally.retainUntil,
    });
    replaceFileNow(join(path, "segments", sealName(facts.first)), seal);
    segments.close();
    tally.sealed();
  }

  /** Lets go of the open segment as it is. */
  close(): void {
    this.#parts.segments.close();
  }

  #clear(): void {
    this.#pending.length = 0;
    this.#arena.clear();
  }
}
