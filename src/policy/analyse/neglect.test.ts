import { grantUntil, permit, rules, testFindings } from "../../../test/support/finding-cases.ts";
import { document, platformFile, policy } from "../../../test/support/problem-cases.ts";

const catalog = (list: string) =>
  document("ModelCatalog", "more", "platform", `{ models: [${list}] }`);
const models = (list: string) => ({ "platform/more.yaml": catalog(list) });
const testOf = (...cases: readonly string[]) =>
  `apiVersion: chancery/v1alpha1\nkind: PolicyTest\nmetadata: { name: t, namespace: platform }\nspec:\n  time: "2026-03-02T10:00:00Z"\n  cases:\n${cases.map((given, index) => `    - { name: case ${index}, given: { tenant: acme, app: chat, principal: { id: a }, action: llm.generate, ${given} }, expect: { lifted: [] } }\n`).join("")}`;
const tested = (...cases: readonly string[]) => ({ "platform/tests.yaml": testOf(...cases) });
const asked = "model: openai/gpt";

testFindings("W16, what no test reaches", [
  {
    claim: "a rule that holds in no test",
    finding: "W16 no test reaches a request for which `platform/p/b` holds",
    also: tested(asked),
    wrong: rules(`id: a, ${permit}`, "id: «b, effect: deny, dataClasses: { anyOf: [secret] }"),
    clean: rules(`id: a, ${permit}`),
  },
  {
    claim: "a condition that is false in none",
    finding: "W16 in no test is the condition `c` false",
    also: tested(`${asked}, request: { stream: true }`),
    wrong: rules(`id: a, ${permit}, conditions: [{ name: «c, expression: request.stream }]`),
    clean: rules(`id: a, ${permit}`),
  },
  {
    claim: "a model that neither rules nor tests speak of",
    finding: "W16 neither a rule nor a test speaks of the model `other/one`",
    file: "platform/more.yaml",
    also: {
      [platformFile]: rules(`id: a, ${permit}, models: { providers: [openai] }`),
      ...tested(asked),
    },
    wrong: document("ModelCatalog", "more", "platform", "{ models: [{ id: «other/one }] }"),
    clean: document("ModelCatalog", "more", "platform", "{ models: [{ id: openai/mini }] }"),
  },
  {
    claim: "a class that no rule speaks of",
    finding: "W16 no rule speaks of the class `pii.badge`",
    file: "platform/more.yaml",
    also: { [platformFile]: rules(`id: a, ${permit}`), ...tested(asked) },
    wrong: document("DataClass", "more", "platform", "{ classes: [{ id: «pii.badge }] }"),
    clean: document("DataClass", "more", "platform", "{ classes: [{ id: internal.memo }] }"),
  },
]);

const incidentUntil = (end: string) =>
  document(
    "Incident",
    "i",
    "platform",
    `{ ticket: T-1, reason: why, activeFrom: "2026-03-01T00:00:00Z", activeUntil: ${end}, approvedBy: [a@acme.example], restrict: [{ id: r, effect: deny, actions: [llm.embed] }] }`,
  );

testFindings("W17, what is over", [
  {
    claim: "a grant that has ended, from that moment on",
    finding: "W17 it is over",
    wrong: grantUntil('«"2026-03-02T10:00:00Z"'),
    clean: grantUntil('"2026-03-02T10:00:01Z"'),
  },
  {
    claim: "an incident that has ended",
    finding: "W17 it is over",
    wrong: incidentUntil('«"2026-03-02T09:00:00Z"'),
    clean: incidentUntil('"2026-03-02T11:00:00Z"'),
  },
  {
    claim: "a set that nothing names",
    finding: "W17 nothing names the set `team`",
    wrong: document("NamedSet", "«team", "platform", "{ items: [a] }"),
    clean: `${document("NamedSet", "team", "platform", "{ items: [a] }")}---\n${rules("id: r, effect: deny, subjects: { groups: [set:team] }")}`,
  },
  {
    claim: "a route to a model that is out of service",
    finding: "W17 names `old/one`, which is out of service: its status is `retired`",
    also: models("{ id: old/one, status: retired }, { id: openai/mini }"),
    wrong: rules(`id: «r, ${permit}, route: { fallback: [old/one] }`),
    clean: rules(`id: r, ${permit}, route: { fallback: [openai/mini] }`),
  },
  {
    claim: "a rule that names a model after the day it was to retire",
    finding: "W17 names `old/one`, which was to retire on 2026-03-02",
    file: "platform/one.yaml",
    wrong: `${catalog("{ id: old/one, retiresOn: 2026-03-02 }")}---\n${rules(`id: «r, ${permit}, models: { ids: [old/one] }`)}`,
    clean: `${catalog("{ id: old/one, retiresOn: 2026-03-03 }")}---\n${rules(`id: r, ${permit}, models: { ids: [old/one] }`)}`,
  },
  {
    claim: "an alias that leads to one",
    finding: "W17 the alias `quick` leads to `old/one`, which was to retire on 2026-03-01",
    file: "platform/more.yaml",
    wrong: catalog("{ id: old/one, aliases: [«quick], retiresOn: 2026-03-01 }"),
    clean: catalog("{ id: old/one, aliases: [quick], retiresOn: 2026-03-01, status: retired }"),
  },
  {
    claim: "one that nothing names and that is still in service",
    finding: "W17 `old/one` was to retire on that day and is still in service",
    file: "platform/more.yaml",
    wrong: catalog("{ id: old/one, retiresOn: «2026-03-02 }"),
    clean: catalog("{ id: old/one, retiresOn: 2026-03-03 }"),
  },
]);

testFindings("W18, what is open", [
  {
    claim: "a permit of a vendor's model without classes",
    finding: "W18 lets data of every class go to a vendor's model, `openai/gpt` for one",
    wrong: rules("id: «r, effect: allow, actions: [llm.generate]"),
    clean: rules("id: r, effect: allow, actions: [tool.list]"),
  },
  {
    claim: "a fallback that allows",
    finding: "W18 what no rule permits is permitted",
    wrong: document("Platform", "x", "platform", "{ fallback: «allow }"),
    clean: document("Platform", "x", "platform", "{ fallback: deny }"),
  },
  {
    claim: "a restriction that fails open",
    finding: "W18 where this rule cannot be told, it restricts nothing",
    wrong: policy(
      "  defaults:\n    rules:\n      - { id: r, effect: deny, dataClasses: { anyOf: [pii] }, onError: «FailOpen }",
    ),
    clean: policy(
      "  defaults:\n    rules:\n      - { id: r, effect: deny, dataClasses: { anyOf: [pii] } }",
    ),
  },
  {
    claim: "a ramp of a critical restriction",
    finding: "W18 the new restriction `r` is critical, and 90 % go without it",
    wrong: ramp("«10"),
    clean: ramp("100"),
  },
]);

function ramp(percent: string): string {
  const version = (number: string, list: string) =>
    document(
      "Policy",
      "p",
      "platform",
      `{ version: ${number}, attach: { layer: global }, rules: [${list}] }`,
    );
  return [
    version("1.0.0", ""),
    version(
      "2.0.0",
      "{ id: r, effect: deny, severity: critical, dataClasses: { anyOf: [secret] } }",
    ),
    document(
      "Rollout",
      "ramp",
      "platform",
      `{ policy: p, stable: 1.0.0, candidate: 2.0.0, seed: s, step: { percent: ${percent} } }`,
    ),
  ].join("---\n");
}
