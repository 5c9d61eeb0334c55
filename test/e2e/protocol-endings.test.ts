import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { test } from "node:test";
import { type Modes, modesHeader, withModeRoutes } from "../support/bootstrap-edits.ts";
import { callOnce, openCall } from "../support/client-call.ts";
import { startCuttingProxy } from "../support/cutting-proxy.ts";
import { startEnvoyStage } from "../support/envoy-stage.ts";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import { eventually, type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { startLedUpstream } from "../support/led-upstream.ts";
import { openaiChat } from "../support/model-replies.ts";
import {
  describeModes,
  governedModes,
  ModesCaller,
  startModesStage,
} from "../support/modes-stage.ts";
import { chat, contentOf, decisionOf, email, promptOf } from "../support/planted.ts";
import { startProcessor } from "../support/processor-stage.ts";

const json = JSON.stringify(
  openaiChat.whole({
    model: "large",
    text: `She is ${email}.`,
    toolCalls: [],
    deltaChars: 4,
    inputTokens: 1,
    includeUsage: false,
  }),
);
const events = openaiChat.stream({
  model: "large",
  text: `Slowly, she is ${email}.`,
  toolCalls: [],
  deltaChars: 4,
  inputTokens: 1,
  includeUsage: false,
});

/** The records of the one exchange that was made since `before`, once it has ended. */
function recordsSince(stage: Pick<GovernedEnvoy, "records">, before: number) {
  return eventually(async () => {
    const since = (await stage.records()).slice(before);
    const last = since.at(-1);
    return last?.final === true || last?.kind === "closing" ? since : undefined;
  });
}

test("a client that goes away", async (t) => {
  const upstream = await startLedUpstream(t);
  const upstreams = [
    { provider: "cloud", url: upstream.url },
    { provider: "local", url: upstream.url },
  ];
  const stage = await startGovernedEnvoy(t, { bootstrap: { upstreams }, edit: withModeRoutes });
  let calls = 0;
  const open = (modes: Modes) => {
    calls += 1;
    return openCall(stage.envoy.baseUrl, { headers: modesHeader(modes) });
  };
  const look = async () => {
    const status = await fetch(`http://${stage.server.adminAddress}/status`);
    return (await status.json()) as { readonly activeStreams: number; readonly heldBytes: number };
  };

  for (const modes of governedModes) {
    await t.test(`${describeModes(modes)}: in its request, no upstream hears of it`, async () => {
      const before = (await stage.records()).length;
      const begun = upstream.begun;
      const call = open(modes);
      call.write(chat(email).slice(0, -1));
      await eventually(async () => {
        const { activeStreams, heldBytes } = await look();
        return (modes.request === "BUFFERED" ? activeStreams : heldBytes) > 0 || undefined;
      });
      call.leave();
      const [decision, ...others] = await recordsSince(stage, before);
      assert.deepEqual([decision?.outcome, decision?.end], ["none", "peer_reset"]);
      assert.deepEqual(others, []);
      assert.equal(upstream.begun, begun);
      await stage.quiet();
    });

    await t.test(`${describeModes(modes)}: while the upstream thinks, it is cut`, async () => {
      const before = (await stage.records()).length;
      const call = open(modes);
      call.write(chat(email));
      call.end();
      const led = await upstream.next();
      call.leave();
      assert.equal(await led.ended, "cut");
      const [decision, closing] = await recordsSince(stage, before);
      assert.deepEqual([decision?.verdict, closing?.end], ["redact", "peer_reset"]);
      await stage.quiet();
    });

    await t.test(`${describeModes(modes)}: in a JSON answer, nothing of it is kept`, async () => {
      const before = (await stage.records()).length;
      const call = open(modes);
      call.write(chat(email));
      call.end();
      const led = await upstream.next();
      led.begin("application/json");
      led.write(json.slice(0, -10));
      if (modes.response !== "BUFFERED") {
        await eventually(async () => (await look()).heldBytes > 0 || undefined);
      }
      call.leave();
      assert.equal(await led.ended, "cut");
      const [, closing] = await recordsSince(stage, before);
      assert.equal(closing?.end, "peer_reset");
      await stage.quiet();
    });

    if (modes.response === "BUFFERED") continue;
    await t.test(`${describeModes(modes)}: in a stream, nothing of it is kept`, async () => {
      const before = (await stage.records()).length;
      const call = open(modes);
      call.write(chat(email, { stream: true }));
      call.end();
      const led = await upstream.next();
      led.begin("text/event-stream");
      for (const event of events.slice(0, -3)) led.write(event);
      await call.received(1);
      call.leave();
      assert.equal(await led.ended, "cut");
      const [, closing] = await recordsSince(stage, before);
      assert.equal(closing?.end, "peer_reset");
      await stage.quiet();
    });
  }

  await t.test("Envoy repeats no side call for it, so each is on record once", async () => {
    const retries = ["upstream_rq_retry", "upstream_rq_retry_backoff_exponential"];
    for (const name of retries) assert.equal(await stage.statistic(`chancery.${name}`), 0);
    const exchanges = new Set((await stage.records()).map((record) => record["exchange"]));
    assert.equal(exchanges.size, calls);
  });
  await assertFilterStatistics(stage.envoy.adminUrl);
});

test("an upstream that breaks off", async (t) => {
  const stage = await startModesStage(t);
  for (const modes of governedModes) {
    const caller = new ModesCaller(stage, modes);

    await t.test(`${describeModes(modes)}: in JSON, nothing of it passes`, async () => {
      const before = (await stage.records()).length;
      stage.cloud.answerWith({ raw: [json.slice(0, -10), ""], cutAfterPieces: 1 });
      const { answer } = await caller.call({ body: chat(email) });
      assert.ok(!answer.text.includes("jane") && !answer.text.includes("She is"));
      assert.ok(!answer.isComplete || (answer.status ?? 0) >= 500);
      const [, closing] = await recordsSince(stage, before);
      assert.equal(closing?.end, "peer_reset");
    });

    await t.test(`${describeModes(modes)}: in a stream, what passed was judged`, async () => {
      const before = (await stage.records()).length;
      stage.cloud.answerWith({
        text: `Slowly, she is ${email}.`,
        deltaChars: 4,
        cutAfterPieces: 9,
      });
      const { answer } = await caller.call({ body: chat(email, { stream: true }) });
      assert.ok(!answer.text.includes("jane"));
      assert.ok(!answer.isComplete || (answer.status ?? 0) >= 500);
      const [, closing] = await recordsSince(stage, before);
      assert.equal(closing?.end, "peer_reset");
    });
  }
  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});

for (const gracefulClose of [true, false]) {
  const how = gracefulClose ? "half-closes" : "resets";
  test(`nothing comes of a judgement whose client is gone when Envoy ${how}`, async (t) => {
    for (const requestBodyMode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
      const upstream = await startLedUpstream(t);
      const asked = Promise.withResolvers<void>();
      const judged = Promise.withResolvers<readonly []>();
      const classify = () => {
        asked.resolve();
        return judged.promise;
      };
      const deadlines = { phaseMs: 60_000, exchangeIdleSeconds: 60 };
      const heldBytes = { total: 0 };
      const processor = await startProcessor(t, { deps: { classify, deadlines, heldBytes } });
      const { envoy } = await startEnvoyStage(t, {
        processor: [processor.address],
        upstream: upstream.url,
        bootstrap: { requestBodyMode, gracefulClose },
      });
      const call = openCall(envoy.baseUrl);
      call.write(chat("Hi"));
      call.end();
      await asked.promise;
      call.leave();
      await eventually(async () => processor.server.activeStreams === 0 || undefined);
      judged.resolve([]);
      const last = await eventually(async () => processor.records.at(-1));
      assert.equal(last.end, "peer_reset");
      assert.equal(heldBytes.total, 0);
      assert.equal(upstream.begun, 0);
      assert.deepEqual(processor.bugs, []);
      await assertFilterStatistics(envoy.adminUrl);
    }
  });
}

test("a judgement later than Envoy waits ends in 504, and nothing passes", async (t) => {
  const upstream = await startLedUpstream(t);
  const deadlines = { phaseMs: 60_000, exchangeIdleSeconds: 60 };
  const classify = () => new Promise<readonly []>(() => undefined);
  const processor = await startProcessor(t, { deps: { classify, deadlines } });
  const { envoy } = await startEnvoyStage(t, {
    processor: [processor.address],
    upstream: upstream.url,
    bootstrap: { messageTimeoutMs: 200 },
  });
  const answer = await callOnce(envoy.baseUrl, { body: chat(email) });
  assert.equal(answer.status, 504);
  assert.equal(upstream.begun, 0);
  await eventually(async () => processor.server.activeStreams === 0 || undefined);
  assert.deepEqual(
    processor.records.map(({ outcome, end }) => [outcome, end]),
    [["none", "peer_reset"]],
  );
  await assertFilterStatistics(envoy.adminUrl, { message_timeouts: 1 });
});

test("a side call that Envoy makes twice is two exchanges and one request", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const proxy = await startCuttingProxy(t, { socket: stage.socket, times: 1 });
  const envoy = await startEnvoyStage(t, {
    processor: [proxy.address],
    upstream: stage.cloud.url,
  });
  stage.cloud.answerWith({ text: `She is ${email}.` });
  const answer = await callOnce(envoy.envoy.baseUrl, { body: chat(email) });
  assert.equal(contentOf(answer), "She is [EMAIL].");
  assert.equal(proxy.cuts, 1);
  assert.equal(stage.cloud.requests.length, 1);
  assert.equal(promptOf(stage.cloud.requests[0]?.body ?? Buffer.alloc(0)), "[EMAIL]");
  await stage.recordsOf(decisionOf(answer), 2);
  await stage.quiet();
  const records = await stage.records();
  const ends = new Map(records.map((record) => [record["exchange"], record.end]));
  assert.deepEqual([...ends.values()].sort(), ["complete", "peer_reset"]);
});

