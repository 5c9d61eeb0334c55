import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { makeSamples } from "../bench/threat/data-maker.ts";
import { fitModel } from "../bench/threat/fit-model.ts";
import { trainShipped } from "../bench/threat/train-shipped.ts";

describe("the model of the threat detector", () => {
  test("is what its script trains on what its maker makes", () => {
    const shipped = readFileSync(
      new URL("../src/detect/threat/weights.ts", import.meta.url),
      "utf8",
    );
    assert.ok(shipped === trainShipped(), "weights.ts is not what training gives: npm run threats");
  });

  test("is made of the same samples from the same seed, and of others from another", () => {
    const [one, same, other] = [7, 7, 8].map((seed) => makeSamples(seed, 40, 40));
    assert.deepEqual(one, same);
    assert.notDeepEqual(one, other);
  });

  test("depends on the seed of training", () => {
    const samples = makeSamples(7, 60, 60);
    assert.deepEqual(fitModel(samples, 1), fitModel(samples, 1));
    assert.notDeepEqual(fitModel(samples, 1), fitModel(samples, 2));
  });

  test("marks where in a text the attack stands", () => {
    for (const { end, isAttack, start, text } of makeSamples(7, 60, 60)) {
      assert.ok(start >= 0 && start < end && end <= text.length);
      if (!isAttack) assert.equal(end - start, text.length);
    }
  });
});
