/** A set of small numbers, with the questions asked of it a million times. Owned by its maker. */
export class Bits {
  readonly #words: Uint32Array;

  /** Numbers from 0 up to, and without, `size`. */
  constructor(size: number) {
    this.#words = new Uint32Array(Math.ceil(size / 32));
  }

  add(number: number): void {
    this.#words[number >>> 5] = (this.#words[number >>> 5] ?? 0) | (1 << (number & 31));
  }

  has(number: number): boolean {
    return (((this.#words[number >>> 5] ?? 0) >>> (number & 31)) & 1) === 1;
  }

  get isEmpty(): boolean {
    return this.#words.every((word) => word === 0);
  }

  isWithin(other: Bits): boolean {
    const theirs = other.#words;
    for (let index = 0; index < this.#words.length; index += 1) {
      if (((this.#words[index] ?? 0) & ~(theirs[index] ?? 0)) !== 0) return false;
    }
    return true;
  }

  meets(other: Bits): boolean {
    const theirs = other.#words;
    for (let index = 0; index < this.#words.length; index += 1) {
      if (((this.#words[index] ?? 0) & (theirs[index] ?? 0)) !== 0) return true;
    }
    return false;
  }
}
