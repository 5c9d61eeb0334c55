import assert from "node:assert/strict";
import { describe, type TestContext, test } from "node:test";
import { createRuleDetector } from "../../src/detect/index.ts";
import type { BootstrapOptions } from "../../src/envoy/index.ts";
import type { BodyMode, ExchangeDeps } from "../../src/exchange/index.ts";
import { type EnvoyStage, startEnvoyStage } from "../support/envoy-stage.ts";
import { eventually } from "../support/governed-envoy.ts";
import type { CallAnswer } from "../support/http-caller.ts";
import { type LedUpstream, startLedUpstream } from "../support/led-upstream.ts";
import { openaiChat } from "../support/model-replies.ts";
import { type ProcessorStage, startProcessor } from "../support/processor-stage.ts";
import { headThrough } from "../support/running-head.ts";

const email = "jane.roe@example.org";
const asked = { model: "large", messages: [{ role: "user", content: `Who is ${email}?` }] };
const reply = {
  model: "large",
  text: `She is ${email} as far as I know.`,
  toolCalls: [],
  deltaChars: 4,
  inputTokens: 1,
  includeUsage: false,
};

type Stage = EnvoyStage & ProcessorStage & { readonly upstream: LedUpstream };

async function start(
  t: TestContext,
  modes: { readonly request?: BodyMode; readonly response?: BodyMode },
  deps: Partial<ExchangeDeps>,
): Promise<Stage> {
  const [upstream, processor] = await Promise.all([
    startLedUpstream(t),
    startProcessor(t, { deps }),
  ]);
  const bootstrap: Partial<BootstrapOptions> = {
    ...(modes.request === undefined ? {} : { requestBodyMode: modes.request }),
    ...(modes.response === undefined ? {} : { responseBodyMode: modes.response }),
  };
  const envoy = await startEnvoyStage(t, {
    processor: [processor.address],
    upstream: upstream.url,
    bootstrap,
  });
  return { ...envoy, ...processor, upstream };
}

/** The records, once the exchange has written all it will. */
function recordsOf({ records }: ProcessorStage) {
  return eventually(async () => {
    const last = records.at(-1);
    return last?.final === true || last?.kind === "closing" ? records : undefined;
  });
}

async function assertEnvoyNeverWaitedInVain(stage: Stage): Promise<void> {
  assert.equal(await stage.statistic("http.llm.ext_proc.message_timeouts"), 0);
  assert.equal(await stage.statistic("http.llm.ext_proc.failure_mode_allowed"), 0);
  assert.equal(await stage.statistic("http.llm.ext_proc.spurious_msgs_received"), 0);
  assert.deepEqual(stage.bugs, []);
}

function assertRefused(answer: CallAnswer): void {
  assert.equal(answer.status, 503);
  assert.equal(JSON.parse(answer.text).error.code, "fault");
  assert.ok(!answer.text.includes("jane"));
}

/** A classifier that answers so many times and then never again. */
function silentAfter(answers: number): ExchangeDeps["classify"] {
  const detector = createRuleDetector();
  let asked = 0;
  return (spans) => {
    asked += 1;
    if (asked > answers) return new Promise(() => undefined);
    return spans.map(({ text }) => detector.scan(text));
  };
}

