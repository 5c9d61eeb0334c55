import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setExchangeStage } from "../../../test/support/exchange-stage.ts";
import { FakeClock } from "../../../test/support/fake-clock.ts";
import { FakeProxy } from "../../../test/support/fake-proxy.ts";
import { askWith, governedStage, policiesWith } from "../../../test/support/governed-exchange.ts";
import type { Classifier } from "../../detect/index.ts";
import type { ExchangeDeps, TraceOpening } from "../../exchange/index.ts";
import type { Span } from "./span.ts";
import { createTracer, type TracerOptions } from "./tracer.ts";

const secret = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const post = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };
const json = { ":status": "200", "content-type": "application/json" };
const [proxyTrace, callerTrace] = ["a".repeat(32), "c".repeat(32)];
const [proxySpan, callerSpan] = ["b".repeat(16), "d".repeat(16)];

function chat(content: string): string {
  return JSON.stringify({ model: "large", messages: [{ role: "user", content }] });
}

const answer = JSON.stringify({
  choices: [{ index: 0, message: { role: "assistant", content: "ok" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 4 },
});

interface World extends Partial<Omit<TracerOptions, "onEnd" | "clock">> {
  /** Of the side call. */
  readonly traceparent?: string;
  /** Of the request. */
  readonly forwarded?: string;
  readonly deps?: Partial<ExchangeDeps>;
}

/** An exchange under a tracer, with what came of it. */
function setUp(world: World = {}) {
  const { deps, forwarded, traceparent } = world;
  const { hasGuardrails = false, isUnderPressure = () => false, sampleRatio = 0 } = world;
  const spans: Span[] = [];
  const told: (string | undefined)[] = [];
  const clock = new FakeClock();
  const onEnd = (ended: readonly Span[]) => spans.push(...ended);
  const tracer = createTracer({ clock, sampleRatio, hasGuardrails, isUnderPressure, onEnd });
  const silent = setExchangeStage().deps.observer;
  const observer = {
    ...silent,
    decided: (_: unknown, traceId?: string) => told.push(traceId),
    closed: (_: unknown, traceId?: string) => told.push(traceId),
  };
  const stage = setExchangeStage({ clock, timers: clock, tracer, observer, ...deps });
  const proxy = new FakeProxy((opening, sink) => stage.open({ ...opening, traceparent }, sink));
  const headers = { ...post, ...(forwarded === undefined ? {} : { traceparent: forwarded }) };
  return {
    clock,
    proxy,
    spans,
    stage,
    told,
    ask: (content: string) => proxy.requestHeaders(headers).requestBody(chat(content)),
    answer: () => proxy.responseHeaders(json).responseBody(answer),
  };
}

function names(spans: readonly Span[]): readonly string[] {
  return spans.map(({ name }) => name).sort();
}

function rootOf(spans: readonly Span[]): Span {
  const root = spans.find(({ name }) => name === "chancery.exchange");
  assert.ok(root !== undefined, "there is a root");
  return root;
}

const ofProxy = `00-${proxyTrace}-${proxySpan}-01`;
const ofCaller = `00-${callerTrace}-${callerSpan}-01`;

describe("the parent of an exchange", () => {
  test("is the side call of the proxy, and a trace of the caller's own is linked", async () => {
    const {
      answer: answered,
      ask,
      spans,
      stage,
    } = setUp({
      traceparent: ofProxy,
      forwarded: ofCaller,
    });
    ask("hello");
    answered();
    await turn();
    const root = rootOf(spans);
    assert.equal(root.traceId, proxyTrace);
    assert.equal(root.parentSpanId, proxySpan);
    assert.partialDeepStrictEqual(root.link, { traceId: callerTrace, spanId: callerSpan });
    assert.deepEqual(stage.records[0]?.["trace"], { traceId: proxyTrace, spanId: proxySpan });
  });

  test("is what the caller sent where the proxy says nothing", async () => {
    const { answer: answered, ask, spans } = setUp({ forwarded: ofCaller });
    ask("hello");
    answered();
    await turn();
    assert.equal(rootOf(spans).parentSpanId, callerSpan);
    assert.equal(rootOf(spans).link, undefined);
  });

  test("of the same trace in both places is no link", async () => {
    const forwarded = `00-${proxyTrace}-${callerSpan}-01`;
    const { answer: answered, ask, spans } = setUp({ traceparent: ofProxy, forwarded });
    ask("hello");
    answered();
    await turn();
    assert.equal(rootOf(spans).parentSpanId, proxySpan);
    assert.equal(rootOf(spans).link, undefined);
  });
});

describe("which exchanges are traced", () => {
  test("is for the parent to say, whatever comes of them", async () => {
    const unsampled = `00-${proxyTrace}-${proxySpan}-00`;
    const { ask, spans, told } = setUp({ traceparent: unsampled, sampleRatio: 1 });
    ask(`use ${secret}`);
    await turn();
    assert.deepEqual(spans, []);
    assert.deepEqual(told, [undefined]);
  });

  test("without a parent, those that are denied, under the exchange's own id", async () => {
    const { ask, proxy, spans, stage, told } = setUp();
    ask(`use ${secret}`);
    await turn();
    const exchange = String(stage.records[0]?.["exchange"]);
    const root = rootOf(spans);
    assert.equal(root.traceId, exchange.replaceAll("-", ""));
    assert.equal(root.parentSpanId, undefined);
    assert.equal(root.attributes["chancery.verdict"], "deny");
    assert.deepEqual(told, [root.traceId]);
    assert.equal(stage.records[0]?.["trace"], undefined);
    assert.ok(proxy.immediate !== undefined);
    assert.ok(root.events.some(({ name }) => name === "answer"));
  });

  test("without a parent, those that met a fault", async () => {
    const { proxy, spans } = setUp();
    proxy.requestHeaders(post).requestBody("{");
    await turn();
    assert.equal(rootOf(spans).attributes["chancery.reason"], "json_invalid");
  });

  test("without a parent, an answer that is denied, with its half of the stages", async () => {
    const { ask, proxy, spans } = setUp();
    ask("hello");
    proxy.responseHeaders(json).responseBody(answer.replace("ok", secret));
    await turn();
    assert.equal(rootOf(spans).attributes["chancery.point"], "response");
    assert.ok(names(spans).includes("chancery.detect"));
  });

  test("without a parent, none of the others but a share", async () => {
    const quiet = setUp({ sampleRatio: 0 });
    quiet.ask("hello");
    quiet.answer();
    await turn();
    assert.deepEqual(quiet.spans, []);
    const tracer = createTracer({
      clock: new FakeClock(),
      sampleRatio: 0.25,
      hasGuardrails: false,
      isUnderPressure: () => false,
      onEnd: () => undefined,
    });
    const { deps } = setExchangeStage();
    const opened = Array.from({ length: 4_000 }, () => {
      const exchange = deps.createId();
      const opening: TraceOpening = {
        ...{ exchange, parent: undefined, link: undefined, startedMicros: 0, isNotable: false },
      };
      return tracer.open(opening) === undefined ? 0 : 1;
    });
    const share = opened.reduce<number>((sum, one) => sum + one, 0) / opened.length;
    assert.ok(share > 0.2 && share < 0.3, `a quarter: ${share}`);
  });

  test("is none while the process is under pressure", async () => {
    const { ask, spans } = setUp({ traceparent: ofProxy, isUnderPressure: () => true });
    ask(`use ${secret}`);
    await turn();
    assert.deepEqual(spans, []);
  });
});

test("the spans tell of stages, rules, answers and records, and of nothing that was said", async () => {
  const { answer: answered, ask, clock, spans, told } = setUp({ traceparent: ofProxy });
  ask("write to jane@example.org");
  clock.advance(40);
  answered();
  await turn();
  const root = rootOf(spans);
  assert.equal(root.endMicros - root.startMicros, 40_000);
  for (const span of spans) {
    assert.equal(span.traceId, proxyTrace);
    assert.ok(span.startMicros <= span.endMicros && span.startMicros >= root.startMicros);
    if (span !== root) assert.equal(span.parentSpanId, root.spanId);
  }
  assert.deepEqual(names(spans), [
    "chancery.detect",
    "chancery.detect",
    "chancery.effects",
    "chancery.effects",
    "chancery.evaluate",
    "chancery.evaluate",
    "chancery.exchange",
  ]);
  assert.partialDeepStrictEqual(root.attributes, {
    "rpc.system": "grpc",
    "rpc.method": "Process",
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "cloud",
    "gen_ai.request.model": "large",
    "gen_ai.usage.input_tokens": 3,
    "gen_ai.usage.output_tokens": 4,
    "chancery.tenant": "acme",
    "chancery.point": "response",
    "chancery.verdict": "redact",
  });
  const events = root.events.map(({ name }) => name);
  const written = root.events.filter(({ name }) => name === "audit");
  assert.deepEqual(
    written.map(({ attributes }) => attributes["kind"]),
    ["decision", "closing"],
  );
  assert.ok(events.includes("rule.match") && events.includes("answer"));
  assert.deepEqual(told, [proxyTrace, proxyTrace]);
  assert.doesNotMatch(JSON.stringify(spans), /jane|write to/);
});

test("each ask of a classifier is a span of a client, with what went wrong", async () => {
  const spans: Span[] = [];
  const clock = new FakeClock();
  const onEnd = (ended: readonly Span[]) => spans.push(...ended);
  const tracer = createTracer({
    ...{ clock, sampleRatio: 1, hasGuardrails: false, isUnderPressure: () => false, onEnd },
  });
  const document = [
    "apiVersion: chancery/v1alpha1",
    "kind: Classifier",
    "metadata: { name: names, namespace: platform }",
    'spec: { version: "3", endpoint: ner, classes: [pii.person], map: { P: pii.person }, in: [prompt] }',
    "---",
    "",
  ].join("\n");
  const late: Classifier = {
    ask: async () => {
      clock.advance(150);
      return { kind: "fault", fault: "timeout" };
    },
  };
  const stage = governedStage(policiesWith(document), {
    ...{ clock, timers: clock, tracer, classifiers: { of: () => late } },
  });
  const messages = [{ role: "user", content: "Jane Roe is here" }];
  askWith(stage, "openai-chat", { model: "large", messages });
  await turn();
  await turn();
  const asked = spans.find(({ name }) => name === "chancery.classifier");
  assert.equal(asked?.kind, "client");
  assert.equal(asked.endMicros - asked.startMicros, 150_000);
  assert.partialDeepStrictEqual(asked.attributes, {
    "chancery.classifier": "ner",
    "error.type": "timeout",
  });
  assert.ok(asked.isError);
});

test("an exchange that passes unjudged is a span by itself", async () => {
  const { proxy, spans } = setUp({ traceparent: ofProxy });
  proxy.requestHeaders({ ":method": "GET", ":path": "/v1/models", ":authority": "llm" }, true);
  await turn();
  assert.equal(rootOf(spans).attributes["chancery.bypass"], "route");
});
