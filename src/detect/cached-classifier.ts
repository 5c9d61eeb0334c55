import type { Classifier, ClassifierLabel, ClassifierQuestion } from "./classifier.ts";
import type { FindingsCache, PackedFindings } from "./findings-cache.ts";
import { createTextKey } from "./text-key.ts";

interface CachedClassifierOptions {
  readonly cache: FindingsCache;
  /** As `createTextKey` takes it. */
  readonly digestKey: Uint8Array;
  /** Of the classifier, no other has it. */
  readonly name: string;
}

/**
 * A classifier that is asked about each text of a tenant once: what a conversation repeats costs neither
 * time nor money again. Answers are kept for the version and the labels of the question, without a version
 * not at all. What comes to nothing is not kept, so it is asked again.
 */
export function createCachedClassifier(
  classifier: Classifier,
  { cache, digestKey, name }: CachedClassifierOptions,
): Classifier {
  return {
    async ask(question) {
      const { labels, tenant, texts, version } = question;
      if (version === undefined || tenant === "") return classifier.ask(question);
      const keyOf = createTextKey(digestKey, JSON.stringify([name, version, labels]));
      const keys = texts.map(keyOf);
      const known = keys.map((key) => (key === undefined ? undefined : cache.get(tenant, key)));
      const unknown = texts.flatMap((_, index) => (known[index] === undefined ? [index] : []));
      const found = known.flatMap((packed, text) => unpack(packed ?? [], text, labels));
      if (unknown.length === 0) return { kind: "labels", labels: found };
      const reply = await classifier.ask(pick(question, unknown));
      if (reply.kind === "fault") return reply;
      const fresh = reply.labels.map((label) => ({ ...label, text: unknown[label.text] ?? -1 }));
      for (const index of unknown) {
        const key = keys[index];
        const own = fresh.filter(({ text }) => text === index);
        if (key !== undefined) cache.keep(tenant, key, pack(own, labels));
      }
      return { kind: "labels", labels: [...found, ...fresh] };
    },
  };
}

/** The same question about some of its texts. */
function pick(question: ClassifierQuestion, indexes: readonly number[]): ClassifierQuestion {
  return { ...question, texts: indexes.map((index) => question.texts[index] ?? "") };
}

const numbersPerLabel = 4;

/** Said of a text as a whole. */
const noOffset = -1;

function pack(found: readonly ClassifierLabel[], labels: readonly string[]): PackedFindings {
  return found
    .flatMap(({ confidence, label, range }) => [
      labels.indexOf(label),
      confidence,
      range?.start ?? noOffset,
      range?.end ?? noOffset,
    ])
    .slice();
}

function unpack(
  packed: PackedFindings,
  text: number,
  labels: readonly string[],
): readonly ClassifierLabel[] {
  const found: ClassifierLabel[] = [];
  for (let at = 0; at < packed.length; at += numbersPerLabel) {
    const label = labels[packed[at] ?? noOffset];
    const [confidence = 0, start = noOffset, end = noOffset] = packed.slice(
      at + 1,
      at + numbersPerLabel,
    );
    // What it may not say was not kept as anything.
    if (label === undefined) continue;
    const range = start === noOffset ? undefined : { start, end };
    found.push({ text, label, confidence, ...(range === undefined ? {} : { range }) });
  }
  return found;
}
