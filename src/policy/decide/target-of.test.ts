import assert from "node:assert/strict";
import { test } from "node:test";
import { targetOf } from "./target-of.ts";

test("a target has the regions and the price that the catalog states", () => {
  const model = { id: "v/m", provider: "v", upstreamName: "m", regions: [], price: undefined };
  const plain = { modelId: "v/m", provider: "v", upstreamName: "m" };
  assert.deepEqual(targetOf(model), plain);
  const price = { input: 1e-6, output: 2e-6 };
  assert.deepEqual(targetOf({ ...model, regions: ["eu-1", "us-1"], price }), {
    ...{ ...plain, price, region: "eu-1,us-1" },
  });
  assert.deepEqual(targetOf({ ...model, price: { input: 1e-6 } }), plain);
});
