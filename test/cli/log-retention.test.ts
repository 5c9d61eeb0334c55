import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { pseudonymOf } from "../../src/identity/index.ts";
import { createPseudonymKeys } from "../../src/server/pseudonym-keys.ts";
import { SubjectKeys } from "../../src/server/subject-keys.ts";
import { VersionStore } from "../../src/stores/index.ts";
import { folderOf, keyOf } from "../support/log-stage.ts";
import {
  adminRecords,
  appendFinal,
  endSegment,
  type LogScene,
  segmentsIn,
  setLogScene,
} from "../support/recorded-logs.ts";

const dayMs = 86_400_000;
const because = ["--reason", "case 7", "--actor", "ann"];

/** A log whose first three segments are long past their retention, of two tenants. */
async function setOldLog(t: TestContext) {
  const scene = setLogScene(t);
  scene.clock.advance(Date.now() - 1_000 * dayMs - scene.clock.nowMicros() / 1000);
  const log = await scene.open({ retentionDays: 184 });
  for (const tenant of ["globex", "acme", "globex"]) {
    appendFinal(log, { tenant });
    await endSegment(log, scene);
  }
  const now = () => new Date(scene.clock.nowMicros() / 1000).toISOString();
  const begun = now();
  appendFinal(log);
  log.commit();
  await log.close();
  const folder = folderOf(scene.stateDir, log);
  return { begun, folder, key: keyOf(scene.stateDir, log), log, scene };
}

async function pruned(scene: LogScene, ...argv: readonly string[]) {
  const { exit, stdout } = await scene.run("prune", "log/0", "--format", "json", ...argv);
  const { held, logs, minimum, records, segments } = JSON.parse(stdout);
  assert.equal(logs.length, 1);
  return { exit, held, minimum, records, segments };
}

