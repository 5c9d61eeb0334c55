import type { LineCounter } from "yaml";

/** Line and column of a character, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** An object or a list of the tree. */
export type Container = object;

interface Offsets {
  /** Where the container itself begins. */
  readonly start: number;
  /** Per member or item: its key (for items the item itself) and its value. */
  readonly members: Map<string | number, MemberOffsets>;
}

interface MemberOffsets {
  readonly key: number;
  readonly value: number;
  /** Of a text that stands in the file as it is: its first character, behind a quote. */
  readonly text?: number | undefined;
}

/**
 * A value made of plain objects and lists that knows where each part stood in its file. Parts can
 * be taken out; what remains keeps its places.
 */
export class PlacedTree {
  readonly #lines: LineCounter;
  readonly #offsets = new WeakMap<Container, Offsets>();
  readonly #start: number;
  /** The whole value; undefined once it was taken out. */
  root: unknown;

  /** `start` is the offset of the root, for a root that is no container. */
  constructor(lines: LineCounter, start: number) {
    this.#lines = lines;
    this.#start = start;
  }

  /** Notes where a container begins; its members follow with `placeMember`. */
  placeContainer(container: Container, start: number): void {
    this.#offsets.set(container, { start, members: new Map() });
  }

  placeMember(container: Container, key: string | number, at: MemberOffsets): void {
    this.#offsets.get(container)?.members.set(key, at);
  }

  /** Where the document begins. */
  rootPlace(): Place {
    return this.#toPlace(this.#start);
  }

  placeOf(container: Container): Place {
    return this.#toPlace(this.#offsets.get(container)?.start ?? this.#start);
  }

  /** Where a member's key stands, or an item of a list. */
  keyPlace(container: Container, key: string | number): Place {
    return this.#memberPlace(container, key, "key");
  }

  /** Where a member's value stands, or an item of a list. */
  valuePlace(container: Container, key: string | number): Place {
    return this.#memberPlace(container, key, "value");
  }

  /** Where a character of a member's text stands; where escapes or folds move it, the value. */
  textPlace(container: Container, key: string | number, offset: number): Place {
    const text = this.#offsets.get(container)?.members.get(key)?.text;
    return text === undefined ? this.valuePlace(container, key) : this.#toPlace(text + offset);
  }

  /** Takes a member or an item out, places included. */
  remove(container: Container, key: string | number): void {
    const members = this.#offsets.get(container)?.members;
    if (!Array.isArray(container)) {
      Reflect.deleteProperty(container, key);
      members?.delete(key);
      return;
    }
    const index = Number(key);
    container.splice(index, 1);
    for (let next = index; next <= container.length; next += 1) {
      const moved = members?.get(next + 1);
      if (moved === undefined) members?.delete(next);
      else members?.set(next, moved);
    }
  }

  #memberPlace(container: Container, key: string | number, part: "key" | "value"): Place {
    // Paths name items by text; lists keep them by number.
    const name = Array.isArray(container) ? Number(key) : key;
    const member = this.#offsets.get(container)?.members.get(name);
    return member === undefined ? this.placeOf(container) : this.#toPlace(member[part]);
  }

  #toPlace(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}
