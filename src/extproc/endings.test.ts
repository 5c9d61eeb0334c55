/** Each way a call can end, over a real connection. Status 0 lets everything pass: see who gets it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:http2";
import { test } from "node:test";
import {
  answerEach,
  type Fixture,
  type Script,
  startFixture,
} from "../../test/support/ext-proc-fixture.ts";
import { toGrpcFrame, toRequestFrame } from "../../test/support/raw-grpc-client.ts";
import { defaultLimits } from "../base/index.ts";

const headers = { requestHeaders: { headers: { headers: [] } } };
const silent: Script = () => undefined;
const refusal = {
  kind: "immediate",
  status: 403,
  headers: [],
  body: Buffer.from("no"),
  details: "deny",
} as const;

/** Stream ends that were observed. */
const ends = (fixture: Fixture): readonly string[] =>
  fixture.observed.filter((entry) => entry.startsWith("streamEnded"));

/** Opens a call, asks one question and waits until the exchange has heard it. */
async function ask(fixture: Fixture) {
  const call = fixture.client.call();
  call.send(headers);
  const exchange = await fixture.opened(0);
  await exchange.heard("request_headers");
  return { call, exchange };
}

test("a peer that half-closes and is owed nothing gets status 0", async (t) => {
  const fixture = await startFixture(t);
  const { call, exchange } = await ask(fixture);
  assert.notEqual(await call.next(), undefined);
  call.finish();
  const end = await call.end;
  assert.deepEqual([end.code, end.resetCode], [0, 0]);
  assert.deepEqual(exchange.kinds, ["request_headers", "peer_ended"]);
  assert.deepEqual(ends(fixture), ["streamEnded complete"]);
});

test("an answer that was sent in the turn of the half-close still leaves, before status 0", async (t) => {
  const fixture = await startFixture(t);
  const call = fixture.client.call();
  call.stream.end(toRequestFrame(headers));
  assert.notEqual((await call.next())?.requestHeaders, undefined);
  assert.equal((await call.end).code, 0);
});

test("a peer that half-closes while it is owed an answer gets an error", async (t) => {
  const fixture = await startFixture(t, silent);
  const { call, exchange } = await ask(fixture);
  exchange.isSettled = false;
  call.finish();
  assert.equal((await call.end).code, 13);
  assert.deepEqual(exchange.kinds, ["request_headers", "peer_ended"]);
  assert.deepEqual(ends(fixture), ["streamEnded peer_reset"]);
});

test("an exchange may settle in answer to the half-close", async (t) => {
  const fixture = await startFixture(t, (event, exchange) => {
    exchange.isSettled = event.kind === "peer_ended";
  });
  const { call } = await ask(fixture);
  call.finish();
  assert.equal((await call.end).code, 0);
});

test("a peer that asks nothing and half-closes gets status 0 and opens no exchange", async (t) => {
  const fixture = await startFixture(t);
  const call = fixture.client.call();
  call.finish();
  assert.equal((await call.end).code, 0);
  assert.equal(fixture.exchanges.length, 0);
});

test("nothing is ended before the peer half-closes, however settled the exchange is", async (t) => {
  const fixture = await startFixture(t);
  const { call } = await ask(fixture);
  await call.next();
  await fixture.settled();
  assert.deepEqual(ends(fixture), []);
  assert.equal(fixture.server.activeStreams, 1);
});

test("a half-close in the middle of a message is an error", async (t) => {
  const fixture = await startFixture(t);
  const { call, exchange } = await ask(fixture);
  await call.next();
  call.sendBytes(toRequestFrame(headers).subarray(0, 6));
  call.finish();
  assert.equal((await call.end).code, 13);
  assert.deepEqual(exchange.kinds, ["request_headers", "malformed"]);
  assert.ok(fixture.observed.includes("wireError truncated"));
});

for (const code of [
  constants.NGHTTP2_NO_ERROR,
  constants.NGHTTP2_CANCEL,
  constants.NGHTTP2_INTERNAL_ERROR,
]) {
  test(`a reset with code ${code} is heard once and nothing after it`, async (t) => {
    const fixture = await startFixture(t, silent);
    const { call, exchange } = await ask(fixture);
    exchange.isSettled = false;
    call.reset(code);
    await exchange.heard("peer_reset");
    exchange.sink.send({ kind: "headers", direction: "request" });
    await call.end;
    await fixture.settled();
    assert.deepEqual(exchange.kinds, ["request_headers", "peer_reset"]);
    assert.deepEqual(ends(fixture), ["streamEnded peer_reset"]);
    assert.equal(fixture.server.activeStreams, 0);
  });
}