describe("log prune", () => {
  test("says what would go, and lets it go with a record of who did it", async (t) => {
    const { folder, key, scene } = await setOldLog(t);
    const before = segmentsIn(folder);
    const dry = await pruned(scene, "--dry-run");
    assert.deepEqual([dry.exit, dry.held], [0, 0]);
    assert.ok(dry.segments >= 3);
    assert.deepEqual(segmentsIn(folder), before);
    assert.deepEqual(await pruned(scene, "--actor", "ann"), dry);
    assert.equal(segmentsIn(folder)[0], `${String(dry.minimum).padStart(12, "0")}.jsonl`);
    const shown = await scene.run("tail", "log/0", "--kind", "prune", "--format", "json");
    const { actor, minimum } = JSON.parse(shown.stdout);
    assert.deepEqual([actor, minimum], ["ann", dry.minimum]);
    const verified = await scene.run("verify", "log/0", "--key", key);
    assert.equal(verified.exit, 0, verified.stdout);
    const exported = await scene.run("export", "log/0", "--out", "out", "--tiles");
    assert.equal(exported.exit, 0, exported.stderr);
    const copy = await scene.run("verify", "out", "--key", key);
    assert.equal(copy.exit, 0, copy.stdout);
  });

  test("takes versions of policies along that no record names any more", async (t) => {
    const { scene } = await setOldLog(t);
    const store = new VersionStore(join(scene.stateDir, "snapshots"));
    const text = "kind: KillSwitch";
    const file = { path: "platform/stop.yaml", namespace: "platform", text };
    await store.keepSwitch("platform/stop", 1, file, Date.now() - 1_010 * dayMs);
    const run = async (...argv: readonly string[]) => {
      const { exit, stdout } = await scene.run("prune", "log/0", ...argv, "--format", "json");
      const isKept = (await store.killSwitch("platform/stop", 1)) !== undefined;
      return [exit, JSON.parse(stdout).versions, isKept];
    };
    const one = { layers: 0, killSwitches: 1 };
    assert.deepEqual(await run("--dry-run"), [0, one, true]);
    const dry = await scene.run("prune", "log/0", "--dry-run");
    assert.match(
      dry.stdout,
      /snapshots {2}0 versions of policies, 1 version of kill switches would/,
    );
    assert.deepEqual(await run(), [0, one, false]);
    assert.deepEqual(await run(), [0, { layers: 0, killSwitches: 0 }, false]);
  });

  test("leaves all versions where a log cannot be read, and says so", async (t) => {
    const { folder, scene } = await setOldLog(t);
    const before = segmentsIn(folder).length;
    const store = new VersionStore(join(scene.stateDir, "snapshots"));
    const file = { path: "platform/stop.yaml", namespace: "platform", text: "kind: KillSwitch" };
    await store.keepSwitch("platform/stop", 1, file, Date.now() - 1_010 * dayMs);
    mkdirSync(join(scene.stateDir, "log/1/0000abcd/segments"), { recursive: true });
    writeFileSync(join(scene.stateDir, "log/1/0000abcd/segments/000000000000.jsonl"), "broken\n");
    const { exit, stderr, stdout } = await scene.run("prune", "log/0", "--format", "json");
    assert.equal(exit, 3);
    assert.match(stderr, /No version of policies was pruned/);
    const { segments, versions } = JSON.parse(stdout);
    assert.deepEqual([segments, versions], [before - segmentsIn(folder).length, null]);
    assert.ok(segments > 0, "what went is told all the same");
    assert.ok(await store.killSwitch("platform/stop", 1));
  });

  test("says of what a sink has not sent that it stays, as it then does", async (t) => {
    const { folder, log, scene } = await setOldLog(t);
    const [first = "", second = ""] = segmentsIn(folder);
    const seq = Number.parseInt(second, 10);
    const sent = (position: object) => {
      mkdirSync(join(scene.stateDir, "sinks"), { recursive: true });
      const logs = { [log.origin]: position };
      const cursor = JSON.stringify({ format: 1, logs, refused: [] });
      writeFileSync(join(scene.stateDir, "sinks/siem.json"), cursor);
    };
    sent({ segment: 0, byte: 10, seq: seq - 1 });
    for (const argv of [["--dry-run"], []]) {
      assert.equal((await pruned(scene, ...argv)).segments, 0, argv.join());
    }
    assert.equal(segmentsIn(folder)[0], first);
    sent({ segment: seq, byte: 0, seq });
    const dry = await pruned(scene, "--dry-run");
    assert.deepEqual([dry.segments, dry.minimum], [1, seq]);
    assert.equal(segmentsIn(folder)[0], first);
    assert.deepEqual(await pruned(scene), dry);
    assert.equal(segmentsIn(folder)[0], second);
  });

  test("leaves logs to the process that writes them, and copies alone", async (t) => {
    const { folder, scene } = await setOldLog(t);
    const before = segmentsIn(folder);
    const log = await scene.open({ retentionDays: 184 });
    const { exit, stderr } = await scene.run("prune", "log/0");
    assert.equal(exit, 0);
    assert.match(stderr, /is being written; its process prunes it/);
    assert.ok(before.every((name) => segmentsIn(folder).includes(name)));
    await log.close();
    await scene.run("export", "log/0", "--out", "copy");
    assert.equal((await scene.run("prune", "copy")).exit, 3);
  });
});