describe("a judgement that never comes", { concurrency: true, timeout: 30_000 }, () => {
  const deadlines = { phaseMs: 150, exchangeIdleSeconds: 600 };

  for (const request of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    test(`refuses a ${request} request, which reaches no upstream`, async (t) => {
      const stage = await start(t, { request }, { classify: silentAfter(0), deadlines });
      assertRefused(await stage.caller.post("/chat/completions", asked));
      assert.equal(stage.upstream.begun, 0);
      const [decision, ...others] = await recordsOf(stage);
      assert.deepEqual(others, []);
      assert.equal(decision?.outcome, "none");
      assert.equal(decision?.end, "deadline");
      assert.equal(decision?.reason, "phase_deadline");
      await assertEnvoyNeverWaitedInVain(stage);
    });
  }

  for (const response of ["FULL_DUPLEX_STREAMED", "BUFFERED"] as const) {
    test(`refuses a ${response} answer, of which nothing reaches the client`, async (t) => {
      const stage = await start(t, { response }, { classify: silentAfter(1), deadlines });
      const answer = stage.caller.post("/chat/completions", asked);
      const call = await stage.upstream.next();
      call.begin("application/json");
      call.write(JSON.stringify(openaiChat.whole(reply)));
      call.end();
      assertRefused(await answer);
      const [, closing] = await recordsOf(stage);
      assert.equal(closing?.end, "deadline");
      assert.equal(closing?.reason, "phase_deadline");
      await assertEnvoyNeverWaitedInVain(stage);
    });
  }

  test("breaks off a STREAMED answer, of which nothing reaches the client", async (t) => {
    const response = "STREAMED";
    const stage = await start(t, { response }, { classify: silentAfter(1), deadlines });
    const opened = stage.caller.open("/chat/completions");
    opened.end(JSON.stringify(asked));
    const call = await stage.upstream.next();
    call.begin("application/json");
    // With the body already there, Envoy would treat it like a BUFFERED one.
    await headThrough(stage, opened);
    call.write(JSON.stringify(openaiChat.whole(reply)));
    call.end();
    const { isComplete, text } = await opened.answer;
    assert.deepEqual({ isComplete, text }, { isComplete: false, text: "" });
    const [, closing] = await recordsOf(stage);
    assert.equal(closing?.end, "deadline");
    await assertEnvoyNeverWaitedInVain(stage);
  });
});

describe("an exchange in which nothing happens any more", {
  concurrency: true,
  timeout: 30_000,
}, () => {
  const deadlines = { phaseMs: 2000, exchangeIdleSeconds: 1 };
  const duplex = { request: "FULL_DUPLEX_STREAMED", response: "FULL_DUPLEX_STREAMED" } as const;

  test("is refused while its client does not send the rest of its body", async (t) => {
    const stage = await start(t, duplex, { deadlines });
    const call = stage.caller.open("/chat/completions");
    call.write(JSON.stringify(asked).slice(0, -2));
    assertRefused(await call.answer);
    assert.equal(stage.upstream.begun, 0);
    const [decision] = await recordsOf(stage);
    assert.equal(decision?.end, "deadline");
    assert.equal(decision?.reason, "exchange_idle");
    await assertEnvoyNeverWaitedInVain(stage);
  });

  test("ends in an error while its upstream does not answer", async (t) => {
    const stage = await start(t, duplex, { deadlines });
    const answer = stage.caller.post("/chat/completions", asked);
    const call = await stage.upstream.next();
    assert.equal((await answer).status, 503);
    assert.equal(await call.ended, "cut");
    const [decision, closing] = await recordsOf(stage);
    assert.equal(decision?.verdict, "redact");
    assert.equal(closing?.end, "deadline");
    assert.equal(closing?.reason, "exchange_idle");
    await assertEnvoyNeverWaitedInVain(stage);
  });

  test("is refused while its upstream stalls in the middle of JSON", async (t) => {
    const stage = await start(t, duplex, { deadlines });
    const answer = stage.caller.post("/chat/completions", asked);
    const call = await stage.upstream.next();
    call.begin("application/json");
    call.write(JSON.stringify(openaiChat.whole(reply)).slice(0, -2));
    assertRefused(await answer);
    assert.equal(await call.ended, "cut");
    const [, closing] = await recordsOf(stage);
    assert.equal(closing?.end, "deadline");
    await assertEnvoyNeverWaitedInVain(stage);
  });

  test("is ended by an error event while its upstream stalls in the middle of a stream", async (t) => {
    const stage = await start(t, duplex, { deadlines });
    const opened = stage.caller.post("/chat/completions", { ...asked, stream: true });
    const call = await stage.upstream.next();
    call.begin("text/event-stream");
    // The value has begun and is held back.
    for (const event of openaiChat.stream(reply).slice(0, 4)) call.write(event);
    const answer = await opened;
    assert.equal(answer.status, 200);
    assert.ok(answer.isComplete);
    assert.match(answer.text, /"code":"fault"/);
    assert.ok(!answer.text.includes("jane"));
    assert.equal(await call.ended, "cut");
    const [, closing] = await recordsOf(stage);
    assert.equal(closing?.end, "cut");
    assert.equal(closing?.reason, "exchange_idle");
    await assertEnvoyNeverWaitedInVain(stage);
  });
});
