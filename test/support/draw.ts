/** Choices that look random and are the same each time, for tests that must not depend on luck. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761 + 1) & 0x7fffffff;
    // The first numbers of neighbouring seeds are alike.
    for (let count = 0; count < 3; count += 1) this.below(2);
  }

  /** A whole number from 0 to `bound - 1`; the bound is at most 2^23. */
  below(bound: number): number {
    this.#state = (Math.imul(this.#state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.#state >> 8) % bound;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** So many characters of an alphabet. */
  text(alphabet: string, units: number): string {
    let text = "";
    for (let count = 0; count < units; count += 1) {
      text += alphabet.charAt(this.below(alphabet.length));
    }
    return text;
  }
}
