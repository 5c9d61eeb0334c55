import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parsePolicies } from "../index.ts";
import { capabilityPage } from "./capability-table.ts";
import { findUncountableCalls } from "./check-call-quotas.ts";
import { type AcceptedModes, findUnenforceable, findUnseenAnswers } from "./check-capabilities.ts";

function problemsOf(rule: string, modes?: AcceptedModes) {
  const text = `apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: p, namespace: platform }
spec:
  attach: { layer: global }
  rules:
    - ${rule}
`;
  const { documents, problems } = parsePolicies([
    { path: "platform/p.yaml", namespace: "platform", text },
  ]);
  assert.deepEqual(problems, []);
  const found =
    modes === undefined ? findUnenforceable(documents) : findUnseenAnswers(documents, modes);
  return found.map(({ code, column, line, message }) => `${line}:${column} ${code} ${message}`);
}

test("the documentation says what the loader goes by", async () => {
  const page = new URL("../../../docs/policy/capabilities.md", import.meta.url);
  assert.equal(await readFile(page, "utf8"), capabilityPage());
});

test("a parameter that no format has does not load", () => {
  assert.deepEqual(
    problemsOf("{ id: r, effect: transform, transform: { params: { max_tokens: { max: 5 } } } }"),
    ["7:58 E09 `max_tokens` is no parameter that can be bounded"],
  );
  assert.deepEqual(
    problemsOf("{ id: r, effect: transform, transform: { params: { maxTokens: { max: 5 } } } }"),
    [],
  );
});

test("a header of the connection, of credentials or of ours does not load", () => {
  for (const name of [
    "Connection",
    "host",
    "authorization",
    "x-chancery-model",
    "x-envoy-retry-on",
  ]) {
    const rule = `{ id: r, effect: transform, transform: { headers: { set: { ${name}: a } } } }`;
    assert.equal(problemsOf(rule).length, 1, name);
  }
  const own = "{ id: r, effect: transform, transform: { headers: { set: { x-region: eu } } } }";
  assert.deepEqual(problemsOf(own), []);
});

test("a budget that nothing but lists and results of tools would spend does not load", () => {
  const rule = (actions: string) =>
    `{ id: r, effect: allow, actions: [${actions}], quota: [daily] }`;
  assert.deepEqual(problemsOf(rule("tool.list")), [
    "7:53 E09 `quota` cannot be carried out at tool.list",
  ]);
  assert.equal(problemsOf(rule("tool.result")).length, 1);
  for (const actions of ["tool.call", "tool.list, tool.call", '"tool.*"', "llm.generate"]) {
    assert.deepEqual(problemsOf(rule(actions)), [], actions);
  }
});

test("a budget that calls of tools could not spend does not load on rules about them alone", () => {
  const problems = (quota: string, actions = "tool.call") => {
    const text = `apiVersion: chancery/v1alpha1
kind: Quota
metadata: { name: daily, namespace: platform }
spec: { ${quota}, limit: 5, window: { kind: sliding, duration: 1h }, key: [tenant.id] }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: p, namespace: platform }
spec: { attach: { layer: global }, rules: [{ id: r, effect: allow, actions: [${actions}], quota: [daily] }] }
`;
    const { documents } = parsePolicies([{ path: "platform/p.yaml", namespace: "platform", text }]);
    const view = { namespace: "platform", own: documents, platform: documents };
    return findUncountableCalls(view).map(({ code, column, line, message }) => {
      return `${line}:${column} ${code} ${message}`;
    });
  };
  assert.deepEqual(problems("unit: tokens"), [
    "9:98 E09 calls of tools use none of the tokens of quota `daily`",
  ]);
  const ofTokens = 'unit: usd, cost: "double(usage.outputTokens) * 2.0"';
  for (const quota of ["unit: usd", ofTokens, 'unit: usd, cost: "model.price.input"']) {
    assert.equal(problems(quota).length, 1, quota);
    assert.deepEqual(problems(quota, "llm.generate, tool.call"), [], quota);
  }
  for (const quota of ["unit: requests", "unit: tool_calls", 'unit: usd, cost: "0.25"']) {
    assert.deepEqual(problems(quota), [], quota);
  }
});

test("a redaction of calls or results must go the way that these go", () => {
  const rule = (action: string, more: string) =>
    `{ id: r, effect: redact, actions: [${action}], redact: { method: mask, classes: [pii]${more} } }`;
  for (const action of ["tool.call", "tool.result", '"tool.*"']) {
    assert.deepEqual(problemsOf(rule(action, "")), [], action);
  }
  assert.deepEqual(problemsOf(rule("tool.call", ", directions: [request]")), [
    "7:94 E09 nothing goes in direction request at tool.call",
  ]);
  assert.equal(problemsOf(rule("tool.result", ", directions: [response, log]")).length, 1);
  assert.deepEqual(problemsOf(rule("tool.call", ", directions: [log]")), []);
  assert.deepEqual(problemsOf(rule("tool.call, tool.result", ", directions: [request]")), []);
});

test("what tools have no use for does not load under actions of tools alone", () => {
  const redact = "redact: { method: mask, classes: [pii] }";
  assert.deepEqual(problemsOf(`{ id: r, effect: redact, actions: [tool.list], ${redact} }`), [
    "7:24 E09 `redact` cannot be carried out at tool.list",
  ]);
  assert.deepEqual(problemsOf("{ id: r, effect: warn, actions: [tool.call] }"), []);
  assert.deepEqual(
    problemsOf(
      '{ id: r, effect: transform, actions: ["tool.*"], transform: { prompt: { prepend: hello } } }',
    ),
    [
      "7:79 E09 `transform.prompt.prepend` cannot be carried out at tool.list, tool.call, tool.result",
    ],
  );
  assert.deepEqual(problemsOf("{ id: r, effect: deny, actions: [tool.call] }"), []);
});

test("a rule about answers does not load where no listener sees one", () => {
  const none = { response: ["NONE"] };
  const rule = "{ id: r, effect: deny, dataClasses: { anyOf: [secret], in: [response] } }";
  assert.deepEqual(problemsOf(rule, none), [
    "7:24 E09 the rule acts on answers, and no listener is sent their bodies",
  ]);
  assert.equal(problemsOf("{ id: r, effect: deny, actions: [tool.call] }", none).length, 1);
  const counted = "{ id: r, effect: allow, actions: [tool.call], quota: [daily] }";
  assert.equal(problemsOf(counted, none).length, 1);
  assert.deepEqual(problemsOf(rule, { response: ["NONE", "BUFFERED"] }), []);
  assert.deepEqual(problemsOf(rule), []);
  assert.deepEqual(problemsOf("{ id: r, effect: deny, dataClasses: { anyOf: [pci] } }", none), []);
});
