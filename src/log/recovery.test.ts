import assert from "node:assert/strict";
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  appendClosing,
  appendDecision,
  audit,
  folderOf,
  keyOf,
  type LogStage,
  readLines,
  readLogRecords,
  setLogStage,
} from "../../test/support/log-stage.ts";
import { generateNoteSigner } from "../signing/index.ts";
import { type LogObserver, silentLogObserver } from "./log-observer.ts";

const exchange = (name: string) => `01a1fd1e-9060-7266-9625-${name.repeat(12)}`;

/** What a process left that was killed: its files, copied while it still has them. */
function leave(stage: LogStage): string {
  const left = join(stage.stateDir, "left");
  cpSync(join(stage.stateDir, "log"), join(left, "log"), { recursive: true });
  cpSync(join(stage.stateDir, "keys"), join(left, "keys"), { recursive: true });
  return left;
}

function watchRecovery() {
  const results: string[] = [];
  const reasons: string[] = [];
  const observer: LogObserver = {
    ...silentLogObserver,
    recovered: (result) => results.push(result),
    troubled: (what, error) => reasons.push(`${what}: ${error}`),
  };
  return { results, reasons, observer };
}

test("a log that was closed is gone on with as clean", async (t) => {
  const stage = setLogStage(t);
  const { observer, results } = watchRecovery();
  const first = await stage.open();
  appendDecision(first, { exchange: exchange("a") });
  appendClosing(first, exchange("a"));
  first.commit();
  await first.close();
  const second = await stage.open({ observer });
  assert.equal(second.origin, first.origin);
  await second.close();
  const open = readLogRecords(folderOf(stage.stateDir, second)).findLast(
    ({ kind }) => kind === "open",
  );
  assert.equal(open?.["ended"], "clean");
  assert.deepEqual([open?.["adopted"], open?.["cutBytes"]], [0, 0]);
  assert.equal((open?.["previous"] as { size: number } | undefined)?.size, 4);
  assert.deepEqual(results, ["clean"]);
  assert.equal(audit(stage.stateDir, [keyOf(stage.stateDir, first)]).status, "good");
});

test("what a killed process wrote is adopted, and its exchanges are closed as lost", async (t) => {
  const stage = setLogStage(t);
  const first = await stage.open();
  appendDecision(first, { exchange: exchange("a") });
  appendDecision(first, { exchange: exchange("b") });
  appendClosing(first, exchange("a"));
  first.commit();
  const left = leave(stage);
  const { observer, results } = watchRecovery();
  const second = await stage.open({ stateDir: left, observer });
  assert.equal(second.origin, first.origin);
  await second.close();
  await first.close();
  const records = readLogRecords(folderOf(left, second));
  const open = records.findLast(({ kind }) => kind === "open");
  assert.equal(open?.["ended"], "crash");
  assert.deepEqual([open?.["adoptedFrom"], open?.["adopted"]], [1, 3]);
  const lost = records.filter(({ end }) => end === "lost");
  assert.deepEqual(
    lost.map((record) => [record.kind, record["exchange"]]),
    [["closing", exchange("b")]],
  );
  assert.deepEqual(results, ["adopted"]);
  const report = audit(left, [keyOf(left, second)]);
  assert.deepEqual(report.logs[0]?.problems, []);
  assert.equal(report.logs[0]?.unclosed.count, 0);
});

test("a torn line is cut off and kept in quarantine", async (t) => {
  const stage = setLogStage(t);
  const first = await stage.open();
  appendDecision(first);
  first.commit();
  const left = leave(stage);
  const folder = folderOf(left, first);
  appendFileSync(join(folder, "segments/000000000000.jsonl"), '{"at":"2026');
  const { observer, results } = watchRecovery();
  const second = await stage.open({ stateDir: left, observer });
  await second.close();
  await first.close();
  const open = readLogRecords(folder).findLast(({ kind }) => kind === "open");
  assert.equal(open?.["cutBytes"], 11);
  assert.match(String(open?.["cutSha256"]), /^[0-9a-f]{64}$/);
  assert.equal(readFileSync(join(folder, "quarantine/000000000002"), "utf8"), '{"at":"2026');
  assert.deepEqual(results, ["cut"]);
  assert.equal(audit(left, [keyOf(left, second)]).status, "good");
});

/** A log whose last checkpoint covers more than its segment has. */
async function cutLog(stage: LogStage): Promise<string> {
  const log = await stage.open();
  for (let count = 0; count < 3; count += 1) appendDecision(log);
  await log.close();
  const segment = join(folderOf(stage.stateDir, log), "segments/000000000000.jsonl");
  const [open = "", checkpoint = ""] = readLines(folderOf(stage.stateDir, log));
  truncateSync(segment, Buffer.byteLength(`${open}\n${checkpoint}\n`) + 10);
  return log.origin;
}

test("a log that is shorter than it was known to be is replaced, untouched, and serves nothing", async (t) => {
  const stage = setLogStage(t);
  const origin = await cutLog(stage);
  const before = readFileSync(
    join(folderOf(stage.stateDir, { origin }), "segments/000000000000.jsonl"),
  );
  const { observer, reasons, results } = watchRecovery();
  const log = await stage.open({ observer });
  assert.notEqual(log.origin, origin);
  assert.equal(log.isWritable, false);
  assert.throws(() => appendDecision(log), /damaged/);
  stage.clock.advance(60_000);
  await log.close();
  const [open, beat] = readLogRecords(folderOf(stage.stateDir, log));
  assert.equal(open?.["ended"], "replaced");
  const replaces = open?.["replaces"] as { log: string; size: number };
  assert.deepEqual([replaces.log, replaces.size], [origin, 1]);
  assert.equal(beat?.["refused"], 1);
  assert.deepEqual(results, ["corrupt"]);
  assert.match(reasons.join(), /recovery: .*size 5 is known, the log reaches 1/);
  const after = readFileSync(
    join(folderOf(stage.stateDir, { origin }), "segments/000000000000.jsonl"),
  );
  assert.deepEqual(after, before);
});

