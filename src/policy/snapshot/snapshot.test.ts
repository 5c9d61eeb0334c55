import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { digestOf, sha256Hex } from "../../signing/index.ts";
import { toModel, VisibleModels } from "../compile/model-catalog.ts";
import type { Rule } from "../compile/rule.ts";
import { Taxonomy } from "../compile/taxonomy.ts";
import { VisibleTools } from "../compile/tool-catalog.ts";
import { createExpressionEngine } from "../expression/index.ts";
import { compile, loadSnapshot, type PolicyFile, parsePolicies } from "../index.ts";
import { ConditionBook } from "./conditions.ts";
import { createScope } from "./snapshot.ts";

const options = { engineVersion: "1.2.3" };
const document = (kind: string, name: string, namespace: string, spec: string) =>
  `apiVersion: chancery/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;
const file = (path: string, text: string): PolicyFile => ({
  path,
  namespace: path.split("/")[0] ?? "",
  text,
});

const tenants = file(
  "platform/tenants.yaml",
  `${document("Tenant", "acme", "platform", "{}")}---\n${document("Tenant", "globex", "platform", "{}")}`,
);
const acme = file("acme/app.yaml", document("App", "chat", "acme", "{}"));
const globex = file("globex/app.yaml", document("App", "chat", "globex", "{}"));

function load(...files: readonly PolicyFile[]) {
  const { snapshot, problems } = loadSnapshot(files, options);
  assert.deepEqual(problems, []);
  assert.ok(snapshot);
  return snapshot;
}

describe("the snapshot", () => {
  it("names its versions as the records have them", () => {
    const snapshot = load(tenants, acme);
    const platform = digestOf({ "tenants.yaml": sha256Hex(tenants.text) });
    const own = digestOf({ "app.yaml": sha256Hex(acme.text) });
    assert.deepEqual(snapshot.versionsFor("acme"), {
      effective: digestOf([1, platform, own]),
      snapshot: snapshot.digest,
      semantics: 1,
      engine: "1.2.3",
      layers: [
        { id: "platform", digest: platform },
        { id: "acme", digest: own },
      ],
    });
    assert.deepEqual(snapshot.versionsFor("nobody"), {
      ...snapshot.versionsFor("acme"),
      effective: digestOf([1, platform, null]),
      layers: [{ id: "platform", digest: platform }],
    });
    assert.equal(snapshot.versionsFor(undefined), snapshot.versionsFor("nobody"));
  });

  it("knows which tenants and apps are declared", () => {
    const snapshot = load(tenants, acme);
    assert.equal(snapshot.hasTenant("acme"), true);
    assert.equal(snapshot.hasTenant("toString"), false);
    assert.equal(snapshot.hasApp("acme", "chat"), true);
    assert.equal(snapshot.hasApp("globex", "chat"), false);
    assert.equal(snapshot.hasApp("acme", "desk"), false);
  });

  it("a tenant's effective version changes with its own files and the platform's only", () => {
    const comment = (one: PolicyFile) => ({ ...one, text: `# changed\n${one.text}` });
    const before = load(tenants, acme, globex);
    const effective = (after: typeof before) =>
      ["acme", "globex"].map(
        (tenant) => after.versionsFor(tenant).effective === before.versionsFor(tenant).effective,
      );
    assert.deepEqual(effective(load(tenants, comment(acme), globex)), [false, true]);
    assert.deepEqual(effective(load(comment(tenants), acme, globex)), [false, false]);
    // The compiled form is the same, so the snapshot is too.
    assert.equal(load(comment(tenants), acme, globex).digest, before.digest);
  });

  it("the snapshot's digest does not change with the order of anything", () => {
    const version = (name: string, ids: readonly string[]) =>
      file(
        `acme/p-${name}.yaml`,
        document(
          "Policy",
          "p",
          "acme",
          `{ version: "${name}", attach: { layer: tenant }, rules: [${ids
            .map((id) => `{ id: ${id}, effect: deny, exemptible: grant }`)
            .join(", ")}] }`,
        ),
      );
    const exception = (name: string, lifts: readonly string[]) =>
      file(
        `acme/${name}.yaml`,
        document(
          "Grant",
          name,
          "acme",
          `{ ticket: A-1, reason: Try, activeFrom: "2026-03-01T00:00:00Z",
  expiresAt: "2026-03-02T00:00:00Z", approvedBy: [ann], lifts: [${lifts.join(", ")}],
  scope: { apps: [chat], subjects: { groups: [b, a] } } }`,
        ),
      );
    const rollout = file(
      "acme/rollout.yaml",
      document(
        "Rollout",
        "ramp",
        "acme",
        `{ policy: p, stable: "1", candidate: "2", seed: s, step: { percent: 5 } }`,
      ),
    );
    const digest = (turn: <Item>(list: readonly Item[]) => readonly Item[]) =>
      load(
        ...turn([
          tenants,
          acme,
          rollout,
          version("1", turn(["x", "y"])),
          version("2", turn(["x", "z"])),
          exception("one", turn(["acme/p/x", "acme/p/y"])),
          exception("two", turn(["acme/p/x", "acme/p/z"])),
        ]),
      ).digest;
    assert.equal(
      digest((list) => list),
      digest((list) => list.toReversed()),
    );
  });

  it("the snapshot's digest changes with what decisions are made from", () => {
    const policy = (fields: string) =>
      file(
        "platform/p.yaml",
        document("Policy", "p", "platform", `{ attach: { layer: global }, rules: [${fields}] }`),
      );
    const digests = ["", "{ id: a, effect: deny }", "{ id: b, effect: deny }"].map(
      (fields) => load(tenants, policy(fields)).digest,
    );
    assert.equal(new Set(digests).size, 3);
  });

  it("lists its rules in load order, whatever the order of files: the platform's come first", () => {
    const policy = (path: string, attach: string, ids: readonly string[]) => {
      const [namespace = ""] = path.split("/");
      const rules = ids.map((id) => `{ id: ${id}, effect: deny }`).join(", ");
      return file(
        path,
        document("Policy", "p", namespace, `{ attach: ${attach}, rules: [${rules}] }`),
      );
    };
    const files = [
      policy("acme/p.yaml", "{ layer: app, app: chat }", ["b", "a"]),
      policy("platform/p.yaml", "{ layer: global }", ["z", "y"]),
      tenants,
      acme,
    ];
    for (const given of [files, files.toReversed()]) {
      assert.deepEqual(
        load(...given).rules.map(({ effect, layer, name }) => [name, layer, effect]),
        [
          ["platform/p/y", "global", "deny"],
          ["platform/p/z", "global", "deny"],
          ["acme/p/a", "app", "deny"],
          ["acme/p/b", "app", "deny"],
        ],
      );
    }
  });

  it("lists the providers of all catalogs, each once", () => {
    const catalog = (namespace: string, ids: string) =>
      file(
        `${namespace}/models.yaml`,
        document("ModelCatalog", "models", namespace, `{ models: [${ids}] }`),
      );
    const platform = catalog("platform", "{ id: openai/large }, { id: openai/small }");
    const own = catalog(
      "acme",
      "{ id: acme/llama, provider: local }, { id: acme/tuned, provider: openai }",
    );
    assert.deepEqual(load(tenants, acme, platform, own).providers, ["local", "openai"]);
    assert.deepEqual(load().providers, []);
  });

  it("nothing at all still makes a snapshot, one that declares nobody", () => {
    const snapshot = load();
    assert.equal(snapshot.hasTenant("acme"), false);
    assert.equal(snapshot.versionsFor(undefined).layers.length, 1);
  });

  it("documents with problems do not become a snapshot, however they are handed over", () => {
    const broken = { ...acme, text: acme.text.replace("{}", "{ boundary: { models: 1 } }") };
    const { documents, problems } = parsePolicies([tenants, broken]);
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["E01"],
    );
    const { snapshot, namespaces } = compile(documents, options);
    assert.equal(namespaces.get("acme")?.state, "absent");
    assert.equal(snapshot?.hasApp("acme", "chat"), false);
  });
});