describe("log hold", () => {
  test("keeps what it covers and all behind it, until it is lifted", async (t) => {
    const { begun, folder, key, scene } = await setOldLog(t);
    const set = await scene.run(
      ...["hold", "set", "--state", ".", "--tenant", "acme", "--to", begun, ...because],
      ...["--format", "json"],
    );
    assert.equal(set.exit, 0, set.stderr);
    const [hold] = JSON.parse(set.stdout).holds;
    assert.deepEqual(Object.keys(hold).sort(), [
      ...["actor", "from", "hold", "reason", "since", "tenant", "to"],
    ]);
    const list = await scene.run("hold", "list", "--state", ".", "--format", "json");
    assert.deepEqual(
      JSON.parse(list.stdout).holds.map(({ hold: id }: { hold: string }) => id),
      [hold.hold],
    );
    const kept = await pruned(scene);
    assert.equal(kept.exit, 1, "a hold kept something");
    assert.deepEqual([kept.segments, kept.held], [1, 1]);
    assert.equal((await scene.run("hold", "lift", "--state", ".", "nobody", ...because)).exit, 2);
    assert.equal((await scene.run("hold", "lift", "--state", ".", hold.hold, ...because)).exit, 0);
    const rest = await pruned(scene);
    assert.deepEqual([rest.exit, rest.held], [0, 0]);
    assert.ok(rest.segments >= 2);
    assert.deepEqual(
      adminRecords(scene).map(({ event, hold: id }) => [event, id]),
      [
        ["set", hold.hold],
        ["lifted", hold.hold],
      ],
    );
    assert.equal((await scene.run("verify", folder, "--key", key)).exit, 0);
  });

  test("of another tenant or time keeps nothing", async (t) => {
    const { begun, scene } = await setOldLog(t);
    await scene.run("hold", "set", "--state", ".", "--tenant", "initech", ...because);
    await scene.run("hold", "set", "--state", ".", "--tenant", "acme", "--from", begun, ...because);
    const { held, segments } = await pruned(scene, "--dry-run");
    assert.ok(segments >= 3);
    assert.equal(held, 0);
  });

  test("keeps everything where the holds cannot be read", async (t) => {
    const { folder, scene } = await setOldLog(t);
    await scene.run("hold", "set", "--state", ".", "--tenant", "initech", ...because);
    const before = segmentsIn(folder);
    const slot = join(scene.stateDir, "log/admin");
    const id = readdirSync(slot).find((name) => /^[0-9a-f]{8}$/.test(name)) ?? "";
    writeFileSync(join(slot, id, "segments/000000000000.jsonl"), "{}\n");
    const { exit, stderr } = await scene.run("prune", "log/0");
    assert.equal(exit, 3);
    assert.match(stderr, /The legal holds cannot be read/);
    assert.deepEqual(segmentsIn(folder), before);
  });

  test("needs to be told whose, why, and in the right order of time", async (t) => {
    const scene = setLogScene(t);
    for (const argv of [
      ["set", "--tenant", "acme"],
      ["set", ...because],
      ["set", "--tenant", "../keys", ...because],
      ["set", "--tenant", "acme", "--from", "2026-02-01", "--to", "2026-01-01", ...because],
      ["lift", ...because],
      ["keep"],
    ]) {
      const { exit } = await scene.run("hold", ...argv, "--state", ".");
      assert.equal(exit, 3, argv.join(" "));
    }
    assert.deepEqual(readdirSync(scene.stateDir), [], "nothing was written");
  });
});

const ann = { tenant: "acme", issuer: "https://id.example", subject: "ann@corp.example" };

