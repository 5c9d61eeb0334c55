import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { setImmediate as nextRound } from "node:timers/promises";
import { makeDirectory } from "../../test/support/envoy-stage.ts";
import { setExchangeStage, stagePolicies } from "../../test/support/exchange-stage.ts";
import { FakeClock } from "../../test/support/fake-clock.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { eventually } from "../../test/support/governed-envoy.ts";
import { plantedValues } from "../../test/support/planted-values.ts";
import { readMetrics } from "../../test/support/read-metrics.ts";
import { createRuleDetector } from "../detect/index.ts";
import { createOperatorLog, createTelemetry, type Span } from "../telemetry/index.ts";
import { parseConfig } from "./config.ts";
import { openTracing } from "./open-tracing.ts";
import { startServer } from "./running-server.ts";
import { watchLeaks } from "./watch-leaks.ts";

const email = plantedValues(5).find(({ type }) => type === "EMAIL")?.value ?? assert.fail();

function configOf(directory: string) {
  const text = `listeners: [{ address: "unix:${join(directory, "0.sock")}", identity: acme/bot }]
admin: { address: 127.0.0.1:0 }
stateDir: ${join(directory, "state")}
policies: { sources: [{ directory: policies }], unsigned: true, killSwitches: switches }
otel: { endpoint: "http://127.0.0.1:1", sampleRatio: 1 }
drain: { noticeSeconds: 0, exchangesSeconds: 1 }
`;
  const { config, problems } = parseConfig({ path: join(directory, "chancery.yaml"), text });
  return config ?? assert.fail(JSON.stringify(problems));
}

/** The lines that a log was told, and the log. */
function setLog() {
  const lines: string[] = [];
  const log = createOperatorLog({
    level: "info",
    destination: { write: (line) => lines.push(line) },
  });
  const leaks = () =>
    lines.flatMap((line) => {
      const { code, count, dataClass, field, seq, surface } = JSON.parse(line);
      if (!String(code).startsWith("leak_") || count !== undefined) return [];
      assert.ok(!line.includes(email), "what was found is not told");
      return [{ code, dataClass, field, seq, surface }];
    });
  return { leaks, log };
}

async function setServer(t: TestContext) {
  const directory = await makeDirectory(t);
  for (const { path, text } of stagePolicies) {
    await mkdir(dirname(join(directory, "policies", path)), { recursive: true });
    await writeFile(join(directory, "policies", path), text);
  }
  await mkdir(join(directory, "switches/platform"), { recursive: true });
  const told = setLog();
  const telemetry = createTelemetry({ version: "0.0.0" });
  const config = configOf(directory);
  const server = await startServer({ config, version: "0.0.0", telemetry, log: told.log });
  t.after(() => server.stop(AbortSignal.abort()));
  const counted = async () => {
    const text = await (await fetch(`http://${server.adminAddress}/metrics`)).text();
    return readMetrics(text).families.get("chancery_leaks_total")?.samples ?? new Map();
  };
  return { ...told, counted, directory, server, telemetry };
}

test("a server finds what got past its allow-lists in records, log lines and labels", async (t) => {
  const { counted, directory, leaks, log, server, telemetry } = await setServer(t);
  const before = await counted();
  assert.equal(before.size, 20, "every series is there before anything is found");
  assert.deepEqual([...new Set(before.values())], [0]);
  // What authors write is put on record, into lines and into labels as it stands.
  const reason = `asked for by ${email}`;
  const spec = `{ sequence: 1, active: true, target: { apps: [acme/x] }, reason: "${reason}" }`;
  const head = "apiVersion: chancery/v1alpha1\nkind: KillSwitch\n";
  const metadata =
    "metadata: { name: stop, namespace: platform, annotations: { actor: a@b.example } }";
  const file = join(directory, "switches/platform/stop.yaml");
  await writeFile(file, `${head}${metadata}\nspec: ${spec}\n`);
  await server.reload();
  log.warn("policies have a problem", { reason });
  telemetry.policy.loaded(email, "active");
  await counted();
  await eventually(async () => (leaks().length >= 3 ? true : undefined));
  const told = leaks().sort((a, b) => (a.code < b.code ? -1 : 1));
  assert.deepEqual(
    told.map(({ code, dataClass, field, surface }) => [code, surface, dataClass, field]),
    [
      ["leak_log", "log", "pii.email", "reason"],
      ["leak_metric", "metric", "pii.email", "layer"],
      ["leak_record", "record", "pii.email", "reason"],
    ],
  );
  assert.deepEqual(
    told.map(({ seq }) => typeof seq),
    ["undefined", "undefined", "number"],
  );
  const after = await counted();
  for (const [sample, value] of after) {
    const isOne = /class="pii"/.test(sample) && !/surface="span"/.test(sample);
    assert.equal(value > 0, isOne, sample);
  }
});

test("spans are looked through as they leave", async (t) => {
  const clock = new FakeClock();
  const { leaks, log } = setLog();
  const telemetry = createTelemetry({ version: "0.0.0" });
  t.after(() => telemetry.close());
  const config = configOf(await makeDirectory(t));
  const parts = { config, telemetry: { ...telemetry, loopLagSeconds: () => 0 }, log };
  const watch = watchLeaks({ ...parts, detector: createRuleDetector(), timers: clock });
  const onSpans = (spans: readonly Span[]) =>
    watch.spans(
      // As if an attribute were not on the list of those a span may have.
      spans.map((span) => ({ ...span, attributes: { ...span.attributes, "llm.input": email } })),
    );
  const tracing = openTracing({ ...parts, clock, version: "0.0.0", onSpans });
  t.after(() => tracing.close(AbortSignal.abort()));
  const stage = setExchangeStage({ clock, timers: clock, tracer: tracing.tracer });
  const proxy = new FakeProxy(stage.open);
  const head = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };
  const message = { role: "user", content: "hello" };
  proxy.requestHeaders(head).requestBody(JSON.stringify({ model: "x", messages: [message] }));
  await nextRound();
  clock.advance(3_000);
  assert.deepEqual(leaks(), [
    {
      ...{ code: "leak_span", dataClass: "pii.email", field: "attributes.llm.input" },
      ...{ seq: undefined, surface: "span" },
    },
  ]);
});
