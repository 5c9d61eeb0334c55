import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  findingsIn,
  grantUntil,
  guarded,
  permit,
  rules,
  testFindings,
} from "../../../test/support/finding-cases.ts";
import {
  document,
  platformFile,
  policy,
  toFiles,
  world,
} from "../../../test/support/problem-cases.ts";
import { analyse, loadSnapshot, parsePolicies } from "../index.ts";

const tenantRules = (...list: readonly string[]) =>
  `apiVersion: chancery/v1alpha1\nkind: Policy\nmetadata: { name: t, namespace: acme }\nspec:\n  attach: { layer: tenant }\n  rules:\n${list.map((one) => `    - { ${one} }\n`).join("")}`;
const tenantPath = "acme/t.yaml";
const platformDenies = (fields: string) => ({
  "platform/p.yaml": policy(
    `  overrides:\n    rules:\n      - { id: stop, effect: deny, ${fields} }`,
  ),
});
const tenantWith = (spec: string) => ({
  "platform/base.yaml": (world["platform/base.yaml"] ?? "").replace(
    "metadata: { name: acme, namespace: platform }\nspec: {}",
    `metadata: { name: acme, namespace: platform }\nspec: ${spec}`,
  ),
});
const models = (list: string) => ({
  "platform/more.yaml": document("ModelCatalog", "more", "platform", `{ models: [${list}] }`),
});
const tools = {
  "platform/tools.yaml": document(
    "ToolCatalog",
    "more",
    "platform",
    "{ tools: [{ name: crm/update, risk: write }] }",
  ),
};

/** A Grant of the platform for the group `x` with one permit, and an Incident with one restriction. */
const grant = (fields: string) =>
  grantUntil('"2026-03-03T00:00:00Z"').replace(
    /permits: \[\{.*?\}\]/,
    `permits: [{ ${fields}, ${guarded} }]`,
  );
const incident = (fields: string) =>
  document(
    "Incident",
    "i",
    "platform",
    `{ ticket: T-1, reason: why, activeFrom: "2026-03-01T00:00:00Z", activeUntil: "2026-03-03T00:00:00Z", approvedBy: [a@acme.example], restrict: [{ ${fields} }] }`,
  );

testFindings("W11, what never matters", [
  {
    claim: "a permit that lies within a deny",
    finding: "W11 never matters, since `platform/p/stop` denies every request it fits",
    file: tenantPath,
    also: platformDenies("subjects: { groups: [staff, guests] }, models: { providers: [openai] }"),
    wrong: tenantRules(
      `id: «r, ${permit}, subjects: { groups: [staff] }, models: { ids: [openai/gpt] }`,
    ),
    clean: tenantRules(
      `id: r, ${permit}, subjects: { groups: [others] }, models: { ids: [openai/gpt] }`,
    ),
  },
  {
    claim: "a redaction whose findings are denied, by class, confidence and place",
    finding: "W11 never matters, since `platform/p/stop` denies",
    file: tenantPath,
    also: platformDenies("dataClasses: { anyOf: [pii], minConfidence: 0.5, in: [prompt, system] }"),
    wrong: tenantRules(
      "id: «r, effect: redact, dataClasses: { anyOf: [pii.email], in: [prompt] }, redact: { method: mask, classes: [pii] }",
    ),
    clean: tenantRules(
      "id: r, effect: redact, dataClasses: { anyOf: [pii.email], minConfidence: 0.4, in: [prompt] }, redact: { method: mask, classes: [pii] }",
    ),
  },
  {
    claim: "a permit of a tool whose risk is denied",
    finding: "W11 never matters, since `platform/p/stop` denies",
    file: tenantPath,
    also: { ...platformDenies("tools: { risk: [read] }"), ...tools },
    wrong: tenantRules(
      "id: «r, effect: allow, actions: [tool.call], tools: { names: [crm/lookup] }",
    ),
    clean: tenantRules(
      "id: r, effect: allow, actions: [tool.call], tools: { names: [crm/update] }",
    ),
  },
  {
    claim: "a permit outside the boundary",
    finding: "W11 never matters, since all it permits is outside the boundary",
    file: tenantPath,
    also: { ...tenantWith("{ boundary: { providers: [other] } }"), ...models("{ id: other/one }") },
    wrong: tenantRules(`id: «r, ${permit}, models: { ids: [openai/gpt] }`),
    clean: tenantRules(`id: r, ${permit}, models: { ids: [other/one] }`),
  },
  {
    claim: "a permit of tools outside the boundary",
    finding: "W11 never matters, since all it permits is outside the boundary",
    file: tenantPath,
    also: tenantWith('{ boundary: { tools: ["crm/*"] } }'),
    wrong: tenantRules("id: «r, effect: allow, actions: [tool.call], tools: { names: [mail/*] }"),
    clean: tenantRules("id: r, effect: allow, actions: [tool.call], tools: { names: [crm/*] }"),
  },
  {
    claim: "a permit of models that no catalog has",
    finding: "W11 never matters, since no model that the catalogs list fits it",
    wrong: rules(`id: «r, ${permit}, models: { tags: [approved] }`),
    clean: rules(`id: r, ${permit}, models: { deployment: [vendor] }`),
  },
  {
    claim: "a route to a model that is denied",
    finding:
      "W11 its route to `other/one` is never taken, since `platform/p/stop` denies that model",
    file: tenantPath,
    also: { ...platformDenies("models: { providers: [other] }"), ...models("{ id: other/one }") },
    wrong: tenantRules(
      `id: «r, ${permit}, models: { ids: [openai/gpt] }, route: { fallback: [other/one] }`,
    ),
    clean: tenantRules(
      `id: r, ${permit}, models: { ids: [openai/gpt] }, route: { fallback: [openai/gpt] }`,
    ),
  },
]);

