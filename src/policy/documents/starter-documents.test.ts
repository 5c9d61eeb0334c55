import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  evaluate,
  loadSnapshot,
  modelCatalogDocument,
  parsePolicies,
  platformDocuments,
} from "../index.ts";

const options = { engineVersion: "1.0.0" };

describe("the starter documents", () => {
  it("declare one tenant and app and load as they are", () => {
    const { snapshot, problems } = loadSnapshot(
      platformDocuments({ tenant: "acme", app: "chat" }),
      options,
    );
    assert.deepEqual(problems, []);
    assert.equal(snapshot?.hasApp("acme", "chat"), true);
  });

  it("leave out what is declared already", () => {
    const all = platformDocuments({ tenant: "acme", app: "chat" });
    assert.equal(all.length, 3);
    for (const given of all) {
      const declared = parsePolicies([given]).documents;
      const rest = platformDocuments({ tenant: "acme", app: "chat", declared });
      assert.deepEqual(
        rest,
        all.filter((file) => file !== given),
      );
    }
  });

  it("an app of the same name in another tenant does not count as declared", () => {
    const declared = parsePolicies(platformDocuments({ tenant: "globex", app: "chat" })).documents;
    assert.deepEqual(
      platformDocuments({ tenant: "acme", app: "chat", declared }).map(({ path }) => path),
      ["platform/generated-tenant.yaml", "acme/generated-app.yaml"],
    );
  });

  it("names that are none are problems, not other documents", () => {
    const { problems } = loadSnapshot(
      platformDocuments({ tenant: "acme\n---\nkind: Policy", app: "chat" }),
      options,
    );
    assert.ok(problems.length > 0);
    assert.ok(problems.every(({ code }) => code === "E01" || code === "E06"));
  });
});

describe("the catalog document", () => {
  const models = [
    { provider: "openai", name: "gpt-4o-mini" },
    { provider: "local", name: "Qwen/Qwen2.5:7b", deployment: "self-hosted" },
    { provider: "openai", name: "gpt-4o-mini" },
  ];

  it("lists each model once, approved, under provider and name", () => {
    assert.equal(
      modelCatalogDocument(models).text,
      `apiVersion: chancery/v1alpha1
kind: ModelCatalog
metadata: { name: "generated", namespace: "platform" }
spec:
  models:
    - { id: "local/Qwen/Qwen2.5:7b", provider: "local", tags: ["approved"], deployment: "self-hosted" }
    - { id: "openai/gpt-4o-mini", provider: "openai", tags: ["approved"], deployment: "vendor" }
`,
    );
  });

  it("sends a model to its provider under the name the provider knows", () => {
    const files = [
      ...platformDocuments({ tenant: "acme", app: "chat" }),
      modelCatalogDocument(models),
      {
        path: "platform/p.yaml",
        namespace: "platform",
        text: "apiVersion: chancery/v1alpha1\nkind: Policy\nmetadata: { name: p, namespace: platform }\nspec: { attach: { layer: global }, rules: [{ id: a, effect: allow, models: { tags: [approved] } }] }",
      },
    ];
    const { snapshot } = loadSnapshot(files, options);
    assert.ok(snapshot);
    const { target } = evaluate(snapshot, {
      time: "2026-03-02T10:00:00.000000Z",
      tenant: "acme",
      app: "chat",
      action: "llm.generate",
      point: "request",
      model: "Qwen/Qwen2.5:7b",
      principal: { id: "app:acme/chat", kind: "workload" },
      data: { status: "ok", findings: [] },
    });
    assert.deepEqual(target, {
      modelId: "local/Qwen/Qwen2.5:7b",
      provider: "local",
      upstreamName: "Qwen/Qwen2.5:7b",
    });
  });

  it("no models make an empty catalog that loads", () => {
    assert.deepEqual(parsePolicies([modelCatalogDocument([])]).problems, []);
  });
});
