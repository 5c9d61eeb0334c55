import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http2";
import { type TestContext, test } from "node:test";
import { RawGrpcClient } from "../../test/support/raw-grpc-client.ts";
import { defaultLimits } from "../base/index.ts";
import type { CommandSink } from "../exchange/index.ts";
import type { TransportObserver } from "./observer.ts";
import { ProcessStream, type StreamDeps } from "./process-stream.ts";
import { ResponseEncoder } from "./response-encoder.ts";
import { Turn } from "./turn.ts";

const headers = { requestHeaders: { headers: { headers: [] } } };

/** Streams on a bare server, so that what they are made of can be looked at. */
async function startBare(t: TestContext) {
  const seen = {
    emptyResets: 0,
    closed: 0,
    sinks: [] as CommandSink[],
    answers: [] as (readonly [string, number])[],
    bugs: [] as unknown[],
  };
  const nothing = (): void => undefined;
  const observer: TransportObserver = {
    sessionOpened: nothing,
    sessionClosed: nothing,
    streamOpened: nothing,
    streamEnded: nothing,
    wireError: nothing,
    limitHit: nothing,
    messageSeconds: (event, seconds) => seen.answers.push([event, seconds]),
  };
  const deps: StreamDeps = {
    options: {
      open: (_opening, sink) => {
        seen.sinks.push(sink);
        return { isSettled: true, handle: nothing };
      },
      bodyModes: { request: ["BUFFERED"], response: ["FULL_DUPLEX_STREAMED"] },
      limits: defaultLimits,
      whenDurable: (_, done) => done(true),
      commit: nothing,
      observer,
      isReady: () => true,
      onBug: (bug) => seen.bugs.push(bug),
    },
    turn: new Turn(nothing),
    encoder: new ResponseEncoder(),
    buffered: { bytes: 0, bytesMax: Number.MAX_SAFE_INTEGER },
    streams: new Set(),
  };
  const server = createServer();
  const wake: (() => void)[] = [];
  server.on("stream", (stream, received) => {
    stream.on("error", nothing);
    stream.on("close", () => {
      seen.closed += 1;
      for (const resolve of wake.splice(0)) resolve();
    });
    const onEmptyReset = (): void => {
      seen.emptyResets += 1;
    };
    new ProcessStream(deps, { stream, headers: received, onEmptyReset });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  assert.ok(bound !== null && typeof bound === "object");
  const client = new RawGrpcClient(`127.0.0.1:${bound.port}`);
  t.after(async () => {
    await client.close();
    server.close();
  });
  const closed = async (count: number): Promise<void> => {
    while (seen.closed < count) {
      await new Promise<void>((resolve) => {
        wake.push(resolve);
      });
    }
  };
  return { client, deps, seen, closed };
}

test("a call that is reset before a message came is told as such, one after it is not", async (t) => {
  const { client, seen, closed } = await startBare(t);
  const empty = client.call();
  await once(empty.stream, "ready");
  await new Promise((resolve) => setImmediate(resolve));
  empty.reset();
  await closed(1);
  assert.equal(seen.emptyResets, 1);
  const asked = client.call();
  asked.send(headers);
  while (seen.sinks.length === 0) await new Promise((resolve) => setImmediate(resolve));
  asked.reset();
  await closed(2);
  assert.equal(seen.emptyResets, 1);
});

test("the time of an answer is that of the oldest event it was owed for", async (t) => {
  const { client, seen } = await startBare(t);
  const call = client.call();
  call.send(headers);
  call.send({ requestBody: { endOfStream: true } });
  while (seen.sinks.length === 0) await new Promise((resolve) => setImmediate(resolve));
  seen.sinks[0]?.send({ kind: "headers", direction: "request" });
  await call.next();
  assert.deepEqual(
    seen.answers.map(([event]) => event),
    ["request_headers"],
  );
  assert.ok((seen.answers[0]?.[1] ?? -1) >= 0);
});

test("a stream that cannot write is reset and does not keep others from writing", async (t) => {
  const { client, deps, seen } = await startBare(t);
  const broken = client.call();
  const sound = client.call();
  broken.send(headers);
  sound.send(headers);
  while (seen.sinks.length < 2) await new Promise((resolve) => setImmediate(resolve));
  const observer = deps.options.observer as {
    -readonly [name in keyof TransportObserver]: unknown;
  };
  let calls = 0;
  observer.messageSeconds = () => {
    calls += 1;
    if (calls === 1) throw new Error("a bug");
  };
  for (const sink of seen.sinks) sink.send({ kind: "headers", direction: "request" });
  const end = await broken.end;
  assert.deepEqual([end.code, end.resetCode], [undefined, 2]);
  assert.notEqual(await sound.next(), undefined);
  assert.equal(seen.bugs.length, 1);
});
