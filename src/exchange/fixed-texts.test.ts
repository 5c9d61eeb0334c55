import assert from "node:assert/strict";
import { test } from "node:test";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";

const address = "jane.roe@example.org";
const secret = "ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5";
const signature = "c2lnbmF0dXJl";
const thinking = (text: string) => ({ type: "thinking", thinking: text, signature });

function ask(content: readonly object[]) {
  const stage = setExchangeStage();
  const proxy = new FakeProxy(stage.open, { response: "FULL_DUPLEX_STREAMED" });
  proxy.requestHeaders({ ":method": "POST", ":path": "/v1/messages" });
  proxy.requestBody(
    JSON.stringify({
      ...{ model: "large", max_tokens: 9 },
      messages: [
        { role: "assistant", content },
        { role: "user", content: "go on" },
      ],
    }),
  );
  return { proxy, stage };
}

function answer(mediaType: string, chunks: readonly string[]) {
  const { proxy, stage } = ask([]);
  proxy.responseHeaders({ ":status": "200", "content-type": mediaType });
  chunks.forEach((chunk, index) => {
    if (!proxy.isOver) proxy.responseBody(Buffer.from(chunk), index === chunks.length - 1);
  });
  return { proxy, stage };
}

const reply = (...content: readonly object[]) =>
  JSON.stringify({ type: "message", role: "assistant", content });

test("signed thinking without a value comes back to the model as it was", () => {
  const { stage } = ask([thinking("Nothing to hide."), { type: "text", text: address }]);
  assert.deepEqual(stage.faults, []);
  assert.equal(stage.records[0]?.verdict, "redact");
});

test("signed thinking with a value to be masked is refused, as it can be neither kept nor changed", () => {
  const { proxy, stage } = ask([thinking(`Write to ${address}.`)]);
  assert.deepEqual(stage.faults, ["redaction_impossible"]);
  assert.equal(proxy.isOver, true);
  assert.equal(stage.records[0]?.end, "refused");
  assert.equal(stage.records[0]?.reason, "redaction_impossible");
});

test("signed thinking with a denied value is denied by the rule that says so", () => {
  const { stage } = ask([thinking(`Use ${secret}.`)]);
  assert.deepEqual(stage.faults, []);
  assert.equal(stage.records[0]?.reason, "rule");
});

test("a whole answer whose signed thinking holds a value to be masked is refused", () => {
  const { proxy, stage } = answer("application/json", [
    reply(thinking(`It is ${address}.`), { type: "text", text: "Done." }),
  ]);
  assert.deepEqual(stage.faults, ["redaction_impossible"]);
  assert.ok(!proxy.response.body.toString().includes(address));
});

test("a whole answer whose thinking is not signed is masked", () => {
  const { proxy, stage } = answer("application/json", [
    reply({ type: "thinking", thinking: `It is ${address}.` }),
  ]);
  assert.deepEqual(stage.faults, []);
  assert.ok(proxy.response.body.toString().includes("It is [EMAIL]."));
});

const event = (data: { readonly type: string }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
const delta = (index: number, more: object) =>
  event({ type: "content_block_delta", index, delta: more } as { type: string });
const stop = (index: number) => event({ type: "content_block_stop", index } as { type: string });
const stream = (thought: string) => [
  delta(0, { type: "thinking_delta", thinking: "Let me see. " }),
  delta(0, { type: "thinking_delta", thinking: thought.slice(0, 20) }),
  delta(0, { type: "thinking_delta", thinking: thought.slice(20) }),
  delta(0, { type: "signature_delta", signature }),
  stop(0),
  delta(1, { type: "text_delta", text: `Write to ${address}.` }),
  stop(1),
  event({ type: "message_stop" }),
];

test("thinking of a stream passes unchanged, and the text behind it is masked", () => {
  const { proxy, stage } = answer("text/event-stream", stream("They have an address on file."));
  const body = proxy.response.body.toString();
  assert.deepEqual(stage.faults, []);
  assert.ok(body.startsWith(stream("They have an address on file.").slice(0, 4).join("")));
  assert.ok(body.includes("Write to [EMAIL]."));
});

test("a value in the thinking of a stream cuts it there, however its bytes were cut", () => {
  const events = stream(`They are at ${address}, I think.`);
  const bodies = [events, [events.join("")], [...events.join("")]].map((chunks) => {
    const { proxy, stage } = answer("text/event-stream", chunks);
    assert.deepEqual(stage.faults, ["redaction_impossible"]);
    assert.equal(stage.records[1]?.end, "cut");
    return proxy.response.body.toString().replace(/[0-9a-f-]{36}/g, "id");
  });
  const [first = ""] = bodies;
  assert.ok(first.startsWith(events[0] ?? "") && first.includes("event: error"));
  assert.ok(!first.includes("jane") && !first.includes("example.org"));
  assert.deepEqual(bodies, [first, first, first]);
});

test("a value that names a tool is refused, one that is a name in its input is masked", () => {
  const call = { type: "tool_use", id: "toolu_1", name: "f", input: { [address]: true } };
  const { proxy, stage } = answer("application/json", [reply(call)]);
  assert.deepEqual(stage.faults, []);
  assert.deepEqual(JSON.parse(proxy.response.body.toString()).content[0].input, {
    "[EMAIL]": true,
  });
  const named = answer("application/json", [reply({ ...call, name: address, input: {} })]);
  assert.deepEqual(named.stage.faults, ["redaction_impossible"]);
});
