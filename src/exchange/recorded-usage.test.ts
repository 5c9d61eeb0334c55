import assert from "node:assert/strict";
import { test } from "node:test";
import { toRecordedUsage } from "./recorded-usage.ts";

test("usage has a cost where both counts and both prices are known, in micro dollars", () => {
  const price = { input: 0.15e-6, output: 0.6e-6 };
  assert.deepEqual(toRecordedUsage({ in: 1000, out: 500 }, price), {
    ...{ in: 1000, out: 500, costMicros: 450 },
  });
  assert.deepEqual(toRecordedUsage({ in: 1000, out: 500 }, undefined), { in: 1000, out: 500 });
  assert.deepEqual(toRecordedUsage({ in: 1000 }, price), { in: 1000 });
  assert.equal(toRecordedUsage(undefined, price), undefined);
});
