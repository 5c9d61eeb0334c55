import assert from "node:assert/strict";
import { test } from "node:test";
import { answerEach, type Script, startFixture } from "../../test/support/ext-proc-fixture.ts";
import { until } from "../../test/support/log-stage.ts";
import { toRequestFrame } from "../../test/support/raw-grpc-client.ts";

const headers = { requestHeaders: { headers: { headers: [] } } };
const body = { requestBody: { endOfStream: true } };

/** Answers each event, and has the answers wait for a record. */
const hold: Script = (event, exchange) => {
  if (event.kind === "request_headers") exchange.sink.holdUntilDurable(7);
  answerEach(event, exchange);
};

interface Wait {
  readonly seq: number;
  readonly done: (isDurable: boolean) => void;
}

test("an answer waits for its record to be on the disk, and what comes meanwhile leaves with it", async (t) => {
  const waits: Wait[] = [];
  const fixture = await startFixture(t, hold, {
    whenDurable: (seq, done) => waits.push({ seq, done }),
  });
  const call = fixture.client.call();
  const chunks: Buffer[] = [];
  call.stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  call.send(headers);
  await until(() => waits.length > 0);
  call.sendBytes(toRequestFrame(body));
  await until(() => fixture.exchanges[0]?.kinds.length === 2);
  assert.equal(chunks.length, 0);
  assert.deepEqual(
    waits.map(({ seq }) => seq),
    [7],
    "asked once",
  );
  waits[0]?.done(true);
  await call.next();
  await call.next();
  assert.equal(chunks.length, 1);
});

test("an answer whose record does not get there never leaves", async (t) => {
  const fixture = await startFixture(t, hold, { whenDurable: (_, done) => done(false) });
  const call = fixture.client.call();
  const chunks: Buffer[] = [];
  call.stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  call.send(headers);
  assert.equal((await call.end).code, 14);
  assert.equal(chunks.length, 0);
});

test("what was told of a record that could not be written is told anew", async (t) => {
  const script: Script = (event, exchange) => {
    if (event.kind === "audit_failed") return exchange.sink.retell({ exchange: "e" });
    exchange.sink.send({
      kind: "headers",
      direction: "request",
      metadata: { exchange: "e", seq: 1 },
    });
  };
  const fixture = await startFixture(t, script, {
    commit: () => {
      throw new Error("disk full");
    },
  });
  const call = fixture.client.call();
  call.send(headers);
  const answer = await call.next();
  const fields = answer?.dynamicMetadata?.fields?.["chancery"]?.structValue?.fields;
  assert.deepEqual(Object.keys(fields ?? {}), ["exchange"]);
});