test("a server that stops lets open streams end, and ends what does not", async (t) => {
  for (const finishes of [true, false]) {
    const upstream = await startLedUpstream(t);
    const upstreams = [{ provider: "cloud", url: upstream.url }];
    const stage = await startGovernedEnvoy(t, { bootstrap: { upstreams } });
    const call = openCall(stage.envoy.baseUrl);
    call.write(chat("Slowly?", { stream: true }));
    call.end();
    const led = await upstream.next();
    led.begin("text/event-stream");
    for (const event of events.slice(0, -3)) led.write(event);
    await call.received(1);
    const hurry = new AbortController();
    const stopped = stage.server.stop(hurry.signal);
    await eventually(async () => {
      const status = await fetch(`http://${stage.server.adminAddress}/status`);
      return ((await status.json()) as { isDraining: boolean }).isDraining || undefined;
    });
    if (finishes) {
      for (const event of events.slice(-3)) led.write(event);
      led.end();
    } else {
      hurry.abort();
    }
    const answer = await call.answer;
    await stopped;
    assert.ok(!answer.text.includes("jane"));
    assert.equal(answer.isComplete, finishes);
    const [, closing] = await stage.recordsOf(decisionOf(answer), 2);
    assert.equal(closing?.end, finishes ? "complete" : "drained");
    assert.equal(await led.ended, finishes ? "answered" : "cut");
  }
});