testFindings("W11, exceptions that never matter", [
  {
    claim: "a permit of a Grant under a deny that it does not lift",
    finding: "W11 never matters, since `platform/p/stop` denies every request it fits",
    file: "platform/g.yaml",
    also: platformDenies("subjects: { groups: [x, y] }"),
    wrong: grant("id: «r, actions: [llm.generate]"),
    clean: grant("id: r, actions: [llm.generate]").replace("groups: [x]", "groups: [z]"),
  },
  {
    claim: "a permit of a Grant for some whom the deny names, in a scope of others as well",
    finding: "W11 never matters, since `platform/p/stop` denies every request it fits",
    file: "platform/g.yaml",
    also: platformDenies("subjects: { groups: [staff] }"),
    wrong: grant("id: «r, actions: [llm.generate], subjects: { groups: [staff] }"),
    clean: grant("id: r, actions: [llm.generate], subjects: { groups: [guests] }"),
  },
  {
    claim: "a permit of a Grant for others, in a scope that the deny names",
    finding: "W11 never matters, since `platform/p/stop` denies every request it fits",
    file: "platform/g.yaml",
    also: platformDenies("subjects: { groups: [x] }"),
    wrong: grant("id: «r, actions: [llm.generate], subjects: { groups: [staff] }"),
    clean: grant("id: r, actions: [llm.generate], subjects: { groups: [staff] }").replace(
      "groups: [x]",
      "groups: [z]",
    ),
  },
  {
    claim: "a restriction of an Incident under one that holds for good",
    finding: "W11 never matters, since `platform/p/stop` denies every request it fits",
    file: "platform/i.yaml",
    also: platformDenies("dataClasses: { anyOf: [pii] }"),
    wrong: incident(
      "id: «r, effect: redact, dataClasses: { anyOf: [pii.email] }, redact: { method: mask, classes: [pii] }",
    ),
    clean: incident(
      "id: r, effect: redact, dataClasses: { anyOf: [phi] }, redact: { method: mask, classes: [phi] }",
    ),
  },
  {
    claim: "a permit of a Grant outside the boundary, which nothing lifts",
    finding: "W11 never matters, since all it permits is outside the boundary",
    file: "platform/g.yaml",
    also: { ...tenantWith("{ boundary: { providers: [other] } }"), ...models("{ id: other/one }") },
    wrong: grant("id: «r, actions: [llm.generate], models: { ids: [openai/gpt] }"),
    clean: grant("id: r, actions: [llm.generate], models: { ids: [other/one] }"),
  },
  {
    claim: "a permit that its scope has no room for",
    finding: "W11 never matters, since no model or action fits both it and its scope",
    file: "platform/g.yaml",
    wrong: grant("id: «r, actions: [llm.generate]").replace("apps:", "actions: [llm.embed], apps:"),
    clean: grant("id: r, actions: [llm.*]").replace("apps:", "actions: [llm.embed], apps:"),
  },
]);