test("a reset after the last answer counts as complete", async (t) => {
  const fixture = await startFixture(t);
  const { call, exchange } = await ask(fixture);
  await call.next();
  call.reset(constants.NGHTTP2_INTERNAL_ERROR);
  await exchange.heard("peer_reset");
  assert.deepEqual(ends(fixture), ["streamEnded complete"]);
});

test("half-close and reset at once are one ending", async (t) => {
  const fixture = await startFixture(t, silent);
  const { call, exchange } = await ask(fixture);
  exchange.isSettled = false;
  call.finish();
  call.reset(constants.NGHTTP2_NO_ERROR);
  await call.end;
  await fixture.settled();
  assert.equal(ends(fixture).length, 1);
  const notices = exchange.kinds.slice(1);
  assert.ok(notices.filter((kind) => kind === "peer_reset").length <= 1, notices.join());
  assert.ok(notices.length >= 1);
});

test("a lost connection resets all its exchanges", async (t) => {
  const fixture = await startFixture(t, silent);
  const first = await ask(fixture);
  const second = fixture.client.call();
  second.send(headers);
  const other = await fixture.opened(1);
  await other.heard("request_headers");
  fixture.client.session.destroy();
  await first.exchange.heard("peer_reset");
  await other.heard("peer_reset");
  assert.equal(ends(fixture).length, 2);
});

test("an error of the exchange ends the stream with its status and message", async (t) => {
  const fixture = await startFixture(t, (_event, { sink }) => {
    sink.send({ kind: "headers", direction: "request" });
    sink.send({ kind: "error", status: "RESOURCE_EXHAUSTED", message: "50% é" });
    sink.send({ kind: "headers", direction: "request" });
  });
  const { call, exchange } = await ask(fixture);
  assert.notEqual(await call.next(), undefined);
  const end = await call.end;
  assert.deepEqual([end.code, end.message], [8, "50%25 %C3%A9"]);
  assert.equal(await call.next(), undefined);
  assert.deepEqual(exchange.kinds, ["request_headers"]);
  assert.deepEqual(ends(fixture), ["streamEnded server_error"]);
});

test("an error before any answer is told too, and a peer that goes on sending is stopped", async (t) => {
  const fixture = await startFixture(t, (_event, { sink }) => {
    sink.send({ kind: "error", status: "UNAVAILABLE", message: "later" });
  });
  const { call, exchange } = await ask(fixture);
  const end = await call.end;
  assert.deepEqual([end.code, end.message, end.resetCode], [14, "later", 0]);
  assert.deepEqual(exchange.kinds, ["request_headers"]);
});

test("after an immediate answer the exchange hears only how the call closed", async (t) => {
  const fixture = await startFixture(t, (event, { sink }) => {
    if (event.kind === "request_headers") sink.send(refusal);
    sink.send({ kind: "headers", direction: "request" });
  });
  const { call, exchange } = await ask(fixture);
  exchange.isSettled = false;
  assert.equal((await call.next())?.immediateResponse?.status?.code, 403);
  call.send({ requestBody: { endOfStream: true } });
  call.finish();
  assert.equal((await call.end).code, 0);
  assert.equal(await call.next(), undefined);
  assert.deepEqual(exchange.kinds, ["request_headers", "peer_ended"]);
  assert.deepEqual(ends(fixture), ["streamEnded refused"]);
});

test("what came in one chunk behind the message that was refused is not heard", async (t) => {
  const fixture = await startFixture(t, (event, { sink }) => {
    if (event.kind === "request_headers") sink.send(refusal);
  });
  const call = fixture.client.call();
  const body = toRequestFrame({ requestBody: { endOfStream: true } });
  call.sendBytes(Buffer.concat([toRequestFrame(headers), body]));
  assert.equal((await call.next())?.immediateResponse?.status?.code, 403);
  assert.deepEqual(fixture.exchanges[0]?.kinds, ["request_headers"]);
});

