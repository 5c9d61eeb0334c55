import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { dashBit, digitBit, lowerBit, markBit, upperBit } from "../text/character-kind.ts";
import { layDown } from "../text/units.ts";
import {
  groupEnd,
  groupKinds,
  groupStart,
  jointOf,
  joints,
  type NumberGroups,
} from "./number-groups.ts";
import {
  colonSign,
  createSegmentParts,
  groupSizeMax,
  readParts,
  schemeSign,
  slashSign,
  tildeSign,
  yearSign,
} from "./segment-parts.ts";

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
    groupStart(groups, at),
    groupEnd(groups, at),
  ]);
}

function jointsOf(groups: NumberGroups): readonly number[] {
  return Array.from({ length: groups.count }, (_, at) => jointOf(groups, at));
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
        assert.equal(groupKinds(runs, at), kinds);
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
  assert.deepEqual(jointsOf(groups), [0, joints.dash, 0, 0, 0]);
  assert.deepEqual(jointsOf(runs), [0, joints.dash, joints.space, joints.plus, joints.none]);
});

test("the sizes of numbers are told, and how many runs of one size stand side by side", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const { groupSizes, evenRuns } = partsOf(text);
      const numbers = matchesOf(text, /\d+/g).map(([start, end]) => end - start);
      assert.equal(
        groupSizes,
        numbers.reduce((sizes, units) => sizes | (1 << Math.min(units, groupSizeMax)), 0),
      );
      const even = [1, 2, 3].filter((count) => isEven(text, count));
      assert.equal(Math.min(3, evenRuns), even.at(-1) ?? 0);
    }),
  );
});

// Whether somewhere so many runs of one size have one unit between each.
function isEven(text: string, count: number): boolean {
  const runs = matchesOf(text, /[A-Za-z0-9]+/g);
  return runs.some(([start, end], first) => {
    const rest = runs.slice(first + 1, first + count);
    const units = end - start;
    return (
      rest.length === count - 1 &&
      rest.every(([at, to], index) => at === start + (index + 1) * (units + 1) && to - at === units)
    );
  });
}

test("kinds and signs are told", () => {
  const kinds = lowerBit | dashBit | markBit;
  assert.equal(partsOf("a-b.c").signs, kinds);
  assert.equal(partsOf("a:b").signs, lowerBit | colonSign);
  assert.equal(partsOf("//a:b").signs, lowerBit | markBit | colonSign | slashSign);
  assert.equal(partsOf("yJ~").signs, lowerBit | upperBit | markBit | yearSign | tildeSign);
});

test("what may be a scheme is told by how the word before ends", () => {
  for (const [before, isScheme] of [
    ["Basic ", true],
    ["BEARER ", true],
    ["Basic", false],
    ["basis ", false],
    ["", false],
  ] as const) {
    layDown(`${before}x1`);
    const parts = createSegmentParts(64);
    readParts(before.length, before.length + 2, parts);
    assert.equal((parts.signs & schemeSign) !== 0, isScheme, before);
  }
});
