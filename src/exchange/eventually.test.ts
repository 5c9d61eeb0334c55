import assert from "node:assert/strict";
import { test } from "node:test";
import { andThen, firstOf } from "./eventually.ts";

test("what is there at once goes on at once", () => {
  assert.equal(
    andThen(1, (one) => one + 1),
    2,
  );
  const asked: number[] = [];
  const found = firstOf([1, 2, 3], (item) => {
    asked.push(item);
    return item === 2 ? "two" : undefined;
  });
  assert.equal(found, "two");
  assert.deepEqual(asked, [1, 2]);
});

test("what comes later is waited for, one after the other", async () => {
  const asked: number[] = [];
  const found = firstOf([1, 2, 3, 4], (item) => {
    asked.push(item);
    if (item === 2) return undefined;
    return Promise.resolve(item === 3 ? "three" : undefined);
  });
  assert.deepEqual(asked, [1]);
  assert.equal(await found, "three");
  assert.deepEqual(asked, [1, 2, 3]);
  assert.equal(await andThen(Promise.resolve(1), async (one) => one + 1), 2);
  assert.equal(
    firstOf([], () => "never"),
    undefined,
  );
});
