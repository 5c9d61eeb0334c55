import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { layDown } from "../text/units.ts";
import { nextRun, runEnd, unitTable } from "./unit-runs.ts";

const units = unitTable("-");
const texts = fc.string({ unit: fc.constantFrom("a", "7", "-", " ", "é"), maxLength: 60 });

function runsOf(text: string, unitsMin: number): string[] {
  const runs: string[] = [];
  layDown(text);
  let start = nextRun(0, text.length, units, unitsMin);
  while (start >= 0) {
    const end = runEnd(start + unitsMin, text.length, units);
    runs.push(text.slice(start, end));
    start = nextRun(end + 1, text.length, units, unitsMin);
  }
  return runs;
}

test("every run that is long enough is found, whole, and no other", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 8 }), (text, unitsMin) => {
      const expected = text.split(/[ é]/).filter(({ length }) => length >= unitsMin);
      assert.deepEqual(runsOf(text, unitsMin), expected);
    }),
  );
});
