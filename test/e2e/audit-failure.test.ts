/** What callers, both logs and the metrics see while the log of a running server cannot be written. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startServe, writeServeConfig } from "../support/chancery-process.ts";
import { callOnce, openCall } from "../support/client-call.ts";
import { makeDirectory, readAllRecords, startEnvoyStage } from "../support/envoy-stage.ts";
import { clearDisk, fillDisk } from "../support/full-disk.ts";
import { eventually } from "../support/governed-envoy.ts";
import { accessLogLines, joinLogs } from "../support/joined-logs.ts";
import { chat, codeOf, contentOf, decisionOf, email, promptOf, token } from "../support/planted.ts";
import { readMetrics } from "../support/read-metrics.ts";
import { startUpstream } from "../support/upstream.ts";

const drain = "drain: { noticeSeconds: 0, exchangesSeconds: 5 }";

test("under `continue` a full disk stops nobody, and what was decided is on record late", async (t) => {
  const stage = await startFailingStage(t, ["audit: { onFailure: continue }"]);
  const before = decisionOf(await stage.ask(email));
  fillDisk(stage.server.pid, stage.state);
  const permitted = await stage.ask(`Who is ${email}?`);
  assert.equal(contentOf(permitted), "She is [EMAIL].");
  const seen = stage.upstream.requests.at(-1)?.body ?? Buffer.alloc(0);
  assert.equal(promptOf(seen), "Who is [EMAIL]?", "judged as ever");
  const refused = await stage.ask(token);
  assert.deepEqual([refused.status, codeOf(refused)], [403, "secret_detected"]);
  const unrecorded = [permitted, refused].map(decisionOf);
  assert.equal((await stage.metrics()).value('chancery_bypass_total{reason="audit"}'), 2);

  clearDisk(stage.server.pid);
  await stage.recorded(unrecorded);
  const after = decisionOf(await stage.ask(email));
  const lines = await stage.end();
  const place = (exchange: string) => typeof lines.get(exchange)?.["seq"];
  assert.deepEqual([before, after].map(place), ["number", "number"]);
  assert.deepEqual(unrecorded.map(place), ["undefined", "undefined"], "no place was promised");
  const records = await readAllRecords(stage.state);
  for (const record of records.filter(({ kind }) => kind === "decision" || kind === "closing")) {
    const isLate = unrecorded.includes(String(record["exchange"]));
    assert.equal(record["late"], isLate ? true : undefined);
    if (record.kind === "decision") assert.equal(record["fallback"], isLate ? "open" : "none");
  }
  const { join: joined, problems, status } = stage.joined();
  assert.deepEqual([status, problems, joined.differences], ["good", [], []]);
});

test("under `refuse` a full disk refuses all, and the log accounts for each refusal without a record", async (t) => {
  const stage = await startFailingStage(t);
  const held = Promise.withResolvers<void>();
  t.after(() => held.resolve());
  stage.upstream.answerWith({
    text: `She is ${email}, as far as I know.`,
    beforePiece: (index) => (index > 2 ? held.promise : undefined),
  });
  const running = openCall(stage.baseUrl);
  running.write(chat("Who?", { stream: true }));
  running.end();
  await running.received(1);
  const reached = stage.upstream.requests.length;
  fillDisk(stage.server.pid, stage.state);
  const refused: string[] = [];
  for (const content of [email, token, "Hi"]) {
    const answer = await stage.ask(content);
    assert.deepEqual([answer.status, codeOf(answer)], [503, "audit_unavailable"]);
    refused.push(decisionOf(answer));
  }
  assert.equal(stage.upstream.requests.length, reached, "nothing unrecorded reached the upstream");
  held.resolve();
  const ran = await running.answer;
  assert.ok(ran.isComplete, "what ran already ends as it would");
  assert.match(ran.text, /\[DONE\]/);

  clearDisk(stage.server.pid);
  stage.upstream.answerWith({ text: "Nobody." });
  await eventually(async () => (await stage.ask("Hi")).status === 200 || undefined);
  const lines = await stage.end();
  const records = await readAllRecords(stage.state);
  const closing = records.find(
    ({ exchange, kind }) => kind === "closing" && exchange === decisionOf(ran),
  );
  assert.deepEqual([closing?.end, closing?.["late"]], ["complete", true]);
  const { join: joined, problems, status } = stage.joined();
  assert.deepEqual([status, problems], ["good", []]);
  const told = [...lines].filter(([, { reason }]) => reason === "audit_unavailable");
  assert.deepEqual([joined.refused, joined.missing], [told.length, 0]);
  const unrecorded = joined.differences.map(({ exchange, is }) => `${is} ${exchange}`);
  assert.deepEqual(new Set(unrecorded), new Set(told.map(([exchange]) => `refused ${exchange}`)));
  assert.ok(refused.every((exchange) => unrecorded.includes(`refused ${exchange}`)));
  const counted = records.map((record) => Number(record["refused"] ?? 0));
  assert.equal(Math.max(...counted), told.length, "a beat says how many");
  const [one] = told;
  const forged = { ...one?.[1], exchange: decisionOf(ran).replace(/....$/, "ffff") };
  const more = stage.joined(JSON.stringify({ decision: forged }));
  assert.deepEqual(
    [more.status, more.join.refused, more.join.missing],
    [...["incomplete", told.length, 1]],
  );
});

async function startFailingStage(t: TestContext, lines: readonly string[] = []) {
  const directory = await makeDirectory(t);
  const state = join(directory, "state");
  const socket = `unix:${join(directory, "processor.sock")}`;
  const config = await writeServeConfig(directory, {
    addresses: [socket],
    lines: [drain, ...lines],
  });
  const upstream = await startUpstream();
  t.after(() => upstream.stop());
  upstream.answerWith({ text: `She is ${email}.` });
  const server = await startServe(t, config);
  const stage = await startEnvoyStage(t, { processor: [socket], upstream: upstream.url });
  const { accessLogPath, baseUrl } = stage.envoy;
  return {
    ...{ baseUrl, server, state, upstream },
    ask: (content: string) => callOnce(baseUrl, { body: chat(content) }),
    async metrics() {
      return readMetrics(await (await fetch(`${server.adminUrl}/metrics`)).text());
    },
    /** Resolves once each of them is closed on record, or refused. */
    recorded: (exchanges: readonly string[]) =>
      eventually(async () => {
        const records = await readAllRecords(state);
        const ended = records.filter(({ final, kind }) => kind === "closing" || final === true);
        const ids = new Set(ended.map(({ exchange }) => exchange));
        return exchanges.every((exchange) => ids.has(exchange)) || undefined;
      }),
    /** Stops the server in order, and gives what Envoy logged by exchange. */
    async end() {
      const log = await accessLogLines(stage);
      server.send("SIGTERM");
      assert.deepEqual(await server.ended, { code: 0, signal: null }, server.stderr());
      return new Map(
        log.flatMap(({ decision }) => (decision ? [[String(decision["exchange"]), decision]] : [])),
      );
    },
    /** Both logs held against each other, with one more line in Envoy's. */
    joined(line?: string) {
      if (line !== undefined) appendFileSync(accessLogPath, `${line}\n`);
      return joinLogs(directory, accessLogPath);
    },
  };
}
