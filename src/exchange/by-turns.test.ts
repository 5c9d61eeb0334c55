import assert from "node:assert/strict";
import { test } from "node:test";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";

const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const post = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };
const sse = { ":status": "200", "content-type": "text/event-stream" };
const asked = JSON.stringify({
  ...{ model: "large", stream: true },
  messages: [{ role: "user", content: "hi" }],
});

type Delta = Readonly<Record<string, string>>;

/** Streams one choice whose members take turns, and gives what left and how it ended. */
function streamed(...deltas: readonly Delta[]) {
  const stage = setExchangeStage();
  const proxy = new FakeProxy(stage.open, { response: "FULL_DUPLEX_STREAMED" });
  proxy.requestHeaders(post).requestBody(asked).responseHeaders(sse);
  const sent = deltas.map(
    (delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`,
  );
  for (const event of sent) if (!proxy.response.isEnded) proxy.responseBody(event, false);
  if (!proxy.response.isEnded) proxy.responseBody("data: [DONE]\n\n", true);
  const text = proxy.response.body.toString("utf8");
  return { text, sent: sent.join(""), end: stage.records[1]?.end };
}

test("a value that a turn to another member parts does not pass whole", () => {
  for (const [head, tail] of [
    ["jane@exa", "mple.org"],
    ["4111 1111 ", "1111 1111"],
    [token.slice(0, 15), token.slice(15)],
  ] as const) {
    for (const other of ["refusal", "reasoning"]) {
      const { end, text } = streamed(
        { content: `so ${head}` },
        { [other]: "well" },
        { content: `${tail} ` },
        { content: "and on " },
      );
      assert.equal(end, "cut", head);
      assert.ok(text.includes('"error"') && !text.includes(tail), text);
    }
  }
});

test("members that take turns pass as they came where no turn parts a value", () => {
  const { end, sent, text } = streamed(
    { reasoning: "Let me see. " },
    { content: "One moment." },
    { reasoning: "It is 17" },
    { content: " Done" },
    { reasoning: " o'clock." },
  );
  assert.equal(end, "complete");
  assert.ok(text.startsWith(sent));
});

test("a value that was masked before a turn is not taken for the beginning of another", () => {
  const { end, text } = streamed(
    { content: "ask jane@example.org" },
    { reasoning: "hm" },
    { content: ".uk or so " },
  );
  assert.equal(end, "complete");
  assert.ok(text.includes("ask [EMAIL]") && text.includes(".uk or so "), text);
});
