import { unitAt } from "../../text/units.ts";
import { Label } from "../context/label.ts";
import { TopicSet } from "../context/topic-set.ts";
import type { Outlook } from "../outlook.ts";
import { isDigit } from "./readers.ts";
import { valueKinds } from "./value-kinds.ts";

const unset = -1;

/** What a character is to a value that is expected: it comes before it, is its first, or there is none. */
export type ValueStep = "waits" | "begins" | "cancels";

/**
 * The value that a label, column, tag or flag announces, until it begins. Owned by one scan; offsets
 * into the whole text.
 */
export class Expectation {
  #kind: number = valueKinds.none;
  readonly #label = new Label();
  readonly #outer = new TopicSet();
  /** Where what announces it ends. */
  #at = unset;
  /** Words before this say nothing about it. */
  wordsFrom = 0;

  /** What announces it, as `valueKinds`; none if no value is expected. */
  get kind(): number {
    return this.#kind;
  }

  get isOpen(): boolean {
    return this.#kind !== valueKinds.none;
  }

  /** What its label says. Lent; changed only by whoever just announced it. */
  get label(): Label {
    return this.#label;
  }

  /** What a key further out says of it. Lent; changed only by whoever just announced it. */
  get outer(): TopicSet {
    return this.#outer;
  }

  /** A value is announced by a label that ends at `at`. */
  expect(kind: number, label: Label, at: number): void {
    this.expectUnknown(kind, at);
    this.#label.copy(label);
  }

  /** The same, of which nothing but its topics is known. */
  expectTopics(kind: number, topics: TopicSet, at: number): void {
    this.expectUnknown(kind, at);
    this.#label.topics.copy(topics);
  }

  /** The value of a column is next, which may have a header or not. */
  expectColumn(kind: number, column: Label | undefined, at: number): void {
    this.expectUnknown(kind, at);
    if (column !== undefined) this.#label.copy(column);
  }

  /** A value is next of which nothing is known. */
  expectUnknown(kind: number, at: number): void {
    this.#label.clear();
    this.#kind = kind;
    this.#outer.clear();
    this.#at = at;
    this.wordsFrom = at;
  }

  /** No value is expected any more. */
  drop(): void {
    this.#kind = valueKinds.none;
  }

  /** Whether a value is expected behind the colon right before a place. */
  isKeyBefore(place: number): boolean {
    return this.#kind === valueKinds.key && this.#at === place - 1;
  }

  /** What the character at `at`, no space, is to the expected value. `text` begins at `base`. */
  stepAt(base: number, at: number, isInString: boolean): ValueStep {
    const code = unitAt(at);
    const isAdjacent = base + at === this.#at + 1;
    switch (code) {
      case 0x2a:
        return "waits";
      case 0x3d:
      case 0x3e:
        return this.#kind === valueKinds.tag ? "begins" : "waits";
      case 0x3a:
      case 0x2f:
        return isAdjacent && this.#kind === valueKinds.key ? "cancels" : "begins";
      case 0x22:
        return isInString ? "cancels" : "begins";
      case 0x7b:
      case 0x5b:
        return "waits";
      case 0x2c:
      case 0x3b:
      case 0x7c:
      case 0x09:
      case 0x7d:
      case 0x5d:
      case 0x3c:
        return "cancels";
      default:
        return isAdjacent && this.#isTime(base, code) ? "cancels" : "begins";
    }
  }

  addOutlook(outlook: Outlook): void {
    outlook.add(this.#kind);
    if (this.#kind === valueKinds.none) return;
    this.#label.addOutlook(outlook);
    outlook.addTopics(this.#outer);
    outlook.addPlace(this.#at);
    outlook.addPlace(this.wordsFrom);
  }

  fork(): Expectation {
    const fork = new Expectation();
    fork.#kind = this.#kind;
    fork.#label.copy(this.#label);
    fork.#outer.copy(this.#outer);
    fork.#at = this.#at;
    fork.wordsFrom = this.wordsFrom;
    return fork;
  }

  // "10:30": a colon between two digits is no label's.
  #isTime(base: number, code: number): boolean {
    if (this.#kind !== valueKinds.key || !isDigit(code)) return false;
    return isDigit(unitAt(this.#at - base - 1));
  }
}
