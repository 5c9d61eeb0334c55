import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:http2";
import { connect as connectSocket } from "node:net";
import { test } from "node:test";
import {
  answerEach,
  type Fixture,
  type Script,
  startFixture,
} from "../../test/support/ext-proc-fixture.ts";
import { type RawGrpcClient, toRequestFrame } from "../../test/support/raw-grpc-client.ts";
import { defaultLimits } from "../base/index.ts";

const headers = { requestHeaders: { headers: { headers: [] } } };

/** Sends response bodies back, as a duplex proxy wants. */
const echo: Script = (event, exchange) => {
  if (event.kind !== "response_body") return answerEach(event, exchange);
  const { bytes, endOfStream } = event;
  exchange.sink.send({ kind: "piece", direction: "response", bytes, endOfStream });
};

/** Runs so many exchanges on one connection, some at a time, each closed as told. */
async function runExchanges(
  client: RawGrpcClient,
  count: number,
  close: "half-close" | "reset",
): Promise<number> {
  let left = count;
  let answered = 0;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const call = client.call();
      call.send(headers);
      if ((await call.next())?.requestHeaders !== undefined) answered += 1;
      if (close === "half-close") call.finish();
      else call.reset(constants.NGHTTP2_INTERNAL_ERROR);
      await call.end;
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  return answered;
}

for (const close of ["half-close", "reset"] as const) {
  test(`1,500 quick streams closed by ${close} on one connection all get their answer`, async (t) => {
    const fixture = await startFixture(t);
    assert.equal(await runExchanges(fixture.client, 1500, close), 1500);
    await fixture.settled();
    assert.equal(fixture.client.session.destroyed, false);
    assert.equal(fixture.observed.filter((entry) => entry === "sessionOpened").length, 1);
    assert.equal(fixture.observed.filter((entry) => entry === "streamEnded complete").length, 1500);
  });
}

test("a connection survives 1,500 streams ended by errors while their peers go on sending", async (t) => {
  const refuse: Script = (_event, { sink }) => {
    sink.send({ kind: "error", status: "UNAVAILABLE", message: "no" });
  };
  const fixture = await startFixture(t, refuse);
  const body = toRequestFrame({ requestBody: { body: Buffer.alloc(2000) } });
  let left = 1500;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const call = fixture.client.call();
      call.send(headers);
      call.sendBytes(body);
      const sending = setImmediate(() => call.sendBytes(body));
      assert.equal((await call.end).code, 14);
      clearImmediate(sending);
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  assert.equal(fixture.client.session.destroyed, false);
});

test("a new connection is told the settings of an ext_proc server", async (t) => {
  const fixture = await startFixture(t);
  const [settings] = await once(fixture.client.session, "remoteSettings");
  assert.equal(settings.maxConcurrentStreams, 2048);
  assert.equal(settings.initialWindowSize, 1024 * 1024);
  assert.equal(settings.maxHeaderListSize, 64 * 1024);
  assert.equal(settings.enablePush, false);
});

test("a connection that does not speak HTTP/2 is closed and counted", async (t) => {
  const fixture = await startFixture(t);
  const [host, port] = fixture.address.split(":");
  const socket = connectSocket(Number(port), host);
  socket.on("error", () => undefined);
  socket.end("GET / HTTP/1.1\r\nhost: a\r\n\r\n");
  socket.resume();
  await once(socket, "close");
  await fixture.client.close();
  await fixture.server.close();
  assert.ok(fixture.observed.includes("wireError session"), fixture.observed.join());
  assert.ok(fixture.observed.includes("sessionClosed error"));
});

test("a connection that does not answer a ping is closed, one that does is not", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const fixture = await startFixture(t);
  const [host, port] = fixture.address.split(":");
  const deaf = connectSocket(Number(port), host);
  deaf.on("error", () => undefined);
  deaf.resume();
  // The connection preface and empty SETTINGS (RFC 9113, 3.4), then never a word.
  deaf.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  deaf.write(Buffer.from("000000040000000000", "hex"));
  await once(deaf, "data");
  const pinged = once(fixture.client.session, "ping");
  t.mock.timers.tick(30_000);
  await pinged;
  // The answer of the lively one is before this.
  await fixture.settled();
  t.mock.timers.tick(10_000);
  await once(deaf, "close");
  assert.deepEqual(
    fixture.observed.filter((entry) => entry.startsWith("sessionClosed")),
    ["sessionClosed ping"],
  );
  await fixture.settled();
});

