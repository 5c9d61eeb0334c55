import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { LogBuilder, rootSigner } from "../support/log-builder.ts";
import type { MemoryFiles } from "../support/memory-files.ts";
import { addExchange, reportedLog } from "../support/reported-log.ts";
import { runCli } from "../support/run-cli.ts";

/** A folder with a log and the key to verify it by. */
async function putLog(t: TestContext, { files }: MemoryFiles = reportedLog().files) {
  const folder = await mkdtemp(join(tmpdir(), "chancery-report-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, "log", path)), { recursive: true });
    await writeFile(join(folder, "log", path), bytes);
  }
  await writeFile(join(folder, "root.key"), `# the root\n${rootSigner.verifierKey}\n`);
  return folder;
}

const report = (folder: string, ...rest: readonly string[]) => runCli(["report", ...rest], folder);
const keyed = ["log", "--key", "root.key"] as const;

describe("chancery report", () => {
  test("prints a table of what is verified", async (t) => {
    const folder = await putLog(t);
    const { exit, stderr, stdout } = await report(folder, "controls", ...keyed);
    assert.equal(exit, 0);
    assert.equal(stderr, "chancery: log is a copy; that it is read here is not recorded.\n");
    assert.equal(
      stdout,
      [
        "Controls  2026-11-21 08:00:00 to 2026-11-21 08:00:00 UTC",
        "Verified.",
        "",
        "CONTROL        RULES                         DECISIONS  DENIES  REDACTIONS",
        "eu-ai-act:15   platform/baseline/no-secrets          2       2           0",
        "iso-42001:A.7  platform/baseline/mask                3       1           2",
        "",
      ].join("\n"),
    );
  });

  test("gives programs one document, for each report", async (t) => {
    const folder = await putLog(t);
    const fields = {
      inventory:
        "caller app model provider region classes verdict count tokensIn tokensOut costMicros",
      exceptions: "kind name by from until used last",
      changes: "at layer version digest event actor signers reason",
      controls: "control rules decisions denies redactions",
      slo: "measure value target met",
    };
    for (const [name, columns] of Object.entries(fields)) {
      const { exit, stdout } = await report(folder, name, ...keyed, "--format", "json");
      assert.equal(exit, 0);
      const { from, report: named, rows, to, verified, ...rest } = JSON.parse(stdout);
      assert.deepEqual([named, verified, rest], [name, true, {}]);
      assert.ok(from < to && from.length === 27 && rows.length > 0);
      for (const row of rows) assert.deepEqual(Object.keys(row).join(" "), columns);
    }
  });

  test("says so where nothing is verified, and fails where the log does not hold", async (t) => {
    const log = reportedLog();
    const folder = await putLog(t, log.files);
    const unverified = await report(folder, "slo", "log", "--format", "json");
    assert.equal(unverified.exit, 0);
    assert.equal(JSON.parse(unverified.stdout).verified, false);
    assert.match(unverified.stderr, /not verified: give --key/);
    assert.match(
      (await report(folder, "slo", "log")).stdout,
      /^Not verified: no key was given\.$/m,
    );
    const segment = join(folder, "log/segments/000000000000.jsonl");
    const text = await readFile(segment, "utf8");
    await writeFile(segment, text.replace('"end":"cut"', '"end":"lost"'));
    const altered = await report(folder, "inventory", ...keyed);
    assert.equal(altered.exit, 1);
    assert.match(altered.stdout, /^Does not verify: the log is altered\.$/m);
    assert.match(altered.stderr, /segments\/000000000000\.jsonl: checkpoint_differs/);
    assert.match(altered.stdout, /cloud\/large/, "still printed");
  });

  test("fails where another key signed", async (t) => {
    const folder = await putLog(t);
    const other = new LogBuilder("gov.acme.example/eu1/pod-7/0/00000000").signer.verifierKey;
    const { exit, stdout } = await report(folder, "slo", "log", "--key", other, "--format", "json");
    assert.equal(exit, 1);
    assert.equal(JSON.parse(stdout).verified, false);
  });

  test("is of the time, tenant and app that are asked for", async (t) => {
    const folder = await putLog(t);
    const { exit, stdout } = await report(
      ...[folder, "inventory", ...keyed, "--tenant", "globex", "--format", "json"],
    );
    assert.equal(exit, 0);
    const apps = JSON.parse(stdout).rows.map(({ app }: { app: string }) => app);
    assert.deepEqual(apps, ["globex/files"]);
    const later = await report(folder, "inventory", ...keyed, "--since", "2027-01-01");
    assert.equal(later.exit, 2);
    assert.match(later.stdout, /no records/);
    const wrong = await report(folder, "inventory", ...keyed, "--until", "yesterday");
    assert.equal(wrong.exit, 3);
  });

  test("writes a page that stands alone and lets no text be markup", async (t) => {
    const log = reportedLog();
    const odd = `"><script>alert('x')</script><img src=http://e.example/> & co`;
    addExchange(log, {
      decision: {
        app: odd,
        model: { provider: odd, requested: odd },
        principal: { auth: "jwt", kind: "user", ref: odd },
        controls: [odd],
        findings: [{ class: odd, confidencePct: 95, count: 1, in: "prompt" }],
        lifted: [{ by: odd, rule: odd }],
      },
    });
    log.add("policy", {
      event: odd,
      layers: [{ id: odd, version: odd }],
      reason: odd,
      signers: [odd],
    });
    const folder = await putLog(t, log.commit().files);
    for (const name of ["inventory", "exceptions", "changes", "controls", "slo"]) {
      const file = `${name}.html`;
      const written = await report(...[folder, name, ...keyed, "--format", "html", "--out", file]);
      assert.deepEqual([written.exit, written.stdout], [0, ""]);
      assert.equal((await stat(join(folder, file))).mode & 0o777, 0o600);
      const page = await readFile(join(folder, file), "utf8");
      assert.match(page, /^<!doctype html>\n<html lang="en">/);
      assert.match(page, /default-src 'none'; style-src 'unsafe-inline'/);
      assert.doesNotMatch(
        page,
        /<script|<img|<link|<iframe|@import|url\(|\son[a-z]+=|http-equiv="refresh/i,
      );
      const tags = [...page.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag ?? "");
      assert.deepEqual(
        [...new Set(tags)].filter((tag) => !known.has(tag)),
        [],
      );
      if (name !== "slo") assert.ok(page.includes("&#60;script&#62;"), name);
      assert.ok(page.includes("<svg") && page.includes("<table"), name);
    }
  });

  test("puts nothing into a terminal that steers it", async (t) => {
    const log = reportedLog();
    addExchange(log, { decision: { app: "\u001b]0;x\u0007\u202eapp" } });
    const folder = await putLog(t, log.commit().files);
    const { stdout } = await report(folder, "inventory", ...keyed);
    assert.match(stdout, /acme\/␛]0;x␇·app/);
  });

  test("names the report that was meant", async (t) => {
    const { exit, stderr } = await report(await putLog(t), "inventori", ...keyed);
    assert.equal(exit, 3);
    assert.match(stderr, /Did you mean inventory\?/);
  });
});

const known = new Set(
  (
    "html meta title style main h1 h2 p div strong ul li code figure svg rect text line circle " +
    "table thead tr th tbody td"
  ).split(" "),
);
