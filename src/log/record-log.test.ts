import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { FakeDisk } from "../../test/support/fake-disk.ts";
import {
  appendDecision,
  audit,
  folderOf,
  keyOf,
  readLines,
  readLogRecords,
  setLogStage,
} from "../../test/support/log-stage.ts";
import { Fault } from "../base/index.ts";
import type { RecordLog } from "./index.ts";

const other = { kind: "policy" };

function append(log: RecordLog, text = "x"): number | undefined {
  return log.append(({ seq }) => `{"kind":"policy","seq":${seq},"text":"${text}"}`, other);
}

function textsOf(disk: FakeDisk): readonly unknown[] {
  return disk.records().flatMap(({ text }) => text ?? []);
}

test("a log is a folder of its own in a slot, and its name says which", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open();
  append(log);
  await log.close();
  const id = readFileSync(join(stage.stateDir, "log/0/current"), "utf8");
  assert.match(id, /^[0-9a-f]{8}$/);
  assert.equal(log.origin, `gov.acme.example/eu1/0/${id}`);
  const folder = folderOf(stage.stateDir, log);
  assert.equal(
    readFileSync(join(folder, "log.json"), "utf8"),
    `{"created":"2026-03-02T10:00:00.000000Z","format":1,"minimum":0,"origin":"${log.origin}"}`,
  );
  const [open, policy, close] = readLogRecords(folder);
  assert.deepEqual([open?.kind, policy?.kind, close?.kind], ["open", "policy", "close"]);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  for (const name of ["segments/000000000000.jsonl", "checkpoint", "log.json"]) {
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
  }
});

test("a record is told its log, seq, id and time", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open();
  const told: unknown[] = [];
  const encode = (position: object) => {
    told.push(position);
    return "{}";
  };
  log.append(encode, other);
  log.append(encode, other, "2026-03-02T09:59:59.000001Z");
  const [first, second] = told as { log: string; seq: number; id: string; at: string }[];
  assert.deepEqual(
    [first?.log, first?.seq, first?.at],
    [log.origin, 1, "2026-03-02T10:00:00.000000Z"],
  );
  assert.deepEqual([second?.seq, second?.at], [2, "2026-03-02T09:59:59.000001Z"]);
  assert.notEqual(first?.id, second?.id);
  await log.close();
});

test("nothing is written before commit, and all of a turn in one write", async (t) => {
  const disk = new FakeDisk();
  const log = await setLogStage(t).open({ disk });
  assert.equal(append(log, "a"), 1);
  assert.equal(append(log, "b"), 2);
  assert.equal(log.nextSeq, 3);
  assert.deepEqual(textsOf(disk), []);
  log.commit();
  assert.deepEqual(textsOf(disk), ["a", "b"]);
  log.commit();
  assert.deepEqual(textsOf(disk), ["a", "b"]);
  await log.close();
});

test("close writes what is left, says so, and signs it", async (t) => {
  const disk = new FakeDisk();
  const log = await setLogStage(t).open({ disk });
  append(log, "last");
  await log.close("tired");
  assert.deepEqual(textsOf(disk), ["last"]);
  const close = disk.records().at(-1);
  assert.equal(close?.["kind"], "close");
  assert.equal(close?.["reason"], "tired");
  assert.deepEqual(close?.["counts"], { open: 1, policy: 1 });
  assert.match(disk.lines().at(-1) ?? "", /^\{"checkpoint":".*\\n3\\n/);
});

test("an encoder that throws takes no seq", async (t) => {
  const log = await setLogStage(t).open({ disk: new FakeDisk() });
  assert.throws(() =>
    log.append(() => {
      throw new Error("no record");
    }, other),
  );
  assert.equal(append(log), 1);
  await log.close();
});

test("what was written is signed and on the disk 50 ms later, or when somebody waits for it", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open({ disk: new FakeDisk() });
  append(log);
  log.commit();
  assert.equal(log.durable?.checkpoint.size, 1);
  stage.clock.advance(49);
  await new Promise(setImmediate);
  assert.equal(log.durable?.checkpoint.size, 1);
  assert.equal(log.status.unsignedRecords, 1);
  stage.clock.advance(1);
  await new Promise(setImmediate);
  assert.equal(log.durable?.checkpoint.size, 2);
  assert.equal(log.status.unsignedRecords, 0);

  append(log);
  log.commit();
  const waited = new Promise((resolve) => log.whenDurable(2, resolve));
  stage.clock.advance(5);
  assert.equal(await waited, true);
  assert.equal(log.durable?.checkpoint.size, 3);
  await log.close();
});

test("512 records or 1 MiB are signed at once", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open({ disk: new FakeDisk() });
  const { size = 0 } = log.durable?.checkpoint ?? {};
  for (let count = 0; count < 512; count += 1) append(log);
  log.commit();
  stage.clock.advance(0);
  await new Promise(setImmediate);
  assert.equal(log.durable?.checkpoint.size, size + 512);
  append(log, "m".repeat(1024 * 1024));
  log.commit();
  stage.clock.advance(0);
  await new Promise(setImmediate);
  assert.equal(log.durable?.checkpoint.size, size + 513);
  await log.close();
});