test("with onCorrupt: continue the new log serves", async (t) => {
  const stage = setLogStage(t);
  await cutLog(stage);
  const log = await stage.open({ onCorrupt: "continue" });
  assert.equal(log.isWritable, true);
  appendDecision(log);
  log.commit();
  await log.close();
});

test("a changed record under a checkpoint is damage, wherever it stands", async (t) => {
  for (const spoil of [
    (text: string) => text.replace('"kind":"decision"', '"kind":"decisiom"'),
    (text: string) => text.replace('"kind":"decision"', '"kind" :"decision"'),
    (text: string) => text.split("\n").toSpliced(2, 1).join("\n"),
  ]) {
    const stage = setLogStage(t);
    const first = await stage.open();
    appendDecision(first);
    appendDecision(first);
    await first.close();
    const folder = folderOf(stage.stateDir, first);
    // Even where nothing but the segment tells of it.
    rmSync(join(folder, "checkpoint"));
    const segment = join(folder, "segments/000000000000.jsonl");
    writeFileSync(segment, spoil(readFileSync(segment, "utf8")));
    const second = await stage.open();
    assert.equal(second.isWritable, false);
    assert.notEqual(second.origin, first.origin);
    await second.close();
  }
});

test("a root introduces a key for every process, and each is good for its own checkpoints", async (t) => {
  const stage = setLogStage(t);
  const rootKey = generateNoteSigner("gov.acme.example/root");
  for (let start = 0; start < 3; start += 1) {
    const log = await stage.open({ rootKey });
    appendDecision(log);
    log.commit();
    await log.close();
  }
  const left = leave(stageWithKeys(stage));
  const log = await stage.open({ rootKey, stateDir: left });
  const folder = folderOf(left, log);
  await log.close();
  const keys = readLogRecords(folder).filter(({ kind }) => kind === "key");
  assert.equal(keys.length, 4);
  const info = JSON.parse(readFileSync(join(folder, "log.json"), "utf8"));
  assert.deepEqual(
    info.keys,
    keys.map(({ note }) => note),
  );
  assert.equal(info.root, rootKey.verifierKey);
  const report = audit(left, [rootKey.verifierKey]);
  assert.deepEqual(report.logs[0]?.problems, []);
  assert.equal(report.status, "good");
});

/** With a root there are no key files. */
function stageWithKeys(stage: LogStage): LogStage {
  if (!existsSync(join(stage.stateDir, "keys"))) {
    cpSync(join(stage.stateDir, "log"), join(stage.stateDir, "keys"), { recursive: true });
  }
  return stage;
}

test("under another root or name a slot begins another log, and nobody is alarmed", async (t) => {
  const stage = setLogStage(t);
  const first = await stage.open();
  await first.close();
  const { observer, results } = watchRecovery();
  const rootKey = generateNoteSigner("gov.acme.example/root");
  const second = await stage.open({ rootKey, observer });
  assert.notEqual(second.origin, first.origin);
  assert.equal(second.isWritable, true);
  await second.close();
  const open = readLogRecords(folderOf(stage.stateDir, second)).find(({ kind }) => kind === "open");
  assert.equal((open?.["replaces"] as { log: string } | undefined)?.log, first.origin);
  const third = await stage.open({ rootKey, origin: "elsewhere", observer });
  assert.match(third.origin, /^elsewhere\/0\//);
  await third.close();
  assert.deepEqual(results, []);
});

test("a log whose own key is gone is not written any more", async (t) => {
  const stage = setLogStage(t);
  const first = await stage.open();
  await first.close();
  rmSync(join(stage.stateDir, "keys"), { recursive: true });
  const second = await stage.open();
  assert.notEqual(second.origin, first.origin);
  assert.equal(second.isWritable, false);
  await second.close();
});

test("a sealed segment is where a process goes on, with its tiles", async (t) => {
  const stage = setLogStage(t);
  const first = await stage.open();
  for (let count = 0; count < 33_000; count += 1) {
    const id = `01a1fd1e-9060-7266-9625-${String(count).padStart(12, "0")}`;
    appendDecision(first, { exchange: id });
    // One is left open in each segment.
    if (count !== 7 && count !== 32_999) appendClosing(first, id);
    if (count % 512 === 0) first.commit();
  }
  first.commit();
  const left = leave(stage);
  await first.close();
  const second = await stage.open({ stateDir: left });
  for (let count = 0; count < 300; count += 1) appendDecision(second);
  second.commit();
  await second.close();
  const report = audit(left, [keyOf(left, second)]);
  assert.deepEqual(report.logs[0]?.problems, []);
  const segments = readdirSync(join(folderOf(left, second), "segments"));
  assert.equal(segments.filter((name) => name.endsWith(".jsonl")).length, 2);
  const lost = readLogRecords(folderOf(left, second)).filter(({ end }) => end === "lost");
  assert.deepEqual(
    lost.map((record) => record["exchange"]),
    ["01a1fd1e-9060-7266-9625-000000000007", "01a1fd1e-9060-7266-9625-000000032999"],
  );
});
