import { TopicSet } from "../context/topic-set.ts";

/** Deeper nesting is counted, but not told apart. */
const depthMax = 24;

/** Objects and arrays that are open, with what the key of each says. Owned by one scan. */
export class Nesting {
  #depth = 0;
  /** Of each open object or array; made when first needed. */
  #topics: TopicSet[] = [];
  readonly #isArray = new Uint8Array(depthMax);

  get depth(): number {
    return this.#depth;
  }

  /** What the key of the innermost array says, or undefined in an object or outside. */
  get arrayTopics(): TopicSet | undefined {
    if (this.#depth === 0 || this.#depth > depthMax) return undefined;
    return this.#isArray[this.#depth - 1] === 1 ? this.topics : undefined;
  }

  /** What the key of the innermost object or array says. */
  get topics(): TopicSet | undefined {
    return this.#depth > depthMax ? undefined : this.#topics[this.#depth - 1];
  }

  /** An object or array opens behind a key that speaks of these topics. */
  open(isArray: boolean, topics: TopicSet | undefined): void {
    const depth = this.#depth;
    this.#depth += 1;
    if (depth >= depthMax) return;
    this.#isArray[depth] = isArray ? 1 : 0;
    this.#topics[depth] ??= new TopicSet();
    if (topics === undefined) this.#topics[depth].clear();
    else this.#topics[depth].copy(topics);
  }

  close(): void {
    if (this.#depth > 0) this.#depth -= 1;
  }

  /** A line that begins like prose: arrays left open are none. */
  meetProse(): void {
    while (this.arrayTopics !== undefined) this.#depth -= 1;
  }

  fork(): Nesting {
    const fork = new Nesting();
    fork.#depth = this.#depth;
    fork.#isArray.set(this.#isArray);
    fork.#topics = this.#topics.map(copyOf);
    return fork;
  }
}

/** A set with the same topics. */
export function copyOf(topics: TopicSet): TopicSet {
  const copy = new TopicSet();
  copy.copy(topics);
  return copy;
}