for (const gracefulClose of [true, false]) {
  const how = gracefulClose ? "half-closes" : "resets";
  test(`1,100 quick exchanges use one connection whose calls Envoy ${how}`, async (t) => {
    const stage = await startGovernedEnvoy(t, { bootstrap: { gracefulClose, retry: false } });
    stage.cloud.answerWith({ text: email });
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    t.after(() => agent.destroy());
    const body = chat(email);
    const one = () =>
      new Promise<string>((resolve, reject) => {
        const url = `${stage.baseUrl}/chat/completions`;
        const headers = { "content-type": "application/json", "content-length": body.length };
        const outgoing = request(url, { method: "POST", agent, headers }, (incoming) => {
          let text = "";
          incoming.setEncoding("utf8").on("data", (piece: string) => {
            text += piece;
          });
          incoming.on("end", () => resolve(`${incoming.statusCode} ${text}`));
          incoming.on("error", reject);
        });
        outgoing.on("error", reject);
        outgoing.end(body);
      });
    const answers = await Promise.all(Array.from({ length: 1_100 }, one));
    for (const answer of answers) assert.match(answer, /^200 .*"\[EMAIL\]"/);
    assert.equal(stage.cloud.requests.length, 1_100);
    await stage.quiet();
    assert.equal(await stage.statistic("cluster.chancery.upstream_cx_total"), 1);
    await assertFilterStatistics(stage.envoy.adminUrl);
  });
}
