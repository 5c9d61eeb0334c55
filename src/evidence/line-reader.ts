import type { Hash } from "node:crypto";
import { leafPrefix } from "../signing/index.ts";
import type { LogFiles } from "./log-files.ts";

/** Many lines at once; no line of a log comes near it. */
const chunkBytes = 256 * 1024;
const lineFeed = 0x0a;
/** Bytes before the first line, so that there is one before each. */
const ahead = 1;

/**
 * Reads a file line by line, whatever its length. A line stands in `bytes` from `start` up to `end`,
 * without its line feed, until the next call.
 */
export class LineReader {
  readonly path: string;
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(chunkBytes);
  readonly #plain = new Uint8Array(this.bytes.buffer);
  start = ahead;
  end = ahead - 1;
  /** Lines given so far: the number of the line at hand, from 1 on. */
  number = 0;
  /** Whether the line at hand has no line feed: the file ends in it, or it is longer than any line. */
  isTorn = false;
  readonly #files: LogFiles;
  readonly #digest: Hash | undefined;
  #filled = ahead;
  /** Bytes of the file before those in `bytes`. */
  #before: number;
  #isEnd = false;

  /** Starts at `offset`, which must be that of a line. `digest` is fed everything read. */
  constructor(
    files: LogFiles,
    path: string,
    { offset = 0, digest }: { readonly offset?: number; readonly digest?: Hash } = {},
  ) {
    this.path = path;
    this.#files = files;
    this.#digest = digest;
    this.#before = offset - ahead;
  }

  /** Where in the file the line at hand starts; after the last one, the length of the file. */
  get offset(): number {
    return this.#before + this.start;
  }

  /** The bytes of the line at hand, as they stand until the next call. */
  get line(): Buffer {
    return this.bytes.subarray(this.start, this.end);
  }

  /**
   * The line at hand behind a zero byte, which takes the place of the line feed before it: what the
   * hash of a leaf is made of (RFC 6962 section 2.1). A plain array is made several times as fast.
   */
  get leaf(): Uint8Array {
    this.#plain[this.start - 1] = leafPrefix;
    return this.#plain.subarray(this.start - 1, this.end);
  }

  /** Goes to the next line; false where there is none, or no such file. */
  next(): boolean {
    this.start = this.end + 1;
    let from = this.start;
    for (;;) {
      const at = this.bytes.indexOf(lineFeed, from);
      if (at >= 0 && at < this.#filled) return this.#give(at, false);
      from = this.#filled;
      if (this.#isEnd || (this.start === ahead && this.#filled === chunkBytes)) break;
      from -= this.#fill();
    }
    if (this.start >= this.#filled) {
      this.start = this.#filled;
      this.end = this.#filled - 1;
      return false;
    }
    return this.#give(this.#filled, true);
  }

  #give(end: number, isTorn: boolean): true {
    this.end = end;
    this.isTorn = isTorn;
    this.number += 1;
    return true;
  }

  /** Makes room, reads on, and gives by how much what was there has moved. */
  #fill(): number {
    const moved = Math.min(this.start, this.#filled) - ahead;
    this.bytes.copyWithin(0, moved, this.#filled);
    this.#filled -= moved;
    this.#before += moved;
    this.start -= moved;
    const room = this.bytes.subarray(this.#filled);
    const read = this.#files.read(this.path, this.#before + this.#filled, room) ?? 0;
    this.#digest?.update(room.subarray(0, read));
    this.#isEnd = read < room.length;
    this.#filled += read;
    return moved;
  }
}
