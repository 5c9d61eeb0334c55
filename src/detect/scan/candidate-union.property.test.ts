import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { findingUnitsMax } from "./bounds.ts";
import { CandidateUnion } from "./candidate-union.ts";
import { type Candidate, type FindingKind, ranks } from "./family.ts";

const kinds: readonly FindingKind[] = Object.entries(ranks).flatMap(([type, rank]) => [
  { type, dataClass: type, detector: type, rank },
  { type: `other ${type}`, dataClass: type, detector: type, rank },
]);

/** Sorted candidates that do not overlap, some of them touching. */
const candidates = fc
  .array(
    fc.record({
      gap: fc.nat({ max: 6 }),
      units: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 12 }) }, fc.constant(3000)),
      kind: fc.constantFrom(...kinds),
      confidencePct: fc.constantFrom(50, 90),
    }),
    { maxLength: 12 },
  )
  .map((parts) => {
    let at = 0;
    return parts.map(({ gap, units, kind, confidencePct }): Candidate => {
      const start = at + gap;
      at = start + units;
      return { kind, start, end: at, confidencePct };
    });
  });

const keep = (candidate: Candidate) => candidate;

function unite(first: readonly Candidate[], second: readonly Candidate[]): readonly Candidate[] {
  const union = new CandidateUnion(keep);
  union.addFirst(first);
  union.addSecond(second);
  union.settle(Number.POSITIVE_INFINITY);
  return union.take();
}

function rankAt(found: readonly Candidate[], at: number): number {
  return found.find(({ start, end }) => start <= at && at < end)?.kind.rank ?? 0;
}

test("the union covers what either reading finds, by the gravest kind, and nothing twice", () => {
  fc.assert(
    fc.property(candidates, candidates, (first, second) => {
      const united = unite(first, second);
      let end = 0;
      for (const one of united) {
        assert.ok(one.start >= end && one.end > one.start);
        end = one.end;
      }
      const units = Math.max(end, first.at(-1)?.end ?? 0, second.at(-1)?.end ?? 0);
      for (let at = 0; at < units; at += 1) {
        assert.equal(rankAt(united, at), Math.max(rankAt(first, at), rankAt(second, at)));
      }
    }),
    { numRuns: 300 },
  );
});

test("a reading united with itself stays as it is", () => {
  fc.assert(
    fc.property(candidates, (both) => {
      assert.deepEqual(unite(both, both), both);
    }),
  );
});

test("what comes in steps gives the same, and what is settled changes no more", () => {
  const steps = fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 60 })), { maxLength: 40 });
  fc.assert(
    fc.property(candidates, candidates, steps, (first, second, moves) => {
      const union = new CandidateUnion(keep);
      const known = [0, 0];
      const added = [0, 0];
      const given: Candidate[] = [];
      let settled = 0;
      const add = (reading: 0 | 1, upTo: number) => {
        const all = reading === 0 ? first : second;
        const fresh = all.slice(added[reading]).filter(({ end }) => end <= upTo);
        added[reading] = (added[reading] ?? 0) + fresh.length;
        if (reading === 0) union.addFirst(fresh);
        else union.addSecond(fresh);
        const open = all[added[reading] ?? 0];
        known[reading] = Math.min(upTo, open?.start ?? upTo);
      };
      const settle = () => {
        const now = union.settle(Math.min(...known));
        assert.ok(now >= settled);
        for (const one of union.take()) {
          assert.ok(one.start >= settled && one.end <= now);
          given.push(one);
        }
        settled = now;
      };
      for (const [isFirst, units] of moves) {
        const reading = isFirst ? 0 : 1;
        add(reading, (known[reading] ?? 0) + units * 7);
        settle();
      }
      add(0, Number.POSITIVE_INFINITY);
      add(1, Number.POSITIVE_INFINITY);
      settle();
      assert.deepEqual(given, unite(first, second));
    }),
    { numRuns: 1000 },
  );
});

test("pieces of endless values that overlap in turn are let go one by one", () => {
  const kind = kinds[0] ?? assert.fail();
  const pieces = (from: number) =>
    Array.from({ length: 50 }, (_, turn): Candidate => {
      const start = from + turn * findingUnitsMax;
      return { kind, start, end: start + findingUnitsMax, confidencePct: 99 };
    });
  const union = new CandidateUnion(keep);
  union.addFirst(pieces(0));
  union.addSecond(pieces(100));
  for (let known = 0; known < 50 * findingUnitsMax; known += 1000) {
    assert.ok(known - union.settle(known) <= findingUnitsMax);
  }
});
