import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stringify } from "yaml";
import { loadSnapshot, type PolicyFile, parsePolicies, runPolicyTests } from "../index.ts";

type Fields = Readonly<Record<string, unknown>>;

const setting = `
apiVersion: chancery/v1alpha1
kind: Platform
metadata: { name: platform, namespace: platform }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: Tenant
metadata: { name: acme, namespace: platform }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: models, namespace: platform }
spec: { models: [{ id: vendor/a, aliases: [fast] }, { id: vendor/b, aliases: [fast] }] }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: p, namespace: platform }
spec:
  attach: { layer: global }
  rules:
    - { id: also-no-pii, effect: deny, dataClasses: { anyOf: [pii] } }
    - { id: no-pii, effect: deny, dataClasses: { anyOf: [pii] } }
    - id: chat
      effect: allow
      actions: [llm.generate]
      conditions:
        - { name: a-small, expression: "request.inputTokens < 100" }
        - { name: b-text, expression: "!request.stream" }
    - { id: careful, effect: deny, mode: shadow, models: { ids: [vendor/b] } }
`;
const own = `
apiVersion: chancery/v1alpha1
kind: App
metadata: { name: chat, namespace: acme }
spec: {}
---
apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: models, namespace: acme }
spec: { models: [{ id: acme/c }] }
`;

const given = {
  principal: { id: "user:ann" },
  app: "chat",
  action: "llm.generate",
  model: "vendor/a",
  request: { inputTokens: 8, stream: false },
};
const permits = { verdict: "allow" };

function filesWith(spec: Fields, namespace = "acme"): readonly PolicyFile[] {
  const document = {
    apiVersion: "chancery/v1alpha1",
    kind: "PolicyTest",
    metadata: { name: "t", namespace },
    spec: { time: "2026-03-02T10:00:00Z", ...spec },
  };
  return [
    { path: "platform/setting.yaml", namespace: "platform", text: setting },
    { path: "acme/own.yaml", namespace: "acme", text: own },
    { path: `${namespace}/tests.yaml`, namespace, text: stringify(document) },
  ];
}

function run(spec: Fields, namespace?: string) {
  const files = filesWith(spec, namespace);
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
  assert.deepEqual(problems, []);
  assert.ok(snapshot);
  return runPolicyTests(snapshot, parsePolicies(files).documents);
}

function oneCase(expect: Fields, changes: Fields = {}) {
  const { cases } = run({ cases: [{ name: "it", given: { ...given, ...changes }, expect }] });
  const [only] = cases;
  assert.ok(only);
  return only;
}

/** `CODE line:column message` of each problem with a test. */
function problemsOf(spec: Fields, namespace?: string): readonly string[] {
  const { problems } = loadSnapshot(filesWith(spec, namespace), { engineVersion: "1.0.0" });
  return problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);
}

describe("a case", () => {
  test("is kept where every field it lists is as expected, and no other is looked at", () => {
    assert.equal(oneCase(permits).isKept, true);
    assert.equal(oneCase({ ...permits, decidedBy: "platform/p/chat", reason: null }).isKept, true);
    const broken = oneCase({ ...permits, decidedBy: "platform/p/other", model: "vendor/a" });
    assert.deepEqual(broken.differences, [
      { field: "decidedBy", expected: "platform/p/other", actual: "platform/p/chat" },
    ]);
  });

  test("compares lists as sets, and redactions, parameters and quotas as a whole", () => {
    const changes = { data: { classes: { "pii.email": {} } } };
    const rules = ["platform/p/also-no-pii", "platform/p/no-pii"];
    assert.equal(oneCase({ rules }, changes).isKept, true);
    assert.equal(oneCase({ rules: rules.toReversed() }, changes).isKept, true);
    assert.equal(oneCase({ rules: rules.slice(1) }, changes).isKept, false);
    assert.equal(oneCase({ rules: [] }, changes).isKept, false);
    assert.equal(oneCase({ redact: {}, params: {}, quotas: [], lifted: [] }).isKept, true);
    assert.equal(oneCase({ redact: { pii: "mask" } }).isKept, false);
  });

  test("compares the counterfactual by the fields it lists", () => {
    const changes = { model: "vendor/b" };
    assert.equal(oneCase({ shadow: { verdict: "deny" } }, changes).isKept, true);
    assert.equal(oneCase({ shadow: { verdict: "deny", changed: false } }, changes).isKept, false);
    assert.equal(oneCase({ shadow: null }, changes).isKept, false);
  });

  test("takes what it does not give from the fixture, field by field", () => {
    const { cases } = run({
      fixtures: { bot: given, mail: { classes: { "pii.email": { count: 2, in: "system" } } } },
      cases: [
        { name: "as it is", given: { use: "bot" }, expect: permits },
        {
          name: "with a field replaced",
          given: { use: "bot", request: { inputTokens: 200, stream: false } },
          expect: { reason: "no_permit" },
        },
        { name: "with data", given: { use: "bot", data: "mail" }, expect: { reason: "rule" } },
      ],
    });
    assert.deepEqual(
      cases.map(({ isKept }) => isKept),
      [true, true, true],
    );
    assert.deepEqual(cases[2]?.input.data.findings, [
      { class: "pii.email", in: "system", count: 2, confidence: 1 },
    ]);
    assert.equal(cases[0]?.input.tenant, "acme");
  });
});

