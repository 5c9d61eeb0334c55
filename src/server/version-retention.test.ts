import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { FakeClock } from "../../test/support/fake-clock.ts";
import { folderOf, setLogStage, until } from "../../test/support/log-stage.ts";
import { appendFinal, endSegment, segmentsIn } from "../../test/support/recorded-logs.ts";
import { findOldestRecord, type RecordLog, takeSlotLock } from "../log/index.ts";
import type { PolicyFile } from "../policy/index.ts";
import { canonicalJson } from "../signing/index.ts";
import { type VersionedLayer, VersionStore } from "../stores/index.ts";
import { createLastGoodStore } from "./last-good-store.ts";
import { pruneVersions } from "./version-retention.ts";
import { digestsOf } from "./versioned-layers.ts";

const dayMs = 86_400_000;
const none = { layers: 0, killSwitches: 0 };

function layerOf(name: string): VersionedLayer {
  const text = canonicalJson({
    apiVersion: "chancery/v1alpha1",
    kind: "App",
    metadata: { name, namespace: "acme" },
    spec: {},
  });
  const files: readonly PolicyFile[] = [{ path: "acme/app.yaml", namespace: "acme", text }];
  const [digest = ""] = digestsOf(files);
  return { namespace: "acme", digest, files };
}

function switchFile(sequence: number): PolicyFile {
  const text = canonicalJson({
    apiVersion: "chancery/v1alpha1",
    kind: "KillSwitch",
    metadata: { name: "stop", namespace: "platform" },
    spec: { active: false, reason: "case 7", sequence, target: { tenants: ["acme"] } },
  });
  return { path: "platform/stop.yaml", namespace: "platform", text };
}

const [former, latter] = [layerOf("former"), layerOf("latter")];

/** Lets a log prune itself, which waits for a commit, and closes it. Gives how many segments went. */
async function pruneRecords(log: RecordLog, clock: FakeClock): Promise<number> {
  let gone: number | undefined;
  void log.prune({ reason: "retention", actor: "chancery" }).then((segments) => {
    gone = segments.length;
  });
  await until(() => {
    clock.advance(50);
    return gone !== undefined;
  });
  await log.close();
  return gone ?? 0;
}

/**
 * Two versions and two sequences of a kill switch that served one after the other, each with a segment
 * of records; the first of these is long past its retention.
 */
async function setVersions(t: TestContext) {
  const stage = setLogStage(t);
  const { clock, stateDir } = stage;
  const nowMs = () => clock.nowMicros() / 1000;
  const store = new VersionStore(join(stateDir, "snapshots"));
  const open = () => stage.open({ retentionDays: 184 });
  let folder = "";
  for (const [index, layer] of [former, latter].entries()) {
    await store.keep([layer], nowMs());
    await store.keepSwitch("platform/stop", index + 1, switchFile(index + 1), nowMs());
    // Records begin a segment of their own once the version before can be named no more.
    clock.advance(2 * dayMs);
    const log = await open();
    folder = folderOf(stateDir, log);
    appendFinal(log);
    await endSegment(log, stage);
    await log.close();
    clock.advance(100 * dayMs);
    await store.refresh(nowMs());
  }
  /** Lets go what is over by then, as a server does. */
  const pruneLog = async () => {
    return pruneRecords(await open(), clock);
  };
  return {
    ...{ folder, nowMs, pruneLog, stage, stateDir },
    prune: (more: { isDry?: boolean } = {}) => pruneVersions(stateDir, { nowMs: nowMs(), ...more }),
    has: async ({ digest, namespace }: VersionedLayer) =>
      (await new VersionStore(join(stateDir, "snapshots")).layer(namespace, digest)) !== undefined,
    hasSwitch: async (sequence: number) =>
      (await new VersionStore(join(stateDir, "snapshots")).killSwitch(
        "platform/stop",
        sequence,
      )) !== undefined,
  };
}

test("a version stays while a record may name it, and goes when its records went", async (t) => {
  const { has, hasSwitch, prune, pruneLog, stage } = await setVersions(t);
  assert.deepEqual(await prune(), none);
  stage.clock.advance(90 * dayMs);
  assert.ok((await pruneLog()) > 0);
  assert.deepEqual(await prune({ isDry: true }), { layers: 1, killSwitches: 1 });
  assert.ok(await has(former));
  assert.deepEqual(await prune(), { layers: 1, killSwitches: 1 });
  assert.deepEqual([await has(former), await has(latter)], [false, true]);
  assert.deepEqual([await hasSwitch(1), await hasSwitch(2)], [false, true]);
  assert.deepEqual(await prune(), none);
});

