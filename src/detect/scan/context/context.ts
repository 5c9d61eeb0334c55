import type { Topic } from "../topics.ts";
import type { TopicSet } from "./topic-set.ts";

/** What is known around a place in a text: labels, columns, keys and words nearby. */
export interface Context {
  /**
   * What it says about a value of this topic from `start` to `end`, in percent points: +45 for a label
   * or a column of the topic, +35 for a word of it before, +20 for one after it in brackets, -40 for
   * a label of something else, 0 for nothing.
   */
  pct(topic: Topic, start: number, end: number): number;
  /**
   * Topics that may count for a value from `start` to `end`: for all others `pct` is 0 or less. Lent
   * until the next call.
   */
  near(start: number, end: number): TopicSet;
}
