import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import {
  appendClosing,
  appendDecision,
  audit,
  folderOf,
  keyOf,
  type LogStage,
  setLogStage,
} from "../../test/support/log-stage.ts";
import { parseVerifierKey } from "../signing/index.ts";
import type { RecordLog } from "./index.ts";
import { readLogInfo } from "./log-info.ts";
import { DamagedLogError, recoverLog } from "./recovery.ts";

const segmentPath = "segments/000000000000.jsonl";
const exchange = (name: number) => `01a1fd1e-9060-7266-9625-${String(name).padStart(12, "0")}`;

interface WrittenLog {
  readonly log: RecordLog;
  readonly folder: string;
  readonly bytes: Buffer;
  /** Where the line of the last durable checkpoint ends, and how much it covers. */
  readonly durableBytes: number;
  readonly durableSize: number;
}

/** A log with a durable checkpoint in the middle, and records behind it that only were written. */
async function writeLog(stage: LogStage): Promise<WrittenLog> {
  const log = await stage.open();
  for (let count = 0; count < 3; count += 1) appendDecision(log, { exchange: exchange(count) });
  appendClosing(log, exchange(1));
  log.commitNow();
  await log.close();
  const folder = folderOf(stage.stateDir, log);
  const again = await stage.open();
  const { checkpoint, place } = again.durable ?? {};
  for (let count = 3; count < 6; count += 1) appendDecision(again, { exchange: exchange(count) });
  again.commit();
  const bytes = readFileSync(join(folder, segmentPath));
  await again.close();
  return {
    ...{ log, folder, bytes },
    durableBytes: place?.bytes ?? 0,
    durableSize: checkpoint?.size ?? 0,
  };
}

/** Puts the log where it was when only its second checkpoint was durable. */
function restore(written: WrittenLog, checkpoint: string): void {
  const { bytes, folder } = written;
  writeFileSync(join(folder, segmentPath), bytes);
  writeFileSync(join(folder, "checkpoint"), checkpoint);
  rmSync(join(folder, "quarantine"), { recursive: true, force: true });
}

/** The note in the checkpoint line that ends at an offset. */
function noteBefore({ bytes, durableBytes }: WrittenLog): string {
  const text = bytes.subarray(0, durableBytes).toString().trimEnd();
  const line = text.slice(text.lastIndexOf("\n") + 1);
  return (JSON.parse(line) as { checkpoint: string }).checkpoint;
}

test("a cut at every byte behind the last durable checkpoint is recovered by adoption", async (t) => {
  const stage = setLogStage(t);
  const written = await writeLog(stage);
  const note = noteBefore(written);
  const info = readLogInfo(written.folder);
  const key = parseVerifierKey(keyOf(stage.stateDir, written.log));
  assert.ok(info && key);
  for (let end = written.durableBytes; end <= written.bytes.length; end += 1) {
    restore(written, note);
    truncateSync(join(written.folder, segmentPath), end);
    const found = recoverLog(written.folder, info, { trusted: [key], retentionDays: 400 });
    const lines = written.bytes.subarray(0, end).toString().split("\n").slice(0, -1);
    const records = lines.filter((line) => !line.startsWith('{"checkpoint"'));
    assert.equal(found.tree.size, records.length, `${end} bytes`);
    assert.ok(found.tree.size >= written.durableSize);
    const whole = written.bytes.lastIndexOf(0x0a, end - 1) + 1;
    assert.equal(found.cut?.bytes ?? 0, end - whole);
  }
});

test("a cut at every byte before it is damage, and nothing is touched", async (t) => {
  const stage = setLogStage(t);
  const written = await writeLog(stage);
  const note = noteBefore(written);
  const info = readLogInfo(written.folder);
  const key = parseVerifierKey(keyOf(stage.stateDir, written.log));
  assert.ok(info && key);
  const lastRecord = written.bytes.lastIndexOf(0x0a, written.durableBytes - 2);
  for (let end = 0; end <= lastRecord; end += 1) {
    restore(written, note);
    truncateSync(join(written.folder, segmentPath), end);
    assert.throws(
      () => recoverLog(written.folder, info, { trusted: [key], retentionDays: 400 }),
      DamagedLogError,
      `${end} bytes`,
    );
    assert.equal(readFileSync(join(written.folder, segmentPath)).length, end);
  }
});

test("wherever it is cut, the next process leaves logs that verify, and one history of each", async (t) => {
  const stage = setLogStage(t);
  const written = await writeLog(stage);
  const note = noteBefore(written);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: written.bytes.length }), async (end) => {
      restore(written, note);
      const copy = join(stage.stateDir, "copy");
      rmSync(copy, { recursive: true, force: true });
      for (const name of ["log", "keys"]) {
        cpSync(join(stage.stateDir, name), join(copy, name), { recursive: true });
      }
      truncateSync(join(folderOf(copy, written.log), segmentPath), end);
      const log = await stage.open({ stateDir: copy, onCorrupt: "continue" });
      appendDecision(log);
      log.commit();
      await log.close();
      const isAdopted = log.origin === written.log.origin;
      assert.equal(isAdopted, end >= written.durableBytes - 1 - noteLineBytes(written));
      const report = audit(copy, [keyOf(copy, log), keyOf(copy, written.log)]);
      const own = report.logs.find(({ origin }) => origin === log.origin);
      assert.deepEqual(own?.problems, []);
      assert.equal(own?.status, "good");
    }),
    { numRuns: 40 },
  );
});

/** The line of the checkpoint itself: the records it covers are whole without it. */
function noteLineBytes({ bytes, durableBytes }: WrittenLog): number {
  return durableBytes - 1 - (bytes.lastIndexOf(0x0a, durableBytes - 2) + 1);
}

test("after a power cut what was synced is there, and the rest may be anything", async (t) => {
  const stage = setLogStage(t);
  const written = await writeLog(stage);
  const note = noteBefore(written);
  for (const spoil of [
    (rest: Buffer) => rest.fill(0),
    (rest: Buffer) => rest.fill(0, 0, rest.length >> 1),
    (rest: Buffer) => rest.fill(0, rest.length >> 1),
    (rest: Buffer) => rest.fill("x"),
  ]) {
    restore(written, note);
    const bytes = Buffer.from(written.bytes);
    spoil(bytes.subarray(written.durableBytes));
    writeFileSync(join(written.folder, segmentPath), bytes);
    // Replaced, and its content not on the disk.
    writeFileSync(join(written.folder, "checkpoint"), Buffer.alloc(note.length));
    const log = await stage.open();
    assert.equal(log.origin, written.log.origin);
    await log.close();
    const report = audit(stage.stateDir, [keyOf(stage.stateDir, log)]);
    assert.deepEqual(report.logs[0]?.problems, []);
  }
});