test("a version stays as long as one record, of any slot or of a log that was replaced", async (t) => {
  const { folder, has, prune, pruneLog, stage, stateDir } = await setVersions(t);
  const other = join(stateDir, "log/7/0000abcd/segments");
  const [first = ""] = segmentsIn(folder);
  mkdirSync(other, { recursive: true });
  cpSync(join(folder, "segments", first), join(other, first));
  stage.clock.advance(90 * dayMs);
  await pruneLog();
  assert.deepEqual(await prune(), none);
  assert.ok(await has(former));
  rmSync(join(stateDir, "log/7"), { recursive: true });
  assert.equal((await prune()).layers, 1);
});

test("what a legal hold keeps of the records keeps their versions", async (t) => {
  const { has, prune, pruneLog, stage } = await setVersions(t);
  stage.clock.advance(90 * dayMs);
  const readHolds = async () => [{ tenant: "acme" }];
  const held = await stage.open({ retentionDays: 184, readHolds });
  assert.equal(await pruneRecords(held, stage.clock), 0);
  assert.deepEqual(await prune(), none);
  assert.ok(await has(former));
  await pruneLog();
  assert.equal((await prune()).layers, 1);
});

test("a segment that has no record yet says nothing", async (t) => {
  const { folder, prune, pruneLog, stage } = await setVersions(t);
  stage.clock.advance(90 * dayMs);
  await pruneLog();
  writeFileSync(join(folder, "segments/000000000000.jsonl"), "");
  assert.equal((await prune()).layers, 1);
});

test("nothing goes where a log cannot be read, or there is none", async (t) => {
  const { folder, has, prune, pruneLog, stage, stateDir } = await setVersions(t);
  stage.clock.advance(90 * dayMs);
  await pruneLog();
  const [first = ""] = segmentsIn(folder);
  const path = join(folder, "segments", first);
  const good = readFileSync(path);
  for (const bad of ["not a record\n", '{"kind":"decision"}\n', `${good}garbage\n`]) {
    writeFileSync(path, bad);
    await assert.rejects(prune());
    assert.ok(await has(former), bad);
  }
  writeFileSync(path, good);
  if (process.getuid?.() !== 0) {
    chmodSync(path, 0o000);
    await assert.rejects(prune());
    chmodSync(path, 0o600);
  }
  rmSync(join(folder, "segments"), { recursive: true });
  await assert.rejects(prune());
  rmSync(join(stateDir, "log"), { recursive: true });
  assert.deepEqual(await prune(), none);
  assert.ok(await has(former));
});

test("what is the last good, or stands as a kill switch, stays at any age", async (t) => {
  const { has, hasSwitch, prune, pruneLog, stage, stateDir } = await setVersions(t);
  stage.clock.advance(90 * dayMs);
  await pruneLog();
  const good = createLastGoodStore(stateDir, ["policies"]);
  await good.save({ confirmedAtMs: new Map(), files: former.files });
  writeFileSync(join(stateDir, "kill-switches.json"), JSON.stringify([switchFile(1)]));
  assert.deepEqual(await prune(), none);
  assert.ok((await has(former)) && (await hasSwitch(1)));
});

test("of a version without a mark nobody knows when it served, so its time begins anew", async (t) => {
  const { has, nowMs, prune, pruneLog, stage, stateDir } = await setVersions(t);
  stage.clock.advance(90 * dayMs);
  await pruneLog();
  const mark = join(stateDir, "snapshots/sha256", former.digest.slice(7), "served");
  rmSync(mark);
  assert.equal((await prune({ isDry: true })).layers, 0);
  assert.equal((await prune()).layers, 0);
  assert.ok(await has(former));
  utimesSync(mark, (nowMs() - 400 * dayMs) / 1000, (nowMs() - 400 * dayMs) / 1000);
  assert.equal((await prune()).layers, 1);
});

test("one process at a time is at it", async (t) => {
  const { prune, pruneLog, stage, stateDir } = await setVersions(t);
  stage.clock.advance(90 * dayMs);
  await pruneLog();
  const lock = takeSlotLock(join(stateDir, "snapshots/retention.lock"));
  assert.deepEqual(await prune(), { ...none, isBusy: true });
  lock?.release();
  assert.equal((await prune()).layers, 1);
  assert.deepEqual(
    readdirSync(join(stateDir, "snapshots/sha256")).filter((name) => name.includes(".")),
    [],
  );
});

test("a record that was written late is as old as what it tells of", async (t) => {
  const { folder, has, nowMs, prune, pruneLog, stage, stateDir } = await setVersions(t);
  stage.clock.advance(90 * dayMs);
  await pruneLog();
  const names = segmentsIn(folder);
  const at = new Date(nowMs() - 250 * dayMs).toISOString();
  const path = join(folder, "segments", names[0] ?? "");
  appendFileSync(path, `${canonicalJson({ at, kind: "decision", late: true })}\n{"at":"torn`);
  const options = { without: [], isExact: true };
  assert.equal(await findOldestRecord(stateDir, options), Date.parse(at));
  assert.deepEqual(await prune(), none);
  assert.ok(await has(former));
});