testFindings("W11, rules in shadow that would never matter", [
  {
    claim: "a permit that lies within a deny in force",
    finding: "W11 enforced it would never matter, since `platform/p/stop` denies",
    file: tenantPath,
    also: platformDenies("subjects: { groups: [staff] }"),
    wrong: tenantRules(`id: «r, ${permit}, mode: shadow, subjects: { groups: [staff] }`),
    clean: tenantRules(`id: r, ${permit}, mode: shadow, subjects: { groups: [others] }`),
  },
  {
    claim: "but not one that replaces the deny",
    finding: "W11 enforced it would never matter, since `platform/p/stop` denies",
    file: tenantPath,
    also: {
      "platform/p.yaml": policy("  defaults:\n    rules:\n      - { id: stop, effect: deny }"),
    },
    wrong: tenantRules(`id: «r, ${permit}, mode: shadow`),
    clean: tenantRules(`id: r, ${permit}, mode: shadow, replaces: platform/p/stop`),
  },
]);

testFindings("W12, what adds nothing beside what holds for good", [
  {
    claim: "a permit of a Grant for what everybody may",
    finding: "W12 adds nothing, since `platform/p/all` does the same for every request it fits",
    file: "platform/g.yaml",
    also: { [platformFile]: rules(`id: all, ${permit}, subjects: { groups: [x, y] }`) },
    wrong: grant("id: «r, actions: [llm.generate], models: { ids: [openai/gpt] }"),
    clean: grant("id: r, actions: [llm.embed]"),
  },
  {
    claim: "a restriction of an Incident that is in force anyway",
    finding: "W12 adds nothing, since `platform/p/all` does the same for every request it fits",
    file: "platform/i.yaml",
    also: { [platformFile]: rules("id: all, effect: deny, dataClasses: { anyOf: [secret] }") },
    wrong: incident("id: «r, effect: deny, dataClasses: { anyOf: [secret.token] }"),
    clean: incident("id: r, effect: deny, dataClasses: { anyOf: [pii] }"),
  },
  {
    claim: "of two that say the same the one in shadow, whatever their names",
    finding: "W12 enforced it would add nothing, since `platform/p/b` does the same",
    wrong: rules(
      "id: «a, effect: deny, mode: shadow, dataClasses: { anyOf: [secret] }",
      "id: b, effect: deny, dataClasses: { anyOf: [secret] }",
    ),
    clean: rules("id: b, effect: deny, dataClasses: { anyOf: [secret] }"),
  },
  {
    claim: "a rule in shadow that one in force contains",
    finding: "W12 enforced it would add nothing, since `platform/p/all` does the same",
    wrong: rules(
      "id: all, effect: deny, dataClasses: { anyOf: [secret] }",
      "id: «some, effect: deny, mode: shadow, dataClasses: { anyOf: [secret.token] }",
    ),
    clean: rules(
      "id: all, effect: deny, dataClasses: { anyOf: [secret] }",
      "id: some, effect: deny, mode: shadow, dataClasses: { anyOf: [pii] }",
    ),
  },
]);

testFindings("W12, what adds nothing", [
  {
    claim: "a rule that another contains",
    finding: "W12 adds nothing, since `platform/p/all` does the same",
    wrong: rules(
      "id: all, effect: deny, dataClasses: { anyOf: [secret] }",
      "id: «some, effect: deny, actions: [llm.generate], dataClasses: { anyOf: [secret.token], minConfidence: 0.9 }",
    ),
    clean: rules(
      "id: all, effect: deny, dataClasses: { anyOf: [secret] }",
      "id: some, effect: deny, actions: [llm.generate], dataClasses: { anyOf: [secret.token], minConfidence: 0.5 }",
    ),
  },
  {
    claim: "of two that say the same the later one by name",
    finding: "W12 adds nothing, since `platform/p/a` does the same",
    wrong: rules(`id: a, ${permit}`, `id: «b, ${permit}`),
    clean: rules(`id: a, ${permit}`, `id: b, ${permit}, audit: { recordRetention: 400d }`),
  },
  {
    claim: "a rule with the same condition, but not one without it",
    finding: "W12 adds nothing, since `platform/p/a` does the same",
    wrong: rules(
      "id: a, effect: deny, conditions: [{ name: c, expression: request.stream }]",
      "id: «b, effect: deny, actions: [llm.embed], conditions: [{ name: d, expression: request.stream }]",
    ),
    clean: rules(
      "id: a, effect: deny, conditions: [{ name: c, expression: request.stream }]",
      "id: b, effect: deny, actions: [llm.embed]",
    ),
  },
]);

