import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  appendDecision,
  folderOf,
  type LogStage,
  setLogStage,
  until,
} from "../../test/support/log-stage.ts";
import { findExpired, type RecordLog } from "./index.ts";

/** A log that was closed behind so many segments, of a record each. */
async function writeSegments(stage: LogStage, segments: number): Promise<RecordLog> {
  const log = await stage.open({ retentionDays: 184 });
  for (let segment = 0; segment < segments; segment += 1) {
    appendDecision(log);
    log.commit();
    stage.clock.advance(3_600_000);
    await new Promise(setImmediate);
  }
  await log.close();
  return log;
}

test("what a sink has not stays, and all behind it, however old it is", async (t) => {
  const stage = setLogStage(t);
  const log = await writeSegments(stage, 3);
  const folder = folderOf(stage.stateDir, log);
  const someDay = "2030-01-01";
  const all = await findExpired(folder, someDay, []);
  assert.ok(all.length >= 2);
  const [first, second] = all;
  const sentTo = (size: number) => findExpired(folder, someDay, [], (seq) => seq <= size);
  assert.deepEqual(await sentTo(0), []);
  assert.deepEqual(await sentTo((second?.first ?? 0) - 1), []);
  assert.deepEqual(await sentTo(second?.first ?? 0), [first]);
  assert.deepEqual(await sentTo(1_000), all);
});

test("a log prunes nothing that a sink has not", async (t) => {
  const stage = setLogStage(t);
  const log = await writeSegments(stage, 2);
  const folder = folderOf(stage.stateDir, log);
  stage.clock.advance(185 * 86_400_000);
  const asked: number[] = [];
  const isSent = (origin: string, seq: number) => {
    assert.equal(origin, log.origin);
    asked.push(seq);
    return false;
  };
  const next = await stage.open({ retentionDays: 184, isSent });
  stage.clock.advance(1_000);
  await until(() => asked.length > 0);
  await next.close();
  assert.ok(existsSync(join(folder, "segments", "000000000000.jsonl")));
});
