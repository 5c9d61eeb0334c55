import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import type { PolicyFile } from "../../src/policy/index.ts";
import { startServe, writeServeConfig } from "../support/chancery-process.ts";
import { makeDirectory, readRecords, startEnvoyStage } from "../support/envoy-stage.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { startGovernedEnvoy } from "../support/governed-envoy.ts";
import { startRedis } from "../support/redis-server.ts";
import { startUpstream } from "../support/upstream.ts";

/** The stage's policies, and one quota over all that the app asks for. */
function withQuota(spec: string): readonly PolicyFile[] {
  const text = `apiVersion: chancery/v1alpha1
kind: Quota
metadata: { name: budget, namespace: acme }
spec: { ${spec} }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: budgets, namespace: acme }
spec:
  version: 1.0.0
  attach: { layer: tenant }
  rules:
    - { id: use, effect: allow, actions: [llm.generate], models: { tags: [approved] }, quota: [budget] }
`;
  return [...stagePolicies, { path: "acme/quota.yaml", namespace: "acme", text }];
}

const hourly = "window: { kind: sliding, duration: 1h }, key: [tenant.id, app.id]";
const requests = (limit: number) => withQuota(`unit: requests, limit: ${limit}, ${hourly}`);
const body = (more: object = {}) => ({
  model: "large",
  messages: [{ role: "user", content: "Hi" }],
  ...more,
});

describe("a budget of requests", () => {
  test("lets exactly 100 of 1,000 parallel calls pass, and refuses the rest", async (t) => {
    const stage = await startGovernedEnvoy(t, { policies: requests(100) });
    const answers = await Promise.all(
      Array.from({ length: 1000 }, async () => {
        const answer = await stage.post("/chat/completions", body());
        await answer.arrayBuffer();
        return answer.status;
      }),
    );
    assert.equal(answers.filter((status) => status === 200).length, 100);
    assert.equal(answers.filter((status) => status === 429).length, 900);
    assert.equal(stage.cloud.requests.length, 100);
  });

  test("is refused in the caller's format, with the time to wait and no word to try again", async (t) => {
    const stage = await startGovernedEnvoy(t, { policies: requests(1) });
    await stage.post("/chat/completions", body());
    const refused = await stage.post("/chat/completions", body());
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("x-should-retry"), "false");
    const seconds = Number(refused.headers.get("retry-after"));
    assert.ok(seconds > 3500 && seconds <= 3661, String(seconds));
    const { error } = (await refused.json()) as { error: { code: string } };
    assert.equal(error.code, "quota_exceeded");
  });

  test("is not hammered by the official clients, which try nothing again", async (t) => {
    const stage = await startGovernedEnvoy(t, { policies: requests(1) });
    await stage.post("/chat/completions", body());
    const openai = new OpenAI({ baseURL: stage.baseUrl, apiKey: "k", maxRetries: 5 });
    const messages = [{ role: "user" as const, content: "Hi" }];
    await assert.rejects(
      openai.chat.completions.create({ model: "large", messages }),
      OpenAI.RateLimitError,
    );
    const baseURL = stage.baseUrl.replace(/\/v1$/, "");
    const anthropic = new Anthropic({ baseURL, apiKey: "k", maxRetries: 5 });
    await assert.rejects(
      anthropic.messages.create({ model: "large", max_tokens: 9, messages }),
      Anthropic.RateLimitError,
    );
    const decisions = (await stage.records()).filter(({ kind }) => kind === "decision");
    assert.equal(decisions.length, 3);
  });
});