testFindings("W13, what contradicts", [
  {
    claim: "a permit of a class that a layer above denies",
    finding:
      'W13 is beaten by `platform/p/stop` where both match; for instance {"time":"2026-01-01T00:00:00.000Z","tenant":"acme","app":"chat","action":"llm.generate","point":"request","model":"openai/gpt","principal":{"id":"user:somebody","kind":"user"},"data":{"status":"ok","findings":[{"class":"pii.email","in":"prompt","count":1,"confidence":1}]}}',
    file: tenantPath,
    also: platformDenies("dataClasses: { anyOf: [pii] }"),
    wrong: tenantRules("id: «r, effect: allow, dataClasses: { permitted: [internal, pii.email] }"),
    clean: tenantRules("id: r, effect: allow, dataClasses: { permitted: [internal] }"),
  },
  {
    claim: "a permit of tools of which some are denied",
    finding: "W13 is beaten by `platform/p/stop` where both match; for instance",
    file: tenantPath,
    also: {
      ...platformDenies("tools: { risk: [write] }"),
      ...tools,
    },
    wrong: tenantRules('id: «r, effect: allow, actions: [tool.call], tools: { names: ["crm/*"] }'),
    clean: tenantRules(
      'id: r, effect: allow, actions: [tool.call], tools: { names: ["crm/*"], risk: [read] }',
    ),
  },
  {
    claim: "one that hinges on a condition says so",
    finding:
      "W13 is beaten by `platform/p/stop` where both match, if `c` can hold together with the rest; for instance",
    file: tenantPath,
    also: platformDenies("dataClasses: { anyOf: [pii] }"),
    wrong: tenantRules(
      "id: «r, effect: allow, dataClasses: { permitted: [pii] }, conditions: [{ name: c, expression: request.stream }]",
    ),
    clean: tenantRules(
      "id: r, effect: allow, dataClasses: { permitted: [] }, conditions: [{ name: c, expression: request.stream }]",
    ),
  },
  {
    claim: "two fixed values for one parameter",
    finding:
      "W13 asks for another `params.temperature` than `platform/p/b` where both match; for instance",
    file: tenantPath,
    also: {
      [platformFile]: rules(
        "id: b, effect: transform, actions: [llm.generate], transform: { params: { temperature: { value: 0 } } }",
      ),
    },
    wrong: tenantRules(
      "id: «a, effect: transform, transform: { params: { temperature: { value: 1 } } }",
    ),
    clean: tenantRules(
      "id: a, effect: transform, actions: [llm.embed], transform: { params: { temperature: { value: 1 } } }",
    ),
  },
  {
    claim: "a floor above a cap",
    finding:
      "W13 asks for another `params.maxTokens` than `platform/p/b` where both match; for instance",
    file: tenantPath,
    also: {
      [platformFile]: rules(
        "id: b, effect: transform, transform: { params: { maxTokens: { max: 100 } } }",
      ),
    },
    wrong: tenantRules(
      "id: «a, effect: transform, transform: { params: { maxTokens: { min: 200 } } }",
    ),
    clean: tenantRules(
      "id: a, effect: transform, transform: { params: { maxTokens: { max: 50 } } }",
    ),
  },
]);

const route = (id: string) => `route: { prefer: [${id}] }`;

testFindings(
  "W14, permits that only the name tells apart",
  [
    {
      claim: "two with different routes that are as specific",
      finding:
        "W14 only the name decides whether its route holds or that of `platform/p/a`; for instance",
      also: models("{ id: openai/mini }"),
      wrong: rules(
        `id: a, ${permit}, models: { ids: ["openai/*"] }, ${route("openai/gpt")}`,
        `id: «b, ${permit}, models: { ids: ["openai/*"] }, ${route("openai/mini")}`,
      ),
      clean: rules(
        `id: a, ${permit}, models: { ids: ["openai/*"] }, ${route("openai/gpt")}`,
        `id: b, ${permit}, models: { ids: ["openai/*"] }, subjects: { groups: [x] }, ${route("openai/mini")}`,
      ),
    },
    {
      claim: "or only by `priority`",
      finding:
        "W14 only `priority` decides whether its route holds or that of `platform/p/a`; for instance",
      also: models("{ id: openai/mini }"),
      wrong: rules(
        `id: a, ${permit}, ${route("openai/gpt")}`,
        `id: «b, ${permit}, priority: 5, ${route("openai/mini")}`,
      ),
      clean: rules(
        `id: a, ${permit}, ${route("openai/gpt")}`,
        `id: b, ${permit}, priority: 5, ${route("openai/gpt")}, quota: [q]`,
      ),
    },
  ].map((one) => ({
    ...one,
    also: {
      ...one.also,
      "platform/q.yaml": document(
        "Quota",
        "q",
        "platform",
        "{ unit: requests, limit: 1, window: { kind: fixed, duration: 24h }, key: [tenant.id] }",
      ),
    },
  })),
);

