import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";
import { createCachedClassifier } from "./cached-classifier.ts";
import type { Classifier, ClassifierReply } from "./classifier.ts";
import type { PackedFindings } from "./findings-cache.ts";

const labels = ["PERSON", "violence"];

/** Finds `Jane` as a person, and texts with `fight` violent as a whole. */
function setStage() {
  const asked: string[][] = [];
  const kept = new Map<string, PackedFindings>();
  const state: { fault: ClassifierReply | undefined } = { fault: undefined };
  const classifier: Classifier = {
    async ask({ texts }) {
      asked.push([...texts]);
      const found = texts.flatMap((text, index) => [
        ...[...text.matchAll(/Jane/g)].map(({ index: start }) => ({
          ...{ text: index, label: "PERSON", confidence: 0.853 },
          range: { start, end: start + 4 },
        })),
        ...(text.includes("fight") ? [{ text: index, label: "violence", confidence: 0.5 }] : []),
      ]);
      return state.fault ?? { kind: "labels", labels: found };
    },
  };
  const cached = createCachedClassifier(classifier, {
    cache: {
      get: (tenant, key) => kept.get(`${tenant} ${key}`),
      keep: (tenant, key, findings) => kept.set(`${tenant} ${key}`, findings),
    },
    digestKey: randomBytes(32),
    name: "names",
  });
  const question = { labels, tenant: "acme", version: "1", deadlineMs: 100 };
  return {
    asked,
    kept,
    state,
    ask: (texts: readonly string[], changes: Partial<typeof question> = {}) =>
      cached.ask({ ...question, ...changes, texts }),
    direct: (texts: readonly string[]) => classifier.ask({ ...question, texts }),
  };
}

const history = ["I am Jane.", "They fight, Jane and Jane.", "Nothing."];

describe("a cached classifier", () => {
  it("is asked about what is new, and answers about all as if it had been asked", async () => {
    const { ask, asked, direct } = setStage();
    await ask(history);
    const more = ["Jane?", ...history, "A fight"];
    const reply = await ask(more);
    assert.deepEqual(asked.at(-1), ["Jane?", "A fight"]);
    const expected = await direct(more);
    assert.ok(reply.kind === "labels" && expected.kind === "labels");
    const sorted = (list: typeof reply.labels) => list.toSorted((a, b) => a.text - b.text);
    assert.deepEqual(sorted(reply.labels), sorted(expected.labels));
  });

  it("is not asked at all where everything is known", async () => {
    const { ask, asked } = setStage();
    const first = await ask(history);
    assert.deepEqual(await ask(history), first);
    assert.equal(asked.length, 1);
  });

  it("is asked again for another tenant, version or set of labels, and where none is named", async () => {
    const { ask, asked } = setStage();
    const others = [{ tenant: "globex" }, { version: "2" }, { labels: ["PERSON"] }];
    for (const changes of [{}, ...others]) await ask(history, changes);
    assert.equal(asked.length, 4);
    for (let time = 0; time < 2; time += 1) await ask(history, { tenant: "" });
    assert.equal(asked.length, 6);
  });

  it("fails with a new text that gets no answer, and keeps nothing of that", async () => {
    const { ask, kept, state } = setStage();
    await ask(history);
    const before = kept.size;
    state.fault = { kind: "fault", fault: "timeout" };
    assert.deepEqual(await ask([...history, "Jane?"]), state.fault);
    assert.equal(kept.size, before);
  });

  it("keeps digests and numbers alone", async () => {
    const { ask, kept } = setStage();
    await ask(history);
    assert.equal(kept.size, 3);
    for (const [key, numbers] of kept) {
      assert.match(key, /^acme [A-Za-z0-9+/]{43}=$/);
      assert.ok(numbers.every((number) => typeof number === "number"));
    }
  });
});
