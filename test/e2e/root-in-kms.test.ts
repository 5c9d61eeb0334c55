import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findLogs } from "../../src/evidence/index.ts";
import { createDiskFiles } from "../../src/log/index.ts";
import { checkNote, parseNote, parseVerifierKey, renameVerifier } from "../../src/signing/index.ts";
import { startChancery, startServe, writeServeConfig } from "../support/chancery-process.ts";
import { makeDirectory } from "../support/envoy-stage.ts";
import { audit } from "../support/log-stage.ts";
import { runCli } from "../support/run-cli.ts";
import { startTransitServer } from "../support/transit-server.ts";

test("a root that never leaves its service vouches for a server, its anchors and its commands", async (t) => {
  const vault = await startTransitServer(t);
  const directory = await makeDirectory(t);
  const config = await writeServeConfig(directory, {
    addresses: [`unix:${join(directory, "processor.sock")}`],
    logLevel: "info",
    lines: [
      "audit:",
      "  origin: gov.acme.example/eu1",
      "  rootKey:",
      "    kms: hashivault://audit-root",
      `    address: ${vault.url}`,
      `    tokenFile: ${vault.tokenFile}`,
      "    name: gov.acme.example/root",
      "  anchors: [{ name: copy, directory: outside }]",
      "drain: { noticeSeconds: 0, exchangesSeconds: 5 }",
    ],
  });
  const state = join(directory, "state");
  const serve = async () => {
    const server = await startServe(t, config);
    server.send("SIGTERM");
    assert.deepEqual(await server.ended, { code: 0, signal: null }, server.stderr());
    return server.stderr();
  };
  let told = await serve();
  const tail = () => runCli(["log", "tail", "--config", config], directory);
  const read = await tail();
  assert.equal(read.exit, 0, read.stderr);
  const keys = await runCli(["log", "keys", "--config", config, "--format", "json"], directory);
  const { root } = JSON.parse(keys.stdout) as { root: string };
  const verifier = parseVerifierKey(root);
  assert.equal(verifier?.name, "gov.acme.example/root");

  vault.bend = () => ({ status: 403 });
  const refused = startChancery(t, ["serve", "--config", config]);
  assert.equal((await refused.ended).code, 1);
  assert.match(
    refused.stderr(),
    /^chancery: The log cannot be opened: http\S+ denies it to the token in /m,
  );
  const unread = await tail();
  assert.deepEqual([unread.exit, unread.stdout], [3, ""]);
  assert.match(unread.stderr, /Nothing can be recorded: http\S+ denies it to the token in /);
  vault.bend = undefined;
  told += refused.stderr() + unread.stderr + (await serve());
  assert.doesNotMatch(told, /correct-horse/);

  const report = audit(state, [root]);
  assert.deepEqual(
    report.logs.map(({ problems, status }) => ({ problems, status })),
    [
      { problems: [], status: "good" },
      { problems: [], status: "good" },
    ],
  );
  assert.deepEqual(vault.complaints, []);
  // Anchors know the root under the name of the log.
  for (const { path } of findLogs(createDiskFiles(join(state, "log")))) {
    const folder = join(state, "log", path, "anchors/copy");
    const [name = ""] = readdirSync(folder);
    const note = parseNote(readFileSync(join(folder, name), "utf8"));
    const [origin = ""] = note?.text.split("\n") ?? [];
    assert.ok(note && verifier);
    assert.equal(checkNote(note, renameVerifier(verifier, origin)), "signed");
  }
});
