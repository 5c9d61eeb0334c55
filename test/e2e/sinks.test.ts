import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { startChancery, startServe, writeServeConfig } from "../support/chancery-process.ts";
import { makeDirectory, startEnvoyStage } from "../support/envoy-stage.ts";
import { readLines } from "../support/log-stage.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { until } from "../support/sink-stage.ts";
import { startUpstream } from "../support/upstream.ts";

const path = "/chat/completions";
const asked = { model: "large", messages: [{ role: "user", content: "Who is jane@example.org?" }] };

/** All lines of the one log below a state directory. */
function linesOf(stateDir: string): readonly string[] {
  const slot = join(stateDir, "log", "0");
  const [id = ""] = readdirSync(slot).filter((name) => /^[0-9a-f]{8}$/.test(name));
  return readLines(join(slot, id));
}

/** Lines that came, each once, in the order in which they came first. */
function distinct({ logs }: OtlpReceiver): readonly string[] {
  return [...new Set(logs.map(({ line }) => line))];
}

describe("sinks beside a real Envoy", { timeout: 60_000 }, () => {
  test("hold up no exchange and lose no record, be they dead, without an answer, or cut off by a kill", async (t) => {
    const directory = await makeDirectory(t);
    const [silent, dead] = [await startOtlpReceiver(t), await startOtlpReceiver(t)];
    silent.answer = () => new Promise(() => undefined);
    await dead.stop();
    const address = `unix:${join(directory, "processor.sock")}`;
    const config = await writeServeConfig(directory, {
      addresses: [address],
      lines: [
        "drain: { noticeSeconds: 0 }",
        "sinks:",
        `  - { name: silent, otlp: { url: "${silent.url}" } }`,
        `  - { name: dead, otlp: { url: "${dead.url}" } }`,
      ],
    });
    const first = await startServe(t, config);
    const upstream = await startUpstream();
    t.after(() => upstream.stop());
    upstream.answerWith({ text: "Nobody." });
    const envoy = await startEnvoyStage(t, { processor: [address], upstream: upstream.url });
    const ask = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        assert.equal((await envoy.caller.post(path, asked)).status, 200);
      }
    };
    await ask(10);
    await until("both were tried", async () => {
      const page = await (await fetch(`${first.adminUrl}/metrics`)).text();
      const isDead = /^chancery_sink_errors_total\{.*sink="dead".*reason="away".*\} [1-9]/m;
      return isDead.test(page) && /^chancery_sink_lag_records\{sink="silent"\} [1-9]/m.test(page);
    });
    await ask(20);
    assert.equal(silent.logs.length, 0);

    first.send("SIGKILL");
    await first.ended;
    silent.answer = () => undefined;
    await dead.start();
    const second = await startServe(t, config);
    await ask(10);
    second.send("SIGTERM");
    await second.ended;
    const lines = linesOf(join(directory, "state"));
    const closed = lines.findIndex((line) => line.includes('"kind":"close"'));
    assert.equal(closed, lines.length - 2, "the last record and its checkpoint");
    assert.deepEqual(distinct(silent), lines);
    assert.deepEqual(distinct(dead), lines);
    assert.deepEqual([silent.wrong, dead.wrong], [[], []]);
    for (const { line } of silent.logs) assert.ok(!line.includes("jane@"));
  });

  test("stand on standard output, for a container that keeps nothing", async (t) => {
    const directory = await makeDirectory(t);
    const address = `unix:${join(directory, "processor.sock")}`;
    const config = await writeServeConfig(directory, {
      addresses: [address],
      lines: ["drain: { noticeSeconds: 0 }", "sinks: [{ stdout: {} }]"],
    });
    const server = await startServe(t, config);
    server.send("SIGTERM");
    await server.ended;
    const lines = server
      .stdout()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    assert.deepEqual(lines, linesOf(join(directory, "state")));
  });

  test("that are not as they should be do not start", async (t) => {
    const directory = await makeDirectory(t);
    const config = await writeServeConfig(directory, {
      addresses: [`unix:${join(directory, "processor.sock")}`],
      lines: ["sinks: [{ stdout: {}, otlp: { url: 'http://siem.example/v1/logs' } }]"],
    });
    const server = startChancery(t, ["serve", "--config", config]);
    const { code } = await server.ended;
    assert.notEqual(code, 0);
    assert.match(server.stderr(), /a sink is one of/);
  });
});
