import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeDisk } from "../../test/support/fake-disk.ts";
import { appendClosing, appendDecision, setLogStage } from "../../test/support/log-stage.ts";
import { Fault } from "../base/index.ts";
import { type LogObserver, silentLogObserver } from "./log-observer.ts";

function assertUnavailable(run: () => void): void {
  assert.throws(run, (error) => error instanceof Fault && error.code === "audit_unavailable");
}

function watch() {
  const told: unknown[] = [];
  const observer: LogObserver = {
    ...silentLogObserver,
    written: (records) => told.push(["written", records]),
    undone: (records, reason) => told.push(["undone", records, reason]),
    troubled: (what) => told.push(["troubled", what]),
  };
  return { told, observer };
}

const nextRound = () => new Promise(setImmediate);

test("a full disk undoes the whole turn and gives its seqs again", async (t) => {
  const disk = new FakeDisk();
  const { observer, told } = watch();
  const log = await setLogStage(t).open({ disk, observer });
  appendDecision(log, { text: "kept" });
  log.commit();
  const bytes = disk.segments.get("000000000000.jsonl")?.length;
  told.length = 0;
  disk.room = 5;
  appendDecision(log, { text: "lost" });
  appendDecision(log, { text: "lost too" });
  assertUnavailable(() => log.commit());
  assert.equal(log.nextSeq, 2);
  assert.equal(log.isWritable, false);
  assert.equal(disk.segments.get("000000000000.jsonl")?.length, bytes, "no part of a line is left");

  disk.room = Number.POSITIVE_INFINITY;
  assert.equal(appendDecision(log, { text: "again" }), 2);
  log.commit();
  assert.equal(log.isWritable, true);
  assert.deepEqual(
    disk.records().flatMap(({ text }) => text ?? []),
    ["kept", "again"],
  );
  assert.deepEqual(told.slice(0, 3), [
    ["undone", 2, "disk_full"],
    ["troubled", "write"],
    ["written", 1],
  ]);
  const beat = disk.records().at(-1);
  assert.equal(beat?.["kind"], "beat", "written at once");
  assert.equal(beat?.["refused"], 2);
  await log.close();
});

test("nothing is written behind the rest of a failed write that could not be cut off", async (t) => {
  const disk = new FakeDisk();
  const log = await setLogStage(t).open({ disk });
  const bytes = disk.segments.get("000000000000.jsonl")?.length ?? 0;
  disk.room = 3;
  disk.canCut = false;
  appendDecision(log);
  assertUnavailable(() => log.commit());
  disk.room = Number.POSITIVE_INFINITY;
  appendDecision(log);
  assertUnavailable(() => log.commit());
  assert.equal(disk.segments.get("000000000000.jsonl")?.length, bytes + 3);
  disk.canCut = true;
  appendDecision(log, { text: "mended" });
  log.commit();
  assert.equal(disk.records().find(({ text }) => text === "mended")?.["seq"], 1);
  await log.close();
});

test("once a second a log that failed tries the disk, and leaves nothing behind", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  const log = await stage.open({ disk });
  const bytes = disk.segments.get("000000000000.jsonl")?.length;
  disk.room = 0;
  appendDecision(log);
  assertUnavailable(() => log.commit());
  disk.room = 100;
  stage.clock.advance(1_000);
  assert.equal(log.isWritable, false, "a record would not fit");
  assert.equal(disk.segments.get("000000000000.jsonl")?.length, bytes);
  disk.room = Number.POSITIVE_INFINITY;
  stage.clock.advance(999);
  assert.equal(log.isWritable, false);
  stage.clock.advance(1);
  assert.equal(log.isWritable, true);
  assert.equal(disk.records().at(-1)?.["refused"], 1);
  await log.close();
});

test("a segment that cannot be created undoes the turn as well", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  const { observer, told } = watch();
  const log = await stage.open({ disk, observer });
  disk.canCreate = false;
  stage.clock.advance(3_600_000);
  appendDecision(log);
  assertUnavailable(() => log.commit());
  assert.ok(told.some((entry) => String(entry) === "undone,1,write_error"));
  disk.canCreate = true;
  appendDecision(log, { text: "later" });
  log.commit();
  assert.equal(disk.segments.size, 2);
  await log.close();
});

