import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  checkTexts,
  document,
  tenantFile,
  testProblems,
  toFiles,
  world,
} from "../../../test/support/problem-cases.ts";
import { loadSnapshot } from "../index.ts";

const rest = 'version: "1", in: [prompt]';
const names = (fields: string, namespace = "platform") =>
  document("Classifier", "names", namespace, `{ ${rest}, ${fields} }`);
const clean = names("endpoint: ner, classes: [pii.person]");
const cleanOfTenant = names("endpoint: ner, classes: [pii.person]", "acme");

testProblems("classifiers", [
  {
    claim: "that nobody carries out do not load",
    problem: "E01 a classifier has exactly one of `endpoint`; found none",
    hint: "Say who does the work: `endpoint` names an entry of the configuration.",
    wrong: names("classes: [pii.person]").replace("spec:", "«spec:"),
    clean,
  },
  {
    claim: "with an address do not load: documents name what the operator has",
    problem:
      "E01 `endpoint` must be lower-case letters, digits and inner hyphens, at most 63, found `https://ner.example`",
    hint: "Write it like `no-secrets`.",
    wrong: names('endpoint: «"https://ner.example", classes: [pii.person]'),
    clean,
  },
  {
    claim: "whose words stand for classes that are not listed do not load",
    problem: "E01 `PERSON` stands for `pii.person`, which `classes` does not list",
    hint: "List the class itself as well: a parent does not stand for it here.",
    wrong: names("endpoint: ner, classes: [pii], map: { PERSON: «pii.person }"),
    clean: names("endpoint: ner, classes: [pii, pii.person], map: { PERSON: pii.person }"),
  },
  {
    claim: "of classes that nothing declares do not load",
    problem: "E02 nothing declares the data class `pio`",
    hint: "Did you mean `pii`?",
    wrong: names("endpoint: ner, classes: [«pio.person]"),
    clean,
  },
  {
    claim: "for an app that is not there do not load",
    problem: "E02 nothing declares the app `chta`",
    hint: "Did you mean `chat`?",
    file: tenantFile,
    wrong: names("endpoint: ner, classes: [pii.person], scope: { apps: [«chta] }", "acme"),
    clean: names("endpoint: ner, classes: [pii.person], scope: { apps: [chat] }", "acme"),
  },
  {
    claim: "of a tenant for another one do not load",
    problem: "E06 a Classifier of `acme` cannot reach the tenant `umbrella`",
    hint: "Leave `tenants` out; it holds for your own requests.",
    file: tenantFile,
    wrong: names("endpoint: ner, classes: [pii.person], scope: { tenants: [«umbrella] }", "acme"),
    clean: cleanOfTenant,
  },
  {
    claim: "that may take minutes do not load",
    problem: "E01 `timeout` must be a whole number and ms or s, found `2m`",
    hint: "Write it like `150ms`.",
    wrong: names("endpoint: ner, classes: [pii.person], timeout: «2m"),
    clean: names("endpoint: ner, classes: [pii.person], timeout: 2s"),
  },
]);

const many = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    cleanOfTenant.replace("name: names", `name: names-${index}`),
  ).join("---\n");

describe("the number of classifiers of a tenant", () => {
  test("is bounded, since each is a call of every request", () => {
    assert.ok(checkTexts({ ...world, [tenantFile]: many(8) }).isLoaded);
    const { problems } = checkTexts({ ...world, [tenantFile]: many(9) });
    assert.match(problems.join(), /E01 `acme` has 9 classifiers, more than the 8 it may have$/);
  });

  test("is what the platform says", () => {
    const limits = document("Platform", "platform", "platform", "{ limits: { classifiers: 0 } }");
    const texts = { ...world, "platform/limits.yaml": limits, [tenantFile]: many(1) };
    assert.match(checkTexts(texts).problems.join(), /more than the 0 it may have$/);
  });
});

describe("where the configuration is known", () => {
  const load = (tenantsOf: Readonly<Record<string, readonly string[]>>) => {
    const texts = { ...world, "platform/p.yaml": clean, [tenantFile]: cleanOfTenant };
    const { namespaces, problems } = loadSnapshot(toFiles(texts), {
      engineVersion: "1.0.0",
      endpoints: { tenantsOf: new Map(Object.entries(tenantsOf)) },
    });
    return {
      told: problems.map(({ code, hint, message }) => `${code} ${message} | ${hint}`),
      states: [...namespaces.values()].map(({ state }) => state),
    };
  };

  test("a classifier that it does not have does not load", () => {
    const { told } = load({ nerr: ["*"] });
    assert.deepEqual(told, [
      "E02 the configuration has no classifier `ner` | Did you mean `nerr`?",
      "E02 the configuration has no classifier `ner` | Did you mean `nerr`?",
    ]);
  });

  test("a tenant names only those that are open to it, and the platform all of them", () => {
    for (const tenants of [[], ["umbrella"]]) {
      const { states, told } = load({ ner: tenants });
      assert.deepEqual(states, ["current", "absent"]);
      assert.match(told.join(), /^E06 the classifier `ner` is not open to `acme`/);
    }
    for (const tenants of [["*"], ["acme"]]) {
      assert.deepEqual(load({ ner: tenants }), { told: [], states: ["current", "current"] });
    }
  });
});
