import assert from "node:assert/strict";
import { test } from "node:test";
import { toRecordTime } from "./index.ts";

test("a record time has 27 characters and keeps its microseconds", () => {
  const second = Date.UTC(2026, 10, 21, 8, 0, 1) * 1000;
  assert.equal(toRecordTime(second + 123_456), "2026-11-21T08:00:01.123456Z");
  assert.equal(toRecordTime(second + 123_007), "2026-11-21T08:00:01.123007Z");
  assert.equal(toRecordTime(second), "2026-11-21T08:00:01.000000Z");
  assert.equal(toRecordTime(second - 1), "2026-11-21T08:00:00.999999Z");
});
