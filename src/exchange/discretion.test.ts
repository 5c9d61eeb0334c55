import assert from "node:assert/strict";
import { test } from "node:test";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";

const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const post = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };

test("names that a caller chose are told without what is found in them", () => {
  const stage = setExchangeStage();
  const body = {
    model: `so ${token} it is`,
    messages: [{ role: "user", content: "hi" }],
    [`${token}`]: 1,
    tools: [{ type: "function", function: { name: token, parameters: {} } }],
  };
  new FakeProxy(stage.open).requestHeaders(post).requestBody(JSON.stringify(body));
  const line = JSON.stringify(stage.records);
  assert.ok(!line.includes("ghp_"), line);
  assert.deepEqual(stage.records[0]?.["model"], { requested: "so [GITHUB_TOKEN] it is" });
});

test("the name of a model that the catalog resolves stands as it was asked for", () => {
  const stage = setExchangeStage();
  const body = { model: "fast", messages: [{ role: "user", content: "hi" }] };
  new FakeProxy(stage.open).requestHeaders(post).requestBody(JSON.stringify(body));
  const told = { requested: "fast", used: "local/small", provider: "local" };
  assert.deepEqual(stage.records[0]?.["model"], told);
});
