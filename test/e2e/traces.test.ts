/** Spans of a server behind a real Envoy, as a strict receiver takes them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { withTracing } from "../support/bootstrap-edits.ts";
import { startGovernedEnvoy } from "../support/governed-envoy.ts";
import { createOwnTrust } from "../support/own-trust.ts";
import { readMetrics } from "../support/read-metrics.ts";
import { runTraceReceiver } from "../support/trace-receiver.ts";

const secret = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const chat = (content: string) => ({ model: "large", messages: [{ role: "user", content }] });
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const clientSpan = "00f067aa0ba902b7";
const traceparent = `00-${traceId}-${clientSpan}-01`;

test("an exchange is a child of Envoy's side call, in the trace that the client began", async (t) => {
  const receiver = await runTraceReceiver(t);
  const stage = await startGovernedEnvoy(t, {
    config: [`otel: { endpoint: "${receiver.url}", sampleRatio: 0 }`],
    edit: withTracing,
  });
  stage.cloud.answerWith({ text: "Fine." });
  const sent = chat("Write to jane.roe@example.org.");
  const answer = await stage.post("/chat/completions", sent, { traceparent });
  assert.equal(answer.status, 200, await answer.text());
  await stage.quiet();
  const openMetrics = await (
    await fetch(`http://${stage.server.adminAddress}/metrics`, {
      headers: { accept: "application/openmetrics-text" },
    })
  ).text();
  assert.match(openMetrics, new RegExp(`decision_seconds_bucket.*# {trace_id="${traceId}"}`));
  assert.match(openMetrics, new RegExp(`message_seconds_bucket.*# {trace_id="${traceId}"}`));
  await stage.server.stop();

  assert.deepEqual(receiver.complaints, []);
  const root = receiver.spans.find(({ name }) => name === "chancery.exchange");
  assert.ok(root !== undefined, "the root came");
  assert.equal(root.traceId, traceId);
  assert.match(String(root.parentSpanId), /^[0-9a-f]{16}$/);
  assert.notEqual(root.parentSpanId, clientSpan, "the side call is between us and the client");
  assert.deepEqual(root.links, []);
  const children = receiver.spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
  assert.equal(children.length, receiver.spans.length - 1);
  const [decision] = await stage.records();
  const recorded = (await stage.records()).find(({ kind }) => kind === "decision") ?? decision;
  assert.deepEqual(recorded?.["trace"], { traceId, spanId: root.parentSpanId });
  assert.equal(root.attributes["chancery.exchange"], recorded?.["exchange"]);
  assert.doesNotMatch(receiver.bodies.join(""), /jane|Write to|Fine/);
});

test("without a trace of others a refusal has one, and what passes has none", async (t) => {
  const receiver = await runTraceReceiver(t);
  const stage = await startGovernedEnvoy(t, {
    config: [`otel: { endpoint: "${receiver.url}", sampleRatio: 0 }`],
  });
  stage.cloud.answerWith({ text: "Fine." });
  await (await stage.post("/chat/completions", chat("How are you?"))).text();
  const refused = await stage.post("/chat/completions", chat(`Use ${secret}.`));
  assert.equal(refused.status, 403, await refused.text());
  await stage.quiet();
  await stage.server.stop();
  assert.deepEqual(receiver.complaints, []);
  const roots = receiver.spans.filter(({ name }) => name === "chancery.exchange");
  assert.deepEqual(
    roots.map(({ attributes }) => attributes["chancery.verdict"]),
    ["deny"],
  );
  const exchange = refused.headers.get("x-chancery-decision");
  assert.equal(roots[0]?.traceId, exchange?.replaceAll("-", ""));
  assert.ok(!receiver.bodies.join("").includes(secret));
});

test("guardrails are spans on the wire where they are asked for, to a receiver of one's own", async (t) => {
  const trust = await createOwnTrust(t);
  const receiver = await runTraceReceiver(t, trust.server);
  const tls = `{ caFile: "${trust.tls.caFile}", certFile: "${trust.tls.certFile}", keyFile: "${trust.tls.keyFile}" }`;
  const stage = await startGovernedEnvoy(t, {
    config: [`otel: { endpoint: "${receiver.url}", genaiGuardrail: experimental, tls: ${tls} }`],
  });
  const refused = await stage.post("/chat/completions", chat(`Use ${secret}.`));
  assert.equal(refused.status, 403, await refused.text());
  await stage.quiet();
  await stage.server.stop();
  assert.deepEqual(receiver.complaints, []);
  const guardrails = receiver.spans.filter(({ name }) => name === "run_guardrail chancery");
  assert.deepEqual(
    guardrails.map(({ attributes }) => [
      attributes["gen_ai.guardrail.target.type"],
      attributes["gen_ai.guardrail.decision.type"],
    ]),
    [["llm_input", "deny"]],
  );
  assert.deepEqual(
    guardrails[0]?.events.map(({ attributes }) => attributes["gen_ai.security.risk.category"]),
    ["secret.github_token"],
  );
  assert.ok(!receiver.bodies.join("").includes(secret));
});

test("a receiver that is away delays no exchange and no stop", async (t) => {
  const stage = await startGovernedEnvoy(t, {
    config: ['otel: { endpoint: "http://127.0.0.1:1", sampleRatio: 1 }'],
  });
  stage.cloud.answerWith({ text: "Fine." });
  const answer = await stage.post("/chat/completions", chat("How are you?"));
  assert.equal(answer.status, 200, await answer.text());
  const text = await (await fetch(`http://${stage.server.adminAddress}/metrics`)).text();
  assert.equal(readMetrics(text).value('chancery_trace_spans_total{result="exported"}'), 0);
  await stage.server.stop(AbortSignal.timeout(100));
});
