import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { FakeClock } from "../../test/support/fake-clock.ts";
import type { ClassifierLabel } from "../detect/index.ts";
import { GuardedClassifier, type GuardTerms } from "./guarded-classifier.ts";

const label: ClassifierLabel = { text: 0, label: "PERSON", confidence: 1 };

/** A classifier whose calls the test answers, in the order they were made. */
function stageOf(changes: Partial<GuardTerms> = {}) {
  const clock = new FakeClock();
  const calls: (PromiseWithResolvers<readonly ClassifierLabel[]> & {
    readonly texts: readonly string[];
    readonly signal: AbortSignal;
  })[] = [];
  const told: string[] = [];
  const terms = {
    ...{ concurrencyMax: 2, queueMax: 4, timeoutMs: 150, textUnitsMax: 100 },
    breaker: { failures: 3, openMs: 1000 },
    ...changes,
  };
  const classifier = new GuardedClassifier({
    name: "ner",
    terms,
    clock,
    timers: clock,
    adapter: {
      label: ({ texts }, signal) => {
        const call = Promise.withResolvers<readonly ClassifierLabel[]>();
        calls.push({ ...call, texts, signal });
        return call.promise;
      },
      close: () => undefined,
    },
    observer: {
      asked: (name, result, micros) => told.push(`${name} ${result} ${micros / 1000} ms`),
      strayed: (name, labels) => told.push(`${name} strayed ${labels}`),
      failed: (name) => told.push(`${name} failed`),
    },
  });
  const ask = (text: string, tenant = "acme", deadlineMs = 1000) =>
    classifier.ask({ texts: [text], labels: ["PERSON"], tenant, deadlineMs });
  return { ask, calls, clock, told };
}

const faultOf = (fault: string) => ({ kind: "fault", fault });

describe("an ask", () => {
  test("gives what the server says, without what it may not say", async () => {
    const { ask, calls, told } = stageOf();
    const reply = ask("Jane");
    await nextTurn();
    calls[0]?.resolve([label, { ...label, label: "SECRET" }]);
    assert.deepEqual(await reply, { kind: "labels", labels: [label] });
    assert.deepEqual(told, ["ner strayed 1", "ner ok 0 ms"]);
  });

  test("is over at the deadline, its own or the operator's, and the call is told to end", async () => {
    for (const [deadlineMs, overMs] of [
      [1000, 150],
      [40, 40],
    ] as const) {
      const { ask, calls, clock, told } = stageOf();
      const reply = ask("Jane", "acme", deadlineMs);
      await nextTurn();
      clock.advance(overMs - 1);
      assert.equal(calls[0]?.signal.aborted, false);
      clock.advance(1);
      assert.deepEqual(await reply, faultOf("timeout"));
      assert.equal(calls[0]?.signal.aborted, true);
      assert.deepEqual(told, [`ner timeout ${overMs} ms`]);
      assert.equal(clock.pending, 0);
    }
  });

  test("fails where the server fails, or says what cannot be", async () => {
    const unsound: readonly ClassifierLabel[] = [
      { ...label, text: 1 },
      { ...label, confidence: 1.5 },
      { ...label, confidence: Number.NaN },
      { ...label, range: { start: 2, end: 9 } },
      { ...label, range: { start: 2, end: 2 } },
    ];
    for (const said of unsound) {
      const { ask, calls } = stageOf();
      const reply = ask("Jane");
      await nextTurn();
      calls[0]?.resolve([said]);
      assert.deepEqual(await reply, faultOf("failed"), JSON.stringify(said));
    }
    const { ask, calls, told } = stageOf();
    const reply = ask("Jane");
    await nextTurn();
    calls[0]?.reject(new Error("status 500"));
    assert.deepEqual(await reply, faultOf("failed"));
    assert.deepEqual(told, ["ner failed", "ner failed 0 ms"]);
  });

  test("is not made about more text than the operator lets it be", async () => {
    const { ask, calls } = stageOf();
    assert.deepEqual(await ask("x".repeat(101)), faultOf("too_long"));
    assert.equal(calls.length, 0);
  });

  test("is not made while the server keeps failing, and only its own tenant is shut out", async () => {
    const { ask, calls, clock } = stageOf();
    for (let count = 0; count < 3; count += 1) {
      const reply = ask("bad");
      await nextTurn();
      calls.at(-1)?.reject(new Error("status 500"));
      await reply;
    }
    assert.deepEqual(await ask("good"), faultOf("open"));
    assert.equal(calls.length, 3);
    void ask("good", "umbrella");
    await nextTurn();
    assert.equal(calls.length, 4);
    clock.advance(1000);
    const trial = ask("good");
    await nextTurn();
    calls.at(-1)?.resolve([]);
    assert.equal((await trial).kind, "labels");
  });
});

describe("calls at once", () => {
  test("are bounded, and so are those that wait; a wait counts towards the deadline", async () => {
    const { ask, calls, clock } = stageOf();
    const replies = ["1", "2", "3", "4"].map((text) => ask(text));
    await nextTurn();
    assert.deepEqual(
      calls.map(({ texts }) => texts[0]),
      ["1", "2"],
    );
    // Half of the queue is this tenant's at most.
    assert.deepEqual(await ask("5"), faultOf("overloaded"));
    clock.advance(100);
    calls[0]?.resolve([]);
    await nextTurn();
    assert.deepEqual(
      calls.map(({ texts }) => texts[0]),
      ["1", "2", "3"],
    );
    clock.advance(50);
    assert.deepEqual(await replies[1], faultOf("timeout"));
    assert.deepEqual(await replies[2], faultOf("timeout"));
    assert.deepEqual(await replies[3], faultOf("overloaded"));
  });

  test("go to the tenant with the fewest under way, whoever came first", async () => {
    const { ask, calls } = stageOf({ concurrencyMax: 2, queueMax: 8 });
    for (const text of ["a1", "a2", "a3", "a4"]) void ask(text, "acme");
    void ask("u1", "umbrella");
    await nextTurn();
    calls[0]?.resolve([]);
    await nextTurn();
    assert.deepEqual(
      calls.map(({ texts }) => texts[0]),
      ["a1", "a2", "u1"],
    );
    calls[2]?.resolve([]);
    await nextTurn();
    assert.equal(calls[3]?.texts[0], "a3");
  });
});