test("what may be late waits in memory and is written in order when the disk is back", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  const log = await stage.open({ disk });
  appendDecision(log, { exchange: "01a1fd1e-9060-7266-9625-aaaaaaaaaaaa" });
  log.commit();
  disk.room = 0;
  // Met in the middle of a turn: the closing is kept, the decision of another is not.
  appendClosing(log, "01a1fd1e-9060-7266-9625-aaaaaaaaaaaa");
  appendDecision(log, { text: "refused" });
  assertUnavailable(() => log.commit());
  // Known to fail: what may be late is not even tried.
  const late = "01a1fd1e-9060-7266-9625-bbbbbbbbbbbb";
  assert.equal(appendDecision(log, { exchange: late, mayBeLate: true }), undefined);
  assert.equal(appendClosing(log, late), undefined);
  log.commit();
  disk.room = Number.POSITIVE_INFINITY;
  stage.clock.advance(1_000);
  const records = disk.records().slice(2);
  assert.deepEqual(
    records.map(({ kind, late: isLate, seq }) => [kind, isLate, seq]),
    [
      ["closing", true, 2],
      ["decision", true, 3],
      ["closing", true, 4],
      ["beat", undefined, 5],
    ],
  );
  assert.equal(records.at(-1)?.["refused"], 1);
  assert.equal(records.at(-1)?.["oldestOpen"], 5, "all are closed");
  await log.close();
});

test("what the memory cannot hold is counted and told by the next beat", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  const { observer, told } = watch();
  const log = await stage.open({ disk, observer });
  disk.room = 0;
  appendDecision(log, { mayBeLate: true });
  assertUnavailable(() => log.commit());
  for (let count = 0; count < 10_002; count += 1) appendDecision(log, { mayBeLate: true });
  assert.equal(told.filter((entry) => String(entry) === "undone,1,ring_full").length, 3);
  disk.room = Number.POSITIVE_INFINITY;
  stage.clock.advance(1_000);
  assert.equal(disk.records().filter(({ late }) => late === true).length, 10_000);
  assert.equal(disk.records().at(-1)?.["lost"], 3);
  stage.clock.advance(60_000);
  assert.equal(disk.records().at(-1)?.["lost"], undefined, "told once");
  await log.close();
});

test("below 2 % of the disk nothing more is written, and above it goes on", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  let ratio = 0.5;
  const log = await stage.open({ disk, readFreeRatio: () => Promise.resolve(ratio) });
  stage.clock.advance(1_000);
  await nextRound();
  assert.equal(log.isWritable, true);
  ratio = 0.019;
  stage.clock.advance(1_000);
  await nextRound();
  assert.equal(log.isWritable, false);
  appendDecision(log);
  assertUnavailable(() => log.commit());
  ratio = 0.02;
  stage.clock.advance(1_000);
  await nextRound();
  assert.equal(log.isWritable, true);
  await log.close();
});

test("a sync that failed is never believed again, and whoever waits is told", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  const { observer, told } = watch();
  const log = await stage.open({ disk, observer });
  const seq = appendDecision(log) ?? -1;
  log.commit();
  disk.canSync = false;
  const waited = new Promise((resolve) => log.whenDurable(seq, resolve));
  stage.clock.advance(5);
  assert.equal(await waited, false);
  disk.canSync = true;
  stage.clock.advance(10_000);
  assert.equal(log.isWritable, false, "the disk may have dropped what it could not write");
  assert.ok(told.some((entry) => String(entry) === "troubled,sync"));
  appendDecision(log);
  assertUnavailable(() => log.commit());
  assert.equal(log.durable?.checkpoint.size, 1);
  await log.close();
});

test("a turn that is undone between its records and its end hears of it", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  const log = await stage.open({ disk });
  disk.room = 0;
  appendDecision(log);
  // A beat falls due before the turn is over.
  stage.clock.advance(60_000);
  assertUnavailable(() => log.commit());
  log.commit();
  await log.close();
});
