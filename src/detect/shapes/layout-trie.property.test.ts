import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ranks } from "../scan/family.ts";
import { joints } from "../scan/number-groups.ts";
import { topics } from "../scan/topics.ts";
import { digitBit, lowerBit, upperBit } from "../text/character-kind.ts";
import { buildLayoutTrie, type LayoutTrie, mayOpenLayout, stepTo } from "./layout-trie.ts";
import { catalogueEntry, type Shape } from "./shape.ts";

const jointsOfMarks: Readonly<Record<string, number>> = {
  " ": joints.space,
  "-": joints.dash,
  ".": joints.dot,
  "/": joints.slash,
};

const layouts = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.tuple(fc.constantFrom(..." -./"), fc.integer({ min: 1, max: 4 })), {
      maxLength: 3,
    }),
  )
  .map(([first, rest]) => [first, ...rest.flat()].join(""));

function shapeOf(alone: readonly string[]): Shape {
  const units = alone.map((layout) => layout.replace(/\D/g, "").split("").map(Number));
  return {
    kind: catalogueEntry("pii", {
      type: "US_EIN",
      rank: ranks.government,
      example: "",
      check: "",
      context: "no",
      basePct: 80,
      countries: [],
    }),
    topic: topics.usEin,
    masks: units.map((sizes) => "d".repeat(sizes.reduce((sum, size) => sum + size, 0))),
    alone,
    labelled: [],
    checkPct: 0,
    passes: () => true,
  };
}

function walk(trie: LayoutTrie, layout: string): number {
  const parts = layout.match(/[- ./]?\d/g) ?? [];
  return parts.reduce((node, part, index) => {
    if (index > 0 && node === 0) return 0;
    return stepTo(trie, node, jointsOfMarks[part.charAt(0)] ?? joints.none, Number(part.slice(-1)));
  }, 0);
}

test("the tree leads along its layouts and nowhere else", () => {
  fc.assert(
    fc.property(fc.array(layouts, { minLength: 1, maxLength: 12 }), layouts, (known, other) => {
      const trie = buildLayoutTrie([shapeOf(known)]);
      for (const layout of known) assert.notEqual(walk(trie, layout), 0);
      const isOpening = known.some((layout) => layout.startsWith(other));
      assert.equal(walk(trie, other) !== 0, isOpening);
    }),
  );
});

test("a group is told to open a layout if its first two groups are those of one", () => {
  const pair = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.constantFrom("", ..." -./"),
    fc.integer({ min: 1, max: 4 }),
  );
  fc.assert(
    fc.property(fc.array(layouts, { minLength: 1, maxLength: 12 }), pair, (known, given) => {
      const trie = buildLayoutTrie([shapeOf(known)]);
      const [units, mark, nextUnits] = given;
      const joint = jointsOfMarks[mark] ?? joints.none;
      const mayOpen = (kinds: number) => mayOpenLayout(trie, units, kinds, joint, nextUnits);
      const isAll = (mark === "" || mark === " ") && known.includes(String(units));
      const opening = `${units}${mark}${nextUnits}`;
      const isOpening = mark !== "" && known.some((layout) => layout.startsWith(opening));
      assert.equal(mayOpen(digitBit), isAll || isOpening);
      for (const kinds of [lowerBit, digitBit | upperBit, lowerBit | upperBit]) {
        assert.equal(mayOpen(kinds), false);
      }
    }),
  );
});
