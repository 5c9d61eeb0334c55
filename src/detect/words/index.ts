/** The words that say what a value near them is, by family. */
import type { TopicWords } from "../scan/topics.ts";
import { contactWords } from "./contact-words.ts";
import { financialWords } from "./financial-words.ts";
import { governmentWords } from "./government-words.ts";
import { healthWords } from "./health-words.ts";
import { networkWords } from "./network-words.ts";
import { personalWords } from "./personal-words.ts";
import { secretWords } from "./secret-words.ts";

export { againstWords, neutralWords } from "./against-words.ts";

/** All of them. */
export const topicWords: TopicWords = [
  ...contactWords,
  ...personalWords,
  ...networkWords,
  ...governmentWords,
  ...financialWords,
  ...healthWords,
  ...secretWords,
];
