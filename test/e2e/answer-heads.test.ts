import assert from "node:assert/strict";
import { test } from "node:test";
import { startEnvoyStage } from "../support/envoy-stage.ts";
import { startLedUpstream } from "../support/led-upstream.ts";
import { openaiChat } from "../support/model-replies.ts";
import { startProcessor } from "../support/processor-stage.ts";
import { headThrough } from "../support/running-head.ts";

const asked = { model: "large", stream: true, messages: [{ role: "user", content: "Hello?" }] };
const events = openaiChat.stream({
  model: "large",
  text: "Hello to you.",
  toolCalls: [],
  deltaChars: 4,
  inputTokens: 1,
  includeUsage: false,
});

for (const responseBodyMode of ["FULL_DUPLEX_STREAMED", "STREAMED"] as const) {
  test(`the head of a ${responseBodyMode} answer waits for nothing, or for its first piece where Envoy keeps it`, {
    timeout: 30_000,
  }, async (t) => {
    const [upstream, processor] = await Promise.all([startLedUpstream(t), startProcessor(t)]);
    const stage = await startEnvoyStage(t, {
      processor: [processor.address],
      upstream: upstream.url,
      bootstrap: { responseBodyMode },
    });
    const opened = stage.caller.open("/chat/completions");
    opened.end(JSON.stringify(asked));
    const call = await upstream.next();
    call.begin("text/event-stream");
    await headThrough(stage, opened);
    const [first = "", ...rest] = events;
    call.write(first);
    await opened.begun();
    for (const event of rest) call.write(event);
    call.end();
    const { isComplete, text } = await opened.answer;
    assert.deepEqual({ isComplete, text }, { isComplete: true, text: events.join("") });
  });
}