test("an exception in the exchange ends its stream, closed, and no other", async (t) => {
  const fixture = await startFixture(t, (event, exchange) => {
    if (event.kind !== "request_body") return answerEach(event, exchange);
    exchange.sink.send({ kind: "body", direction: "request" });
    throw new Error("a bug");
  });
  const { call, exchange } = await ask(fixture);
  await call.next();
  const other = fixture.client.call();
  other.send(headers);
  await other.next();
  call.send({ requestBody: { endOfStream: true } });
  assert.equal((await call.end).code, 13);
  assert.equal(await call.next(), undefined, "what it sent in that turn must not leave");
  assert.equal(fixture.bugs.length, 1);
  assert.deepEqual(exchange.kinds, ["request_headers", "request_body", "peer_reset"]);
  other.finish();
  assert.equal((await other.end).code, 0);
});

test("an exchange that cannot be opened ends its stream, closed", async (t) => {
  const fixture = await startFixture(t, silent, {
    open: () => {
      throw new Error("a bug");
    },
  });
  const call = fixture.client.call();
  call.send(headers);
  assert.equal((await call.end).code, 13);
  assert.equal(fixture.bugs.length, 1);
});

test("an answer that cannot be encoded ends its stream, closed", async (t) => {
  const fixture = await startFixture(t, (event, { sink }) => {
    if (event.kind !== "request_headers") return;
    sink.send({ kind: "piece", direction: "request", bytes: 5 as never, endOfStream: true });
    sink.send({ kind: "headers", direction: 7 as never, edit: 1 as never });
  });
  const { call, exchange } = await ask(fixture);
  assert.equal((await call.end).code, 13);
  assert.equal(fixture.bugs.length, 1);
  assert.deepEqual(exchange.kinds, ["request_headers", "peer_reset"]);
});

for (const [name, bytes, code, kind] of [
  ["too large", Buffer.from("00ffffffff", "hex"), 8, "too_large"],
  ["compressed", toGrpcFrame(Buffer.from("x"), 1), 12, "compressed"],
  ["no ProcessingRequest", toGrpcFrame(Buffer.from("ffff", "hex")), 13, "malformed"],
] as const) {
  test(`a message that is ${name} ends the stream with its status, and the exchange hears why`, async (t) => {
    const fixture = await startFixture(t);
    const { call, exchange } = await ask(fixture);
    await call.next();
    call.sendBytes(bytes);
    assert.equal((await call.end).code, code);
    assert.deepEqual(exchange.kinds, ["request_headers", "malformed"]);
    assert.ok(fixture.observed.includes(`wireError ${kind}`), fixture.observed.join());
    assert.deepEqual(ends(fixture), ["streamEnded server_error"]);
  });

  test(`a first message that is ${name} opens no exchange`, async (t) => {
    const fixture = await startFixture(t);
    const call = fixture.client.call();
    call.sendBytes(bytes);
    assert.equal((await call.end).code, code);
    assert.equal(fixture.exchanges.length, 0);
  });
}

test("an exchange may answer a malformed message in the caller's format before the error", async (t) => {
  const fixture = await startFixture(t, (event, { sink }) => {
    if (event.kind === "malformed") sink.send(refusal);
  });
  const { call } = await ask(fixture);
  call.sendBytes(toGrpcFrame(Buffer.from("ffff", "hex")));
  assert.equal((await call.next())?.immediateResponse?.status?.code, 403);
  assert.equal((await call.end).code, 13);
});

test("a body mode that is not accepted is an error that names it, and opens no exchange", async (t) => {
  const fixture = await startFixture(t);
  const call = fixture.client.call();
  call.send({ ...headers, protocolConfig: { requestBodyMode: 1, responseBodyMode: 4 } });
  const end = await call.end;
  assert.equal(end.code, 3);
  assert.equal(end.message, "expected request body mode BUFFERED, found STREAMED");
  assert.equal(fixture.exchanges.length, 0);
  assert.ok(fixture.observed.includes("wireError body_mode"));
});

test("modes announced by a message that asks nothing hold for the first that does", async (t) => {
  const modes = { request: ["BUFFERED"], response: ["FULL_DUPLEX_STREAMED", "STREAMED"] } as const;
  const fixture = await startFixture(t, answerEach, { bodyModes: modes });
  const call = fixture.client.call();
  call.send({ protocolConfig: { requestBodyMode: 2, responseBodyMode: 1 } });
  call.send(headers);
  await call.next();
  assert.equal(fixture.exchanges.length, 1);
  assert.equal(fixture.exchanges[0]?.opening.responseBodyMode, "STREAMED");
});

