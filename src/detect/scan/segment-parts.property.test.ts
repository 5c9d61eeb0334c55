import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import { joints, type NumberGroups } from "./number-groups.ts";
import { colonSign, createSegmentParts, readParts, slashSign } from "./segment-parts.ts";
import { layDown } from "./units.ts";

const texts = fc
  .array(fc.constantFrom("1", "23", "A", "b", "é", "-", ".", "/", ":", " ", "+", "(", ")", "–"), {
    maxLength: 24,
  })
  .map((pieces) => pieces.join(""));

function partsOf(text: string) {
  layDown(text);
  const parts = createSegmentParts(64);
  readParts(0, text.length, parts);
  return parts;
}

function rangesOf(groups: NumberGroups): readonly (readonly [number, number])[] {
  return Array.from({ length: groups.count }, (_, at) => [
    groups.start[at] ?? -1,
    groups.end[at] ?? -1,
  ]);
}

function matchesOf(text: string, pattern: RegExp): readonly (readonly [number, number])[] {
  return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}

test("numbers are the runs of digits, and runs those of ASCII letters and digits", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { groups, runs } = partsOf(text);
      assert.deepEqual(rangesOf(groups), matchesOf(text, /\d+/g));
      assert.deepEqual(rangesOf(runs), matchesOf(text, /[A-Za-z0-9]+/g));
      assert.equal(groups.units, text.replace(/\D/g, "").length);
      assert.equal(runs.longest, Math.max(0, ...rangesOf(runs).map(([start, end]) => end - start)));
    }),
  );
});

test("each run knows the kinds of its characters", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { runs } = partsOf(text);
      rangesOf(runs).forEach(([start, end], at) => {
        const run = text.slice(start, end);
        const kinds =
          (/\d/.test(run) ? digitBit : 0) |
          (/[a-z]/.test(run) ? lowerBit : 0) |
          (/[A-Z]/.test(run) ? upperBit : 0);
        assert.equal(runs.kinds[at], kinds);
      });
    }),
  );
});

test("the longest number is what marks join, whatever the letters of the segment", () => {
  const measured = (text: string) => {
    const { numberGroups, numberDigits } = partsOf(text);
    return [numberGroups, numberDigits];
  };
  assert.deepEqual(measured(""), [0, 0]);
  assert.deepEqual(measured("a1b22c333"), [1, 3]);
  assert.deepEqual(measured("(202) 555-0143"), [3, 10]);
  assert.deepEqual(measured("12.34-x-2026/01"), [2, 6]);
  assert.deepEqual(measured("1+2"), [1, 1]);
});

test("numbers are joined by marks alone, runs by a plus sign too", () => {
  const { groups, runs } = partsOf("12-34a 56+7 é 8");
  assert.deepEqual([...groups.joint.slice(0, groups.count)], [0, joints.dash, 0, 0, 0]);
  assert.deepEqual(
    [...runs.joint.slice(0, runs.count)],
    [0, joints.dash, joints.space, joints.plus, joints.none],
  );
});

test("colons and slashes are told", () => {
  assert.equal(partsOf("a-b.c").signs, 0);
  assert.equal(partsOf("a:b").signs, colonSign);
  assert.equal(partsOf("//a:b").signs, colonSign | slashSign);
});
