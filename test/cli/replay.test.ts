import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { canonicalJson } from "../../src/signing/index.ts";
import { VersionStore } from "../../src/stores/index.ts";
import { setExchangeStage, stagePolicies, stageSnapshot } from "../support/exchange-stage.ts";
import { FakeProxy } from "../support/fake-proxy.ts";
import { runCli } from "../support/run-cli.ts";

const json = { "content-type": "application/json" };

/** What a server would have on disk after two exchanges: one refused, one answered. */
async function writeState(home: string): Promise<readonly string[]> {
  const stage = setExchangeStage();
  for (const content of [
    `key ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2).slice(0, 36)}`,
    "write to ann@acme.org",
  ]) {
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders({ ":method": "POST", ":path": "/v1/chat/completions", ...json });
    proxy.requestBody(
      JSON.stringify({ model: "cloud/large", messages: [{ role: "user", content }] }),
    );
    if (!proxy.isOver) {
      proxy.responseHeaders({ ":status": "200", ...json });
      const message = { role: "assistant", content: "Done." };
      proxy.responseBody(JSON.stringify({ choices: [{ message, finish_reason: "stop" }] }), true);
    }
    proxy.event({ kind: "peer_ended" });
  }
  const segments = join(home, "state/log/0/00000000/segments");
  await mkdir(segments, { recursive: true });
  const lines = stage.records.map((record) => `${JSON.stringify(record)}\n`);
  await writeFile(join(segments, "000000000000.jsonl"), lines.join(""));
  const info = { format: 1, origin: String(stage.records[0]?.["log"]) };
  await writeFile(join(dirname(segments), "log.json"), canonicalJson(info));
  const { layers } = stageSnapshot().versionsFor("acme");
  const store = new VersionStore(join(home, "state/snapshots"));
  await store.keep(
    layers.map(({ digest, id }) => ({
      namespace: id,
      digest,
      files: stagePolicies.filter(({ namespace }) => namespace === id),
    })),
  );
  return stage.records.map((record) => String(record["exchange"]));
}

