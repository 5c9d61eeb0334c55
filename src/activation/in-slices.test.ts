import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { inSlices } from "./in-slices.ts";

function* steps(count: number, act: () => void): Generator<undefined, string> {
  for (let step = 0; step < count; step += 1) {
    act();
    yield;
  }
  return "whole";
}

/** Longer than a slice, whatever the machine. */
function toil(): void {
  const until = performance.now() + 5;
  while (performance.now() < until);
}

test("work in slices gives what it gives in one go", async () => {
  let done = 0;
  assert.equal(
    await inSlices(
      steps(1000, () => {
        done += 1;
      }),
    ),
    "whole",
  );
  assert.equal(done, 1000);
});

test("others have their turn before it is done", async () => {
  const order: string[] = [];
  setImmediate(() => order.push("another"));
  await inSlices(steps(3, toil));
  order.push("whole");
  assert.deepEqual(order, ["another", "whole"]);
});

test("work that throws rejects", async () => {
  const broken = steps(2, () => {
    throw new Error("a bug");
  });
  await assert.rejects(inSlices(broken), /a bug/);
});
