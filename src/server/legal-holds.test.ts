import assert from "node:assert/strict";
import { randomFillSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { folderOf, readLogRecords, until } from "../../test/support/log-stage.ts";
import {
  appendFinal,
  endSegment,
  segmentsIn,
  setLogScene,
} from "../../test/support/recorded-logs.ts";
import { createUuidV7 } from "../base/index.ts";
import { createOperatorLog, createTelemetry } from "../telemetry/index.ts";
import { parseConfig } from "./config.ts";
import { createHoldReader, holdsOf } from "./legal-holds.ts";
import { openRecords } from "./open-records.ts";
import { createSystemClock } from "./system-clock.ts";

const dayMs = 86_400_000;

/** A state directory with a segment that is long past its retention, and what a server does with it. */
async function setOldState(t: TestContext) {
  const scene = setLogScene(t);
  scene.clock.advance(Date.now() - 1_000 * dayMs - scene.clock.nowMicros() / 1000);
  const old = await scene.open({ retentionDays: 184 });
  appendFinal(old);
  await endSegment(old, scene);
  appendFinal(old);
  old.commit();
  await old.close();
  const folder = folderOf(scene.stateDir, old);
  const serve = async () => {
    const path = join(scene.stateDir, "chancery.yaml");
    const audit = "{ origin: gov.acme.example/eu1, retentionDays: 184 }";
    const policies = "{ sources: [{ directory: policies }], unsigned: true }";
    const text = `listeners: [{ address: "127.0.0.1:0" }]\npolicies: ${policies}\nstateDir: .\naudit: ${audit}\n`;
    const { config } = parseConfig({ path, text });
    assert.ok(config !== undefined);
    const clock = createSystemClock();
    return openRecords({
      ...{ config, clock, isSent: () => true },
      createId: createUuidV7(() => clock.nowMicros(), randomFillSync),
      telemetry: createTelemetry({ version: "0.0.0" }),
      log: createOperatorLog({ level: "fatal", destination: process.stderr }),
    });
  };
  return { folder, scene, serve };
}

test("a server prunes what is over, and nothing under a hold or where holds cannot be read", async (t) => {
  const [held, unreadable, free] = [
    await setOldState(t),
    await setOldState(t),
    await setOldState(t),
  ];
  const argv = ["hold", "set", "--state", ".", "--tenant", "acme", "--reason", "case 7"];
  assert.equal((await held.scene.run(...argv)).exit, 0);
  assert.deepEqual(
    holdsOf(held.scene.stateDir).map(({ tenant }) => tenant),
    ["acme"],
  );
  const broken = join(unreadable.scene.stateDir, "log/admin/0123abcd/segments");
  mkdirSync(broken, { recursive: true });
  writeFileSync(join(broken, "000000000000.jsonl"), "{}\n");
  const before = [held, unreadable].map(({ folder }) => segmentsIn(folder)[0]);
  const logs = [await held.serve(), await unreadable.serve(), await free.serve()];
  // The others looked before this one did.
  await until(() => segmentsIn(free.folder)[0] !== before[0]);
  for (const log of logs) await log.close();
  assert.deepEqual(
    [held, unreadable].map(({ folder }) => segmentsIn(folder)[0]),
    before,
  );
  const kinds = [held, unreadable, free].map(({ folder }) =>
    readLogRecords(folder).some(({ kind }) => kind === "prune"),
  );
  assert.deepEqual(kinds, [false, false, true]);
});

test("who asks often is told anew what changed, and never what cannot be read any more", async (t) => {
  const scene = setLogScene(t);
  const read = createHoldReader(scene.stateDir);
  assert.deepEqual(read().inForce, []);
  const argv = ["hold", "set", "--state", ".", "--tenant", "acme", "--reason", "case 7"];
  assert.equal((await scene.run(...argv)).exit, 0);
  const book = read();
  assert.equal(book, read(), "the log is not read again");
  const [hold] = book.inForce;
  assert.equal(hold?.tenant, "acme");
  const segment = findSegment(scene.stateDir);
  const bytes = readFileSync(segment);
  writeFileSync(segment, "{}\n");
  assert.throws(read, /verify the log/);
  assert.throws(read, /verify the log/);
  writeFileSync(segment, bytes);
  assert.equal(read().inForce.length, 1);
  const lift = ["hold", "lift", hold?.hold ?? "", "--state", ".", "--reason", "over"];
  assert.equal((await scene.run(...lift)).exit, 0);
  assert.deepEqual(read(), { inForce: [], lifted: new Set([hold?.hold]) });
});

/** The one segment of the admin log. */
function findSegment(stateDir: string): string {
  const slot = join(stateDir, "log/admin");
  const folder = join(slot, readFileSync(join(slot, "current"), "utf8"));
  return join(folder, "segments", segmentsIn(folder)[0] ?? "");
}
