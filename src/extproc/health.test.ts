import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { answerEach, type Fixture, startFixture } from "../../test/support/ext-proc-fixture.ts";
import { type RawCall, toGrpcFrame } from "../../test/support/raw-grpc-client.ts";
import { grpc } from "./gen/messages.js";
import { processorService } from "./health.ts";

const { HealthCheckRequest, HealthCheckResponse } = grpc.health.v1;
const serving = 1;
const notServing = 2;
const serviceUnknown = 3;

function ask(fixture: Fixture, method: "Check" | "Watch", service: string): RawCall {
  const call = fixture.client.call({ ":path": `/grpc.health.v1.Health/${method}` });
  call.sendBytes(toGrpcFrame(HealthCheckRequest.encode({ service }).finish()));
  call.finish();
  return call;
}

async function statusOf(call: RawCall): Promise<number | null | undefined> {
  const bytes = await call.nextBytes();
  return bytes === undefined ? undefined : HealthCheckResponse.decode(bytes).status;
}

/** A server whose readiness the test decides. */
async function startWithReadiness(t: TestContext) {
  const readiness = { isReady: true };
  const fixture = await startFixture(t, answerEach, { isReady: () => readiness.isReady });
  return { fixture, readiness };
}

test("a check of the server or of its service says whether it is ready", async (t) => {
  const { fixture, readiness } = await startWithReadiness(t);
  for (const service of ["", processorService]) {
    readiness.isReady = true;
    const ready = ask(fixture, "Check", service);
    assert.equal(await statusOf(ready), serving);
    assert.equal((await ready.end).code, 0);
    readiness.isReady = false;
    assert.equal(await statusOf(ask(fixture, "Check", service)), notServing);
  }
});

test("a check of an unknown service is not found", async (t) => {
  const { fixture } = await startWithReadiness(t);
  const call = ask(fixture, "Check", "other");
  assert.equal((await call.end).code, 5);
});

test("a server that is to stop is not serving, however ready", async (t) => {
  const { fixture } = await startWithReadiness(t);
  fixture.server.setNotServing();
  assert.equal(await statusOf(ask(fixture, "Check", "")), notServing);
});

test("a watch hears the status at once and every change after it", async (t) => {
  const { fixture, readiness } = await startWithReadiness(t);
  const watch = ask(fixture, "Watch", processorService);
  assert.equal(await statusOf(watch), serving);
  fixture.server.publishHealth();
  readiness.isReady = false;
  fixture.server.publishHealth();
  assert.equal(await statusOf(watch), notServing);
  readiness.isReady = true;
  fixture.server.publishHealth();
  assert.equal(await statusOf(watch), serving);
  fixture.server.setNotServing();
  assert.equal(await statusOf(watch), notServing);
});

test("a watch of an unknown service hears that and stays open", async (t) => {
  const { fixture } = await startWithReadiness(t);
  const watch = ask(fixture, "Watch", "other");
  assert.equal(await statusOf(watch), serviceUnknown);
  fixture.server.setNotServing();
  assert.equal(await statusOf(ask(fixture, "Check", "")), notServing);
  assert.equal(watch.stream.closed, false);
});

test("a watch hears of a change by itself within a second", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { fixture, readiness } = await startWithReadiness(t);
  const watch = ask(fixture, "Watch", "");
  assert.equal(await statusOf(watch), serving);
  readiness.isReady = false;
  t.mock.timers.tick(1000);
  assert.equal(await statusOf(watch), notServing);
});

test("watches end with an error when the server goes away", async (t) => {
  const { fixture } = await startWithReadiness(t);
  const watch = ask(fixture, "Watch", "");
  const lost = ask(fixture, "Watch", "other");
  await statusOf(watch);
  await statusOf(lost);
  fixture.server.endStreams();
  assert.equal((await watch.end).code, 14);
  assert.equal((await lost.end).code, 14);
});

test("a watcher that resets its call is forgotten", async (t) => {
  const { fixture } = await startWithReadiness(t);
  const watch = ask(fixture, "Watch", "");
  await statusOf(watch);
  watch.reset(2);
  await watch.end;
  fixture.server.setNotServing();
  assert.equal(await statusOf(ask(fixture, "Check", "")), notServing);
});

for (const [name, bytes, code] of [
  ["no request at all", Buffer.alloc(0), 13],
  ["bytes that are no request", toGrpcFrame(Buffer.from("ffff", "hex")), 13],
  ["a request of unreasonable size", toGrpcFrame(Buffer.alloc(5000)), 8],
] as const) {
  test(`a health call with ${name} ends with an error`, async (t) => {
    const { fixture } = await startWithReadiness(t);
    const call = fixture.client.call({ ":path": "/grpc.health.v1.Health/Check" });
    if (bytes.length > 0) call.sendBytes(bytes);
    call.finish();
    assert.equal((await call.end).code, code);
  });
}
