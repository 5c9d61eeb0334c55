import assert from "node:assert/strict";
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Cleanup } from "../../test/support/chancery-process.ts";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { FakeDisk } from "../../test/support/fake-disk.ts";
import { FarRoot, settled } from "../../test/support/far-root.ts";
import {
  appendDecision,
  audit,
  folderOf,
  readLogRecords,
  setLogStage,
} from "../../test/support/log-stage.ts";
import { silentLogObserver } from "./log-observer.ts";
import type { RecordLogOptions } from "./log-options.ts";
import type { RecordLog } from "./record-log.ts";

const dayMs = 24 * 3_600_000;
async function setStage(t: Cleanup, options: Partial<RecordLogOptions> = {}) {
  const stage = setLogStage(t);
  const root = new FarRoot();
  const troubles: string[] = [];
  const observer = { ...silentLogObserver, troubled: (what: string) => troubles.push(what) };
  // Timers of their own, so that a day is one tick and not each second of it.
  const timers = new FakeClock();
  const log = await stage.open({ rootKey: root, observer, timers, ...options });
  return {
    ...{ stage, timers, root, troubles, log, folder: folderOf(stage.stateDir, log) },
    /** Lets time pass, then a tick of a second, and what hangs on it come about. */
    async pass(milliseconds: number) {
      stage.clock.advance(milliseconds);
      timers.advance(1_000);
      await settled();
    },
    keys: () => readLogRecords(folderOf(stage.stateDir, log)).filter(({ kind }) => kind === "key"),
    report: () => audit(stage.stateDir, [root.verifierKey]).logs[0],
  };
}

function append(log: RecordLog, count: number): void {
  for (let index = 0; index < count; index += 1) appendDecision(log);
}

test("while records keep coming a statement is asked for ahead and written in its place", async (t) => {
  const { folder, keys, log, pass, report, root } = await setStage(t);
  root.isSlow = true;
  await pass(dayMs);
  assert.equal(root.asked, 2, "once for the start");
  append(log, 10);
  log.commit();
  // The place that was asked for is taken: another is, twice as far as the log got meanwhile.
  await root.answer();
  assert.equal(root.asked, 3);
  const place = log.nextSeq + 20;
  append(log, 12);
  log.commit();
  await root.answer();
  assert.equal(keys().length, 1);
  // The log comes to the place in the middle of a turn, and what came before it is written first.
  append(log, 20);
  assert.equal(log.nextSeq, place + 13);
  log.commit();
  await settled();
  const [, changed] = keys();
  assert.equal(changed?.seq, place);
  assert.match(String(changed?.["note"]), new RegExp(`\nintroduce ${place}\n`));
  assert.ok(log.status.keyAgeSeconds < 60);
  await log.close();
  assert.deepEqual(report()?.problems, []);
  assert.equal(JSON.parse(readFileSync(join(folder, "log.json"), "utf8")).keys.length, 2);
});

test("a place that a quiet log does not come to is given up for the next one there is", async (t) => {
  const { keys, log, pass, report, root } = await setStage(t);
  root.isSlow = true;
  await pass(dayMs);
  append(log, 100);
  log.commit();
  await root.answer();
  await root.answer();
  assert.equal(root.asked, 3);
  root.isSlow = false;
  await pass(29_000);
  assert.equal(keys().length, 1);
  await pass(2_000);
  assert.equal(keys().length, 2);
  assert.equal(root.asked, 4);
  await log.close();
  assert.deepEqual(report()?.problems, []);
});

test("a place that was given up is not taken when the log comes to it after all", async (t) => {
  const { keys, log, pass, report, root } = await setStage(t);
  root.isSlow = true;
  await pass(dayMs);
  append(log, 10);
  log.commit();
  await root.answer();
  await root.answer();
  await pass(31_000);
  assert.equal(root.asked, 4, "for another one, which is not there yet");
  append(log, 40);
  log.commit();
  assert.equal(keys().length, 1);
  await log.close();
  assert.deepEqual(report()?.problems, []);
});

test("while the root is away the key before signs on, and the root is asked each minute", async (t) => {
  const { keys, log, pass, report, root, troubles } = await setStage(t);
  root.isAway = true;
  await pass(dayMs);
  assert.deepEqual(troubles, ["keys"]);
  for (let second = 0; second < 120; second += 1) {
    append(log, 1);
    log.commit();
    await pass(1_000);
  }
  assert.equal(root.asked, 4, "the start, and then once a minute");
  assert.deepEqual(troubles, ["keys", "keys", "keys"]);
  assert.ok(log.status.keyAgeSeconds > 86_400);
  assert.equal(log.isWritable, true);
  assert.equal(keys().length, 1);
  root.isAway = false;
  await pass(60_000);
  assert.equal(keys().length, 2);
  assert.ok(log.status.keyAgeSeconds < 61);
  await log.close();
  assert.deepEqual(report()?.problems, []);
});

