import { createHash, type Hash } from "node:crypto";
import { join } from "node:path";
import type { SegmentDisk, SegmentFile } from "./segment-file.ts";
import { segmentName } from "./segment-name.ts";

/** A segment closes at whichever comes first (audit-and-operations 4.1). */
const segmentRecordsMax = 65_536;
const segmentBytesMax = 64 * 1024 * 1024;
const segmentMicrosMax = 3_600_000_000;

/** Written and taken away again to learn whether the disk takes records: the size of one. */
const probeBytes = 16 * 1024;

/** A segment that is being written, as it is found or left. */
export interface SegmentState {
  /** `seq` of its first record. */
  readonly first: number;
  /** Length and records that stay. */
  readonly bytes: number;
  readonly records: number;
  /** SHA-256 over the bytes so far. */
  readonly digest: Hash;
}

interface OpenSegment {
  readonly file: SegmentFile;
  readonly first: number;
  readonly digest: Hash;
  readonly openedMicros: number;
  /** Anything beyond `bytes` in the file is to be cut. */
  bytes: number;
  records: number;
  isTorn: boolean;
}

/** Up to where a reader finds what. */
export interface SegmentPlace {
  /** `seq` of the first record of the segment, as in its name. */
  readonly first: number;
  readonly bytes: number;
}

/**
 * Writes lines into segments, each write whole or not at all. A segment is named for the `seq` of
 * its first record and made with its first write; its owner closes it when `isFull` says so.
 */
export class SegmentWriter {
  readonly #path: string;
  readonly #disk: SegmentDisk;
  readonly #monotonicMicros: () => number;
  #current: OpenSegment | undefined;

  constructor(options: {
    /** The folder of the segments. */
    readonly path: string;
    readonly disk: SegmentDisk;
    readonly monotonicMicros: () => number;
    /** One to go on with. */
    readonly state?: SegmentState | undefined;
  }) {
    this.#path = options.path;
    this.#disk = options.disk;
    this.#monotonicMicros = options.monotonicMicros;
    if (options.state !== undefined) this.#goOn(options.state);
  }

  /** The segment that is open. */
  get place(): SegmentPlace | undefined {
    const open = this.#current;
    return open === undefined ? undefined : { first: open.first, bytes: open.bytes };
  }

  /** True where lines of this many bytes and records belong into the next segment. */
  isFull(bytes: number, records: number): boolean {
    const open = this.#current;
    if (open === undefined || open.records === 0) return false;
    return (
      open.records + records > segmentRecordsMax ||
      open.bytes + bytes > segmentBytesMax ||
      this.#monotonicMicros() - open.openedMicros >= segmentMicrosMax
    );
  }

  /**
   * Appends lines with `records` records, the first of which has `seq`, in one write. Throws what
   * the disk says, with the segment as it was before; where even that fails, nothing more is
   * written until the rest could be cut off.
   */
  write(lines: Uint8Array, seq: number, records: number): void {
    const segment = this.#open(seq);
    this.#put(segment, lines);
    segment.bytes += lines.length;
    segment.records += records;
    segment.digest.update(lines);
  }

  /** Throws where the lines of a record could not be written now; leaves nothing behind. */
  probe(seq: number): void {
    const segment = this.#open(seq);
    this.#put(segment, new Uint8Array(probeBytes));
    segment.isTorn = true;
    mend(segment);
  }

  /** Done once everything written is on the disk. */
  async sync(): Promise<void> {
    await this.#current?.file.sync();
  }

  syncNow(): void {
    this.#current?.file.syncNow();
  }

  /** What a seal says of the open segment, which must be whole. */
  facts():
    | {
        readonly bytes: number;
        readonly count: number;
        readonly first: number;
        readonly sha256: string;
      }
    | undefined {
    const open = this.#current;
    if (open === undefined) return undefined;
    const { bytes, digest, first, records } = open;
    return { bytes, count: records, first, sha256: digest.copy().digest("hex") };
  }

  /** Lets go of the open segment; the next write makes another. */
  close(): void {
    const segment = this.#current;
    if (segment === undefined) return;
    this.#current = undefined;
    try {
      mend(segment);
    } finally {
      segment.file.close();
    }
  }

  #goOn({ bytes, digest, first, records }: SegmentState): void {
    const file = this.#disk.reopen(join(this.#path, segmentName(first)));
    const openedMicros = this.#monotonicMicros();
    this.#current = { file, first, digest, openedMicros, bytes, records, isTorn: false };
  }

  #open(seq: number): OpenSegment {
    if (this.#current !== undefined) {
      mend(this.#current);
      return this.#current;
    }
    const file = this.#disk.create(join(this.#path, segmentName(seq)));
    const openedMicros = this.#monotonicMicros();
    const digest = createHash("sha256");
    this.#current = { file, first: seq, digest, openedMicros, bytes: 0, records: 0, isTorn: false };
    return this.#current;
  }

  #put(segment: OpenSegment, bytes: Uint8Array): void {
    try {
      const written = segment.file.write(bytes);
      if (written !== bytes.length) throw new ShortWriteError(written, bytes.length);
    } catch (error) {
      segment.isTorn = true;
      try {
        mend(segment);
      } catch {
        // It stays torn and is mended before the next write; the first error says more.
      }
      throw error;
    }
  }
}

/** A disk that took only part of a write is full, whatever it did not say. */
class ShortWriteError extends Error {
  override readonly name = "ShortWriteError";
  readonly code = "ENOSPC";

  constructor(written: number, expected: number) {
    super(`expected to write ${expected} bytes, wrote ${written}`);
  }
}

/** Cuts off what a failed write may have left. */
function mend(segment: OpenSegment): void {
  if (!segment.isTorn) return;
  segment.file.cut(segment.bytes);
  segment.isTorn = false;
}
