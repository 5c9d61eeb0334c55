import assert from "node:assert/strict";
import { test } from "node:test";
import { isLogOrigin } from "./index.ts";

test("an origin is letters, digits and . _ - between slashes", () => {
  for (const origin of ["host", "gov.acme.example/eu1/pod-7", "A_b-9.c"]) {
    assert.ok(isLogOrigin(origin), origin);
  }
  for (const text of ["", "/a", "a/", "a//b", "a b", "a\n", "ü", "http://a", "a".repeat(513)]) {
    assert.ok(!isLogOrigin(text), text);
  }
});
