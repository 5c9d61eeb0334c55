/**
 * An even choice of at most so many of what comes, however much that is (reservoir sampling, algorithm
 * R): each has the same chance.
 */
export class Sample<Item> {
  #sizeMax: number;
  readonly #random: () => number;
  #items: Item[] = [];
  #seen = 0;

  /** `random`: from 0 up to 1. */
  constructor(sizeMax: number, random: () => number) {
    this.#sizeMax = sizeMax;
    this.#random = random;
  }

  /** The place of what comes now; undefined: it is not chosen, and need not be made. */
  draw(): number | undefined {
    this.#seen += 1;
    if (this.#items.length < this.#sizeMax) return this.#items.length;
    const place = Math.floor(this.#random() * this.#seen);
    return place < this.#sizeMax ? place : undefined;
  }

  /** Keeps what was drawn last, in place of what was there. */
  put(place: number, item: Item): void {
    this.#items[place] = item;
  }

  get size(): number {
    return this.#items.length;
  }

  /**
   * Gives at most `max` of what was chosen, each with the same chance, and begins anew to choose as
   * many.
   */
  take(max: number): Item[] {
    const items = this.#items;
    this.#items = [];
    this.#seen = 0;
    this.#sizeMax = max;
    while (items.length > max) {
      // The last takes the place of one that goes.
      const gone = Math.floor(this.#random() * items.length);
      const last = items.pop();
      if (gone < items.length && last !== undefined) items[gone] = last;
    }
    return items;
  }
}