describe("a budget of tokens", () => {
  const tokens = withQuota(`unit: tokens, limit: 1000, ${hourly}`);

  test("is settled with what the provider counted, so that what was set aside comes back", async (t) => {
    const stage = await startGovernedEnvoy(t, { policies: tokens });
    stage.cloud.answerWith({ text: "Hello." });
    // Each sets aside nearly all of it, and none uses more than a few.
    for (let count = 0; count < 5; count++) {
      const answer = await stage.post("/chat/completions", body({ max_tokens: 900 }));
      assert.equal(answer.status, 200, `call ${count}`);
      await answer.arrayBuffer();
      await stage.quiet();
    }
    const over = await stage.post("/chat/completions", body({ max_tokens: 1000 }));
    assert.equal(over.status, 429);
  });

  test("gets back what a refused request had not used", async (t) => {
    const stage = await startGovernedEnvoy(t, { policies: tokens });
    stage.cloud.answerWith({ status: 500 });
    const failed = await stage.post("/chat/completions", body({ max_tokens: 900 }));
    assert.equal(failed.status, 500);
    await failed.arrayBuffer();
    await stage.quiet();
    stage.cloud.answerWith({ text: "Hello." });
    assert.equal((await stage.post("/chat/completions", body({ max_tokens: 900 }))).status, 200);
  });

  test("cuts a running answer that costs more than is left, where it says so", async (t) => {
    const policies = withQuota(`unit: tokens, limit: 200, cutStream: true, ${hourly}`);
    const stage = await startGovernedEnvoy(t, { policies });
    stage.cloud.answerWith({ text: "And so on and on. ".repeat(400), deltaChars: 40, paceMs: 2 });
    const answer = await stage.post("/chat/completions", body({ stream: true, max_tokens: 100 }));
    const text = await answer.text();
    assert.match(text, /quota_exceeded/);
    const closing = (await stage.records()).find(({ kind }) => kind === "closing");
    assert.equal(closing?.end, "cut");
    assert.equal(closing?.reason, "quota_exceeded");
  });
});