describe("log erase", () => {
  const erase = (scene: LogScene, ...argv: readonly string[]) =>
    scene.run("erase", "--state", ".", "--tenant", "acme", ...because, ...argv);

  test("makes a month unlinkable; the records stay and verify", async (t) => {
    const scene = setLogScene(t);
    const keys = createPseudonymKeys(scene.stateDir, scene.clock);
    const before = pseudonymOf(keys("acme"), ann);
    const log = await scene.open();
    appendFinal(log, { principal: { kind: "user", ref: before, auth: "jwt" } });
    await log.close();
    const { exit, stdout } = await erase(scene, "--month", "2026-03", "--format", "json");
    assert.deepEqual([exit, JSON.parse(stdout)], [0, { erased: 1 }]);
    assert.deepEqual(readdirSync(join(scene.stateDir, "keys/pseudonyms")), []);
    // The server that runs takes another key within a second; nothing leads back to the old one.
    scene.clock.advance(1_000);
    assert.notEqual(pseudonymOf(keys("acme"), ann), before);
    const key = keyOf(scene.stateDir, log);
    assert.equal((await scene.run("verify", "log/0", "--key", key)).exit, 0);
    const [record] = adminRecords(scene);
    assert.deepEqual(
      [record?.kind, record?.["scope"], record?.["tenant"], record?.["month"], record?.["actor"]],
      ["erase", "tenant_month", "acme", "2026-03", "ann"],
    );
    assert.equal((await erase(scene, "--month", "2025-01")).exit, 2);
  });

  test("is forbidden by a hold on that time, unless it is overridden", async (t) => {
    const scene = setLogScene(t);
    const keys = createPseudonymKeys(scene.stateDir, scene.clock);
    keys("acme");
    const hold = ["hold", "set", "--state", ".", ...because, "--tenant", "acme"];
    await scene.run(...hold, "--from", "2026-04-01");
    await scene.run(...hold, "--to", "2026-02-28");
    await scene.run(...hold, "--from", "2026-03-31T23:59:59Z", "--to", "2026-05-01");
    const refused = await erase(scene, "--month", "2026-03");
    assert.equal(refused.exit, 1);
    assert.match(refused.stderr, /forbids it/);
    assert.deepEqual(readdirSync(join(scene.stateDir, "keys/pseudonyms")), ["acme-202603"]);
    assert.equal((await erase(scene, "--month", "2026-03", "--override-hold")).exit, 0);
    assert.equal(adminRecords(scene).at(-1)?.["override"], true);
    assert.deepEqual(readdirSync(join(scene.stateDir, "keys/pseudonyms")), []);
  });

  test("of one person leaves the others, and names nobody", async (t) => {
    const scene = setLogScene(t);
    const bob = { ...ann, subject: "bob@corp.example" };
    const keys = new SubjectKeys(scene.stateDir, scene.clock);
    t.after(() => keys.close());
    const [ofAnn, ofBob] = [ann, bob].map((one) => pseudonymOf(keys.of(one), one));
    const { issuer, subject } = ann;
    writeFileSync(join(scene.stateDir, "who.json"), JSON.stringify({ issuer, subject }));
    const { exit, stderr, stdout } = await erase(scene, "--subject", "who.json");
    assert.equal(exit, 0, stderr);
    const said = JSON.stringify([stdout, stderr, adminRecords(scene)]);
    assert.ok(!said.includes(subject) && !said.includes(issuer));
    assert.equal(adminRecords(scene)[0]?.["scope"], "subject");
    scene.clock.advance(1_000);
    assert.notEqual(pseudonymOf(keys.of(ann), ann), ofAnn);
    assert.equal(pseudonymOf(keys.of(bob), bob), ofBob);
    writeFileSync(join(scene.stateDir, "who.json"), JSON.stringify({ subject: "carl" }));
    assert.equal((await erase(scene, "--subject", "who.json")).exit, 2);
    await scene.run("hold", "set", "--state", ".", ...because, "--tenant", "acme");
    writeFileSync(join(scene.stateDir, "who.json"), JSON.stringify({ issuer, subject }));
    assert.equal((await erase(scene, "--subject", "who.json")).exit, 1);
  });

  test("takes no person as an argument, and says nothing of what a file holds", async (t) => {
    const scene = setLogScene(t);
    for (const text of [
      "ann@corp.example",
      '{"name":"ann@corp.example"}',
      '["ann@corp.example"]',
    ]) {
      writeFileSync(join(scene.stateDir, "who.json"), text);
      const { exit, stderr } = await erase(scene, "--subject", "who.json");
      assert.equal(exit, 3);
      assert.ok(!stderr.includes("ann@"));
    }
    assert.equal((await erase(scene)).exit, 3);
    assert.equal((await erase(scene, "--month", "2026-13")).exit, 3);
    assert.equal((await erase(scene, "--month", "2026-03", "--subject", "who.json")).exit, 3);
  });
});
