import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import {
  leafHash,
  parseCheckpoint,
  parseNote,
  parseTlogProof,
  verifyInclusion,
} from "../../src/signing/index.ts";
import { folderOf, keyOf, until } from "../support/log-stage.ts";
import {
  appendFinal,
  endSegment,
  type LogScene,
  segmentsIn,
  setLogScene,
} from "../support/recorded-logs.ts";

/** A log of three sealed segments of an hour each and an open one, `perSegment` decisions in each. */
async function setSegments(t: TestContext, perSegment = 3) {
  const scene = setLogScene(t);
  const log = await scene.open();
  for (let segment = 0; segment < 3; segment += 1) {
    for (let count = 0; count < perSegment; count += 1) {
      appendFinal(log, { tenant: count === 0 ? "globex" : "acme" });
    }
    await endSegment(log, scene);
  }
  appendFinal(log);
  log.commit();
  log.commitNow();
  const folder = folderOf(scene.stateDir, log);
  // It follows the commit, off the thread.
  await until(() => existsSync(join(folder, "checkpoint")));
  return { scene, log, folder, key: keyOf(scene.stateDir, log) };
}

async function export_(scene: LogScene, folder: string, ...argv: readonly string[]) {
  const { exit, stderr, stdout } = await scene.run(
    ...["export", folder, "--out", "out", "--format", "json", ...argv],
  );
  return { exit, stderr, told: stdout === "" ? undefined : JSON.parse(stdout) };
}

describe("log export of segments", () => {
  test("verifies like the log, while it is written and after", async (t) => {
    const { folder, key, log, scene } = await setSegments(t);
    // Written and not signed yet: nobody could verify it elsewhere.
    appendFinal(log);
    log.commit();
    const { exit, told } = await export_(scene, folder);
    assert.equal(exit, 0);
    assert.deepEqual(Object.keys(told), ["files", "records", "from", "to"]);
    const verified = await scene.run("verify", "out", "--key", key, "--format", "json");
    assert.equal(verified.exit, 0, verified.stdout);
    assert.equal(JSON.parse(verified.stdout).logs[0].size, told.records);
    assert.equal(
      readFileSync(join(scene.stateDir, "out/checkpoint"), "utf8").split("\n")[1],
      String(told.records),
    );
    await log.close();
    const whole = await scene.run("export", "log/0", "--out", "whole", "--tiles");
    assert.equal(whole.exit, 0, whole.stderr);
    const again = await scene.run("verify", "whole", "--key", key, "--format", "json");
    assert.equal(again.exit, 0, again.stdout);
    const { size } = JSON.parse(again.stdout).logs[0];
    const id = folder.split("/").at(-1) ?? "";
    assert.ok(existsSync(join(scene.stateDir, "whole", id, `tile/0/000.p/${size}`)));
  });

  test("ends where it is told, at the checkpoint of a segment", async (t) => {
    const { folder, key, log, scene } = await setSegments(t);
    await log.close();
    const { told } = await export_(scene, folder, "--until", "2026-03-02T11:30:00Z");
    assert.equal(segmentsIn(join(scene.stateDir, "out")).length, 2);
    const verified = await scene.run("verify", "out", "--key", key, "--format", "json");
    assert.equal(verified.exit, 0, verified.stdout);
    assert.equal(JSON.parse(verified.stdout).logs[0].size, told.records);
  });

  test("that begins later is incomplete and nothing worse, and its proofs hold", async (t) => {
    const { folder, key, log, scene } = await setSegments(t, 300);
    await log.close();
    const { exit, told } = await export_(
      scene,
      folder,
      "--since",
      "2026-03-02T11:30:00Z",
      "--tiles",
    );
    assert.equal(exit, 0);
    assert.equal(segmentsIn(join(scene.stateDir, "out")).length, segmentsIn(folder).length - 1);
    assert.equal(told.from, "2026-03-02T11:00:00.000000Z");
    const verified = await scene.run("verify", "out", "--key", key, "--format", "json");
    assert.equal(verified.exit, 2);
    const codes = JSON.parse(verified.stdout).logs[0].problems.map(
      ({ code }: { code: string }) => code,
    );
    assert.deepEqual(codes, ["start_missing"]);
    const lines = readFileSync(
      join(scene.stateDir, "out/segments", segmentsIn(join(scene.stateDir, "out"))[0] ?? ""),
      "utf8",
    );
    const { exchange } = JSON.parse(
      lines.split("\n").find((line) => line.includes("exchange")) ?? "",
    );
    const proven = await scene.run("prove", "out", exchange, "--out", "proof");
    assert.equal(proven.exit, 0, proven.stderr);
    const none = await scene.run("export", folder, "--out", "none", "--since", "2030-01-01");
    assert.equal(none.exit, 0, "the last segment may still have records of that time");
  });

  test("takes segments as a whole, and a folder of its own", async (t) => {
    const { folder, log, scene } = await setSegments(t);
    await log.close();
    const picked = await export_(scene, folder, "--tenant", "acme");
    assert.equal(picked.exit, 3);
    assert.match(picked.stderr, /Segments are whole: --tenant cannot pick from them/);
    assert.equal((await export_(scene, folder)).exit, 0);
    assert.equal((await export_(scene, folder)).exit, 3, "it is not empty any more");
    assert.equal(
      (await scene.run("export", folder, "--out", "x", "--as", "csv", "--tiles")).exit,
      3,
    );
  });
});

