/** Rules about calls and results of tools alone, carried out through a real Envoy. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startGovernedEnvoy } from "../support/governed-envoy.ts";
import { argsIn, toolAnswers } from "../support/tool-answers.ts";
import { budget, toolPolicies } from "../support/tool-policies.ts";

const paths = { "openai-chat": "/chat/completions", "anthropic-messages": "/messages" } as const;
const tools = "{ id: tools, effect: allow, actions: [tool.list, tool.call, tool.result] }";
const mail = "jane@example.org";
const lookup = { name: "crm__lookup", arguments: JSON.stringify({ mail }) };
const text = `Asking ${mail}.`;
const plain = { model: "large", max_tokens: 99, messages: [{ role: "user", content: "hi" }] };

for (const { format, requestWith } of toolAnswers) {
  const path = paths[format];

  describe(`rules about tools in ${format}`, () => {
    for (const isStream of [false, true]) {
      const how = isStream ? "a running" : "a JSON";

      test(`arguments of calls are masked, and warned of, in ${how} answer`, async (t) => {
        const policies = toolPolicies([
          tools,
          "{ id: args, effect: redact, actions: [tool.call], redact: { method: mask, classes: [pii] } }",
          "{ id: note, effect: warn, actions: [tool.call], message: { code: tool_called } }",
        ]);
        const stage = await startGovernedEnvoy(t, { policies });
        stage.cloud.answerWith({ text, toolCalls: [lookup], isStream });
        const answer = await stage.post(path, { ...plain, stream: isStream });
        assert.equal(answer.status, 200);
        const received = await answer.text();
        assert.match(argsIn(received), /"mail":\s*"\[EMAIL\]"/);
        if (!isStream) assert.ok(received.includes(text));
        // What runs has sent its headers before the call comes.
        const told = isStream ? null : "tool_called";
        assert.equal(answer.headers.get("x-chancery-warning"), told);
        const exchange = answer.headers.get("x-chancery-decision") ?? "";
        const [, closing] = await stage.recordsOf(exchange, 2);
        const judged = closing?.["tools"] as readonly { readonly warnings: readonly string[] }[];
        assert.deepEqual(judged[0]?.warnings, ["tool_called"]);
      });

      test(`a call that is over its budget never leaves ${how} answer`, async (t) => {
        const policies = toolPolicies(
          ["{ id: tools, effect: allow, actions: [tool.call], quota: [budget] }"],
          budget("unit: tool_calls, limit: 2, key: [tenant.id]"),
        );
        const stage = await startGovernedEnvoy(t, { policies });
        const ask = async (count: number) => {
          const toolCalls = Array.from({ length: count }, () => lookup);
          stage.cloud.answerWith({ text: "Working.", toolCalls, isStream });
          const answer = await stage.post(path, { ...plain, stream: isStream });
          return { answer, received: await answer.text() };
        };
        const first = await ask(2);
        assert.equal(first.received.split("crm__lookup").length, 3);
        const second = await ask(1);
        assert.ok(!second.received.includes("crm__lookup"));
        assert.match(second.received, /quota_exceeded/);
        assert.equal(second.answer.status, isStream ? 200 : 429);
        if (!isStream) assert.equal(second.answer.headers.get("x-should-retry"), "false");
        const exchange = second.answer.headers.get("x-chancery-decision") ?? "";
        const [, closing] = await stage.recordsOf(exchange, 2);
        assert.equal(closing?.reason, "quota_exceeded");
        assert.equal(closing?.end, isStream ? "cut" : "refused");
      });
    }

    test("results of a tool are masked on their way to the model", async (t) => {
      const policies = toolPolicies([
        tools,
        "{ id: results, effect: redact, actions: [tool.result], tools: { names: ['crm/*'] }, redact: { method: mask, classes: [pii] } }",
      ]);
      const stage = await startGovernedEnvoy(t, { policies });
      const results = [
        { tool: "crm__lookup", text: `${mail} lives in Bern.` },
        { tool: "kb__search", text: `Ask ${mail}.` },
      ];
      for (const stream of [false, true]) {
        const answer = await stage.post(path, { ...requestWith(results), stream });
        assert.equal(answer.status, 200);
        await answer.text();
        const sent = stage.cloud.requests.at(-1)?.body.toString() ?? "";
        assert.ok(sent.includes("[EMAIL] lives in Bern."));
        assert.ok(sent.includes(`Ask ${mail}.`));
      }
    });
  });
}