describe("a search that was cut", () => {
  it("is told with what it found", () => {
    const twoRoutes = Array.from({ length: 92 }, (_, index) => {
      const to = index % 2 === 0 ? "openai/gpt" : "openai/mini";
      return `id: r${index}, ${permit}, ${route(to)}`;
    });
    const found = (count: number) => {
      const text = rules(...twoRoutes.slice(0, count));
      const files = toFiles({ ...world, ...models("{ id: openai/mini }"), [platformFile]: text });
      const { snapshot } = loadSnapshot(files, { engineVersion: "1.0.0" });
      assert.ok(snapshot);
      const problems = analyse(parsePolicies(files).documents, { snapshot });
      return problems.filter(({ code }) => code === "W14").map(({ hint }) => hint);
    };
    const ends = / The search did not try everything\.$/;
    assert.ok(found(92).every((hint) => ends.test(hint)));
    assert.ok(found(4).length > 0 && found(4).every((hint) => !ends.test(hint)));
  });
});

describe("what is no finding", () => {
  const silent = (claim: string, texts: Readonly<Record<string, string>>) =>
    it(claim, () => {
      assert.deepEqual(findingsIn({ ...world, ...texts }), []);
    });

  silent("a guard above a permit that does not speak of what it guards", {
    ...platformDenies("dataClasses: { anyOf: [secret] }"),
    [tenantPath]: tenantRules(
      "id: r, effect: allow, actions: [tool.call], tools: { names: [crm/lookup] }",
    ),
  });
  silent("a permit of what is denied to everybody else", {
    ...platformDenies("dataClasses: { anyOf: [pii] }, exclude: { groups: [staff] }"),
    [tenantPath]: tenantRules(
      "id: r, effect: allow, subjects: { groups: [staff] }, dataClasses: { permitted: [pii] }",
    ),
  });
  silent("a deny from below that lies within a permit", {
    [platformFile]: rules(`id: a, ${permit}, subjects: { groups: ["*"] }`),
    [tenantPath]: tenantRules(
      "id: d, effect: deny, actions: [llm.generate], subjects: { groups: [guests] }",
    ),
  });
  silent("a permit below a default deny that its policy unsets", {
    [platformFile]: policy("  defaults:\n    rules:\n      - { id: d, effect: deny }"),
    [tenantPath]: tenantRules(`id: r, ${permit}`).replace(
      "  rules:",
      "  unset: [platform/p/d]\n  rules:",
    ),
  });
  silent("a permit under a deny that a grant lifts for a while", {
    [platformFile]: rules("id: d, effect: deny, actions: [llm.generate]"),
    "platform/g.yaml": grantUntil('"2026-03-03T00:00:00Z"').replace(
      "scope:",
      "lifts: [platform/p/d], scope:",
    ),
  });
  silent("a permit that lets more be left than another", {
    [platformFile]: rules(
      `id: a, ${permit}`,
      "id: b, effect: allow, actions: [llm.generate], dataClasses: { permitted: [internal, pii] }",
    ).replace("permitted: [internal] }", "permitted: [internal], minConfidence: 0.7 }"),
  });
  silent("a rule in shadow within another in shadow", {
    [platformFile]: rules(
      "id: all, effect: deny, mode: shadow, dataClasses: { anyOf: [secret] }",
      "id: some, effect: deny, mode: shadow, dataClasses: { anyOf: [secret.token] }",
    ),
  });
  silent("a permit of a Grant that wins over the route of another", {
    ...models("{ id: openai/mini }"),
    [platformFile]: rules(
      `id: all, ${permit}`,
      `id: some, ${permit}, subjects: { groups: [x] }, ${route("openai/mini")}`,
    ),
    "platform/g.yaml": grant("id: r, actions: [llm.generate]"),
  });
  silent("a rule in shadow that would deny what another permits", {
    [platformFile]: rules(`id: a, ${permit}`, "id: d, effect: deny, mode: shadow"),
  });
});

describe("the clock", () => {
  it("is not asked for: without a time nothing is over", () => {
    const files = toFiles({ ...world, [platformFile]: grantUntil('"2026-03-01T00:00:01Z"') });
    const { snapshot } = loadSnapshot(files, { engineVersion: "1.0.0" });
    assert.ok(snapshot);
    assert.deepEqual(analyse(parsePolicies(files).documents, { snapshot }), []);
  });
});
