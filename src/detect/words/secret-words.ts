import { type TopicWords, topics } from "../scan/topics.ts";

/** Words near credentials. */
export const secretWords: TopicWords = [[topics.awsSecret, "aws amazon secret secretkey"]];
