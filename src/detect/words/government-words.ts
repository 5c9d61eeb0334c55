import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near numbers that states give out. */
export const governmentWords: TopicWords = [
  [topics.usSsn, "ssn ssns itin taxpayer,social security,soc sec,tax id"],
];
