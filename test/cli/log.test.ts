import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  generateNoteKey,
  leafHash,
  parseCheckpoint,
  parseNote,
  parseTlogProof,
  readNoteSigner,
  verifyInclusion,
} from "../../src/signing/index.ts";
import { startChancery } from "../support/chancery-process.ts";
import { folderOf, keyOf } from "../support/log-stage.ts";
import {
  adminRecords,
  appendFinal,
  drawExchange,
  endSegment,
  type LogScene,
  setLogScene,
} from "../support/recorded-logs.ts";
import { runCli } from "../support/run-cli.ts";

/** A log of one process that ended, with decisions of these tenants. */
async function writeLog(scene: LogScene, tenants: readonly string[] = ["acme", "acme", "globex"]) {
  const log = await scene.open();
  const exchanges = tenants.map((tenant) => appendFinal(log, { tenant }));
  log.commit();
  await log.close();
  const folder = folderOf(scene.stateDir, log);
  return { exchanges, folder, key: keyOf(scene.stateDir, log), log, origin: log.origin };
}

function edit(folder: string, change: (text: string) => string): void {
  const path = join(folder, "segments/000000000000.jsonl");
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

describe("log verify", () => {
  test("tells good logs from those that were altered, lack something, or were cut short", async (t) => {
    const scene = setLogScene(t);
    const { folder, key, origin } = await writeLog(scene);
    const verify = () => scene.run("verify", "log", "--key", key);
    const good = await verify();
    assert.equal(good.exit, 0, good.stdout);
    assert.match(good.stdout, new RegExp(`^good ${origin} 5 records, root [\\w+/]{43}=\\n`));
    const segment = readFileSync(join(folder, "segments/000000000000.jsonl"), "utf8");
    const checkpoint = readFileSync(join(folder, "checkpoint"), "utf8");
    edit(folder, (text) => text.replace("globex", "glob3x"));
    const altered = await verify();
    assert.equal(altered.exit, 1);
    assert.match(altered.stdout, /segments\/000000000000\.jsonl:\d+ {2}checkpoint_differs/);
    edit(folder, () => `${segment}{"at"`);
    assert.equal((await verify()).exit, 2);
    assert.equal((await scene.run("verify", "log", "--key", key, "--allow-tail")).exit, 0);
    const lines = segment.split("\n");
    edit(folder, () => `${lines.slice(0, 2).join("\n")}\n`);
    assert.equal((await verify()).exit, 4);
    rmSync(join(folder, "checkpoint"));
    writeFileSync(join(scene.stateDir, "kept.checkpoint"), checkpoint);
    const cut = await scene.run(
      "verify",
      "log",
      "--key",
      key,
      "--anchor",
      "kept.checkpoint",
      "--allow-tail",
    );
    assert.equal(cut.exit, 4);
    assert.match(cut.stdout, /kept\.checkpoint {2}log_shorter/);
  });

  test("puts one document for programs on standard output", async (t) => {
    const scene = setLogScene(t);
    const { key } = await writeLog(scene);
    const { stdout } = await scene.run("verify", "--state", ".", "--key", key, "--format", "json");
    const report = JSON.parse(stdout);
    assert.deepEqual(Object.keys(report), ["status", "logs"]);
    const names = ["origin", "path", "status", "size", "signed", "root", "minimum", "from", "to"];
    const more = [
      "kinds",
      "anchors",
      "tail",
      "adopted",
      "doubtful",
      "unclosed",
      "gaps",
      "problems",
    ];
    assert.deepEqual(Object.keys(report.logs[0]).sort(), [...names, ...more].sort());
  });

  test("joins the access log of the proxy", async (t) => {
    const scene = setLogScene(t);
    const { exchanges, key, origin } = await writeLog(scene);
    const lines = exchanges.map((exchange, index) => ({ exchange, log: origin, seq: index + 1 }));
    const write = (rows: readonly object[]) =>
      writeFileSync(
        join(scene.stateDir, "access.log"),
        rows.map((row) => `${JSON.stringify({ decision: row })}\n`).join(""),
      );
    const joined = () =>
      scene.run("verify", "log", "--key", key, "--join", "access.log", "--format", "json");
    write(lines);
    const good = await joined();
    assert.equal(good.exit, 0);
    const { lines: count, missing, differ, unmarked, unlogged } = JSON.parse(good.stdout).join;
    assert.deepEqual([count, missing, differ, unmarked, unlogged], [3, 0, 0, 0, 0]);
    write([...lines, { exchange: drawExchange(), log: origin, seq: 9 }]);
    assert.equal((await joined()).exit, 2);
    write(lines.map((line) => ({ ...line, seq: line.seq + 1 })));
    assert.equal((await joined()).exit, 1);
  });

  test("verifies nothing without a key, and with what is none", async (t) => {
    const scene = setLogScene(t);
    const { key } = await writeLog(scene);
    assert.equal((await scene.run("verify", "log")).exit, 3);
    assert.equal((await scene.run("verify", "log", "--key", "nobody")).exit, 3);
    assert.equal((await scene.run("verify", "nowhere", "--key", key)).exit, 3);
    writeFileSync(join(scene.stateDir, "keys.pub"), `# of the log\n${key}\n`);
    assert.equal((await scene.run("verify", "log", "--key", "keys.pub")).exit, 0);
  });
});

describe("log keys", () => {
  test("prints the own key of a log without a root", async (t) => {
    const scene = setLogScene(t);
    const { key } = await writeLog(scene);
    const { stdout } = await scene.run("keys", "log", "--format", "json");
    const { anchor, keys, root } = JSON.parse(stdout);
    assert.deepEqual([root, anchor], [null, null]);
    assert.deepEqual(keys, [{ verifier: key, from: 0, revoked: null }]);
    cpSync(join(scene.stateDir, "log"), join(scene.stateDir, "copy"), { recursive: true });
    assert.equal((await scene.run("keys", "copy")).exit, 2);
  });

  test("prints a root, what anchors call it, and the keys it introduced", async (t) => {
    const scene = setLogScene(t);
    const root = readNoteSigner("gov.acme.example/root", generateNoteKey());
    for (let start = 0; start < 2; start += 1) {
      const log = await scene.open({ rootKey: root });
      appendFinal(log);
      await log.close();
    }
    const { stdout } = await scene.run("keys", "log", "--format", "json");
    const { anchor, keys, logs, root: shown } = JSON.parse(stdout);
    assert.equal(shown, root?.verifierKey);
    assert.match(anchor, new RegExp(`^${logs[0].log}\\+[0-9a-f]{8}\\+`));
    assert.deepEqual(
      keys.map(({ from }: { readonly from: number }) => from),
      [0, 4],
    );
    assert.equal((await scene.run("verify", "log", "--key", String(shown))).exit, 0);
  });
});

/** Whether a proof shows a record to someone who believes its checkpoint. */
function holds(record: Buffer, text: string): boolean {
  const proof = parseTlogProof(text);
  const note = proof && parseNote(proof.checkpoint);
  const checkpoint = note && parseCheckpoint(note.text);
  if (proof === undefined || checkpoint === undefined) return false;
  const { root, size } = checkpoint;
  return verifyInclusion({ index: proof.index, size, leaf: leafHash(record), root }, proof.path);
}

describe("log prove", () => {
  test("writes a record and its proof, which hold together and with nothing else", async (t) => {
    const scene = setLogScene(t);
    const { exchanges } = await writeLog(scene);
    const wanted = exchanges[1] ?? "";
    const { exit, stdout } = await scene.run("prove", "log", wanted, "--out", "proofs");
    assert.equal(exit, 0);
    assert.match(stdout, /2 {2}proofs\/2\.record {2}proofs\/2\.tlog-proof\n$/);
    const record = readFileSync(join(scene.stateDir, "proofs/2.record"));
    const proof = readFileSync(join(scene.stateDir, "proofs/2.tlog-proof"), "utf8");
    assert.equal(JSON.parse(record.toString()).exchange, wanted);
    assert.ok(holds(record, proof));
    assert.ok(!holds(Buffer.from(record.toString().replace("acme", "acm3")), proof));
    const json = await scene.run("prove", wanted, "--state", ".", "--format", "json");
    assert.deepEqual(JSON.parse(json.stdout).proofs, [
      { log: JSON.parse(record.toString()).log, seq: 2, record: record.toString(), proof },
    ]);
    assert.deepEqual(
      adminRecords(scene).map(({ command, count }) => [command, count]),
      [
        ["log prove", 1],
        ["log prove", 1],
      ],
    );
  });

  test("says what is not there, and what no checkpoint covers yet", async (t) => {
    const scene = setLogScene(t);
    assert.equal((await scene.run("prove", "log", drawExchange())).exit, 3, "no log at all");
    const { folder } = await writeLog(scene);
    assert.equal((await scene.run("prove", "log", drawExchange())).exit, 2);
    const log = await scene.open();
    const exchange = appendFinal(log);
    log.commit();
    assert.equal((await scene.run("prove", folder, exchange)).exit, 1);
    await log.close();
    assert.equal((await scene.run("prove", folder, exchange, "--out", "p")).exit, 0);
  });

  test("shows a witness that a log only grew", async (t) => {
    const scene = setLogScene(t);
    const { folder } = await writeLog(scene);
    await (await scene.open()).close();
    const { exit, stdout } = await scene.run("prove", folder, "--consistency", "5", "7");
    assert.equal(exit, 0);
    assert.match(stdout, /^old 5\n(?:[\w+/]{43}=\n)+\n.*\n7\n/);
    assert.equal((await scene.run("prove", folder, "--consistency", "3", "7")).exit, 1);
    assert.equal((await scene.run("prove", folder, "--consistency", "7", "5")).exit, 3);
  });
});

describe("log tail", () => {
  test("shows the last records of all logs, newest last, and notes who looked and for what", async (t) => {
    const scene = setLogScene(t);
    const first = await scene.open();
    const second = await scene.open();
    const exchanges: string[] = [];
    for (const log of [first, second, first]) {
      scene.clock.advance(10);
      exchanges.push(appendFinal(log, { tenant: log === first ? "acme" : "globex" }));
      log.commit();
    }
    const shown = await scene.run(
      ...["tail", "log", "--kind", "decision", "-n", "2", "--format", "json"],
      ...["--actor", "auditor", "--purpose", "case 7"],
    );
    const records = shown.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      records.map(({ exchange }) => exchange),
      exchanges.slice(1),
    );
    const [access] = adminRecords(scene);
    assert.deepEqual(
      [
        access?.["command"],
        access?.["actor"],
        access?.["purpose"],
        access?.["count"],
        access?.["filter"],
      ],
      ["log tail", "auditor", "case 7", 2, { kind: "decision" }],
    );
    const ofGlobex = await scene.run("tail", "log", "--tenant", "globex");
    assert.match(
      ofGlobex.stdout,
      /^2026-03-02T10:00:00\.020Z {2}decision {2}allow {5}globex\/bot {2}/,
    );
    assert.equal(ofGlobex.stdout.split("\n").length, 2);
    assert.equal((await scene.run("tail", "log", "--verdict", "deny")).exit, 2);
    await first.close();
    await second.close();
  });

  test("takes times as RFC 3339 has them, from the first up to the second", async (t) => {
    const scene = setLogScene(t);
    const log = await scene.open();
    for (let second = 0; second < 3; second += 1) {
      scene.clock.advance(1_000);
      appendFinal(log);
      log.commit();
    }
    const count = async (...span: readonly string[]) =>
      (await scene.run("tail", "log", "--kind", "decision", ...span)).stdout.split("\n").length - 1;
    assert.equal(await count("--since", "2026-03-02T10:00:02Z"), 2);
    assert.equal(await count("--until", "2026-03-02T10:00:02Z"), 1);
    assert.equal(await count("--since", "2026-03-02T11:00:02+01:00", "--until", "2026-03-03"), 2);
    assert.equal((await scene.run("tail", "log", "--since", "yesterday")).exit, 3);
    assert.equal((await scene.run("tail", "log", "--since", "2026-02-30")).exit, 3);
    await log.close();
  });

  test("follows what is written, in segments and logs to come, until it is told to stop", async (t) => {
    const scene = setLogScene(t);
    const log = await scene.open();
    const before = appendFinal(log);
    log.commit();
    const argv = ["log", "tail", join(scene.stateDir, "log"), "-f", "--kind", "decision"];
    const running = startChancery(t, [...argv, "--format", "json", "--tenant", "acme"]);
    await running.printed(new RegExp(before));
    assert.equal(adminRecords(scene)[0]?.["command"], "log tail --follow");
    await endSegment(log, scene);
    appendFinal(log, { tenant: "globex" });
    const first = appendFinal(log);
    log.commit();
    await running.printed(new RegExp(first));
    const other = await scene.open();
    const second = appendFinal(other);
    other.commit();
    await running.printed(new RegExp(second));
    running.send("SIGINT");
    assert.equal((await running.ended).code, 0);
    assert.equal(running.stdout().trim().split("\n").length, 3);
    await log.close();
    await other.close();
  });

  test("lets nothing in a record act on the terminal", async (t) => {
    const scene = setLogScene(t);
    const log = await scene.open();
    appendFinal(log, { decidedBy: "a\u001b[2J\u202eb\u0085c" });
    await log.close();
    const { stdout } = await scene.run("tail", "log", "--kind", "decision");
    assert.match(stdout, / a·\[2J·b·c /);
  });
});

describe("reading records", () => {
  test("is refused where the admin log is there and cannot be written", async (t) => {
    const scene = setLogScene(t);
    const { exchanges } = await writeLog(scene);
    writeFileSync(join(scene.stateDir, "log/admin"), "no folder");
    for (const argv of [
      ["tail", "log"],
      ["prove", "log", exchanges[0] ?? ""],
      ["export", "log", "--out", "out"],
      ["export", "log", "--out", "view", "--as", "jsonl"],
    ]) {
      const { exit, stderr, stdout } = await scene.run(...argv);
      assert.deepEqual([exit, stdout], [3, ""], argv.join(" "));
      assert.match(stderr, /Nothing can be recorded/);
    }
    assert.deepEqual(readdirSync(join(scene.stateDir, "out")), []);
    assert.deepEqual(readdirSync(join(scene.stateDir, "view")), []);
  });

  test("is signed in the name of the root, or refused where its key is not at hand", async (t) => {
    const scene = setLogScene(t);
    const pem = generateNoteKey();
    const root = readNoteSigner("gov.acme.example/eu1/root", pem);
    const log = await scene.open({ rootKey: root });
    appendFinal(log);
    await log.close();
    mkdirSync(join(scene.stateDir, "keys"), { recursive: true });
    const refused = await scene.run("tail", "log");
    assert.equal(refused.exit, 3);
    assert.match(refused.stderr, /the root key gov\.acme\.example\/eu1\/root\+.* is needed/);
    writeFileSync(join(scene.stateDir, "root.key"), pem, { mode: 0o600 });
    writeFileSync(
      join(scene.stateDir, "chancery.yaml"),
      [
        "listeners: [{ address: 127.0.0.1:0 }]",
        "policies: { sources: [{ directory: policies }], unsigned: true }",
        "stateDir: .",
        "audit: { origin: gov.acme.example/eu1, rootKey: { file: root.key } }",
        "",
      ].join("\n"),
    );
    const shown = await scene.run("tail", "--config", "chancery.yaml");
    assert.equal(shown.exit, 0, shown.stderr);
    const verified = await scene.run("verify", "log", "--key", root?.verifierKey ?? "");
    assert.equal(verified.exit, 0, verified.stdout);
    assert.match(verified.stdout, /good gov\.acme\.example\/eu1\/admin\//);
  });

  test("is said not to be recorded where the records are a copy", async (t) => {
    const scene = setLogScene(t);
    await writeLog(scene);
    cpSync(join(scene.stateDir, "log"), join(scene.stateDir, "copy/log"), { recursive: true });
    const { exit, stderr } = await scene.run("tail", "copy/log");
    assert.equal(exit, 0);
    assert.match(stderr, /copy\/log is a copy; that it is read here is not recorded/);
    assert.ok(!existsSync(join(scene.stateDir, "copy/log/admin")));
  });

  test("is shown by log access, and by nothing else than records", async (t) => {
    const scene = setLogScene(t);
    await writeLog(scene);
    assert.equal((await scene.run("access", "--state", ".")).exit, 2);
    await scene.run("tail", "log", "--actor", "ann");
    const { exit, stdout } = await scene.run("access", "--state", ".", "--format", "json");
    assert.equal(exit, 0);
    const records = JSON.parse(stdout);
    assert.deepEqual(
      records.map(({ actor, kind }: Record<string, string>) => [kind, actor]),
      [["access", "ann"]],
    );
    assert.equal((await scene.run("access", "--state", ".", "--since", "2100-01-01")).exit, 2);
  });
});

describe("what decides again what is on record", () => {
  test("is recorded as reading, too", async (t) => {
    const scene = setLogScene(t);
    await writeLog(scene);
    mkdirSync(join(scene.stateDir, "snapshots/sha256"), { recursive: true });
    const replayed = await runCli(["replay", "--state", ".", "--verify"], scene.stateDir);
    assert.notEqual(replayed.exit, 3, replayed.stderr);
    const asked = ["explain", "--decision", drawExchange(), "log", "--purpose", "complaint"];
    assert.equal((await runCli(asked, scene.stateDir)).exit, 2);
    assert.deepEqual(
      adminRecords(scene).map(({ command, count, purpose }) => [command, count, purpose]),
      [
        ["replay --verify", 3, undefined],
        ["explain --decision", 0, "complaint"],
      ],
    );
  });
});

describe("log recover", () => {
  /** What a process left that was killed: its files, copied while it still has them. */
  async function leave(scene: LogScene): Promise<string> {
    const log = await scene.open();
    appendFinal(log);
    log.commit();
    const left = join(scene.stateDir, "left");
    for (const name of ["log", "keys"]) {
      cpSync(join(scene.stateDir, name), join(left, name), { recursive: true });
    }
    await log.close();
    return left;
  }

  test("closes what a killed process left, and it verifies", async (t) => {
    const scene = setLogScene(t);
    const left = await leave(scene);
    const { exit, stdout } = await scene.run("recover", join(left, "log/0"), "--format", "json");
    assert.equal(exit, 0);
    assert.deepEqual(JSON.parse(stdout), { adopted: 1, cutBytes: 0, lost: 0 });
    const keys = JSON.parse((await scene.run("keys", left, "--format", "json")).stdout).keys;
    assert.equal((await scene.run("verify", left, "--key", keys[0].verifier)).exit, 0);
  });

  test("leaves a damaged log as it is, and one that a process has", async (t) => {
    const scene = setLogScene(t);
    const { folder } = await writeLog(scene);
    const log = await scene.open();
    assert.equal((await scene.run("recover", "log/0")).exit, 3);
    await log.close();
    edit(folder, (text) => text.split("\n").slice(0, 2).join("\n"));
    const before = readdirSync(join(scene.stateDir, "log/0")).sort();
    const { exit, stderr } = await scene.run("recover", "log/0");
    assert.equal(exit, 1);
    assert.match(stderr, /is damaged/);
    assert.deepEqual(readdirSync(join(scene.stateDir, "log/0")).sort(), before);
    assert.equal((await scene.run("recover", "log/7")).exit, 3);
  });
});
