import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { setExchangeStage } from "../../../test/support/exchange-stage.ts";
import { FakeClock } from "../../../test/support/fake-clock.ts";
import {
  answerWith,
  askWith,
  governedStage,
  policiesWith,
  policyOf,
} from "../../../test/support/governed-exchange.ts";
import type { DecisionRecord } from "../../record/index.ts";
import { guardrailsOf } from "./guardrails.ts";
import type { Span } from "./span.ts";
import { createTracer } from "./tracer.ts";

const email = "jane.roe@example.org";
const secret = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const observe = '{ fallback: deny, observe: [{ apps: [bot], until: "2999-01-01T00:00:00Z" }] }';
const catalog = `apiVersion: chancery/v1alpha1
kind: ToolCatalog
metadata: { name: tools, namespace: platform }
spec: { tools: [{ name: crm/lookup, risk: read }] }
---
`;
const toolRules = policyOf(
  "{ id: look, effect: allow, actions: [tool.list, tool.call], tools: { names: [crm/lookup] } }",
);

interface World {
  readonly hasGuardrails?: boolean;
  readonly platform?: string;
  readonly sampleRatio?: number;
}

/** A stage whose exchanges are all traced, unless it says otherwise. */
function stageOf({ hasGuardrails = true, platform, sampleRatio = 1 }: World = {}) {
  const spans: Span[] = [];
  const clock = new FakeClock();
  const tracer = createTracer({
    ...{ clock, sampleRatio, hasGuardrails, isUnderPressure: () => false },
    onEnd: (ended) => spans.push(...ended),
  });
  const policies = policiesWith(catalog + toolRules, platform);
  const stage = governedStage(policies, { clock, timers: clock, tracer });
  /** One exchange to its end; no answer where the request gets none. */
  const exchange = async (request: object | string, message?: object) => {
    const proxy = askWith(stage, "openai-chat", request);
    if (message !== undefined) {
      const answer = JSON.stringify({ choices: [{ index: 0, message }] });
      answerWith(proxy, "application/json", [answer]);
    }
    await turn();
    return spans.filter(({ name }) => name.startsWith("run_guardrail"));
  };
  return { exchange, spans };
}

const asking = (content: string, ...tools: readonly string[]) => ({
  model: "large",
  messages: [{ role: "user", content }],
  ...(tools.length > 0 && {
    tools: tools.map((name) => ({ type: "function", function: { name, parameters: {} } })),
  }),
});

/** What was looked at and what was decided, in the order of the spans. */
function rulings(spans: readonly Span[]): readonly string[] {
  return spans.map(({ attributes }) => {
    const tool = attributes["gen_ai.tool.name"];
    const of = tool === undefined ? "" : ` ${tool}`;
    const target = attributes["gen_ai.guardrail.target.type"];
    return `${target}${of}: ${attributes["gen_ai.guardrail.decision.type"]}`;
  });
}

describe("spans of guardrails", () => {
  test("are there for the request and the answer, and for each tool that was judged", async () => {
    const { exchange, spans } = stageOf();
    const guardrails = await exchange(asking("hello", "crm__lookup", "shell"), {
      content: `Write to ${email}.`,
      tool_calls: [{ id: "a", type: "function", function: { name: "lookup", arguments: "{}" } }],
    });
    assert.deepEqual(rulings(guardrails), [
      "llm_input: allow",
      "tool_definition crm/lookup: allow",
      "tool_definition shell: deny",
      "llm_output: modify",
      "tool_call crm/lookup: allow",
    ]);
    const root = spans.find(({ name }) => name === "chancery.exchange");
    for (const span of guardrails) {
      assert.equal(span.name, "run_guardrail chancery");
      assert.equal(span.attributes["gen_ai.operation.name"], "run_guardrail");
      assert.equal(span.attributes["gen_ai.guardrail.name"], "chancery");
      assert.equal(span.parentSpanId, root?.spanId);
      assert.ok(span.startMicros <= span.endMicros && span.startMicros >= (root?.startMicros ?? 0));
    }
  });

  test("name the policy that decided and what was found, and nothing of what was said", async () => {
    const { exchange } = stageOf();
    const [request] = await exchange(asking(`Mail ${email}, use ${secret}.`));
    assert.partialDeepStrictEqual(request?.attributes, {
      "gen_ai.guardrail.decision.type": "deny",
      "gen_ai.security.policy.id": "platform/baseline/no-secrets",
      "gen_ai.security.policy.name": "platform/baseline",
      "chancery.point": "request",
      "chancery.reason": "rule",
    });
    const events = request?.events ?? [];
    const found = ["pii.email", "secret.github_token"].map((category) => ({
      name: "gen_ai.security.finding",
      attributes: {
        "gen_ai.security.risk.category": category,
        "chancery.finding.in": "prompt",
        "chancery.finding.count": 1,
      },
    }));
    assert.partialDeepStrictEqual(events, found);
    assert.equal(events.length, found.length);
    for (const { attributes } of events) {
      assert.ok(Number(attributes["chancery.finding.confidence_pct"]) >= 60);
    }
    assert.doesNotMatch(JSON.stringify(request), /jane|ghp_/);
  });

  test("call what is only watched an audit, unless it is allowed", async () => {
    const { exchange } = stageOf({ platform: observe });
    await exchange(asking(`use ${secret}`), { content: `Write to ${email}.` });
    const guardrails = await exchange(asking("hello"), { content: "hello" });
    assert.deepEqual(rulings(guardrails), [
      ...["llm_input: audit", "llm_output: audit"],
      ...["llm_input: allow", "llm_output: allow"],
    ]);
  });

  test("call it an audit too where nothing was worth a trace before the answer", async () => {
    const { exchange } = stageOf({ platform: observe, sampleRatio: 0 });
    const guardrails = await exchange(asking("hello"), { content: `use ${secret}` });
    assert.deepEqual(rulings(guardrails), ["llm_output: audit"]);
  });

  test("are not there for what ended before it was judged", async () => {
    const { exchange, spans } = stageOf();
    assert.deepEqual(await exchange("{"), []);
    assert.equal(spans.length > 0, true);
  });

  test("are not there unless they are asked for", async () => {
    const { exchange, spans } = stageOf({ hasGuardrails: false });
    assert.deepEqual(await exchange(asking(`use ${secret}`)), []);
    assert.doesNotMatch(JSON.stringify(spans), /guardrail|gen_ai\.security/);
  });
});

test("of more tools than a record lists those that were not plainly allowed have a span", () => {
  const allowed = Array.from({ length: 200 }, (_, index) => ({
    ...{ point: "tool.list" as const, name: `t${index}` },
    ...{ outcome: "permit" as const, verdict: "allow" as const },
  }));
  const denied = { ...allowed[0], name: "shell", outcome: "deny", verdict: "deny" } as const;
  const record = {
    ...{ exchange: setExchangeStage().deps.createId(), point: "request", outcome: "permit" },
    ...{ verdict: "allow", mode: "enforce", fallback: "none", timeUs: { total: 1 } },
    ...{ retainDays: 400, tools: [...allowed, { ...denied, point: "tool.list" }] },
  } as const satisfies DecisionRecord;
  const guardrails = guardrailsOf(record, false);
  assert.equal(guardrails.length, 65);
  assert.equal(guardrails[1]?.attributes["gen_ai.tool.name"], "shell");
});
