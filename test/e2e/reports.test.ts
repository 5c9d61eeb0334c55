import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { generateNoteKey, readNoteSigner } from "../../src/signing/index.ts";
import { startServe, writePolicies, writeServeConfig } from "../support/chancery-process.ts";
import { makeDirectory, readAllRecords, startEnvoyStage } from "../support/envoy-stage.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { runCli } from "../support/run-cli.ts";
import { startUpstream } from "../support/upstream.ts";

const rootName = "gov.acme.example/root";
const ask = (content: string) => ({ model: "large", messages: [{ role: "user", content }] });
/** The stage's policies, in whose catalog the model has a place and a price. */
const policies = stagePolicies.map(({ path, text }) => ({
  path,
  text: text.replace(
    "{ id: cloud/large, tags: [approved] }",
    "{ id: cloud/large, tags: [approved], regions: [eu-west], price: { input: 0.000001, output: 0.000002 } }",
  ),
}));
const grant = `
apiVersion: chancery/v1alpha1
kind: Grant
metadata: { name: pilot, namespace: acme }
spec:
  ticket: A-1
  reason: a pilot
  activeFrom: 2026-01-10T00:00:00Z
  expiresAt: 2026-02-01T00:00:00Z
  approvedBy: [dpo]
  scope: { apps: [bot], subjects: { groups: [pilots] } }
  permits: [{ id: nothing, models: { ids: ["cloud/preview"] } }]
`;

test("what a server put on record is reported, verified, and that it was read is on record", async (t) => {
  const directory = await makeDirectory(t);
  const pem = generateNoteKey();
  const root = readNoteSigner(rootName, pem);
  assert.ok(root);
  await writeFile(join(directory, "root.key"), pem, { mode: 0o600 });
  const socket = `unix:${join(directory, "processor.sock")}`;
  const config = await writeServeConfig(directory, {
    ...{ addresses: [socket], policies },
    lines: [
      `audit: { origin: gov.acme.example/eu1, rootKey: { file: root.key, name: ${rootName} } }`,
      "drain: { noticeSeconds: 0, exchangesSeconds: 5 }",
    ],
  });
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  upstream.answerWith({ text: "Nobody." });
  const state = join(directory, "state");
  const server = await startServe(t, config);
  const envoy = await startEnvoyStage(t, { processor: [socket], upstream: upstream.url });
  for (const content of ["Good day.", "Who is jane.roe@example.org?"]) {
    assert.equal((await envoy.caller.post("/chat/completions", ask(content))).status, 200);
  }
  await writePolicies(join(directory, "policies"), [{ path: "acme/pilot.yaml", text: grant }]);
  server.send("SIGHUP");
  const isActive = async () =>
    (await readAllRecords(state)).filter(({ kind }) => kind === "policy").length > 1;
  while (!(await isActive())) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await envoy.caller.post("/chat/completions", ask("Good day."))).status, 200);
  server.send("SIGTERM");
  assert.deepEqual(await server.ended, { code: 0, signal: null }, server.stderr());

  const rowsOf = async (name: string) => {
    const key = ["--key", root.verifierKey, "--config", config, "--format", "json"];
    const { exit, stderr, stdout } = await runCli(["report", name, ...key], directory);
    assert.deepEqual([exit, stderr], [0, ""], name);
    const { rows, verified } = JSON.parse(stdout);
    assert.equal(verified, true);
    return rows as readonly Readonly<Record<string, unknown>>[];
  };
  const inventory = await rowsOf("inventory");
  assert.deepEqual(
    inventory.map(({ app, classes, count, model, region, verdict }) => [
      ...[app, model, region, String(classes), verdict, count],
    ]),
    [
      ["acme/bot", "cloud/large", "eu-west", "", "allow", 2],
      ["acme/bot", "cloud/large", "eu-west", "pii.email", "redact", 1],
    ],
  );
  for (const { costMicros, tokensIn, tokensOut } of inventory) {
    assert.ok(Number(tokensIn) > 0 && Number(tokensOut) > 0);
    assert.equal(costMicros, Number(tokensIn) + 2 * Number(tokensOut));
  }
  const changes = await rowsOf("changes");
  assert.deepEqual(
    changes.map(({ event, layer, reason }) => [event, layer, reason]),
    [
      ["activated", "acme", null],
      ["activated", "platform", null],
      ["activated", "acme", null],
    ],
  );
  const unused = { used: 0, last: null };
  assert.deepEqual(await rowsOf("exceptions"), [
    {
      ...{ kind: "Grant", name: "acme/pilot", by: ["dpo"], ...unused },
      ...{ from: "2026-01-10T00:00:00Z", until: "2026-02-01T00:00:00Z" },
    },
  ]);
  const levels = await rowsOf("slo");
  const levelOf = (id: string) => levels.find(({ measure }) => measure === id)?.["value"];
  assert.deepEqual(["M3", "M7", "M9", "M14"].map(levelOf), [1, 1, 1, 1]);
  const access = (await readAllRecords(state)).filter(({ kind }) => kind === "access");
  assert.deepEqual(
    access.map(({ command }) => command),
    ["report inventory", "report changes", "report exceptions", "report slo"],
  );
});
