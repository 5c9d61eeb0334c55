import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
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

/** Two ends of a connection within this process. */
async function openPair(t: TestContext): Promise<readonly [Socket, Socket]> {
  const server = createServer().listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const near = connect((server.address() as AddressInfo).port, "127.0.0.1");
  t.after(() => near.destroy());
  const [[far]] = (await Promise.all([once(server, "connection"), once(near, "connect")])) as [
    [Socket],
    unknown,
  ];
  t.after(() => far.destroy());
  return [near, far];
}

/** Nothing else happens in this process meanwhile. */
function beBusy(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

test("what had arrived is read before a deadline runs, however long the process was busy", async (t) => {
  const [near, far] = await openPair(t);
  const seen: string[] = [];
  far.once("data", () => seen.push("answer"));
  await new Promise<void>((resolve) => {
    systemTimers.after(20, () => {
      seen.push("deadline");
      resolve();
    });
    near.write("answer");
    beBusy(60);
  });
  assert.deepEqual(seen, ["answer", "deadline"]);
});

test("what had arrived can still call a timer off, or restart it", async (t) => {
  const [near, far] = await openPair(t);
  const waitMs = 20;
  const fired: string[] = [];
  const waited = await new Promise<number>((resolve) => {
    let readAt = Number.NaN;
    const off = systemTimers.after(waitMs, () => fired.push("called off"));
    const pushed = systemTimers.after(waitMs, () => resolve(performance.now() - readAt));
    far.once("data", () => {
      readAt = performance.now();
      off.cancel();
      pushed.restart();
    });
    near.write("answer");
    beBusy(3 * waitMs);
  });
  assert.ok(waited >= waitMs - 1, String(waited));
  assert.deepEqual(fired, []);
});
