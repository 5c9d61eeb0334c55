import { join } from "node:path";
import type { CreateSegment, SegmentFile } from "./segment-file.ts";

/** A segment closes at whichever comes first (audit-and-operations 4.1). */
const segmentRecordsMax = 65_536;
const segmentBytesMax = 64 * 1024 * 1024;
const segmentMicrosMax = 3_600_000_000;

/** Written and taken away again to learn whether the disk takes records: the size of one. */
const probeBytes = 16 * 1024;

interface OpenSegment {
  readonly file: SegmentFile;
  readonly openedMicros: number;
  /** Length and records that stay; anything beyond `bytes` in the file is to be cut. */
  bytes: number;
  records: number;
  isTorn: boolean;
}

/**
 * Writes lines into segments, each write whole or not at all. A segment is named for the `seq` of
 * its first record and made with its first write.
 */
export class SegmentWriter {
  readonly #path: string;
  readonly #create: CreateSegment;
  readonly #monotonicMicros: () => number;
  #current: OpenSegment | undefined;

  constructor(options: {
    readonly path: string;
    readonly create: CreateSegment;
    readonly monotonicMicros: () => number;
  }) {
    this.#path = options.path;
    this.#create = options.create;
    this.#monotonicMicros = options.monotonicMicros;
  }

  /**
   * Appends the lines of `records` records, the first of which has `seq`, in one write. Throws what
   * the disk says, with the segment as it was before; where even that fails, nothing more is
   * written until the rest could be cut off.
   */
  write(lines: Uint8Array, seq: number, records: number): void {
    const segment = this.#segmentFor(lines.length, seq, records);
    this.#put(segment, lines);
    segment.bytes += lines.length;
    segment.records += records;
  }

  /** Throws where the lines of a record could not be written now; leaves nothing behind. */
  probe(seq: number): void {
    const segment = this.#segmentFor(probeBytes, seq, 1);
    this.#put(segment, new Uint8Array(probeBytes));
    segment.isTorn = true;
    mend(segment);
  }

  /** Syncs and closes the open segment. */
  close(): void {
    const segment = this.#current;
    if (segment === undefined) return;
    this.#current = undefined;
    try {
      mend(segment);
      segment.file.sync();
    } finally {
      segment.file.close();
    }
  }

  #segmentFor(bytes: number, seq: number, records: number): OpenSegment {
    const open = this.#current;
    if (open !== undefined) {
      mend(open);
      if (open.records === 0 || this.#hasRoom(open, bytes, records)) return open;
      // Without a sync, which would hold up every exchange: what is written outlives the process,
      // and that is all this version promises.
      this.#current = undefined;
      open.file.close();
    }
    const name = `${String(seq).padStart(12, "0")}.jsonl`;
    const file = this.#create(join(this.#path, name));
    const openedMicros = this.#monotonicMicros();
    this.#current = { file, openedMicros, bytes: 0, records: 0, isTorn: false };
    return this.#current;
  }

  #hasRoom(segment: OpenSegment, bytes: number, records: number): boolean {
    return (
      segment.records + records <= segmentRecordsMax &&
      segment.bytes + bytes <= segmentBytesMax &&
      this.#monotonicMicros() - segment.openedMicros < segmentMicrosMax
    );
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
