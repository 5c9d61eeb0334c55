import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Problem } from "../../base/index.ts";
import type { DecisionInput } from "../../domain/index.ts";
import { type CompiledPolicies, evaluate, loadSnapshot, type PolicyFile } from "../index.ts";

const file = (path: string, kind: string, name: string, spec: string): PolicyFile => {
  const namespace = path.split("/")[0] ?? "";
  const text = `apiVersion: chancery/v1alpha1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;
  return { path, namespace, text };
};

const acme = file("platform/acme.yaml", "Tenant", "acme", "{}");
const globex = file("platform/globex.yaml", "Tenant", "globex", "{}");
const models = file("platform/models.yaml", "ModelCatalog", "m", "{ models: [{ id: vendor/m1 }] }");
const platform = [acme, globex, models];
const acmeApp = file("acme/app.yaml", "App", "chat", "{}");
const globexApp = file("globex/app.yaml", "App", "chat", "{}");
const allow = "{ attach: { layer: tenant }, rules: [{ id: a, effect: allow }] }";
const acmeAllow = file("acme/p.yaml", "Policy", "p", allow);
const globexAllow = file("globex/p.yaml", "Policy", "p", allow);
const good = [...platform, acmeApp, acmeAllow, globexApp, globexAllow];
const broken = { ...acmeAllow, text: acmeAllow.text.replace("allow", "alow") };
const withBrokenAcme = [...platform, acmeApp, broken, globexApp, globexAllow];

const options = { engineVersion: "1.0.0" };

function outcomeOf({ snapshot }: CompiledPolicies, tenant: string): string | undefined {
  const input: DecisionInput = {
    time: "2026-03-02T10:00:00.000000Z",
    tenant,
    app: "chat",
    action: "llm.generate",
    point: "request",
    model: "vendor/m1",
    principal: { id: `app:${tenant}/chat`, kind: "workload" },
    data: { status: "ok", findings: [] },
  };
  return snapshot && (evaluate(snapshot, input).reason ?? "permit");
}

function statesOf({ namespaces }: CompiledPolicies) {
  return Object.fromEntries([...namespaces].map(([name, { state }]) => [name, state]));
}

const inForce = (loaded: CompiledPolicies) =>
  new Map([...loaded.namespaces].map(([name, { files }]) => [name, files]));

describe("a namespace with errors", () => {
  it("that never loaded denies its tenant, and nobody else", () => {
    const loaded = loadSnapshot(withBrokenAcme, options);
    assert.deepEqual(statesOf(loaded), { platform: "current", acme: "absent", globex: "current" });
    assert.equal(outcomeOf(loaded, "acme"), "identity_unresolved");
    assert.equal(outcomeOf(loaded, "globex"), "permit");
    assert.deepEqual(
      loaded.namespaces.get("acme")?.problems.map(({ code }) => code),
      ["E01"],
    );
    assert.deepEqual(loaded.problems, loaded.namespaces.get("acme")?.problems);
    assert.deepEqual(loaded.namespaces.get("acme")?.files, []);
  });

  it("keeps what was in force, and is told so", () => {
    const before = loadSnapshot(good, options);
    const loaded = loadSnapshot(withBrokenAcme, { ...options, lastGood: inForce(before) });
    assert.deepEqual(statesOf(loaded), {
      platform: "current",
      acme: "lastGood",
      globex: "current",
    });
    assert.equal(outcomeOf(loaded, "acme"), "permit");
    assert.equal(loaded.snapshot?.digest, before.snapshot?.digest);
    assert.deepEqual(loaded.snapshot?.versionsFor("acme"), before.snapshot?.versionsFor("acme"));
    assert.deepEqual(loaded.namespaces.get("acme")?.files, [acmeApp, acmeAllow]);
    assert.equal(loaded.problems.length, 1);
  });

  it("does not keep what no longer fits the platform", () => {
    const own = file(
      "acme/m.yaml",
      "Policy",
      "m",
      "{ attach: { layer: tenant }, unset: [base/x] }",
    );
    const base = (block: string) =>
      file("platform/base.yaml", "Policy", "base", `{ attach: { layer: global }, ${block} }`);
    const asDefault = base("defaults: { rules: [{ id: x, effect: deny }] }");
    const asRule = base("rules: [{ id: x, effect: deny }]");
    const before = loadSnapshot([...good, own, asDefault], options);
    assert.equal(outcomeOf(before, "acme"), "permit");
    const lastGood = inForce(before);
    const loaded = loadSnapshot([...good, own, asRule], { ...options, lastGood });
    assert.deepEqual(statesOf(loaded), { platform: "current", acme: "absent", globex: "current" });
    assert.equal(outcomeOf(loaded, "acme"), "identity_unresolved");
    assert.equal(outcomeOf(loaded, "globex"), "rule");
  });

  it("that is gone from the folder is gone, as its author wants", () => {
    const lastGood = inForce(loadSnapshot(good, options));
    const loaded = loadSnapshot([...platform, globexApp, globexAllow], { ...options, lastGood });
    assert.deepEqual(statesOf(loaded), { platform: "current", acme: "current", globex: "current" });
    assert.equal(outcomeOf(loaded, "acme"), "identity_unresolved");
  });
});

describe("a platform with errors", () => {
  const stray = file("platform/stray.yaml", "Policy", "stray", "{ attach: { layer: nowhere } }");

  it("that never loaded leaves no snapshot", () => {
    const loaded = loadSnapshot([...good, stray], options);
    assert.equal(loaded.snapshot, undefined);
    assert.deepEqual(statesOf(loaded), { platform: "absent", acme: "absent", globex: "absent" });
    assert.equal(loaded.problems.length, 1);
  });

  it("keeps what was in force, against which tenants still change", () => {
    const lastGood = inForce(loadSnapshot(good, options));
    const denying = { ...acmeAllow, text: acmeAllow.text.replace("allow", "deny") };
    const files = [...platform, stray, acmeApp, denying, globexApp, globexAllow];
    const loaded = loadSnapshot(files, { ...options, lastGood });
    assert.deepEqual(statesOf(loaded), {
      platform: "lastGood",
      acme: "current",
      globex: "current",
    });
    assert.equal(outcomeOf(loaded, "acme"), "rule");
  });
});

describe("what one side declares and the other needs", () => {
  const onApp = file(
    "platform/on-app.yaml",
    "Policy",
    "on-app",
    "{ attach: { layer: app, tenant: acme, app: chat }, rules: [{ id: d, effect: deny }] }",
  );

  it("an app that its tenant takes away stops that tenant alone", () => {
    const loaded = loadSnapshot([...platform, onApp, acmeAllow, globexApp, globexAllow], options);
    assert.deepEqual(statesOf(loaded), { platform: "current", acme: "absent", globex: "current" });
    assert.deepEqual(
      loaded.problems.map((one) => `${one.file} ${one.code} ${one.message}`),
      ["platform/on-app.yaml E02 nothing declares the app `chat`"],
    );
    assert.equal(outcomeOf(loaded, "globex"), "permit");
  });

  it("a folder of no declared tenant is left out", () => {
    const stranger = file("stranger/app.yaml", "App", "chat", "{}");
    const loaded = loadSnapshot([...good, stranger], options);
    assert.equal(loaded.namespaces.get("stranger")?.state, "absent");
    assert.equal(outcomeOf(loaded, "stranger"), "identity_unresolved");
    assert.equal(outcomeOf(loaded, "acme"), "permit");
  });
});

describe("files that could not be read", () => {
  const unreadable = (namespace: string | undefined): Problem => ({
    code: "C04",
    severity: "error",
    ...(namespace === undefined ? {} : { namespace }),
    file: namespace ?? ".",
    line: 0,
    column: 0,
    message: "cannot be read",
    hint: "Make it readable.",
  });

  it("stand against their namespace", () => {
    const loaded = loadSnapshot(good, { ...options, readProblems: [unreadable("acme")] });
    assert.deepEqual(statesOf(loaded), { platform: "current", acme: "absent", globex: "current" });
    assert.equal(loaded.problems.length, 1);
  });

  it("stand against all where nobody knows whose they are, and are told once", () => {
    const before = loadSnapshot(good, options);
    const readProblems = [unreadable(undefined)];
    assert.equal(loadSnapshot([], { ...options, readProblems }).snapshot, undefined);
    const kept = loadSnapshot([], { ...options, readProblems, lastGood: inForce(before) });
    assert.deepEqual(statesOf(kept), {
      platform: "lastGood",
      acme: "lastGood",
      globex: "lastGood",
    });
    assert.equal(kept.snapshot?.digest, before.snapshot?.digest);
    assert.deepEqual(kept.problems, readProblems);
  });
});
