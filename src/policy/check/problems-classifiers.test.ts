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
import type { LocalModel } from "./check-local-model.ts";

const rest = 'version: "1", in: [prompt]';
const names = (fields: string, namespace = "platform") =>
  document("Classifier", "names", namespace, `{ ${rest}, ${fields} }`);
const clean = names("endpoint: ner, classes: [pii.person]");
const cleanOfTenant = names("endpoint: ner, classes: [pii.person]", "acme");

testProblems("classifiers", [
  {
    claim: "that nobody carries out do not load",
    problem:
      "E01 a classifier has exactly one of `endpoint`, `patterns`, `terms`, `values`, `ignore`; found none",
    hint: "Say what does the work: `endpoint` names an entry of the configuration, the others say themselves what to look for.",
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

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const pinned = `files: { model: "${digest("a")}", tokenizer: "${digest("b")}" }`;

testProblems("files of a model", [
  {
    claim: "are told by their digests",
    problem: "E01 `model` must be `sha256:` and 64 hexadecimal digits, found `latest`",
    hint: "Correct the value.",
    wrong: names(`endpoint: ner, classes: [pii.person], ${pinned}`).replace(
      `"${digest("a")}"`,
      "«latest",
    ),
    clean: names(`endpoint: ner, classes: [pii.person], ${pinned}`),
  },
  {
    claim: "are nothing of patterns",
    problem: "E01 `files` is about a model that is asked",
    hint: "Leave it out.",
    wrong: names(
      `classes: [pii.badge], patterns: [{ id: a, class: pii.badge, pattern: B1 }], «${pinned}`,
    ),
    clean: names("classes: [pii.badge], patterns: [{ id: a, class: pii.badge, pattern: B1 }]"),
  },
]);

const ownPattern = (pattern: string, more = "") =>
  names(
    `classes: [pii.badge], patterns: [{ id: badge, class: pii.badge, pattern: ${pattern}${more} }]`,
  );
const cleanPattern = ownPattern("'B-[0-9]{5}'");
const ownTerms = (fields: string) =>
  names(`classes: [pii.project], terms: { class: pii.project, ${fields} }`);
const cleanTerms = ownTerms("list: [Falcon]");

testProblems("patterns", [
  {
    claim: "with look-around do not load: the engine is linear",
    problem: "E08 not a pattern of RE2: invalid or unsupported Perl syntax: `(?=`",
    hint: "Write it in RE2 syntax, which has no look-around and no back-references.",
    wrong: ownPattern("«'B(?=x)'"),
    clean: cleanPattern,
  },
  {
    claim: "with back-references do not load",
    problem: "E08 not a pattern of RE2: invalid escape sequence: `\\1`",
    hint: "Write it in RE2 syntax, which has no look-around and no back-references.",
    wrong: ownPattern("«'(B)\\1'"),
    clean: cleanPattern,
  },
  {
    claim: "that repeat too much for every text do not load",
    problem: "E08 the pattern takes 2003 steps a character, more than 300",
    hint: "Lower its counted repetitions such as `{1,500}`.",
    wrong: ownPattern("«'(?:.{0,200}){5}z'"),
    clean: cleanPattern,
  },
  {
    claim: "that are too long to be read do not load",
    problem: "E08 the pattern has 513 characters, more than 512",
    hint: "Split it into several patterns, or list the words it stands for under `terms`.",
    wrong: ownPattern(`«${"b".repeat(513)}`),
    clean: cleanPattern,
  },
  {
    claim: "that match nothing do not load",
    problem: "E08 the pattern matches where nothing is",
    hint: "Ask for at least one character.",
    wrong: ownPattern("«'B*'"),
    clean: cleanPattern,
  },
  {
    claim: "that take too many steps together do not load",
    problem: "E08 with this one the patterns take 2016 steps a character together, more than 2000",
    hint: "Leave some out, or list the words they stand for under `terms`.",
    wrong: manyPatterns(8, "«"),
    clean: manyPatterns(7, ""),
  },
  {
    claim: "of one id do not load",
    problem: "E01 two patterns have the id `badge`",
    hint: "Give each an id of its own.",
    wrong: ownPattern("B1", " }, { id: «badge, class: pii.badge, pattern: B2"),
    clean: ownPattern("B1", " }, { id: other, class: pii.badge, pattern: B2"),
  },
  {
    claim: "of a class that is not listed do not load",
    problem: "E01 `pii.badge` is found, which `classes` does not list",
    hint: "Add it to `classes`.",
    wrong: names("classes: [pii], patterns: [{ id: badge, class: «pii.badge, pattern: B1 }]"),
    clean: cleanPattern,
  },
  {
    claim: "have no answer to wait for",
    problem: "E01 `timeout` is about a model that is asked",
    hint: "Leave it out.",
    wrong: cleanPattern.replace("classes:", "«timeout: 1s, classes:"),
    clean: cleanPattern,
  },
]);

testProblems("dictionaries", [
  {
    claim: "have their entries in one way",
    problem: "E01 `terms` has exactly one of `list` and `lines`",
    hint: "Write few entries as a `list`, and many as `lines`, one to a line.",
    wrong: ownTerms("list: [Falcon], lines: Falcon").replace("terms:", "«terms:"),
    clean: cleanTerms,
  },
  {
    claim: "with an entry that would be everywhere do not load",
    problem: "E01 `C++` has too few letters and digits to be told",
    hint: "Write a word or a name of two letters or digits or more.",
    wrong: ownTerms("list: [Falcon, «C++]"),
    clean: ownTerms("lines: Falcon"),
  },
  {
    claim: "with an entry that is a text do not load",
    problem: "E01 an entry has at most 128 characters, found one of 129",
    hint: "Write a word or a name of two letters or digits or more.",
    wrong: ownTerms(`«lines: ${"b".repeat(129)}`),
    clean: cleanTerms,
  },
]);

const ownValues = (digests: string) =>
  names(
    `classes: [pii.customer], values: { class: pii.customer, key: ${"k".repeat(43)}, ${digests} }`,
  );

testProblems("lists of values", [
  {
    claim: "with a part of a digest do not load",
    problem: "E01 digests have 10 characters each, and 3 are left over",
    hint: "Have the list made again with `chancery digest`, in parts if it is long.",
    wrong: ownValues("«digests: 0123456789 012"),
    clean: ownValues("digests: 0123456789 abcdefghij"),
  },
  {
    claim: "longer than may be kept do not load",
    problem: "E01 a list has at most 100000 values, found 100001",
    hint: "Have the list made again with `chancery digest`, in parts if it is long.",
    wrong: ownValues(`«digests: ${"d".repeat(1_000_010)}`),
    clean: ownValues(`digests: ${"d".repeat(1_000_000)}`),
  },
]);

testProblems("values to ignore", [
  {
    claim: "in answers are ignored in the arguments of calls too, which are part of them",
    problem: "E01 values that are ignored in `response` are so in `tool_args`, which is part of it",
    hint: "Add `tool_args` to `in`.",
    wrong: names("classes: [pii], ignore: { values: [x] }").replace(
      "in: [prompt]",
      "«in: [response]",
    ),
    clean: names("classes: [pii], ignore: { values: [x] }").replace(
      "in: [prompt]",
      "in: [response, tool_args]",
    ),
  },
]);

function manyPatterns(count: number, mark: string): string {
  const list = Array.from(
    { length: count },
    (_, index) =>
      `{ id: p${index}, class: pii.badge, pattern: ${index === 7 ? mark : ""}'x{250}' }`,
  );
  return names(`classes: [pii.badge], patterns: [${list.join(", ")}]`);
}

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
  const load = (
    tenantsOf: Readonly<Record<string, readonly string[]>>,
    own: Readonly<Record<string, string>> = { [tenantFile]: cleanOfTenant },
    modelOf: ReadonlyMap<string, LocalModel> = new Map(),
  ) => {
    const texts = { ...world, "platform/p.yaml": clean, ...own };
    const { namespaces, problems } = loadSnapshot(toFiles(texts), {
      engineVersion: "1.0.0",
      endpoints: { tenantsOf: new Map(Object.entries(tenantsOf)), modelOf },
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

  describe("a model that runs here", () => {
    const model: LocalModel = {
      files: { model: digest("a"), tokenizer: digest("b") },
      words: ["PER", "LOC"],
    };
    const told = (fields: string) =>
      load(
        { ner: [] },
        { "platform/p.yaml": names(`endpoint: ner, ${fields}`) },
        new Map([["ner", model]]),
      ).told;
    const person = "classes: [pii.person], map: { PER: pii.person }";

    test("loads with the files that are pinned", () => {
      assert.deepEqual(told(`${person}, ${pinned}`), []);
    });

    test("does not load where nothing is pinned, or another file", () => {
      assert.deepEqual(told(person), [
        `E01 \`ner\` runs here, and nothing says with which files | Write \`${pinned}\` if these are the ones.`,
      ]);
      const hint = "Try it, then pin this one, or ask the operator for the other.";
      assert.deepEqual(told(`${person}, ${pinned.replace(digest("b"), digest("c"))}`), [
        `E02 the tokenizer of \`ner\` is another: \`${digest("b")}\` | ${hint}`,
      ]);
    });

    test("does not load for what it never says", () => {
      assert.deepEqual(told(`classes: [pii.person], map: { PERS: pii.person }, ${pinned}`), [
        "E02 the model `ner` never says `PERS` | Did you mean `PER`?",
      ]);
      assert.deepEqual(told(`classes: [pii.person], ${pinned}`), [
        "E02 the model `ner` never says `pii.person` | It says `PER`, `LOC`; give the class one of these under `map`.",
      ]);
    });
  });

  test("the files of one that is asked over the network are nobody's to pin", () => {
    const own = { "platform/p.yaml": names(`endpoint: ner, classes: [pii.person], ${pinned}`) };
    assert.deepEqual(load({ ner: [] }, own).told, [
      "E01 `ner` is asked over the network, so nobody knows its files | Leave it out.",
    ]);
  });
});
