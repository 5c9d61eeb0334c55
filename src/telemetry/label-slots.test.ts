import assert from "node:assert/strict";
import { test } from "node:test";
import { LabelSlots } from "./label-slots.ts";

test("every series of closed sets is there from the start, and found again", () => {
  const slots = new LabelSlots([
    { name: "a", values: ["x", "y"] },
    { name: "b", values: ["1", "2"] },
  ]);
  assert.deepEqual(slots.labels, [
    { a: "x", b: "1" },
    { a: "x", b: "2" },
    { a: "y", b: "1" },
    { a: "y", b: "2" },
  ]);
  assert.equal(slots.of("y", "1"), 2);
  assert.equal(slots.labels.length, 4);
});

test("a metric without labels has one series", () => {
  const slots = new LabelSlots([]);
  assert.deepEqual(slots.labels, [{}]);
  assert.equal(slots.of(), 0);
});

test("a value outside a closed set is other, however many there are", () => {
  const slots = new LabelSlots([{ name: "a", values: ["x"] }]);
  for (let index = 0; index < 10; index += 1) slots.of(`traffic-${index}`);
  assert.deepEqual(slots.labels, [{ a: "x" }, { a: "other" }]);
});

test("beyond 2,000 series the value is other, the closed label stays, and it is told", () => {
  let overflows = 0;
  const slots = new LabelSlots([{ name: "a" }, { name: "b", values: ["ok", "failed"] }], () => {
    overflows += 1;
  });
  for (let index = 0; index < 2_000; index += 1) slots.of(`class-${index}`, "ok");
  assert.equal(overflows, 0);
  const other = slots.of("class-2000", "ok");
  assert.equal(slots.of("class-2001", "ok"), other);
  assert.deepEqual(slots.labels[other], { a: "other", b: "ok" });
  assert.deepEqual(slots.labels[slots.of("class-0", "failed")], { a: "other", b: "failed" });
  assert.equal(slots.labels.length, 2_002);
  assert.equal(overflows, 3);
  assert.equal(slots.of("class-1999", "ok"), 1999, "known series go on");
});

test("values named like members of an object are just values", () => {
  const slots = new LabelSlots([{ name: "a" }]);
  assert.deepEqual(slots.labels[slots.of("__proto__")], { a: "__proto__" });
  assert.equal(slots.of("constructor"), 1);
});
