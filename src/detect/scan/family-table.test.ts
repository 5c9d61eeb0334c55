import assert from "node:assert/strict";
import test from "node:test";
import { digitBit, lowerBit } from "../text/character-kind.ts";
import type { Family } from "./family.ts";
import { createFamilyTable } from "./family-table.ts";
import { colonSign, createSegmentParts, readParts } from "./segment-parts.ts";
import { layDown } from "./units.ts";

const undemanding: Family = { needs: 0, unitsMin: 0, digitsMin: 0, find: () => {} };

function isAskedFor(asked: Partial<Family>, text: string, kinds: number): boolean {
  layDown(text);
  const parts = createSegmentParts(64);
  readParts(0, text.length, parts);
  const table = createFamilyTable([undemanding, { ...undemanding, ...asked }]);
  const set = table.setFor(text.length, kinds, parts);
  assert.equal(set & 1, 1);
  return (set & 2) !== 0;
}

test("a family sees a segment that has all it asks for, and no other", () => {
  const digits = digitBit;
  assert.ok(isAskedFor({ needs: digitBit | lowerBit }, "a1", digitBit | lowerBit));
  assert.ok(!isAskedFor({ needs: digitBit | lowerBit }, "11", digits));
  assert.ok(isAskedFor({ needs: colonSign }, "1:1", digits));
  assert.ok(!isAskedFor({ needs: colonSign }, "1.1", digits));
  assert.ok(isAskedFor({ unitsMin: 4 }, "1.22", digits));
  assert.ok(!isAskedFor({ unitsMin: 4 }, "1.2", digits));
  assert.ok(isAskedFor({ digitsMin: 3 }, "1.22", digits));
  assert.ok(!isAskedFor({ digitsMin: 3 }, "1.2", digits));
  assert.ok(isAskedFor({ groupsMin: 2 }, "1.2", digits));
  assert.ok(!isAskedFor({ groupsMin: 2 }, "1a2", digits));
  assert.ok(isAskedFor({ numberDigitsMin: 3 }, "1.22", digits));
  assert.ok(!isAskedFor({ numberDigitsMin: 3 }, "1a22", digits));
  assert.ok(isAskedFor({ runUnitsMin: 3 }, "1a2.3", digits));
  assert.ok(!isAskedFor({ runUnitsMin: 3 }, "1a.23", digits));
});

test("a table holds as many families as a number has bits", () => {
  const table = createFamilyTable(Array.from({ length: 32 }, () => undemanding));
  assert.equal(table.setFor(1, 0, createSegmentParts(64)), -1);
  assert.throws(() => createFamilyTable(Array.from({ length: 33 }, () => undemanding)));
});
