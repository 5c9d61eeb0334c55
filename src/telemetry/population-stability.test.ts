import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { populationStability } from "./population-stability.ts";

const tally = (counts: Readonly<Record<string, number>>) => new Map(Object.entries(counts));

describe("the population stability index", () => {
  it("is nothing for the same shares, however many samples they are of", () => {
    const index = populationStability(tally({ a: 600, b: 400 }), tally({ a: 60_000, b: 40_000 }));
    assert.ok(index < 0.001);
  });

  it("is the sum that its definition says", () => {
    const index = populationStability(
      tally({ a: 90_000, b: 10_000 }),
      tally({ a: 70_000, b: 30_000 }),
    );
    const expected = (0.7 - 0.9) * Math.log(0.7 / 0.9) + (0.3 - 0.1) * Math.log(0.3 / 0.1);
    assert.ok(Math.abs(index - expected) < 0.001, `${index} is not ${expected}`);
  });

  it("is large, and a number, where something comes up that never was there", () => {
    const index = populationStability(tally({ a: 1_000 }), tally({ a: 500, b: 500 }));
    assert.ok(index > 1 && Number.isFinite(index));
    assert.ok(Number.isFinite(populationStability(tally({}), tally({ a: 1 }))));
  });

  it("does not grow with the number of rare outcomes", () => {
    const spread = (seed: number) =>
      new Map<string, number>(
        Array.from({ length: 250 }, (_, index) => [`${index}`, ((index * seed) % 3) + 1] as const),
      );
    const before = spread(1).set("common", 5_000);
    const now = spread(2).set("common", 5_000);
    assert.ok(populationStability(before, now) < 0.05);
  });
});