test("a message of several megabytes comes whole, and so does its echo", async (t) => {
  const fixture = await startFixture(t, echo);
  const call = fixture.client.call();
  const body = Buffer.alloc(3_000_000, "body ");
  call.send({ responseBody: { body, endOfStream: true } });
  const answer = await call.next();
  const echoed = answer?.responseBody?.response?.bodyMutation?.streamedResponse;
  assert.equal(Buffer.compare(Buffer.from(echoed?.body ?? []), body), 0);
  call.finish();
  assert.equal((await call.end).code, 0);
  assert.equal(fixture.server.bufferedBytes, 0);
});

test("a peer that takes no answers is asked no more until it does", async (t) => {
  const fixture = await startFixture(t, echo);
  const call = fixture.client.call();
  call.stream.pause();
  const sent = 24;
  const body = Buffer.alloc(256 * 1024);
  for (let index = 0; index < sent; index += 1) call.send({ responseBody: { body } });
  const exchange = await fixture.opened(0);
  await exchange.heard("response_body");
  // Another connection is served meanwhile, so the server has had its turns.
  await runExchanges(fixture.connect(), 50, "half-close");
  assert.ok(exchange.events.length < sent, `heard ${exchange.events.length} of ${sent}`);
  call.stream.resume();
  for (let index = 0; index < sent; index += 1) assert.notEqual(await call.next(), undefined);
  assert.equal(exchange.events.length, sent);
});

for (const ending of ["none", "error"] as const) {
  test(`a stream whose peer takes nothing is freed by its reset, our own ending: ${ending}`, async (t) => {
    const flood: Script = (event, exchange) => {
      if (event.kind !== "response_headers") return answerEach(event, exchange);
      const bytes = Buffer.alloc(4 * 1024 * 1024);
      exchange.sink.send({ kind: "piece", direction: "response", bytes, endOfStream: false });
      if (ending === "none") return;
      // In a later turn, when the stream has been paused already.
      setImmediate(() => {
        exchange.sink.send({ kind: "error", status: "UNAVAILABLE", message: "no" });
      });
    };
    const fixture = await startFixture(t, flood);
    const call = fixture.client.call();
    call.stream.pause();
    call.send({ responseHeaders: {} });
    const exchange = await fixture.opened(0);
    await exchange.heard("response_headers");
    call.send({ responseBody: { body: Buffer.alloc(100_000) } });
    await fixture.settled();
    await fixture.settled();
    assert.equal(fixture.server.activeStreams, 1);
    // With this code the library by itself waits until all has been read and written.
    call.reset(constants.NGHTTP2_NO_ERROR);
    await fixture.settled();
    await fixture.settled();
    assert.equal(fixture.server.activeStreams, 0);
    assert.equal(exchange.kinds.includes("peer_reset"), ending === "none");
  });
}

test("unfinished messages of all streams together are bounded", async (t) => {
  const limits = { ...defaultLimits, heldBytesMax: 100_000 };
  const fixture = await startFixture(t, answerEach, { limits });
  const part = toRequestFrame({ requestBody: { body: Buffer.alloc(80_000) } }).subarray(0, 60_000);
  const first = fixture.client.call();
  first.sendBytes(part);
  const second = fixture.client.call();
  second.sendBytes(part);
  const end = await Promise.race([first.end, second.end]);
  assert.equal(end.code, 8);
  assert.ok(fixture.observed.includes("limitHit held_bytes"));
  await fixture.client.close();
  await allClosed(fixture);
  assert.equal(fixture.server.bufferedBytes, 0);
});

async function allClosed(fixture: Fixture): Promise<void> {
  await fixture.server.close();
  assert.equal(fixture.server.activeStreams, 0);
}
