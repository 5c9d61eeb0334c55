import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkTexts,
  document,
  platformFile,
  policy,
  rule,
  toFiles,
  world,
} from "../../../test/support/problem-cases.ts";
import { loadSnapshot, parsePolicies } from "../index.ts";

describe("what this version does not enforce", () => {
  for (const kind of ["Bundle"]) {
    it(`kind ${kind} does not load`, () => {
      assert.deepEqual(checkTexts({ ...world, [platformFile]: `kind: ${kind}\n` }).problems, [
        `${platformFile}:1:7 E09 kind \`${kind}\` is not enforced by this version, so it does not load`,
      ]);
    });
  }
});

describe("JSON", () => {
  const text = `{
  "apiVersion": "chancery/v1alpha1",
  "kind": "Policy",
  "metadata": { "name": "p", "namespace": "platform" },
  "spec": {
    "attach": { "layer": "global" },
    "rules": [
      { "id": "r", "effect": "deny", "modls": {} },
      { "id": "r", "effect": "deny", "quota": ["nope"] }
    ]
  }
}
`;

  it("is read as YAML is, with its lines and columns", () => {
    const file = "platform/p.json";
    assert.deepEqual(checkTexts({ ...world, [file]: text }).problems, [
      `${file}:8:38 E01 unknown field \`modls\``,
      `${file}:9:15 E07 two rules of this policy have the id \`r\``,
      `${file}:9:48 E02 nothing declares the quota \`nope\``,
    ]);
  });

  it("without problems loads", () => {
    const clean = text
      .replace(', "modls": {}', "")
      .replace('"r", "effect": "deny", "quota": ["nope"]', '"s", "effect": "warn"');
    const { isLoaded, problems } = checkTexts({ ...world, "platform/p.json": clean });
    assert.deepEqual({ isLoaded, problems }, { isLoaded: true, problems: [] });
  });
});

