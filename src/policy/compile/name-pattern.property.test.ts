import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { fitsPattern, overlap, PatternIndex } from "./name-pattern.ts";

const name = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 4 });
const pattern = fc.tuple(name, fc.constantFrom("", "*")).map((parts) => parts.join(""));

describe("patterns over names", () => {
  it("the index finds whom each pattern asked one by one would", () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 8 }), name, (patterns, value) => {
        const index = new PatternIndex<number>();
        for (const [owner, one] of patterns.entries()) index.add(one, owner);
        const found = new Set<number>();
        index.collect(value, found);
        const expected = patterns.flatMap((one, owner) => (fitsPattern(one, value) ? owner : []));
        assert.deepEqual([...found].sort(), expected.sort());
      }),
      { numRuns: 500 },
    );
  });

  it("two patterns overlap exactly if some name fits both", () => {
    fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        // Where one fits at all, the longer of the two without its star does.
        const candidates = [a, b].map((one) => one.replace("*", ""));
        const common = candidates.some((value) => fitsPattern(a, value) && fitsPattern(b, value));
        assert.equal(overlap(a, b), common);
        assert.equal(overlap(b, a), common);
      }),
      { numRuns: 500 },
    );
  });
});
