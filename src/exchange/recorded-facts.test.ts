import assert from "node:assert/strict";
import { test } from "node:test";
import { setExchangeStage, stagePolicies } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { assertReplays } from "../../test/support/replays.ts";
import { loadSnapshot, type PolicyFile } from "../policy/index.ts";

const json = { "content-type": "application/json" };

/** Policies of the stage with one more rule, which denies nothing. */
function withCondition(expression: string): readonly PolicyFile[] {
  const rule = { id: "r", effect: "warn", conditions: [{ name: "c", expression }] };
  const text = JSON.stringify({
    apiVersion: "chancery/v1alpha1",
    kind: "Policy",
    metadata: { name: "more", namespace: "platform" },
    spec: { attach: { layer: "global" }, rules: [rule] },
  });
  return [...stagePolicies, { path: "platform/more.json", namespace: "platform", text }];
}

async function recordsUnder(files: readonly PolicyFile[]) {
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "0.0.0" });
  assert.ok(snapshot, JSON.stringify(problems));
  const stage = setExchangeStage({ snapshot: () => snapshot });
  const proxy = new FakeProxy(stage.open);
  const path = "/v1/chat/completions";
  proxy.requestHeaders({
    ":method": "POST",
    ":path": path,
    ":authority": "llm.acme.example",
    ...json,
  });
  const messages = [{ role: "user", content: "Hello" }];
  proxy.requestBody(JSON.stringify({ model: "cloud/large", messages, temperature: 0.5 }));
  proxy.responseHeaders({ ":status": "200", ...json });
  const message = { role: "assistant", content: "Done." };
  const usage = { prompt_tokens: 3, completion_tokens: 7 };
  proxy.responseBody(
    JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }], usage }),
    true,
  );
  proxy.event({ kind: "peer_ended" });
  assert.equal(await assertReplays(stage.records, files), 2);
  return stage.records.map((record) => record["facts"] as Readonly<Record<string, unknown>>);
}

test("what no condition reads of a host and of an answer is not recorded", async () => {
  const [decision, closing] = await recordsUnder(withCondition("request.inputTokens > 1000"));
  assert.equal(decision?.["route.host"], undefined);
  assert.deepEqual(decision?.["request.params.temperature"], { decimal: "0.5" });
  assert.equal(closing, undefined);
});

test("a host that a condition reads is recorded with the request", async () => {
  const [decision] = await recordsUnder(withCondition("route.host == 'llm.acme.example'"));
  assert.equal(decision?.["route.host"], "llm.acme.example");
});

test("what a condition reads of how an answer ends is recorded with it", async () => {
  const [, closing] = await recordsUnder(
    withCondition("response.finishReason == 'stop' && response.outputTokens > 5"),
  );
  assert.deepEqual(closing, { "response.finishReason": "stop", "response.outputTokens": 7 });
});
