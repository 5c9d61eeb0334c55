/** What policies bind requests and answers to, carried out through a real Envoy. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { policiesWith, policyOf } from "../support/governed-exchange.ts";

const paths = { chat: "/chat/completions", messages: "/messages" } as const;

const catalog = `apiVersion: chancery/v1alpha1
kind: ToolCatalog
metadata: { name: tools, namespace: platform }
spec: { tools: [{ name: crm/lookup, risk: read }, { name: billing/refund, risk: write }] }
---
`;
const rules = `${catalog}${policyOf(
  "{ id: cap, effect: transform, actions: [llm.generate], transform: { params: { maxTokens: { max: 64 } } } }",
  '{ id: words, effect: transform, actions: [llm.generate], transform: { prompt: { prepend: "Be brief." } } }',
  "{ id: read, effect: allow, actions: [tool.list, tool.call], tools: { names: [crm/lookup] } }",
  "{ id: list, effect: allow, actions: [tool.list], tools: { names: [billing/refund] } }",
)}`;

const chat = (...tools: readonly string[]) => ({
  model: "large",
  max_tokens: 500,
  messages: [{ role: "user", content: "hi" }],
  ...(tools.length === 0
    ? {}
    : { tools: tools.map((name) => ({ type: "function", function: { name, parameters: {} } })) }),
});

async function recordsOf(stage: GovernedEnvoy, answer: Response, count: number) {
  return stage.recordsOf(answer.headers.get("x-chancery-decision") ?? "", count);
}

test("a cap, a text put first and a removed tool reach the model server", async (t) => {
  const stage = await startGovernedEnvoy(t, { policies: policiesWith(rules) });
  const answer = await stage.post(paths.chat, chat("crm__lookup", "shell"));
  assert.equal(answer.status, 200);
  await answer.text();
  const sent = JSON.parse(stage.cloud.requests.at(-1)?.body.toString() ?? "") as {
    readonly max_tokens: number;
    readonly messages: readonly { readonly content: string }[];
    readonly tools: readonly { readonly function: { readonly name: string } }[];
  };
  assert.equal(sent.max_tokens, 64);
  assert.deepEqual(
    sent.messages.map(({ content }) => content),
    ["Be brief.", "hi"],
  );
  assert.deepEqual(
    sent.tools.map((tool) => tool.function.name),
    ["crm__lookup"],
  );
});

for (const isStream of [false, true]) {
  for (const [name, path] of Object.entries(paths)) {
    const how = isStream ? "a running" : "a JSON";
    test(`a call that is denied never leaves ${how} answer of ${name}`, async (t) => {
      const stage = await startGovernedEnvoy(t, { policies: policiesWith(rules) });
      const ask = async (tool: string) => {
        const toolCalls = [{ name: tool, arguments: '{"amount":80}' }];
        stage.cloud.answerWith({ text: "Working.", toolCalls, isStream });
        const answer = await stage.post(path, { ...chat(), stream: isStream });
        return { answer, text: await answer.text() };
      };
      const permitted = await ask("crm__lookup");
      assert.ok(permitted.text.includes("crm__lookup"));
      const denied = await ask("billing__refund");
      assert.ok(!denied.text.includes("billing__refund"));
      assert.equal(denied.answer.status, isStream ? 200 : 403);
      assert.match(denied.text, /no_permit|policy/i);
      const [, closing] = await recordsOf(stage, denied.answer, 2);
      assert.equal(closing?.outcome, "deny");
      assert.equal(closing?.end, isStream ? "cut" : "refused");
    });
  }
}

for (const responseBodyMode of ["FULL_DUPLEX_STREAMED", "STREAMED"] as const) {
  test(`a kill switch ends a stream in progress under ${responseBodyMode}`, async (t) => {
    const stage = await startGovernedEnvoy(t, {
      bootstrap: { responseBodyMode },
      hasKillSwitches: true,
    });
    let isThrown = () => {};
    const thrown = new Promise<void>((resolve) => {
      isThrown = resolve;
    });
    stage.cloud.answerWith({
      text: "one two three four five six",
      isStream: true,
      beforePiece: (index) => (index === 4 ? thrown : undefined),
    });
    const answer = await stage.post(paths.chat, { ...chat(), stream: true });
    assert.equal(answer.status, 200);
    const text = answer.text();
    const folder = join(stage.directory, "switches", "platform");
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, "stop.yaml"),
      `apiVersion: chancery/v1alpha1
kind: KillSwitch
metadata: { name: stop, namespace: platform }
spec: { sequence: 1, active: true, target: { tenants: [acme] }, stopStreams: true, reason: test }
`,
    );
    await stage.server.reload();
    isThrown();
    assert.match(await text, /kill_switch/);
    const [, closing] = await recordsOf(stage, answer, 2);
    assert.equal(closing?.end, "cut");
    assert.equal(closing?.reason, "kill_switch");
    assert.equal((await stage.post(paths.chat, chat())).status, 403);
  });
}

test("a watched app gets what it would have got without us", async (t) => {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const observe = `{ fallback: deny, observe: [{ until: "${until}" }] }`;
  const stage = await startGovernedEnvoy(t, { policies: policiesWith(rules, observe) });
  const secret = "ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5";
  const body = JSON.stringify({ ...chat("shell"), messages: [{ role: "user", content: secret }] });
  const answer = await stage.post(paths.chat, body);
  assert.equal(answer.status, 200);
  await answer.text();
  assert.equal(stage.cloud.requests.at(-1)?.body.toString(), body);
  const [decision] = await recordsOf(stage, answer, 2);
  assert.equal(decision?.["mode"], "observe");
  assert.equal(decision?.outcome, "deny");
});
