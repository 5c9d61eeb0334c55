import assert from "node:assert/strict";
import { test } from "node:test";
import { Progress } from "./progress.ts";

test("the other side of the memory sees each step and whose it was", () => {
  const here = new Progress();
  const there = new Progress(here.buffer);
  const before = there.steps;
  here.step("acme");
  assert.notEqual(there.steps, before);
  assert.equal(there.namespace, "acme");
  here.step("a".repeat(63));
  assert.equal(there.namespace, "a".repeat(63));
  here.step(undefined);
  assert.equal(there.namespace, undefined);
});

test("a name that no namespace can have is cut, not written beyond its place", () => {
  const progress = new Progress();
  progress.step("x".repeat(1000));
  assert.equal(progress.namespace, "x".repeat(256));
});
