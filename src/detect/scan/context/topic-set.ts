import type { Topic } from "../topics.ts";

/** How many topics there may be. */
export const topicsMax = 96;

/** A set of topics that is filled anew many times: three words of bits and no other memory. */
export class TopicSet {
  #low = 0;
  #middle = 0;
  #high = 0;

  get isEmpty(): boolean {
    return (this.#low | this.#middle | this.#high) === 0;
  }

  has(topic: Topic): boolean {
    const bit = 1 << (topic & 31);
    if (topic < 32) return (this.#low & bit) !== 0;
    return topic < 64 ? (this.#middle & bit) !== 0 : (this.#high & bit) !== 0;
  }

  add(topic: Topic): void {
    const bit = 1 << (topic & 31);
    if (topic < 32) this.#low |= bit;
    else if (topic < 64) this.#middle |= bit;
    else this.#high |= bit;
  }

  addAll(other: TopicSet): void {
    this.#low |= other.#low;
    this.#middle |= other.#middle;
    this.#high |= other.#high;
  }

  /** Adds the topics whose bits are three numbers of a table, from a place on. */
  addFrom(table: Int32Array, at: number): void {
    this.#low |= table[at] ?? 0;
    this.#middle |= table[at + 1] ?? 0;
    this.#high |= table[at + 2] ?? 0;
  }

  /** Makes this set the same as another one. */
  copy(other: TopicSet): void {
    this.#low = other.#low;
    this.#middle = other.#middle;
    this.#high = other.#high;
  }

  clear(): void {
    this.#low = 0;
    this.#middle = 0;
    this.#high = 0;
  }

  /** Adds numbers that are the same for the same topics only. */
  addTo(numbers: number[]): void {
    numbers.push(this.#low, this.#middle, this.#high);
  }

  /** The bits that a table has for each topic, of all topics in it together. */
  bitsIn(table: Int32Array): number {
    return (
      bitsAt(table, 0, this.#low) | bitsAt(table, 32, this.#middle) | bitsAt(table, 64, this.#high)
    );
  }

  /** Whether the two have a topic in common. */
  meets(other: TopicSet): boolean {
    const low = this.#low & other.#low;
    return (low | (this.#middle & other.#middle) | (this.#high & other.#high)) !== 0;
  }
}

function bitsAt(table: Int32Array, first: number, topics: number): number {
  let bits = 0;
  let rest = topics;
  while (rest !== 0) {
    const lowest = rest & -rest;
    bits |= table[first + 31 - Math.clz32(lowest)] ?? 0;
    rest ^= lowest;
  }
  return bits;
}
