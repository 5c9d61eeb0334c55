import type { Outlook } from "../outlook.ts";
import { TopicSet } from "./topic-set.ts";

/** What a label says. Filled anew many times. */
export class Label {
  readonly topics = new TopicSet();
  /** It is one of something that is no value: an order number. */
  isAgainst = false;
  /** Words it has, and of them those that nobody knows. */
  words = 0;
  unknownWords = 0;
  /** Where its first word that says something begins. */
  start = 0;

  clear(): void {
    this.topics.clear();
    this.isAgainst = false;
    this.words = 0;
    this.unknownWords = 0;
    this.start = 0;
  }

  copy(other: Label): void {
    this.topics.copy(other.topics);
    this.isAgainst = other.isAgainst;
    this.words = other.words;
    this.unknownWords = other.unknownWords;
    this.start = other.start;
  }

  addOutlook(outlook: Outlook): void {
    outlook.addTopics(this.topics);
    outlook.add(this.isAgainst);
    outlook.add(this.words);
    outlook.add(this.unknownWords);
  }

  /** It says something, be it that this is no value. */
  get saysSomething(): boolean {
    return this.isAgainst || !this.topics.isEmpty;
  }

  /** It has words, all of which go with any label: "number", "value". */
  get isNeutral(): boolean {
    return !this.saysSomething && this.words > 0 && this.unknownWords === 0;
  }
}