test("a key whose record the disk does not take signs nothing", async (t) => {
  const disk = new FakeDisk();
  const { log, pass, root } = await setStage(t, { disk });
  root.isSlow = true;
  await pass(dayMs);
  disk.room = 5;
  await root.answer();
  assert.ok(log.status.keyAgeSeconds >= 86_400);
  root.isSlow = false;
  disk.room = Number.POSITIVE_INFINITY;
  await pass(62_000);
  assert.ok(log.status.keyAgeSeconds < 62);
  assert.equal(disk.records().filter(({ kind }) => kind === "key").length, 2);
  await log.close();
});

test("a turn that is undone on the way to a statement's place leaves nothing to the next one", async (t) => {
  const disk = new FakeDisk();
  const { log, pass, root } = await setStage(t, { disk });
  root.isSlow = true;
  await pass(dayMs);
  append(log, 1);
  log.commit();
  await root.answer();
  await root.answer();
  assert.equal(root.asked, 3, "for the place behind two more");
  append(log, 1);
  log.commit();
  const { nextSeq } = log;
  append(log, 1);
  disk.room = 0;
  // Here is the place: what the turn has so far is written first, and cannot be.
  append(log, 2);
  assert.throws(() => log.commit(), { code: "audit_unavailable" });
  assert.equal(log.nextSeq, nextSeq);
  disk.room = Number.POSITIVE_INFINITY;
  appendDecision(log, { text: "the next turn" });
  log.commit();
  const [decision, beat] = disk.records().slice(nextSeq);
  assert.deepEqual([decision?.["text"], beat?.["refused"]], ["the next turn", 3]);
  await log.close();
});

test("a statement whose place late records take is not written in another", async (t) => {
  const disk = new FakeDisk();
  const { log, pass, root } = await setStage(t, { disk });
  root.isSlow = true;
  await pass(dayMs);
  disk.room = 0;
  appendDecision(log, { mayBeLate: true });
  assert.throws(() => log.commit());
  disk.room = Number.POSITIVE_INFINITY;
  // Missed by one, which is not written yet; the next place is behind two more.
  append(log, 1);
  await root.answer();
  await root.answer();
  assert.equal(root.asked, 3);
  // What is written at the place brings the late record first.
  append(log, 3);
  log.commit();
  const place = disk.records().findIndex(({ late }) => late === true);
  assert.ok(place > 0);
  assert.equal(disk.records().filter(({ kind }) => kind === "key").length, 1);
  assert.ok(log.status.keyAgeSeconds >= 86_400);
  root.isSlow = false;
  await pass(62_000);
  await pass(31_000);
  const [, changed] = disk.records().filter(({ kind }) => kind === "key");
  assert.match(String(changed?.["note"]), new RegExp(`\nintroduce ${changed?.["seq"]}\n`));
  await log.close();
});

test("nothing of the log about itself comes behind its end", async (t) => {
  const { folder, log, report, stage, timers } = await setStage(t);
  stage.clock.advance(dayMs);
  const closing = log.close();
  timers.advance(1_000);
  await closing;
  assert.equal(readLogRecords(folder).at(-1)?.kind, "close");
  assert.deepEqual(report()?.problems, []);
});

test("a statement that comes while a log closes is not used", async (t) => {
  const { folder, log, pass, report, root } = await setStage(t);
  root.isSlow = true;
  await pass(dayMs);
  const closing = log.close();
  await root.answer();
  await closing;
  assert.equal(root.lastSignal?.aborted, true, "nobody waits for it any more");
  assert.equal(readLogRecords(folder).at(-1)?.kind, "close");
  assert.deepEqual(report()?.problems, []);
});

test("without the root nothing is begun, and what was to be told of the log before still is", async (t) => {
  const stage = setLogStage(t);
  const root = new FarRoot();
  root.isAway = true;
  const slot = join(stage.stateDir, "log/0");
  await assert.rejects(stage.open({ rootKey: root }), { code: "audit_unavailable" });
  assert.deepEqual(readdirSync(slot), ["lock"]);
  root.isAway = false;
  const first = await stage.open({ rootKey: root });
  append(first, 2);
  first.commit();
  await first.close();
  const folder = folderOf(stage.stateDir, first);
  writeFileSync(join(folder, "segments/000000000000.jsonl"), "");
  root.isAway = true;
  await assert.rejects(stage.open({ rootKey: root }), { code: "audit_unavailable" });
  root.isAway = false;
  const second = await stage.open({ rootKey: root });
  assert.equal(second.opening.ended, "replaced");
  assert.equal(second.isWritable, false);
  await second.close();
  assert.ok(existsSync(folder));
});

test("what a start cut off that the root did not let begin is told by the next", async (t) => {
  const { folder, log, report, root, stage } = await setStage(t);
  append(log, 1);
  log.commit();
  await log.close();
  appendFileSync(join(folder, "segments/000000000000.jsonl"), '{"torn');
  root.isAway = true;
  await assert.rejects(stage.open({ rootKey: root }), { code: "audit_unavailable" });
  root.isAway = false;
  const next = await stage.open({ rootKey: root });
  assert.equal(next.opening.cutBytes, 6);
  await next.close();
  const last = await stage.open({ rootKey: root });
  assert.equal(last.opening.cutBytes, 0, "told once");
  await last.close();
  assert.deepEqual(report()?.problems, []);
});
