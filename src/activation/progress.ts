/** A namespace is a DNS label, so this is more than its name takes. */
const nameBytesMax = 256;
const headBytes = 8;

/**
 * How far a thread has come and whose documents it is at, told through shared memory: it can be read
 * while the thread answers nothing.
 */
export class Progress {
  readonly buffer: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #name: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(headBytes + nameBytesMax)) {
    this.buffer = buffer;
    this.#head = new Int32Array(buffer, 0, 2);
    this.#name = new Uint8Array(buffer, headBytes, nameBytesMax);
  }

  /** One step further; undefined: with nobody's documents in particular. */
  step(namespace: string | undefined): void {
    const bytes = Buffer.from(namespace ?? "").subarray(0, nameBytesMax);
    this.#name.set(bytes);
    Atomics.store(this.#head, 1, bytes.length);
    Atomics.add(this.#head, 0, 1);
  }

  /** Another number than before says that there was a step. */
  get steps(): number {
    return Atomics.load(this.#head, 0);
  }

  /** Right for a thread that stands still. */
  get namespace(): string | undefined {
    const length = Atomics.load(this.#head, 1);
    return length === 0 ? undefined : Buffer.from(this.#name.subarray(0, length)).toString();
  }
}
