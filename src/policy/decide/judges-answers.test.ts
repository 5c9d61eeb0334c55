import assert from "node:assert/strict";
import { test } from "node:test";
import { judgesAnswers, loadSnapshot } from "../index.ts";

const fixed = `apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: acme, namespace: platform }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: models, namespace: platform }
spec: { models: [{ id: cloud/large }, { id: local/small }] }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: base, namespace: platform }
spec:
  attach: { layer: global }
  rules:
    - { id: all, effect: allow }
    - RULE
`;
const app = `apiVersion: chancery/v1alpha1
kind: App
metadata: { name: bot, namespace: acme }
spec: {}
`;

function judges(rule: string, model: string | null = "cloud/large"): boolean {
  const { snapshot, problems } = loadSnapshot(
    [
      { path: "platform/base.yaml", namespace: "platform", text: fixed.replace("RULE", rule) },
      { path: "acme/app.yaml", namespace: "acme", text: app },
    ],
    { engineVersion: "0.0.0" },
  );
  assert.deepEqual(problems, []);
  assert.ok(snapshot !== undefined);
  return judgesAnswers(snapshot, { tenant: "acme", app: "bot", action: "llm.generate", model });
}

test("a rule acts on answers where it denies, redacts or warns of what is in them", () => {
  for (const rule of [
    "{ id: x, effect: deny, dataClasses: { anyOf: [secret] } }",
    "{ id: x, effect: deny, dataClasses: { anyOf: [secret], in: [prompt, response] } }",
    "{ id: x, effect: redact, redact: { method: mask, classes: [pii] } }",
    "{ id: x, effect: redact, redact: { method: mask, classes: [pii], directions: [response] } }",
    "{ id: x, effect: warn, dataClasses: { anyOf: [pii] } }",
  ]) {
    assert.equal(judges(rule), true, rule);
  }
});

test("a rule about requests alone does not act on answers", () => {
  for (const rule of [
    "{ id: x, effect: deny, dataClasses: { anyOf: [secret], in: [prompt, system] } }",
    "{ id: x, effect: deny, models: { ids: [local/small] } }",
    "{ id: x, effect: redact, redact: { method: mask, classes: [pii], directions: [request, log] } }",
    "{ id: x, effect: deny, models: { ids: [local/small] }, dataClasses: { anyOf: [secret] } }",
  ]) {
    assert.equal(judges(rule), false, rule);
  }
});

test("what cannot be told counts as judged", () => {
  assert.equal(judges("{ id: x, effect: warn }", "gone/model"), true);
});
