import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Finding, RedactionMethod } from "../domain/index.ts";
import { findingsApart } from "./index.ts";

const finding = (dataClass: string, start: number, end: number): Finding => ({
  dataClass,
  type: dataClass.toUpperCase(),
  detector: `${dataClass}@1`,
  confidencePct: 90,
  start,
  end,
});
const methods: Readonly<Record<string, RedactionMethod>> = { a: "remove", b: "mask", c: "partial" };
const methodOf = ({ dataClass }: Finding) => methods[dataClass];
const told = (findings: readonly Finding[]) =>
  findings.map(({ dataClass, end, start }) => `${dataClass} ${start}-${end}`);

test("findings that do not overlap are the very same list", () => {
  const findings = [finding("a", 0, 4), finding("x", 4, 9)];
  assert.equal(findingsApart(findings, methodOf), findings);
});

test("where two overlap the stronger method has its way, and the rest of the other stays", () => {
  const inside = [finding("c", 0, 20), finding("a", 5, 9)];
  assert.deepEqual(told(findingsApart(inside, methodOf)), ["c 0-5", "a 5-9", "c 9-20"]);
  const across = [finding("b", 0, 9), finding("c", 5, 20)];
  assert.deepEqual(told(findingsApart(across, methodOf)), ["b 0-9", "c 9-20"]);
});

test("one that is not edited stands in nobody's way", () => {
  const findings = [finding("x", 0, 20), finding("c", 5, 9)];
  assert.deepEqual(told(findingsApart(findings, methodOf)), ["c 5-9"]);
});

test("whatever overlaps, all that was to be edited is covered, once, by the strongest", () => {
  const findings = fc.array(
    fc
      .tuple(fc.constantFrom("a", "b", "c", "x"), fc.nat(40), fc.integer({ min: 1, max: 12 }))
      .map(([dataClass, start, length]) => finding(dataClass, start, start + length)),
    { maxLength: 12 },
  );
  const strengths = ["c", "b", "a"];
  fc.assert(
    fc.property(findings, (given) => {
      const sorted = given.toSorted((one, other) => one.start - other.start);
      const parts = findingsApart(sorted, methodOf).filter(({ dataClass }) => dataClass !== "x");
      for (let at = 0; at < 60; at += 1) {
        const isAt = ({ start, end }: Finding) => start <= at && at < end;
        const ranks = sorted.filter(isAt).map(({ dataClass }) => strengths.indexOf(dataClass));
        const strongest = Math.max(-1, ...ranks);
        const covering = parts.filter(isAt).map(({ dataClass }) => strengths.indexOf(dataClass));
        assert.deepEqual(covering, strongest < 0 ? [] : [strongest]);
      }
    }),
  );
});
