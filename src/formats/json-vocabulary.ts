/**
 * Member names a reader asks for, found from their bytes without making a string. Only a matter of
 * speed: a name that is missing here, or written with escapes, is decoded instead.
 */
export class Vocabulary {
  readonly names: readonly string[];
  readonly #encoded: readonly Buffer[];
  /** Open addressing; 0 is free, otherwise an index into `names`, whose first entry is unused. */
  readonly #slots: Uint16Array;

  constructor(names: readonly string[]) {
    this.names = ["", ...new Set(names)];
    this.#encoded = this.names.map((name) => Buffer.from(name, "latin1"));
    let size = 16;
    while (size < this.names.length * 4) size *= 2;
    this.#slots = new Uint16Array(size);
    for (let id = 1; id < this.names.length; id += 1) this.#place(id);
  }

  /** The index into `names` of what stands between `start` and `end`, or 0. */
  find(bytes: Buffer, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes, start, end) & mask;
    for (;;) {
      const id = this.#slots[slot] as number;
      if (id === 0 || equals(this.#encoded[id] as Buffer, bytes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
  }

  #place(id: number): void {
    const name = this.#encoded[id] as Buffer;
    const mask = this.#slots.length - 1;
    let slot = hash(name, 0, name.length) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }
}

/** For readers that look at no member by name. */
export const emptyVocabulary = new Vocabulary([]);

function hash(bytes: Buffer, start: number, end: number): number {
  // A caller may choose long names: the ends and the length tell known names apart well enough.
  const length = end - start;
  if (length === 0) return 0;
  const first = bytes[start] as number;
  const middle = bytes[start + (length >> 1)] as number;
  const last = bytes[end - 1] as number;
  return ((first * 31 + middle) * 31 + last) * 31 + length;
}

function equals(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let i = 0; i < name.length; i += 1) if (name[i] !== bytes[start + i]) return false;
  return true;
}