describe("log export of proofs", () => {
  test("gives out one tenant's records alone, each with a proof that holds", async (t) => {
    const { folder, log, scene } = await setSegments(t);
    await log.close();
    const { exit, told } = await export_(scene, folder, "--as", "proofs", "--tenant", "globex");
    assert.equal(exit, 0);
    assert.deepEqual([told.records, told.files], [3, 6]);
    const out = join(scene.stateDir, "out");
    const names = readdirSync(out).filter((name) => name.endsWith(".record"));
    assert.equal(names.length, 3);
    for (const name of names) {
      const record = readFileSync(join(out, name));
      assert.equal(JSON.parse(record.toString()).tenant, "globex");
      const text = readFileSync(join(out, name.replace(".record", ".tlog-proof")), "utf8");
      const proof = parseTlogProof(text);
      const checkpoint = parseCheckpoint(parseNote(proof?.checkpoint ?? "")?.text ?? "");
      assert.ok(proof !== undefined && checkpoint !== undefined);
      const { root, size } = checkpoint;
      const claim = { index: proof.index, size, root, leaf: leafHash(record) };
      assert.ok(verifyInclusion(claim, proof.path));
    }
  });
});

describe("log export of views", () => {
  const members = {
    ...{ action: "llm.generate", point: "request", outcome: "deny", verdict: "deny" },
    ...{ reason: "rule", decidedBy: "platform/no-secrets", requestId: "r-1" },
    model: { requested: "=HYPERLINK(1)", provider: "openai", region: "eu" },
    principal: { kind: "user", ref: "p202611:AAAA", auth: "jwt" },
    findings: [
      { class: "secret.api_key", detector: "key@3", count: 1, confidencePct: 93, in: "prompt" },
    ],
    timeUs: { total: 430 },
  };

  async function setViews(t: TestContext) {
    const scene = setLogScene(t);
    const log = await scene.open();
    appendFinal(log, members);
    appendFinal(log, { app: 'a "b", c' });
    log.commit();
    await log.close();
    const read = async (form: string, file: string, ...argv: readonly string[]) => {
      const done = await scene.run("export", "log/0", "--out", form, "--as", form, ...argv);
      assert.equal(done.exit, 0, done.stderr);
      assert.deepEqual(readdirSync(join(scene.stateDir, form)), [file]);
      return readFileSync(join(scene.stateDir, form, file), "utf8");
    };
    return { folder: folderOf(scene.stateDir, log), read, scene };
  }

  test("as lines, which are those of the log", async (t) => {
    const { folder, read } = await setViews(t);
    const [segment = ""] = segmentsIn(folder);
    const lines = readFileSync(join(folder, "segments", segment), "utf8").split("\n");
    const text = await read("jsonl", "records.jsonl", "--kind", "decision");
    assert.deepEqual(
      text.split("\n").slice(0, -1),
      lines.filter((line) => line.includes('"kind":"decision"')),
    );
  });

  test("as a table in which nothing is a formula", async (t) => {
    const { read } = await setViews(t);
    const [head = "", first = "", second = ""] = (
      await read("csv", "records.csv", "--kind", "decision")
    ).split("\r\n");
    const names = head.split(",");
    const cells = first.split(",");
    const cell = (name: string) => cells[names.indexOf(name)];
    assert.equal(cell("modelRequested"), "'=HYPERLINK(1)");
    assert.deepEqual(["tenant", "verdict", "classes", "totalUs"].map(cell), [
      "acme",
      "deny",
      "secret.api_key",
      "430",
    ]);
    assert.ok(second.includes(',"a ""b"", c",'));
  });

  test("as OCSF events of exchanges, with what the class requires and no content", async (t) => {
    const { read } = await setViews(t);
    const text = await read("ocsf", "events.jsonl");
    const events = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(events.length, 2, "opening and closing a log is no API activity");
    for (const event of events) {
      assert.deepEqual([event.category_uid, event.class_uid], [6, 6003]);
      assert.equal(event.type_uid, event.class_uid * 100 + event.activity_id);
      for (const name of ["severity_id", "time", "metadata", "api", "actor", "src_endpoint"]) {
        assert.ok(event[name] !== undefined, name);
      }
      assert.equal(event.metadata.version, "1.8.0");
      assert.ok(event.metadata.profiles.includes("ai_operation"));
      assert.ok(event.message_context.application.name !== undefined);
    }
    const [denied] = events;
    assert.deepEqual([denied.action_id, denied.disposition_id, denied.status_id], [2, 2, 2]);
    assert.deepEqual(denied.ai_model, { name: "=HYPERLINK(1)", ai_provider: "openai" });
    assert.deepEqual(denied.actor.user, { uid: "p202611:AAAA", type_id: 1, type: "User" });
    assert.equal(denied.policy.name, "platform/no-secrets");
    assert.deepEqual(denied.unmapped.classes, ["secret.api_key"]);
  });
});
