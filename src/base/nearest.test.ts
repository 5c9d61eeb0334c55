import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestName } from "./index.ts";

test("the nearest name is the one a slip of the fingers away", () => {
  const known = ["allow", "deny", "redact", "warn"];
  assert.equal(nearestName("dney", known), "deny");
  assert.equal(nearestName("redct", known), "redact");
  assert.equal(nearestName("Allow", known), "allow");
  assert.equal(nearestName("alow", known), "allow");
});

test("a word that is like none of the names has no nearest one", () => {
  assert.equal(nearestName("permit", ["allow", "deny"]), undefined);
  assert.equal(nearestName("x", []), undefined);
});