describe("all problems at once", () => {
  it("a problem hides neither those beside it nor those of other documents", () => {
    const text = [
      rule("effect: dney, foo: 1, models: { ids: [openai/nope] }, tools: { risk: ['a*'] }"),
      "kind: Nope\n",
      policy("  rules: [{ id: a, effect: deny }, { id: a, effect: deny, bar: 1 }]"),
      "a: [\n",
      rule("effect: redact").replace("name: p", "name: other"),
    ].join("---\n");
    assert.deepEqual(checkTexts({ ...world, [platformFile]: text }).problems, [
      `${platformFile}:7:24 E01 \`effect\` must be one of allow, deny, redact, transform, warn, found \`dney\``,
      `${platformFile}:7:30 E01 unknown field \`foo\``,
      `${platformFile}:7:86 E01 an item of \`risk\` must be one word without \`*\`, found \`a*\``,
      `${platformFile}:9:7 E01 unknown kind \`Nope\``,
      `${platformFile}:13:19 E07 two documents of kind Policy in \`platform\` are named \`p\``,
      `${platformFile}:16:42 E07 two rules of this policy have the id \`a\``,
      `${platformFile}:16:59 E01 unknown field \`bar\``,
      `${platformFile}:19:1 E01 not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]`,
      `${platformFile}:26:24 E01 a redact rule lacks \`redact\``,
    ]);
  });

  it("more mistakes than the validator reports in one go are all reported", () => {
    const rules = Array.from({ length: 50 }, (_, index) => `{ id: r${index}, effect: no }`);
    const { problems } = checkTexts({ ...world, [platformFile]: policy(`  rules: [${rules}]`) });
    assert.equal(problems.length, 50);
    // A document that cannot stand without the broken part is looked at to its end all the same.
    const broken = policy(`  rules: [${rules}]`).replace("layer: global", "layer: nowhere");
    assert.equal(checkTexts({ ...world, [platformFile]: broken }).problems.length, 51);
  });

  it("what stands behind a part left out keeps its place", () => {
    const text = rule('effect: deny, models: { ids: ["a b", openai/gpt, openai/nope] }');
    assert.deepEqual(checkTexts({ ...world, [platformFile]: text }).problems, [
      `${platformFile}:7:46 E01 an item of \`ids\` must be a model id, one that ends in \`*\`, or \`alias:\` and an alias, found \`a b\``,
      `${platformFile}:7:65 E02 nothing declares the model \`openai/nope\``,
    ]);
  });

  it("a document with a problem still declares what others refer to", () => {
    const files = {
      "platform/base.yaml": [
        document("Tenant", "acme", "platform", "{ teir: gold }"),
        document(
          "ModelCatalog",
          "m",
          "platform",
          "{ models: [{ id: bad id }, { id: openai/gpt }] }",
        ),
      ].join("---\n"),
      "acme/app.yaml": document("App", "chat", "acme", "{ boundary: { modles: [] } }"),
      "acme/p.yaml": document(
        "Policy",
        "p",
        "acme",
        "{ attach: { layer: app, app: chat }, rules: [{ id: r, effect: deny, models: { ids: [bad/id] } }] }",
      ),
    };
    assert.deepEqual(checkTexts(files).problems, [
      "acme/app.yaml:4:21 E01 unknown field `modles`",
      "platform/base.yaml:4:9 E01 unknown field `teir`",
      "platform/base.yaml:9:24 E01 `id` must be `<provider>/<name>` without white space or `*`, found `bad id`",
    ]);
  });

  it("the order of files does not change which of two is called the duplicate", () => {
    const files = [
      { path: "platform/a.yaml", namespace: "platform", text: policy("") },
      { path: "platform/b.yaml", namespace: "platform", text: policy("") },
    ];
    const inOrder = loadSnapshot(files, { engineVersion: "1.0.0" }).problems;
    assert.deepEqual(
      loadSnapshot(files.toReversed(), { engineVersion: "1.0.0" }).problems,
      inOrder,
    );
    assert.equal(inOrder[0]?.file, "platform/b.yaml");
  });

  it("a file without documents is a warning and does not stand in the way", () => {
    const files = toFiles({ ...world, "platform/empty.yaml": "# later\n" });
    const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
    assert.ok(snapshot);
    assert.deepEqual(
      problems.map(({ severity, line, message }) => ({ severity, line, message })),
      [{ severity: "warning", line: 0, message: "the file holds no document" }],
    );
  });
});

describe("hostile text", () => {
  const problemsOf = (text: string) =>
    parsePolicies([{ path: "p", namespace: "platform", text }]).problems.map(
      ({ line, column, message }) => `${line}:${column} ${message}`,
    );

  it("nesting is bounded without recursion", () => {
    const tooDeep = /nested deeper than 32 levels/;
    assert.match(problemsOf("[".repeat(50_000)).join(), tooDeep);
    assert.match(problemsOf("- ".repeat(5_000)).join(), tooDeep);
    assert.match(problemsOf("&a [*a]").join(), tooDeep);
  });

  it("aliases that multiply are cut off", () => {
    const lines = Array.from({ length: 8 }, (_, index) => {
      const inner = index === 0 ? "1" : `*l${index - 1}`;
      return `l${index}: &l${index} [${Array.from({ length: 10 }, () => inner)}]`;
    });
    assert.match(problemsOf(`kind: Policy\n${lines.join("\n")}`).join(), /more than 100 aliases/);
  });

  it("an alias without anchor and an odd tag are problems", () => {
    assert.match(problemsOf("kind: *nowhere").join(), /^1:7 no anchor/);
    assert.match(problemsOf("kind: !made-up Policy").join(), /1:7 not valid YAML: unresolved tag/);
  });

  it("keys that are not plain words do not reach the documents", () => {
    for (const key of ["__proto__", "1", "[a]", "? {}"]) {
      assert.match(problemsOf(`${key}: {}\n`).join(), /1:\d a key must be a plain word/);
    }
  });

  it("a file beyond the bound is not read", () => {
    assert.match(problemsOf("#".repeat(1024 * 1024 + 1)).join(), /longer than 1048576/);
  });
});
