import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { until } from "../../test/support/log-stage.ts";
import { keepVersions } from "./version-duty.ts";

test("what serves is marked at once and each hour, until that is ended", async (t) => {
  const stateDir = await mkdtemp(join(tmpdir(), "chancery-duty-"));
  t.after(() => rm(stateDir, { recursive: true, force: true }));
  const clock = new FakeClock();
  const marked: number[] = [];
  const errors: string[] = [];
  const refresh = async (nowMs = 0) => {
    marked.push(nowMs);
    if (marked.length === 2) throw new Error("no disk");
  };
  const log = { error: (message: string) => errors.push(message), info: () => undefined };
  const nowMs = () => clock.nowMicros() / 1000;
  const startMs = nowMs();
  const duty = keepVersions({ config: { stateDir }, log, timers: clock, nowMs }, { refresh });
  assert.deepEqual(marked, [startMs]);
  clock.advance(3_600_000);
  await until(() => errors.length === 1);
  clock.advance(3_600_000);
  assert.deepEqual(marked, [startMs, startMs + 3_600_000, startMs + 7_200_000]);
  duty.close();
  clock.advance(7_200_000);
  assert.equal(marked.length, 3);
  assert.equal(clock.pending, 0);
});
