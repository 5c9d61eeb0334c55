/** Random choices that repeat: the same seed gives the same choices on every machine. */
export class Random {
  #state: number;

  constructor(seed: string) {
    let hash = 0x811c9dc5;
    for (const unit of Buffer.from(seed)) hash = Math.imul(hash ^ unit, 0x01000193);
    this.#state = hash >>> 0;
  }

  /** 0 to 1, exclusive (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `first` to `last`, both included. */
  between(first: number, last: number): number {
    return first + Math.floor(this.next() * (last - first + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.between(0, items.length - 1)];
    if (item === undefined) throw new Error("expected something to pick from");
    return item;
  }

  /** One of the characters of a text. */
  character(alphabet: string): string {
    return alphabet.charAt(this.between(0, alphabet.length - 1));
  }

  string(alphabet: string, length: number): string {
    let text = "";
    while (text.length < length) text += this.character(alphabet);
    return text;
  }

  digits(length: number): string {
    return this.string("0123456789", length);
  }

  /** A shape in which `#` is a digit, `A` a capital, `a` a small letter, `x` a hex digit. */
  shape(shape: string): string {
    return shape.replaceAll(/[#Aax]/g, (mark) => this.character(shapeAlphabets[mark] ?? mark));
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = this.between(0, last);
      const moved = result[last];
      const taken = result[other];
      if (moved === undefined || taken === undefined) continue;
      result[last] = taken;
      result[other] = moved;
    }
    return result;
  }
}

export const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const smallLetters = "abcdefghijklmnopqrstuvwxyz";
export const hexDigits = "0123456789abcdef";
export const alphanumerics = `${capitals}${smallLetters}0123456789`;

const shapeAlphabets: Readonly<Record<string, string>> = {
  "#": "0123456789",
  A: capitals,
  a: smallLetters,
  x: hexDigits,
};
