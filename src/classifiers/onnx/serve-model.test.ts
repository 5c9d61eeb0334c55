import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import type { FromModel, ToModel } from "./model-messages.ts";
import { serveModel } from "./serve-model.ts";
import type { TokenClassifier } from "./token-classifier.ts";

/** Serves a model at one end of a channel; gives the other end. */
async function serve(t: TestContext, find: TokenClassifier["find"]) {
  const { port1, port2 } = new MessageChannel();
  t.after(() => port1.close());
  const hear = async () => (await once(port1, "message"))[0] as FromModel;
  const first = hear();
  await serveModel(port2, async () => ({ types: ["PER", "LOC"], find }));
  assert.deepEqual(await first, { kind: "ready" });
  return { hear, say: (message: ToModel) => port1.postMessage(message) };
}

const person = { type: 0, start: 1, end: 3, confidence: 0.5 };

test("what is found is told by text, and only what was asked for", async (t) => {
  const { hear, say } = await serve(t, async (text) =>
    text === "x" ? [] : [person, { ...person, type: 1 }],
  );
  say({ kind: "ask", id: 7, texts: ["x", "y"], labels: ["PER", "pii.person"] });
  const range = { start: 1, end: 3 };
  const labels = [{ text: 1, label: "PER", confidence: 0.5, range }];
  assert.deepEqual(await hear(), { kind: "labels", id: 7, labels });
});

test("an ask that nobody waits for any more is over with the window it is at", async (t) => {
  const begun = Promise.withResolvers<void>();
  const { hear, say } = await serve(t, async (text, isOver) => {
    if (text === "short") return [];
    begun.resolve();
    while (!isOver()) await new Promise(setImmediate);
    throw new Error("over");
  });
  say({ kind: "ask", id: 1, texts: ["long"], labels: [] });
  await begun.promise;
  say({ kind: "ask", id: 2, texts: ["short"], labels: [] });
  // A long text is not in the way of a short one.
  assert.deepEqual(await hear(), { kind: "labels", id: 2, labels: [] });
  say({ kind: "drop", id: 1 });
  assert.deepEqual(await hear(), { kind: "failed", id: 1 });
});

test("a failure is told without what was said of it", async (t) => {
  const { hear, say } = await serve(t, () => Promise.reject(new Error("Jane Roe")));
  say({ kind: "ask", id: 1, texts: ["Jane Roe"], labels: ["PER"] });
  assert.deepEqual(await hear(), { kind: "failed", id: 1 });
});

test("a model that cannot be opened answers nothing and says why", async () => {
  const said: unknown[] = [];
  const port = { on: () => assert.fail("it listens"), postMessage: (it: unknown) => said.push(it) };
  await serveModel(port as never, () => Promise.reject(new Error("no such file")));
  assert.deepEqual(said, [{ kind: "unready", why: "no such file" }]);
});
