import assert from "node:assert/strict";
import test from "node:test";
import { digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import { layDown } from "../text/units.ts";
import type { Family } from "./family.ts";
import { createFamilyTable } from "./family-table.ts";
import {
  ageOpening,
  base58Opening,
  ibanOpening,
  jsonOpening,
  prefixOpening,
} from "./run-openings.ts";
import {
  colonSign,
  createSegmentParts,
  groupSizeMax,
  readParts,
  yearSign,
} from "./segment-parts.ts";

const undemanding: Family = { needs: 0, unitsMin: 0, digitsMin: 0, find: () => {} };

function isAskedFor(asked: Partial<Family>, text: string): boolean {
  layDown(text);
  const parts = createSegmentParts(64);
  readParts(0, text.length, parts);
  const table = createFamilyTable([undemanding, { ...undemanding, ...asked }]);
  const set = table.setFor(text.length, parts);
  assert.equal(set & 1, 1);
  return (set & 2) !== 0;
}

const demands: readonly (readonly [asked: Partial<Family>, seen: string, unseen: string])[] = [
  [{ needs: digitBit | lowerBit }, "a1", "11"],
  [{ needs: colonSign }, "1:1", "1.1"],
  [{ needs: digitBit | colonSign | yearSign }, "1:y", "1:j"],
  [{ needs: digitBit, needsOne: lowerBit | upperBit }, "1A", "1.1"],
  [{ needs: ibanOpening }, "a-gb82", "g82b-4GB82"],
  [{ needs: jsonOpening }, "_eyJ", "xeyJ"],
  [{ needs: ageOpening }, "a 93-year", "-23-year"],
  [{ needs: ageOpening }, "104yo", "a104yo"],
  [{ needsOne: base58Opening | prefixOpening }, "1a", "2a"],
  [{ needsOne: base58Opening | prefixOpening }, "-BC1", "ab-c1"],
  [{ unitsMin: 4 }, "1.22", "1.2"],
  [{ unitsMin: 4, unitsMax: 4 }, "1.22", "1.222"],
  [{ digitsMin: 3 }, "1.22", "1.2"],
  [{ groupsMin: 2 }, "1.2", "1a2"],
  [{ numberDigitsMin: 3 }, "1.22", "1a22"],
  [{ groupSizes: [[9], [3, 2]] }, "a123456789", "12-1234"],
  [{ groupSizes: [[9], [3, 2]] }, "12-123", "12345678"],
  [{ groupSizes: [[groupSizeMax]] }, "123456789012", "123456789"],
  [{ runUnitsMin: 3 }, "1a2.3", "1a.23"],
  [{ evenRunsMin: 3 }, "1a:b2:33", "1a:b2::33"],
];

test("a family sees a segment that has all it asks for, and no other", () => {
  for (const [asked, seen, unseen] of demands) {
    assert.ok(isAskedFor(asked, seen), seen);
    assert.ok(!isAskedFor(asked, unseen), unseen);
  }
});

test("a table holds as many families as a number has bits", () => {
  const table = createFamilyTable(Array.from({ length: 32 }, () => undemanding));
  assert.equal(table.setFor(1, createSegmentParts(64)), -1);
  assert.throws(() => createFamilyTable(Array.from({ length: 33 }, () => undemanding)));
});
