import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, constants, createServer, type ServerHttp2Session } from "node:http2";
import { type TestContext, test } from "node:test";
import type { TransportObserver } from "./observer.ts";
import { SessionGuard } from "./session-guard.ts";

/** One connection with its guard, and both its ends. */
async function startGuarded(t: TestContext, isTrusted: boolean) {
  const observed: string[] = [];
  const observer = {
    sessionOpened: () => observed.push("opened"),
    sessionClosed: (reason: string) => observed.push(`closed ${reason}`),
    limitHit: (limit: string) => observed.push(`limit ${limit}`),
  } as unknown as TransportObserver;
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  assert.ok(bound !== null && typeof bound === "object");
  const accepted = once(server, "session");
  const client = connect(`http://127.0.0.1:${bound.port}`);
  client.on("error", () => undefined);
  const [session] = (await accepted) as [ServerHttp2Session];
  const guard = new SessionGuard(session, { observer, isTrusted });
  t.after(() => {
    client.destroy();
    server.close();
  });
  return { guard, client, observed };
}

function resetTimes(guard: SessionGuard, count: number): void {
  for (let index = 0; index < count; index += 1) guard.countEmptyReset();
}

test("more than 20,000 empty resets in a second close an untrusted connection", async (t) => {
  const { guard, client, observed } = await startGuarded(t, false);
  const goaway = once(client, "goaway");
  resetTimes(guard, 20_001);
  const [code] = await goaway;
  assert.equal(code, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  await guard.closed;
  assert.deepEqual(observed, ["opened", "limit stream_resets", "closed limit"]);
});

test("20,000 are let pass, and so is any number on a trusted connection", async (t) => {
  const untrusted = await startGuarded(t, false);
  resetTimes(untrusted.guard, 20_000);
  const trusted = await startGuarded(t, true);
  resetTimes(trusted.guard, 100_000);
  for (const { guard, observed } of [untrusted, trusted]) {
    assert.deepEqual(observed, ["opened"]);
    guard.drain();
    await guard.closed;
    assert.deepEqual(observed, ["opened", "closed drain"]);
  }
});

test("a connection the peer closes counts as closed by the peer", async (t) => {
  const { guard, client, observed } = await startGuarded(t, false);
  client.close();
  await guard.closed;
  assert.deepEqual(observed, ["opened", "closed peer"]);
});
