import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { spreadOver } from "./spread.ts";

describe("spreading a search", () => {
  it("counts through all there is, where it may", () => {
    const { indexes, isExhaustive } = spreadOver(5, 5);
    assert.deepEqual([...indexes], [0, 1, 2, 3, 4]);
    assert.equal(isExhaustive, true);
  });

  it("meets as many as allowed, none twice, from all over", () => {
    for (const total of [101, 360, 1000, 4096]) {
      const { indexes, isExhaustive } = spreadOver(total, 100);
      const met = [...indexes];
      assert.equal(isExhaustive, false);
      assert.equal(new Set(met).size, 100);
      const tenths = new Set(met.map((index) => Math.floor((index * 10) / total)));
      assert.equal(tenths.size, 10);
    }
  });

  it("has nothing to say of nothing", () => {
    assert.deepEqual([...spreadOver(0, 10).indexes], []);
  });
});
