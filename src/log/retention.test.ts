import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  appendDecision,
  audit,
  folderOf,
  keyOf,
  type LogStage,
  readLogRecords,
  setLogStage,
  until,
} from "../../test/support/log-stage.ts";
import { holdsKeep, type LegalHold } from "../evidence/index.ts";
import type { RecordLog } from "./index.ts";
import { silentLogObserver } from "./log-observer.ts";

const dayMs = 86_400_000;

/** A log of three sealed segments and an open one. */
async function openSealed(
  stage: LogStage,
  readHolds?: () => Promise<readonly LegalHold[]>,
  onTrouble: (what: string) => void = () => undefined,
): Promise<RecordLog> {
  const log = await stage.open({
    retentionDays: 184,
    ...(readHolds && { readHolds }),
    observer: { ...silentLogObserver, troubled: onTrouble },
  });
  for (let segment = 0; segment < 3; segment += 1) {
    appendDecision(log, { text: `s${segment}` });
    log.commit();
    stage.clock.advance(3_600_000);
    await new Promise(setImmediate);
  }
  return log;
}

/** Time goes by without anybody at work; then the hour strikes. */
async function sleep(log: RecordLog, stage: LogStage, days: number): Promise<void> {
  await log.close();
  stage.clock.advance(days * dayMs);
}

function segmentsOf(folder: string): readonly string[] {
  return readdirSync(join(folder, "segments")).filter((name) => name.endsWith(".jsonl"));
}

test("what no record keeps any more goes, after a record that says so; seals and tiles stay", async (t) => {
  const stage = setLogStage(t);
  const first = await openSealed(stage);
  const folder = folderOf(stage.stateDir, first);
  await sleep(first, stage, 185);
  const before = segmentsOf(folder).length;
  const seals = readdirSync(join(folder, "segments")).filter((name) => name.includes("seal"));
  assert.ok(seals.length >= 3);
  const second = await stage.open({ retentionDays: 184 });
  stage.clock.advance(1_000);
  await until(() => {
    stage.clock.advance(50);
    return segmentsOf(folder).length < before;
  });
  await second.close();
  const prune = readLogRecords(folder).find(({ kind }) => kind === "prune");
  assert.equal(prune?.["reason"], "retention");
  assert.equal(prune?.["actor"], "chancery");
  const minimum = Number(prune?.["minimum"]);
  assert.equal(segmentsOf(folder)[0], `${String(minimum).padStart(12, "0")}.jsonl`);
  assert.equal(JSON.parse(readFileSync(join(folder, "log.json"), "utf8")).minimum, minimum);
  for (const seal of seals) assert.ok(readdirSync(join(folder, "segments")).includes(seal));
  const report = audit(stage.stateDir, [keyOf(stage.stateDir, second)]);
  assert.deepEqual(report.logs[0]?.problems, []);
  const third = await stage.open();
  assert.equal(third.origin, second.origin, "a pruned log is gone on with");
  await third.close();
});

test("nothing goes before its day, under a hold, or where holds cannot be read", async (t) => {
  const held = { tenant: "acme" };
  const cases: readonly [number, () => Promise<readonly LegalHold[]>][] = [
    [183, async () => []],
    [185, async () => [held]],
    [185, () => Promise.reject(new Error("no holds"))],
  ];
  for (const [days, readHolds] of cases) {
    const stage = setLogStage(t);
    const first = await stage.open({ retentionDays: 184 });
    first.append(
      ({ at, id, log, seq }) =>
        `{"at":"${at}","id":"${id}","kind":"policy","log":"${log}","seq":${seq},"tenant":"acme","v":1}`,
      { kind: "policy" },
    );
    first.commit();
    stage.clock.advance(3_600_000);
    const folder = folderOf(stage.stateDir, first);
    await sleep(first, stage, days);
    const before = segmentsOf(folder);
    const troubles: string[] = [];
    let isAsked = false;
    const asked = () => {
      isAsked = true;
      return readHolds();
    };
    const second = await stage.open({
      ...{ retentionDays: 184, readHolds: asked },
      observer: { ...silentLogObserver, troubled: (what) => troubles.push(what) },
    });
    stage.clock.advance(2_000);
    await until(() => isAsked);
    for (let round = 0; round < 50; round += 1) await new Promise(setImmediate);
    assert.equal(troubles.includes("retention"), days === 185 && troubles.length > 0);
    assert.ok(
      before.every((name) => segmentsOf(folder).includes(name)),
      `${days} days`,
    );
    await second.close();
    assert.equal(
      readLogRecords(folder).some(({ kind }) => kind === "prune"),
      false,
    );
  }
});

test("the record that sets a hold stays as long as the hold, whatever time that is of", () => {
  const hold = { hold: "h1", tenant: "acme", to: "2026-01-01T00:00:00.000000Z" };
  const record = { kind: "hold", hold: "h1", tenant: "acme", at: "2026-02-01T00:00:00.000000Z" };
  assert.equal(holdsKeep([hold], record), true);
  assert.equal(holdsKeep([hold], { ...record, hold: "h2" }), false);
  assert.equal(holdsKeep([hold], { ...record, kind: "decision" }), false);
  assert.equal(holdsKeep([hold], { ...record, kind: "decision", at: hold.to }), true);
  assert.equal(holdsKeep([{ tenant: "acme" }], { kind: "hold", tenant: "globex" }), false);
});

test("a record that is to be kept longer keeps its segment", async (t) => {
  const stage = setLogStage(t);
  const log = await stage.open({ retentionDays: 184 });
  log.append(
    ({ at, id, log: origin, seq }) =>
      `{"at":"${at}","id":"${id}","kind":"decision","log":"${origin}","seq":${seq},"v":1}`,
    { kind: "decision", retainDays: 1000 },
  );
  log.commit();
  stage.clock.advance(3_600_000);
  const folder = folderOf(stage.stateDir, log);
  await log.close();
  const seal = JSON.parse(readFileSync(join(folder, "segments/000000000000.seal.json"), "utf8"));
  assert.equal(seal.retainUntil, "2028-11-26");
});