test("a stream may begin with the response", async (t) => {
  const fixture = await startFixture(t);
  const call = fixture.client.call({ traceparent: "00-abc" });
  call.send({ responseHeaders: {} });
  assert.notEqual((await call.next())?.responseHeaders, undefined);
  assert.deepEqual(fixture.exchanges[0]?.kinds, ["response_headers"]);
  assert.equal(fixture.exchanges[0]?.opening.traceparent, "00-abc");
});

test("headers beyond the limits are malformed for the exchange, which answers", async (t) => {
  const fixture = await startFixture(
    t,
    (event, { sink }) => {
      if (event.kind === "malformed") sink.send(refusal);
    },
    { limits: { ...defaultLimits, headersMax: 1 } },
  );
  const call = fixture.client.call();
  const field = { key: "a", rawValue: Buffer.from("b") };
  call.send({ requestHeaders: { headers: { headers: [field, field] } } });
  assert.equal((await call.next())?.immediateResponse?.status?.code, 403);
  call.send({ requestBody: { endOfStream: true } });
  call.finish();
  assert.equal((await call.end).code, 0);
  assert.deepEqual(fixture.exchanges[0]?.kinds, ["malformed", "peer_ended"]);
  assert.ok(fixture.observed.includes("limitHit headers"));
});

test("in observability mode nothing is sent, whatever the exchange says", async (t) => {
  const fixture = await startFixture(t, (event, exchange) => {
    if (event.kind === "request_body") exchange.sink.send(refusal);
    else answerEach(event, exchange);
  });
  const call = fixture.client.call();
  call.send({ ...headers, observabilityMode: true });
  const exchange = await fixture.opened(0);
  exchange.isSettled = false;
  call.send({ requestBody: { endOfStream: true }, observabilityMode: true });
  call.finish();
  assert.equal((await call.end).code, 0);
  assert.equal(await call.next(), undefined);
  assert.equal(exchange.opening.isObservability, true);
  assert.deepEqual(exchange.kinds, ["request_headers", "request_body", "peer_ended"]);
});

test("draining ends running streams with UNAVAILABLE after what the exchange has to say", async (t) => {
  const fixture = await startFixture(t, (event, { sink }) => {
    if (event.kind === "drained") {
      sink.send({
        kind: "piece",
        direction: "response",
        bytes: Buffer.from("bye"),
        endOfStream: true,
      });
    }
  });
  const { call, exchange } = await ask(fixture);
  fixture.server.endStreams();
  assert.notEqual((await call.next())?.responseBody, undefined);
  const end = await call.end;
  assert.deepEqual([end.code, end.message], [14, "draining"]);
  assert.deepEqual(exchange.kinds, ["request_headers", "drained"]);
  assert.deepEqual(ends(fixture), ["streamEnded drained"]);
});

test("after GOAWAY open streams go on and the connection closes with the last of them", async (t) => {
  const fixture = await startFixture(t);
  const { call } = await ask(fixture);
  await call.next();
  fixture.server.stopAccepting();
  await once(fixture.client.session, "goaway");
  call.send({ requestBody: { endOfStream: true } });
  assert.notEqual((await call.next())?.requestBody, undefined);
  call.finish();
  assert.equal((await call.end).code, 0);
  await fixture.client.closed;
  await fixture.server.close();
  assert.ok(fixture.observed.includes("sessionClosed drain"));
});

test("closing ends everything that is left", async (t) => {
  const fixture = await startFixture(t, silent);
  const { call } = await ask(fixture);
  const closing = fixture.server.close();
  assert.equal((await call.end).code, 14);
  await closing;
  assert.equal(fixture.server.activeStreams, 0);
});

test("calls that are not ours are turned away", async (t) => {
  const fixture = await startFixture(t);
  const unknown = fixture.client.call({ ":path": "/other.Service/Method" });
  unknown.finish();
  assert.equal((await unknown.end).code, 12);
  const plain = fixture.client.call({ "content-type": "application/json" });
  plain.finish();
  const end = await plain.end;
  assert.deepEqual([end.httpStatus, end.code], [415, undefined]);
  assert.deepEqual(
    fixture.observed.filter((entry) => entry.startsWith("wireError")),
    ["wireError request", "wireError request"],
  );
});
