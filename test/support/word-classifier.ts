import type {
  Classifier,
  ClassifierFault,
  ClassifierQuestion,
  ClassifierReply,
} from "../../src/detect/index.ts";

/** A classifier in memory that knows some words by heart. */
export interface WordClassifier extends Classifier {
  readonly asked: readonly ClassifierQuestion[];
  /** From now on answers this instead; undefined: words again. */
  fault: ClassifierFault | undefined;
}

/** Labels each place of each word; a word of `whole` labels the text that has it. */
export function wordClassifier(
  words: Readonly<Record<string, string>>,
  whole: Readonly<Record<string, string>> = {},
): WordClassifier {
  const asked: ClassifierQuestion[] = [];
  const classifier = {
    asked,
    fault: undefined as ClassifierFault | undefined,
    ask: (question: ClassifierQuestion): Promise<ClassifierReply> => {
      asked.push(question);
      const { fault } = classifier;
      if (fault !== undefined) return Promise.resolve({ kind: "fault", fault });
      const labels = question.texts.flatMap((text, index) => [
        ...Object.entries(words).flatMap(([word, label]) =>
          [...text.matchAll(new RegExp(word, "g"))].map(({ index: start }) => ({
            ...{ text: index, label, confidence: 0.85 },
            range: { start, end: start + word.length },
          })),
        ),
        ...Object.entries(whole)
          .filter(([word]) => text.includes(word))
          .map(([, label]) => ({ text: index, label, confidence: 0.97 })),
      ]);
      return Promise.resolve({ kind: "labels", labels });
    },
  };
  return classifier;
}