describe("a budget in Redis", () => {
  test("is shared by two processes, which overspend it by nothing, and is gone with its store", async (t) => {
    const redis = await startRedis(t);
    const directory = await makeDirectory(t);
    const passwordFile = join(directory, "redis.key");
    await writeFile(passwordFile, redis.password);
    const store = `{ url: "${redis.url}", passwordFile: ${passwordFile} }`;
    const processes = await Promise.all(
      ["one", "two"].map(async (name) => {
        const home = join(directory, name);
        const configPath = await writeServeConfig(home, {
          addresses: [`unix:${join(home, "processor.sock")}`],
          lines: [`stores: { quota: { redis: ${store} } }`],
          policies: requests(100),
        });
        return { ...(await startServe(t, configPath)), stateDir: join(home, "state") };
      }),
    );
    const upstream = await startUpstream();
    t.after(() => upstream.stop());
    const processor = processes.flatMap(({ addresses }) => addresses);
    const { envoy } = await startEnvoyStage(t, { processor, upstream: upstream.url });
    const ask = async () => {
      const answer = await fetch(`${envoy.baseUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body()),
      });
      return { answer, text: await answer.text() };
    };
    const answers = await Promise.all(Array.from({ length: 1000 }, ask));
    const count = (status: number) =>
      answers.filter(({ answer }) => answer.status === status).length;
    const unavailable = answers.filter(({ text }) => text.includes("quota_unavailable")).length;
    assert.equal(count(200) + count(429) + unavailable, 1000);
    assert.equal(upstream.requests.length, count(200));
    // A machine that is busy elsewhere may keep the store from answering in time. Who is refused for
    // that has spent nothing, and whoever asks next finds it.
    if (unavailable === 0) assert.equal(count(200), 100);
    for (let more = 0; count(200) < 100 && more < 1000; more += 1) answers.push(await ask());
    answers.push(...(await Promise.all(Array.from({ length: 20 }, ask))));
    assert.equal(count(200), 100);
    assert.equal(upstream.requests.length, 100);
    const decided = await Promise.all(processes.map(({ stateDir }) => readRecords(stateDir)));
    for (const records of decided) assert.ok(records.some(({ kind }) => kind === "decision"));
    await redis.stop();
    const { answer, text } = await ask();
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get("x-should-retry"), "false");
    assert.match(text, /quota_unavailable/);
  });
});

describe("a budget of dollars", () => {
  const text = `apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: priced, namespace: platform }
spec:
  models:
    - { id: cloud/dear, aliases: [any], tags: [priced], price: { input: 0.001, output: 0.002 } }
    - { id: local/free, aliases: [any], tags: [priced], price: { input: 0, output: 0 } }
---
apiVersion: chancery/v1alpha1
kind: Quota
metadata: { name: money, namespace: acme }
spec:
  { unit: usd, limit: 0.5, ${hourly}, onExceed: route,
    cost: "double(usage.inputTokens) * model.price.input + double(usage.outputTokens) * model.price.output" }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: routes, namespace: acme }
spec:
  version: 1.0.0
  attach: { layer: tenant }
  rules:
    - id: any
      effect: allow
      actions: [llm.generate]
      models: { tags: [priced] }
      quota: [money]
      route: { prefer: [cloud/dear], fallback: [local/free] }
`;
  const policies = [...stagePolicies, { path: "platform/money.yaml", namespace: "platform", text }];

  test("sends requests to the model that costs nothing once it is used up", async (t) => {
    const files = policies.map((file) =>
      file.path === "platform/money.yaml" ? splitByNamespace(file.text) : [file],
    );
    const stage = await startGovernedEnvoy(t, { policies: files.flat() });
    const asked = { ...body({ max_tokens: 200 }), model: "any" };
    const slow = stage.post("/chat/completions", asked);
    assert.equal((await slow).status, 200);
    assert.equal(stage.cloud.requests.length, 1);
    stage.cloud.answerWith({ text: "And so on. ".repeat(100) });
    for (let count = 0; count < 4; count++) {
      await (await stage.post("/chat/completions", asked)).arrayBuffer();
      await stage.quiet();
    }
    assert.ok(stage.local.requests.length > 0, "routed");
    const decision = (await stage.records()).findLast(({ kind }) => kind === "decision");
    assert.deepEqual(decision?.["quotas"], { "acme/money": "exceeded" });
    assert.deepEqual(decision?.["hops"], [
      { model: "cloud/dear", result: "unavailable", reason: "quota_exceeded" },
      { model: "local/free", result: "permit" },
    ]);
  });
});

describe("a budget that each model has of its own", () => {
  const text = `apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: pair, namespace: platform }
spec:
  models:
    - { id: cloud/first, aliases: [any] }
    - { id: local/second, aliases: [any] }
---
apiVersion: chancery/v1alpha1
kind: Quota
metadata: { name: each, namespace: acme }
spec:
  { unit: requests, limit: 2, window: { kind: fixed, duration: 24h }, key: [tenant.id, model.id], onExceed: route }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: routes, namespace: acme }
spec:
  version: 1.0.0
  attach: { layer: tenant }
  rules: [{ id: any, effect: allow, actions: [llm.generate], quota: [each] }]
`;

  test("sends requests to the next one, and says of each what it found", async (t) => {
    const stage = await startGovernedEnvoy(t, {
      policies: [...stagePolicies, ...splitByNamespace(text)],
    });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count++) {
      const answer = await stage.post("/chat/completions", { ...body({}), model: "any" });
      await answer.arrayBuffer();
      statuses.push(answer.status);
    }
    assert.deepEqual(statuses, [200, 200, 200, 200, 429]);
    assert.deepEqual([stage.cloud.requests.length, stage.local.requests.length], [2, 2]);
    const decision = (await stage.records()).findLast(({ kind }) => kind === "decision");
    assert.deepEqual(decision?.["quotas"], {
      "acme/each@cloud/first": "exceeded",
      "acme/each@local/second": "exceeded",
    });
  });
});

/** Documents of the platform and of the tenant, in a file each. */
function splitByNamespace(text: string): readonly PolicyFile[] {
  const documents = text.split("---\n");
  const of = (namespace: string) =>
    documents.filter((one) => one.includes(`namespace: ${namespace} }`)).join("---\n");
  return ["platform", "acme"].map((namespace) => ({
    path: `${namespace}/money.yaml`,
    namespace,
    text: of(namespace),
  }));
}

test("a client that leaves early has paid for what ran by until then", async (t) => {
  const stage = await startGovernedEnvoy(t, {
    policies: withQuota(`unit: tokens, limit: 1000, ${hourly}`),
  });
  stage.cloud.answerWith({ text: "And so on and on. ".repeat(400), deltaChars: 100, paceMs: 5 });
  const leaving = new AbortController();
  const answer = await fetch(`${stage.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body({ stream: true, max_tokens: 900 })),
    signal: leaving.signal,
  });
  const reader = answer.body?.getReader();
  for (let bytes = 0; bytes < 4000; ) bytes += (await reader?.read())?.value?.length ?? 4000;
  leaving.abort();
  await stage.quiet();
  stage.cloud.answerWith({ text: "Hello." });
  // More than 100 of 1,000 tokens are gone, and not all 900 that were set aside.
  assert.equal((await stage.post("/chat/completions", body({ max_tokens: 900 }))).status, 429);
  assert.equal((await stage.post("/chat/completions", body({ max_tokens: 50 }))).status, 200);
});