describe("a matrix", () => {
  test("asks every combination, models by pattern over the visible catalogs", () => {
    const { cases } = run({
      matrix: {
        given: { ...given, model: ["*", "fast"], action: ["llm.generate"] },
        expect: { outcome: "permit" },
      },
    });
    assert.deepEqual(
      cases.map(({ name }) => name),
      ["acme/c", "vendor/a", "vendor/b", "fast"].map(
        (model) => `matrix: action=llm.generate, model=${model}`,
      ),
    );
    assert.ok(cases.every(({ isKept }) => isKept));
  });

  test("of one combination is called just that", () => {
    const { cases } = run({ matrix: { given, expect: permits } });
    assert.deepEqual(
      cases.map(({ name }) => name),
      ["matrix"],
    );
  });

  test("of the platform sees the catalogs of the tenant it is about", () => {
    const spec = {
      matrix: { given: { ...given, tenant: ["acme"], model: "acme/*" }, expect: permits },
    };
    const { cases } = run(spec, "platform");
    assert.deepEqual(
      cases.map(({ name }) => name),
      ["matrix: model=acme/c, tenant=acme"],
    );
  });
});

describe("coverage", () => {
  test("counts rules and conditions by how they ended, and lists what was not reached", () => {
    const { coverage } = run({
      cases: [
        { name: "a", given, expect: permits },
        {
          name: "b",
          given: { ...given, request: { inputTokens: 200 } },
          expect: { verdict: "deny" },
        },
        { name: "c", given: { ...given, request: {} }, expect: { verdict: "deny" } },
        {
          name: "d",
          given: { ...given, request: { inputTokens: 8 } },
          expect: { verdict: "deny" },
        },
      ],
    });
    assert.deepEqual(coverage, {
      rules: {
        "platform/p/also-no-pii": { T: 0, F: 4, E: 0 },
        "platform/p/careful": { T: 0, F: 0, E: 0 },
        "platform/p/chat": { T: 1, F: 1, E: 2 },
        "platform/p/no-pii": { T: 0, F: 4, E: 0 },
      },
      conditions: {
        "platform/p/chat#a-small": { T: 2, F: 1, E: 1 },
        "platform/p/chat#b-text": { T: 1, F: 0, E: 1 },
      },
    });
  });
});

describe("a test that cannot be asked does not load", () => {
  const expect = permits;
  for (const [claim, spec, problem] of [
    ["without cases", {}, /^E01 .*neither `cases` nor `matrix`/],
    ["expecting nothing", { cases: [{ name: "a", given, expect: {} }] }, /^E01 .*says nothing/],
    [
      "expecting a field that decisions do not have",
      { cases: [{ name: "a", given, expect: { verdct: "allow" } }] },
      /^E01 20:\d+ unknown field `verdct`/,
    ],
    [
      "with an unknown member of the input",
      { cases: [{ name: "a", given: { ...given, tool: { nam: "x" } }, expect }] },
      /^E01 .*(?:unknown field `nam`|`tool` lacks `name`)/,
    ],
    [
      "without an action",
      { cases: [{ name: "a", given: { app: "chat" }, expect }] },
      /^E01 .*the input lacks `action`/,
    ],
    [
      "using a fixture that is not there",
      { cases: [{ name: "a", given: { ...given, use: "bot" }, expect }] },
      /^E02 .*no fixture of an input has the name `bot`/,
    ],
    [
      "taking data from a fixture that is an input",
      {
        fixtures: { bot: given },
        cases: [{ name: "a", given: { ...given, data: "bot" }, expect }],
      },
      /^E02 .*no fixture for `data` has the name `bot`/,
    ],
    [
      "with a broken fixture",
      { fixtures: { bot: { princpal: {} } }, cases: [{ name: "a", given, expect }] },
      /^E01 .*unknown field `princpal`/,
    ],
    [
      "about another tenant",
      { cases: [{ name: "a", given: { ...given, tenant: "globex" }, expect }] },
      /^E06 .*may name no other tenant/,
    ],
    [
      "with a pattern in a case",
      { cases: [{ name: "a", given: { ...given, model: "vendor/*" }, expect }] },
      /^E01 .*not for a pattern/,
    ],
    [
      "with a pattern that fits no model",
      { matrix: { given: { ...given, model: "globex/*" }, expect } },
      /^E02 .*fits no model/,
    ],
    [
      "with two cases of one name",
      { cases: [given, given].map((one) => ({ name: "a", given: one, expect })) },
      /^E07 .*same name/,
    ],
    [
      "with a matrix that has no end",
      {
        matrix: {
          given: {
            ...given,
            app: Array.from({ length: 200 }, (_, index) => `a${index}`),
            model: Array.from({ length: 200 }, (_, index) => `m${index}`),
          },
          expect,
        },
      },
      /^E01 .*more than 10000 combinations/,
    ],
  ] as const) {
    test(claim, () => {
      const problems = problemsOf(spec);
      assert.match(problems[0] ?? "", problem);
    });
  }

  test("of the platform, about nobody", () => {
    const cases = [{ name: "a", given, expect }];
    assert.match(problemsOf({ cases }, "platform")[0] ?? "", /^E01 .*whose request/);
  });
});
