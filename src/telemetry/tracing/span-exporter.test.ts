import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { eventually } from "../../../test/support/governed-envoy.ts";
import { runTraceReceiver } from "../../../test/support/trace-receiver.ts";
import { createHttpClient } from "../../sinks/index.ts";
import type { Span } from "./span.ts";
import { SpanExporter } from "./span-exporter.ts";

const now = 1_795_000_000_000_000;

function spanOf(number: number): Span {
  return {
    traceId: "a".repeat(32),
    spanId: (number + 1).toString(16).padStart(16, "0"),
    parentSpanId: undefined,
    link: undefined,
    name: "chancery.exchange",
    kind: "server",
    startMicros: now,
    endMicros: now + 10,
    attributes: { "chancery.point": "request", count: 3, share: 0.5, isFinal: true, no: undefined },
    events: [{ name: "answer", atMicros: now, attributes: { event: "request_headers" } }],
    droppedEvents: 0,
    isError: false,
  };
}

const spansOf = (count: number) => Array.from({ length: count }, (_, index) => spanOf(index));

async function setUp(t: TestContext, changes: { requestMs?: number; batchMs?: number } = {}) {
  const receiver = await runTraceReceiver(t);
  const counts: Record<string, number> = {};
  const failures: string[] = [];
  const exporter = new SpanExporter({
    endpoint: `${receiver.url}/`,
    http: createHttpClient(),
    source: { service: "chancery", version: "1.2.3", instance: "one" },
    headers: () => ({ authorization: "Bearer token" }),
    observer: {
      spans: (result, count) => {
        counts[result] = (counts[result] ?? 0) + count;
      },
      failed: (error) => failures.push(error.code),
    },
    waits: { batchMs: 1, requestMs: 5_000, retryMs: 1, retryMsMax: 20, ...changes },
  });
  const close = () => exporter.close(AbortSignal.timeout(5_000));
  return { receiver, exporter, counts, failures, close };
}

test("spans arrive as they are, signed in", async (t) => {
  const { close, counts, exporter, receiver } = await setUp(t);
  exporter.add(spansOf(2));
  await close();
  assert.deepEqual(receiver.complaints, []);
  assert.equal(receiver.headers[0]?.["authorization"], "Bearer token");
  const [span] = receiver.spans;
  assert.deepEqual(span, {
    traceId: "a".repeat(32),
    spanId: "0000000000000001",
    name: "chancery.exchange",
    kind: 2,
    startMicros: now,
    endMicros: now + 10,
    attributes: { "chancery.point": "request", count: 3, share: 0.5, isFinal: true },
    events: [{ name: "answer", attributes: { event: "request_headers" } }],
    links: [],
    isError: false,
  });
  assert.deepEqual(counts, { exported: 2 });
});

test("a batch leaves by itself after a while, and a full one at once", async (t) => {
  const { exporter, receiver } = await setUp(t);
  exporter.add(spansOf(1));
  await eventually(async () => receiver.spans.length === 1 || undefined);
  const patient = await setUp(t, { batchMs: 3_600_000 });
  patient.exporter.add(spansOf(512));
  await eventually(async () => patient.receiver.spans.length === 512 || undefined);
  assert.equal(patient.receiver.bodies.length, 1);
});

test("what a receiver cannot take for now is sent again, as it asks", async (t) => {
  const { close, counts, exporter, receiver } = await setUp(t);
  receiver.answers.push({ status: 503 }, { status: 429, headers: { "retry-after": "3600" } });
  exporter.add(spansOf(3));
  await close();
  assert.equal(receiver.bodies.length, 3);
  assert.deepEqual(counts, { exported: 3 });
});

test("what a receiver refuses for good is dropped and told, and what comes later is sent", async (t) => {
  const { close, counts, exporter, failures, receiver } = await setUp(t);
  receiver.answers.push({ status: 401 });
  exporter.add(spansOf(3));
  await eventually(async () => counts["dropped"] === 3 || undefined);
  exporter.add(spansOf(1));
  await close();
  assert.deepEqual(failures, ["status_401"]);
  assert.deepEqual(counts, { dropped: 3, exported: 1 });
});

test("spans that a receiver rejects are not sent again", async (t) => {
  const { close, counts, exporter, receiver } = await setUp(t);
  receiver.answers.push({ status: 200, body: '{"partialSuccess":{"rejectedSpans":"2"}}' });
  exporter.add(spansOf(3));
  await close();
  assert.equal(receiver.bodies.length, 1);
  assert.deepEqual(counts, { rejected: 2, exported: 1 });
});

test("while a receiver is slow only so many wait, and the rest is dropped at once", async (t) => {
  const { close, counts, exporter, receiver } = await setUp(t);
  let release = (): void => undefined;
  receiver.held = new Promise<void>((resolve) => {
    release = resolve;
  });
  exporter.add(spansOf(512));
  await eventually(async () => receiver.bodies.length === 1 || undefined);
  for (let batch = 0; batch < 5; batch += 1) exporter.add(spansOf(512));
  assert.deepEqual(counts, { dropped: 512 });
  release();
  await close();
  assert.deepEqual(counts, { dropped: 512, exported: 5 * 512 });
});

test("a receiver that is away or says nothing costs its spans and nothing else", async (t) => {
  const { close, counts, exporter, failures, receiver } = await setUp(t, { requestMs: 20 });
  receiver.held = new Promise(() => undefined);
  exporter.add(spansOf(2));
  await close();
  assert.deepEqual(failures, ["no_answer"]);
  assert.deepEqual(counts, { dropped: 2 });
});

test("who is told to hurry waits for no receiver", async (t) => {
  const { counts, exporter, receiver } = await setUp(t, { batchMs: 3_600_000 });
  receiver.held = new Promise(() => undefined);
  exporter.add(spansOf(2));
  await exporter.close(AbortSignal.abort());
  assert.deepEqual(counts, { dropped: 2 });
  exporter.add(spansOf(1));
  assert.deepEqual(counts, { dropped: 3 });
});