describe("replay and explain over a log", () => {
  let home: string;
  let exchanges: readonly string[];

  before(async () => {
    home = await mkdtemp(join(tmpdir(), "chancery-replay-"));
    exchanges = await writeState(home);
    await writePolicies("same", (text) => text);
    await writePolicies("wider", (text) =>
      text
        .replace(/^ {6}- \{ id: no-secrets.*\n/m, "")
        .replace("  overrides:\n    rules:\n", "")
        .replace("[public, internal]", "[public, internal, secret]"),
    );
  });

  after(() => rm(home, { recursive: true, force: true }));

  async function writePolicies(folder: string, edit: (text: string) => string): Promise<void> {
    for (const { path, text } of stagePolicies) {
      await mkdir(dirname(join(home, folder, path)), { recursive: true });
      await writeFile(join(home, folder, path), edit(text));
    }
  }

  const run = (...argv: readonly string[]) => runCli(argv, home);

  it("decides what is on record again, the same", async () => {
    const { exit, stdout } = await run("replay", "state/log", "--verify", "--format", "json");
    const report = JSON.parse(stdout);
    assert.deepEqual(report, {
      replayed: 3,
      same: 3,
      undetermined: 0,
      skipped: 0,
      differences: [],
    });
    assert.equal(exit, 0);
  });

  it("decides only what is meant, an answer with the decision of its exchange", async () => {
    const argv = ["replay", "state/log", "--verify", "--kind", "closing", "--format", "json"];
    const { exit, stdout } = await run(...argv);
    assert.equal(exit, 0);
    assert.equal(JSON.parse(stdout).same, 1);
    assert.equal((await run("replay", "state/log", "--verify", "--tenant", "globex")).exit, 2);
  });

  it("says in what a record differs, and fails", async () => {
    const segment = join(home, "altered.jsonl");
    const stage = JSON.parse((await readLines())[0] ?? "");
    await writeFile(
      segment,
      `${JSON.stringify({ ...stage, decidedBy: "platform/baseline/mask" })}\n`,
    );
    const { exit, stdout } = await run(
      "replay",
      "altered.jsonl",
      "--verify",
      "--store",
      "state/snapshots",
    );
    assert.match(stdout, /differs .* decidedBy\n {2}recorded {2}"platform\/baseline\/mask"/);
    assert.equal(exit, 1);
  });

  async function readLines(): Promise<readonly string[]> {
    const text = await readFile(
      join(home, "state/log/0/00000000/segments/000000000000.jsonl"),
      "utf8",
    );
    return text.split("\n");
  }

  it("finds nothing changed under the same policies", async () => {
    const { exit, stdout } = await run(
      "replay",
      "state/log",
      "--against",
      "same",
      "--format",
      "json",
    );
    assert.deepEqual(JSON.parse(stdout), {
      replayed: 3,
      unchanged: 3,
      undetermined: 0,
      unjudgedTools: 0,
      transitions: [],
    });
    assert.equal(exit, 0);
  });

  it("tells what other policies would permit, by rule and with an example, and fails", async () => {
    const { exit, stdout } = await run(
      "replay",
      "state/log",
      "--against",
      "wider",
      "--format",
      "json",
    );
    const [transition] = JSON.parse(stdout).transitions;
    assert.equal(transition.from, "deny");
    assert.equal(transition.rule, "platform/baseline/no-secrets");
    assert.equal(transition.tenant, "acme");
    assert.equal(transition.count, 1);
    assert.deepEqual(transition.examples, [exchanges[0]]);
    assert.equal(exit, 1);
  });

  it("says in words what happened and which rule would have to change", async () => {
    const { exit, stdout } = await run("explain", "--decision", exchanges[0] ?? "", "state/log");
    assert.match(stdout, /^The request was denied: rule\./);
    assert.match(stdout, /Found: secret\.github_token x1 in prompt/);
    assert.match(stdout, /To let it pass:\n {4}platform\/baseline\/no-secrets would have to go/);
    assert.match(stdout, /Decided again by the policies it names: the same\./);
    assert.equal(exit, 0);
  });

  it("reads a slot, a log and a file of some of its lines like all logs", async () => {
    const log = "state/log/0/00000000";
    const [first = "", second = "", third = ""] = await readLines();
    await writeFile(join(home, "some.jsonl"), `${third}\n${first}\n${second}`);
    for (const [path, same] of [
      ["state/log/0", 3],
      [log, 3],
      [`${log}/segments/000000000000.jsonl`, 3],
      // A closing without its decision is skipped, and so is a line that is not whole yet.
      ["some.jsonl", 1],
    ] as const) {
      const argv = ["--verify", "--store", "state/snapshots", "--format", "json"];
      const { exit, stdout } = await run("replay", path, ...argv);
      assert.equal(exit, 0, path);
      assert.equal(JSON.parse(stdout).same, same, path);
    }
  });

  it("stops at a line that does not fit, in a log and in a file alike", async () => {
    const [first = "", second = "", third = ""] = await readLines();
    const log = join(home, "broken");
    await mkdir(join(log, "segments"), { recursive: true });
    await copyFile(join(home, "state/log/0/00000000/log.json"), join(log, "log.json"));
    const segment = join(log, "segments/000000000000.jsonl");
    const hint = "`chancery log verify` says what of the log holds.";
    for (const [lines, inLog, inFile] of [
      [[first, ` ${second}`, third], "000000000000.jsonl:2: expected the next line", "jsonl:2: "],
      [[first, third], "000000000000.jsonl:2: expected the next line of the log", undefined],
      [[first, '{"checkpoint":"none"}'], "jsonl:2: expected the next line", "jsonl:2: "],
    ] as const) {
      await writeFile(segment, `${lines.join("\n")}\n`);
      for (const command of [
        ["replay", "--verify"],
        ["explain", "--decision", exchanges[0] ?? ""],
      ]) {
        const store = ["--store", "state/snapshots"];
        const ofLog = await run(...command, ...store, "broken");
        assert.equal(ofLog.exit, 3);
        assert.ok(ofLog.stderr.includes(inLog) && ofLog.stderr.includes(hint), ofLog.stderr);
        const ofFile = await run(...command, ...store, segment);
        assert.equal(ofFile.exit === 3, inFile !== undefined, ofFile.stderr);
        assert.ok(inFile === undefined || ofFile.stderr.includes(inFile), ofFile.stderr);
      }
    }
  });

  it("explains an exchange that is not on record as not found", async () => {
    const { exit, stderr } = await run("explain", "--decision", "none", "state/log");
    assert.match(stderr, /Nothing is on record of none/);
    assert.equal(exit, 2);
  });

  it("needs to know by what to decide, and where the policies are", async () => {
    assert.equal((await run("replay", "state/log")).exit, 3);
    assert.equal((await run("replay", "nowhere", "--verify")).exit, 3);
    assert.equal((await run("explain", "--decision", "x")).exit, 3);
    assert.equal((await run("replay", "state/log", "--verify", "--store", "same")).exit, 3);
  });
});
