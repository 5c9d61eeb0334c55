import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createSystemClock, systemTimers } from "./system-clock.ts";

test("the clock follows the machine's and never gives one record the time of a later one", () => {
  const clock = createSystemClock();
  let last = 0;
  for (let count = 0; count < 1000; count += 1) {
    const now = clock.nowMicros();
    assert.ok(Number.isSafeInteger(now) && now >= last);
    last = now;
  }
  assert.ok(Math.abs(last / 1000 - Date.now()) < 50);
});

test("a timer that was called off stays off, even when it is restarted", async () => {
  let fired = 0;
  const timer = systemTimers.after(1, () => {
    fired += 1;
  });
  timer.cancel();
  timer.restart();
  await delay(5);
  assert.equal(fired, 0);
});

test("a restarted timer fires once, its whole wait after the restart", async () => {
  const waitMs = 40;
  const fired: number[] = [];
  const timer = systemTimers.after(waitMs, () => fired.push(performance.now()));
  await delay(waitMs / 2);
  const restartedAt = performance.now();
  timer.restart();
  while (fired.length === 0) await delay(1);
  await delay(waitMs);
  assert.equal(fired.length, 1);
  assert.ok((fired[0] ?? 0) - restartedAt >= waitMs - 1);
});