test("who watches the mark is told where the line of the checkpoint ends", async (t) => {
  const stage = setLogStage(t);
  const disk = new FakeDisk();
  const log = await stage.open({ disk });
  const marks: unknown[] = [];
  const end = log.onDurable(({ checkpoint, place }) => marks.push([checkpoint.size, place]));
  append(log);
  log.commit();
  stage.clock.advance(50);
  await new Promise(setImmediate);
  const bytes = disk.segments.get("000000000000.jsonl")?.length;
  assert.deepEqual(marks, [[2, { first: 0, bytes }]]);
  end();
  await log.close();
  assert.equal(marks.length, 1);
});

test("a segment closes at 65,536 records with a seal, and the next is named for its first", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open();
  for (let count = 0; count < 65_535; count += 1) appendDecision(log);
  log.commit();
  appendDecision(log);
  log.commit();
  appendDecision(log);
  log.commit();
  await log.close();
  const folder = folderOf(stage.stateDir, log);
  assert.deepEqual(readdirSync(join(folder, "segments")).sort(), [
    "000000000000.jsonl",
    "000000000000.seal.json",
    "000000065536.jsonl",
  ]);
  const seal = JSON.parse(readFileSync(join(folder, "segments/000000000000.seal.json"), "utf8"));
  assert.equal(seal.count, 65_536);
  assert.equal(seal.retainUntil, "2027-04-06", "400 days later");
  const tiles = readdirSync(join(folder, "tile"), { encoding: "utf8", recursive: true });
  assert.ok(tiles.includes("0/255"));
  assert.ok(tiles.includes("1/000"));
  const report = audit(stage.stateDir, [keyOf(stage.stateDir, log)]);
  assert.deepEqual(report.logs[0]?.problems, []);
  assert.equal(report.status, "good");
  assert.equal(report.logs[0]?.size, 65_539);
});

test("a turn that would not fit goes to the next segment as a whole", async (t) => {
  const disk = new FakeDisk();
  const log = await setLogStage(t).open({ disk });
  const megabytes = "m".repeat(8 * 1024 * 1024 - 100);
  for (let index = 0; index < 7; index += 1) {
    append(log, megabytes);
    log.commit();
  }
  append(log, megabytes);
  append(log, "small");
  append(log, "m".repeat(1000));
  log.commit();
  assert.deepEqual([...disk.segments.keys()], ["000000000000.jsonl", "000000000008.jsonl"]);
  assert.equal(disk.records().length, 11);
  await log.close();
});

test("a segment closes after an hour", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  const log = await stage.open({ disk });
  append(log);
  log.commit();
  stage.clock.advance(3_600_000);
  append(log);
  log.commit();
  assert.equal(disk.segments.size, 2);
  await log.close();
});

test("two logs open at once have different slots, and a slot that was let go is taken", async (t) => {
  const stage = setLogStage(t);
  const first = await stage.open();
  const second = await stage.open();
  assert.match(first.origin, /\/0\/[0-9a-f]{8}$/);
  assert.match(second.origin, /\/1\/[0-9a-f]{8}$/);
  await first.close();
  const third = await stage.open();
  assert.equal(third.origin, first.origin, "its log is gone on with");
  await second.close();
  await third.close();
});

test("a folder that cannot be made is a fault", async (t) => {
  const stage = setLogStage(t);
  const file = join(stage.stateDir, "file");
  writeFileSync(file, "");
  await assert.rejects(
    stage.open({ stateDir: file }),
    (error) => error instanceof Fault && error.code === "audit_unavailable",
  );
});

test("lines of any size and script come back as they were appended", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open();
  const texts = ["{}", '"ü€\u{1f600}"', `"${"l".repeat(200_000)}"`, '"end"'];
  for (const text of texts) log.append(() => text, other);
  log.commit();
  await log.close();
  assert.deepEqual(readLines(folderOf(stage.stateDir, log)).slice(2, 6), texts);
});

test("a beat each minute tells what the log has and what is still open", async (t) => {
  const disk = new FakeDisk();
  const stage = setLogStage(t);
  const log = await stage.open({ disk });
  const seq = appendDecision(log);
  log.commit();
  stage.clock.advance(60_000);
  await new Promise(setImmediate);
  const beat = disk.records().at(-1);
  assert.equal(beat?.["kind"], "beat");
  assert.equal(beat?.["oldestOpen"], seq);
  assert.equal(beat?.["minimum"], 0);
  assert.deepEqual(beat?.["counts"], { decision: 1, open: 1 });
  assert.equal((beat?.["previous"] as { size: number } | undefined)?.size, 2);
  await log.close();
});
