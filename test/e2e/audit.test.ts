import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { generateNoteKey, readNoteSigner } from "../../src/signing/index.ts";
import { startServe, writeServeConfig } from "../support/chancery-process.ts";
import { makeDirectory, readAllRecords, startEnvoyStage } from "../support/envoy-stage.ts";
import { audit } from "../support/log-stage.ts";
import { startUpstream } from "../support/upstream.ts";

const ask = {
  model: "large",
  messages: [{ role: "user", content: "Who is jane.roe@example.org?" }],
};

test("a server whose answers wait for the disk leaves a log that a root vouches for", async (t) => {
  const directory = await makeDirectory(t);
  const pem = generateNoteKey();
  const rootKey = readNoteSigner("gov.acme.example/root", pem);
  assert.ok(rootKey);
  await writeFile(join(directory, "root.key"), pem, { mode: 0o600 });
  const socket = `unix:${join(directory, "processor.sock")}`;
  const config = await writeServeConfig(directory, {
    addresses: [socket],
    lines: [
      "audit:",
      "  origin: gov.acme.example/eu1",
      "  wait: committed",
      "  rootKey: { file: root.key, name: gov.acme.example/root }",
      "  anchors: [{ name: copy, directory: outside }]",
      "drain: { noticeSeconds: 0, exchangesSeconds: 5 }",
    ],
  });
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  upstream.answerWith({ text: "Nobody." });
  const state = join(directory, "state");
  let server = await startServe(t, config);
  const envoy = await startEnvoyStage(t, { processor: [socket], upstream: upstream.url });
  for (let count = 0; count < 20; count += 1) {
    const { status, headers } = await envoy.caller.post("/chat/completions", ask);
    assert.equal(status, 200);
    // What was answered is not only written: a checkpoint covers its decision.
    const { durableSize } = await logStatus(server.adminUrl);
    const records = await readAllRecords(state);
    const decision = records.find(({ exchange }) => exchange === headers["x-chancery-decision"]);
    assert.ok(Number(decision?.["seq"]) < durableSize);
  }
  server.send("SIGTERM");
  assert.deepEqual(await server.ended, { code: 0, signal: null }, server.stderr());
  server = await startServe(t, config);
  assert.equal((await envoy.caller.post("/chat/completions", ask)).status, 200);
  server.send("SIGTERM");
  assert.deepEqual(await server.ended, { code: 0, signal: null }, server.stderr());

  const report = audit(state, [rootKey.verifierKey]);
  assert.deepEqual(
    report.logs.map(({ problems, status }) => ({ problems, status })),
    [{ problems: [], status: "good" }],
  );
  const kinds = report.logs[0]?.kinds ?? {};
  assert.deepEqual([kinds["open"], kinds["key"], kinds["close"]], [2, 2, 2]);
  const { origin = "", size } = report.logs[0] ?? {};
  const anchored = await readdir(join(directory, "outside", origin));
  const last = anchored.sort().at(-1) ?? "";
  assert.equal(Number(last.slice(0, 12)), size, "the last checkpoint went out");
  assert.match(await readFile(join(directory, "outside", origin, last), "utf8"), /^gov\.acme/);
});

async function logStatus(adminUrl: string): Promise<{ readonly durableSize: number }> {
  const status = await (await fetch(`${adminUrl}/status`)).json();
  return (status as { log: { durableSize: number } }).log;
}