describe("the index of one app", () => {
  const rule: Rule = {
    name: "platform/p/r",
    block: "rules",
    effect: "deny",
    layer: "global",
    authority: 2,
    tenant: undefined,
    app: undefined,
    model: undefined,
    exemptible: "grant",
    subjects: undefined,
    exclude: undefined,
    actions: ["llm.generate"],
    models: undefined,
    tools: undefined,
    conditions: [],
    classes: undefined,
    permitted: undefined,
    redaction: undefined,
    redactedClasses: [],
    transform: undefined,
    route: undefined,
    quotas: [],
    failsOpen: false,
    isShadow: false,
    ramp: undefined,
    window: undefined,
    scope: undefined,
    priority: 0,
    warning: "r",
    message: undefined,
    retainDays: undefined,
    auditLevel: undefined,
    contentDays: undefined,
    controls: [],
  };
  const models = ["x/one", "x/two"].map((id) => toModel("platform", { id }));
  const scope = (rules: readonly Rule[], rulesLeft: number) =>
    createScope({
      tenantId: "acme",
      appId: "chat",
      tenant: { labels: {} },
      app: { labels: {} },
      boundaries: [],
      tools: new VisibleTools([], "acme"),
      fallbackAllows: false,
      ramps: [],
      hasShadow: false,
      classifiers: [],
      quotas: new Map(),
      observedUntilMs: undefined,
      residualFloor: "tokenize",
      taxonomy: new Taxonomy([]),
      models: new VisibleModels(models, "acme"),
      ruleSet: {
        rules,
        unset: [],
        lifts: new Map(),
        conditions: new ConditionBook(createExpressionEngine()),
      },
      room: { rulesLeft },
    });

  it("finds the rules of an action and model once", () => {
    const indexed = scope([rule], 10);
    const found = indexed.rulesFor("llm.generate", models[0]);
    assert.equal(indexed.rulesFor("llm.generate", models[0]), found);
    assert.equal(found.length, 1);
  });

  it("keeps actions and models apart", () => {
    const forTwo = { ...rule, name: "platform/p/two", model: "x/two" };
    for (const indexed of [scope([rule, forTwo], 100), scope([rule, forTwo], 0)]) {
      const count = (action: "llm.generate" | "llm.embed", index: number) =>
        indexed.rulesFor(action, models[index]).length;
      // Twice, so that what was kept is asked too.
      for (let round = 0; round < 2; round += 1) {
        assert.equal(count("llm.generate", 0), 1);
        assert.equal(count("llm.generate", 1), 2);
        assert.equal(count("llm.embed", 0), 0);
        assert.equal(indexed.rulesFor("llm.generate", undefined).length, 1);
      }
    }
  });

  it("keeps no more than there is room for", () => {
    const indexed = scope([rule], 1);
    const found = indexed.rulesFor("llm.generate", models[0]);
    assert.notEqual(indexed.rulesFor("llm.generate", models[0]), found);
    assert.deepEqual(indexed.rulesFor("llm.generate", models[0]), found);
  });

  it("leaves out what is attached to another app", () => {
    const other = { ...rule, app: "desk" };
    assert.equal(scope([other], 10).rulesFor("llm.generate", models[0]).length, 0);
  });
});
