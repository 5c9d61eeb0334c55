import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Candidate } from "./family.ts";
import { byStrength, isCovered, settleOverlaps } from "./overlap.ts";

const text = "a1b2 33333 c4 55555 d6e7";

const candidates: fc.Arbitrary<Candidate> = fc
  .record({
    rank: fc.integer({ min: 1, max: 4 }),
    start: fc.nat({ max: text.length - 1 }),
    units: fc.integer({ min: 1, max: 12 }),
    confidencePct: fc.integer({ min: 40, max: 99 }),
  })
  .map(({ rank, start, units, confidencePct }) => ({
    kind: { type: `R${rank}`, dataClass: `pii.r${rank}`, detector: `r${rank}@1`, rank },
    start,
    end: Math.min(text.length, start + units),
    confidencePct,
  }));

function settled(found: readonly Candidate[]): string[] {
  return settleOverlaps(text, [...found]).map(
    ({ kind, start, end, confidencePct }) => `${kind.type} ${start}-${end} ${confidencePct}`,
  );
}

test("what a candidate of a higher rank covers changes nothing", () => {
  fc.assert(
    fc.property(fc.array(candidates, { maxLength: 6 }), candidates, (others, one) => {
      fc.pre(isCovered(text, others, one, one.kind.rank));
      assert.deepEqual(settled([...others, one]), settled(others));
    }),
  );
});

test("what sticks out, has no letter, or is of the same rank is not covered", () => {
  const one: Candidate = {
    kind: { type: "A", dataClass: "pii.a", detector: "a@1", rank: 2 },
    start: 0,
    end: 10,
    confidencePct: 60,
  };
  assert.equal(isCovered(text, [one], { start: 0, end: 10 }, 1), true);
  assert.equal(isCovered(text, [one], { start: 0, end: 11 }, 1), false);
  assert.equal(isCovered(text, [one], { start: 5, end: 10 }, 1), false);
  assert.equal(isCovered(text, [one], { start: 0, end: 10 }, 2), false);
});

test("what is left is in order and apart, and the strongest is whole, however many there are", () => {
  fc.assert(
    fc.property(fc.array(candidates, { minLength: 1, maxLength: 80 }), (found) => {
      const left = settleOverlaps(text, [...found]);
      left.reduce((end, candidate) => {
        assert.ok(candidate.start >= end);
        return candidate.end;
      }, 0);
      const strongest = found.reduce((best, one) => (byStrength(one, best) < 0 ? one : best));
      assert.ok(left.includes(strongest));
    }),
  );
});
