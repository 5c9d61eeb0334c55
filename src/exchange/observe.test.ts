import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answerWith,
  askWith,
  governedStage,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";

const email = "jane.roe@example.org";
const secret = "ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5";
const observe = '{ fallback: deny, observe: [{ apps: [bot], until: "2999-01-01T00:00:00Z" }] }';
const rules = policyOf(
  "{ id: cap, effect: transform, actions: [llm.generate], transform: { params: { maxTokens: { max: 5 } }, headers: { set: { x-region: eu } } } }",
  "{ id: tool, effect: deny, actions: [tool.list, tool.call] }",
);
const stageOf = () => governedStage(policiesWith(rules, observe));

const body = (content: string, model = "large") =>
  JSON.stringify({
    model,
    max_tokens: 90,
    messages: [{ role: "user", content }],
    tools: [{ type: "function", function: { name: "shell" } }],
  });

test("a watched request goes on as it came, whatever policies would have done", () => {
  for (const content of [`Write to ${email}.`, `Use ${secret}.`]) {
    const stage = stageOf();
    const proxy = askWith(stage, "openai-chat", body(content));
    assert.equal(proxy.immediate, undefined);
    assert.equal(proxy.request.body.toString(), body(content));
    assert.equal(proxy.request.header("x-region"), undefined);
    assert.equal(stage.records[0]?.["mode"], "observe");
    assert.ok(["transform", "redact", "deny"].includes(stage.records[0]?.verdict ?? ""));
  }
});

test("it goes to the model it names, and to no other", () => {
  const named = askWith(stageOf(), "openai-chat", body("hi"));
  assert.equal(named.request.header("x-chancery-provider"), "cloud");
  const alias = askWith(stageOf(), "openai-chat", body("hi", "fast"));
  assert.equal(alias.request.header("x-chancery-provider"), undefined);
  assert.equal(alias.request.body.toString(), body("hi", "fast"));
});

test("its answer is neither edited nor refused, whole or as it runs", () => {
  const call = {
    content: `Mail ${email} or use ${secret}.`,
    tool_calls: [{ id: "a", type: "function", function: { name: "shell", arguments: "{}" } }],
  };
  const whole = JSON.stringify({ choices: [{ index: 0, message: call }] });
  const stream = `data: ${JSON.stringify({ choices: [{ index: 0, delta: call }] })}\n\ndata: [DONE]\n\n`;
  for (const [mediaType, answer] of [
    ["application/json", whole],
    ["text/event-stream", stream],
  ] as const) {
    const stage = stageOf();
    const proxy = askWith(stage, "openai-chat", body("hi"));
    answerWith(proxy, mediaType, [answer]);
    assert.equal(proxy.response.body.toString(), answer);
    assert.equal(stage.records[1]?.outcome, "deny");
    assert.equal(stage.records[1]?.end, "complete");
    assert.equal(proxy.response.header("x-chancery-warning"), undefined);
    assert.match(JSON.stringify(stage.records[1]?.["tools"]), /"outcome":"deny"/);
  }
});

test("other apps are governed as ever", () => {
  const stage = governedStage(policiesWith(rules, observe.replace("[bot]", "[other]")));
  const proxy = askWith(stage, "openai-chat", body(`Use ${secret}.`));
  assert.equal(proxy.immediate?.status, 403);
  assert.equal(stage.records[0]?.["mode"], "enforce");
});

test("what would be masked in its answer stands as the model said it", () => {
  const call = { content: `Mail ${email}.` };
  const whole = JSON.stringify({ choices: [{ index: 0, message: call }] });
  const stream = `data: ${JSON.stringify({ choices: [{ index: 0, delta: call }] })}\n\n`;
  for (const [mediaType, answer] of [
    ["application/json", whole],
    ["text/event-stream", stream],
  ] as const) {
    const stage = stageOf();
    const proxy = askWith(stage, "openai-chat", body("hi"));
    answerWith(proxy, mediaType, [answer]);
    assert.equal(proxy.response.body.toString(), answer);
    assert.equal(stage.records[1]?.verdict, "redact");
  }
});
