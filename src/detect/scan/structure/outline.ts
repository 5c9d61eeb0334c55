import { TopicSet } from "../context/topic-set.ts";
import type { Outlook } from "../outlook.ts";
import { copyOf } from "./nesting.ts";

const depthMax = 16;

/**
 * Keys whose values stand on lines further in, as in YAML, with what each says. Owned by one scan.
 */
export class Outline {
  #depth = 0;
  #indents: number[] = [];
  #topics: TopicSet[] = [];

  /** What the key says under which the line stands that was entered last. */
  get topics(): TopicSet | undefined {
    return this.#depth === 0 ? undefined : this.#topics[this.#depth - 1];
  }

  /** A line begins at this column; items of a list may stand right below their key. */
  enter(indent: number, isItem: boolean): void {
    while (this.#depth > 0) {
      const parent = this.#indents[this.#depth - 1] ?? 0;
      if (parent < indent || (parent === indent && isItem)) return;
      this.#depth -= 1;
    }
  }

  /** The line that was entered last is a key without a value on it. */
  open(indent: number, topics: TopicSet): void {
    if (this.#depth >= depthMax) return;
    this.#indents[this.#depth] = indent;
    this.#topics[this.#depth] ??= new TopicSet();
    this.#topics[this.#depth]?.copy(topics);
    this.#depth += 1;
  }

  addOutlook(outlook: Outlook): void {
    outlook.add(this.#depth);
    for (let depth = 0; depth < this.#depth; depth += 1) {
      outlook.add(this.#indents[depth] ?? 0);
      outlook.addTopics(this.#topics[depth]);
    }
  }

  fork(): Outline {
    const fork = new Outline();
    fork.#depth = this.#depth;
    fork.#indents = this.#indents.slice();
    fork.#topics = this.#topics.map(copyOf);
    return fork;
  }
}
