import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { document, platformFile, toFiles, world } from "../../../test/support/problem-cases.ts";
import { loadSnapshot } from "../index.ts";

describe("watching before governing", () => {
  const text = (until: string) =>
    document("Platform", "x", "platform", `{ observe: [{ until: "${until}" }] }`);
  const nowMs = Date.parse("2026-03-01T00:00:00Z");
  const problemsOf = (until: string, now: number | undefined) =>
    loadSnapshot(toFiles({ ...world, [platformFile]: text(until) }), {
      engineVersion: "1.0.0",
      nowMs: now,
    }).problems.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);

  it("ends at most 30 days ahead", () => {
    assert.deepEqual(problemsOf("2026-03-31T00:00:01Z", nowMs), [
      "4:28 E05 `observe` ends at most 30d ahead, and this one ends later",
    ]);
    assert.deepEqual(problemsOf("2026-03-31T00:00:00Z", nowMs), []);
  });

  it("is not held to that where nobody has a clock", () => {
    assert.deepEqual(problemsOf("2027-03-31T00:00:00Z", undefined), []);
  });
});
