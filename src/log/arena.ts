import { Fault } from "../base/index.ts";

const startBytes = 64 * 1024;
/** No turn appends as much: it is a thousand of the largest records for each exchange in flight. */
const arenaBytesMax = 64 * 1024 * 1024;
/** A buffer that grew beyond this for one turn is not kept. */
const keptBytesMax = 1024 * 1024;

/** The lines of the turn, joined as they come, so that they leave in one write. */
export class Arena {
  #buffer: Buffer = Buffer.allocUnsafeSlow(startBytes);
  /** The same memory as a plain array, parts of which are made several times as fast. */
  #plain: Uint8Array = new Uint8Array(this.#buffer.buffer);
  #bytes = 0;
  /** Where each line ends, its line feed included. */
  readonly #ends: number[] = [];

  get bytes(): number {
    return this.#bytes;
  }

  get lines(): number {
    return this.#ends.length;
  }

  /** Adds one line and its line feed. Throws Fault audit_unavailable when the turn is too big. */
  add(line: string): void {
    this.#makeRoom(line.length * 3 + 1);
    this.#bytes += this.#buffer.write(line, this.#bytes);
    this.#buffer[this.#bytes] = 0x0a;
    this.#bytes += 1;
    this.#ends.push(this.#bytes);
  }

  /** What was added since the last `clear`; valid until the next `add`. */
  content(): Uint8Array {
    return this.#plain.subarray(0, this.#bytes);
  }

  /** One of the lines, without its line feed; valid as long. */
  line(index: number): Uint8Array {
    const start = index === 0 ? 0 : this.#ends[index - 1];
    return this.#plain.subarray(start, (this.#ends[index] ?? 0) - 1);
  }

  clear(): void {
    this.#bytes = 0;
    this.#ends.length = 0;
    if (this.#buffer.length > keptBytesMax) this.#take(Buffer.allocUnsafeSlow(startBytes));
  }

  #makeRoom(bytes: number): void {
    const needed = this.#bytes + bytes;
    if (needed <= this.#buffer.length) return;
    if (needed > arenaBytesMax) {
      throw new Fault("audit_unavailable", `records of one turn exceed ${arenaBytesMax} bytes`);
    }
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#bytes);
    this.#take(larger);
  }

  #take(buffer: Buffer): void {
    this.#buffer = buffer;
    this.#plain = new Uint8Array(buffer.buffer);
  }
}
