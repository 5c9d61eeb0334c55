import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { PolicyFile } from "../../src/policy/index.ts";
import { stagePolicies, type WrittenRecord } from "../support/exchange-stage.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";

const stripsAll = "stripsHeaders: [x-user, x-tenant, x-app, x-groups]";

/** The policies of the stage, with identity headers as the source. */
const policies: readonly PolicyFile[] = stagePolicies.map((file) => ({
  ...file,
  text: file.text.replace(
    "{ fallback: deny }",
    "{ fallback: deny, identity: [{ source: header }] }",
  ),
}));

async function startStage(t: TestContext, listener: string): Promise<GovernedEnvoy> {
  const stage = await startGovernedEnvoy(t, { policies, listener });
  stage.cloud.answerWith({ text: "Hello." });
  return stage;
}

async function statusOf(
  stage: GovernedEnvoy,
  headers: readonly (readonly [string, string])[],
): Promise<number> {
  const answer = await fetch(`${stage.baseUrl}/chat/completions`, {
    method: "POST",
    headers: [["content-type", "application/json"], ...headers.map(([...pair]) => pair)],
    body: JSON.stringify({ model: "large", messages: [{ role: "user", content: "hi" }] }),
  });
  return answer.status;
}

function recordedSource(record: WrittenRecord | undefined): unknown {
  return (record?.["principal"] as Readonly<Record<string, unknown>> | undefined)?.["auth"];
}

const caller = [
  ["x-user", "ann@acme.example"],
  ["x-tenant", "acme"],
  ["x-app", "bot"],
] as const;

test("identity headers count on a listener whose proxy strips them, twice or contrary they do not", async (t) => {
  const stage = await startStage(t, `identity: null, ${stripsAll}`);
  assert.equal(await statusOf(stage, caller), 200);
  const [record] = await stage.records();
  assert.equal(record?.["tenant"], "acme");
  assert.equal(recordedSource(record), "header");
  assert.doesNotMatch(JSON.stringify(await stage.records()), /ann@/);
  assert.equal(await statusOf(stage, [...caller, ["x-user", "bob"]]), 401);
  assert.equal(await statusOf(stage, [...caller, ["x-tenant", "acme"]]), 401);
  assert.equal(await statusOf(stage, caller.slice(1)), 401);
  assert.equal(await statusOf(stage, []), 401);
});

test("identity headers count for nothing where one of them is not stripped", async (t) => {
  const stage = await startStage(t, "identity: null, stripsHeaders: [x-user, x-tenant, x-app]");
  assert.equal(await statusOf(stage, caller), 401);
  assert.equal(stage.cloud.requests.length, 0);
});

test("a listener that serves one app refuses headers that name another", async (t) => {
  const stage = await startStage(t, `identity: acme/bot, ${stripsAll}`);
  assert.equal(await statusOf(stage, []), 200);
  assert.equal(await statusOf(stage, caller), 200);
  assert.equal(await statusOf(stage, [["x-app", "other"]]), 401);
  assert.equal(await statusOf(stage, [["x-tenant", "globex"]]), 401);
});
