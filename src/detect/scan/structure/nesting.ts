import { TopicSet } from "../context/topic-set.ts";
import type { Outlook } from "../outlook.ts";

/** Deeper nesting is counted, but not told apart; the bits of one number are enough for this. */
const depthMax = 24;

/** Objects and arrays that are open, with what the key of each says. Owned by one scan. */
export class Nesting {
  #depth = 0;
  /** Of each open object or array; made when first needed. */
  #topics: TopicSet[] = [];
  /** Which of them are arrays, a bit each. */
  #arrays = 0;

  get depth(): number {
    return this.#depth;
  }

  /** What the key of the innermost array says, or undefined in an object or outside. */
  get arrayTopics(): TopicSet | undefined {
    if (this.#depth === 0 || this.#depth > depthMax) return undefined;
    return (this.#arrays & (1 << (this.#depth - 1))) !== 0 ? this.topics : undefined;
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
    const bit = 1 << depth;
    this.#arrays = isArray ? this.#arrays | bit : this.#arrays & ~bit;
    this.#topics[depth] ??= new TopicSet();
    if (topics === undefined) this.#topics[depth].clear();
    else this.#topics[depth].copy(topics);
  }

  close(): void {
    if (this.#depth > 0) this.#depth -= 1;
  }

  /**
   * A line that begins like prose: arrays left open are none. Nor are objects if it begins a paragraph
   * that is not indented; a lone brace would else stand around all that follows.
   */
  meetProse(isParagraph: boolean): void {
    if (isParagraph) this.#depth = 0;
    while (this.arrayTopics !== undefined) this.#depth -= 1;
  }

  addOutlook(outlook: Outlook): void {
    outlook.add(this.#depth);
    for (let depth = 0; depth < Math.min(this.#depth, depthMax); depth += 1) {
      outlook.add((this.#arrays & (1 << depth)) !== 0);
      outlook.addTopics(this.#topics[depth]);
    }
  }

  fork(): Nesting {
    const fork = new Nesting();
    fork.#depth = this.#depth;
    fork.#arrays = this.#arrays;
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
