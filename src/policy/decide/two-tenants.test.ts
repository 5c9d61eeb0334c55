import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Principal } from "../../domain/index.ts";
import { evaluate, loadSnapshot, type PolicyFile } from "../index.ts";

const directory = join(import.meta.dirname, "../../../policies/two-tenants");
const files: readonly PolicyFile[] = readdirSync(directory).flatMap((namespace) =>
  readdirSync(join(directory, namespace)).map((name) => ({
    path: `${namespace}/${name}`,
    namespace,
    text: readFileSync(join(directory, namespace, name), "utf8"),
  })),
);

const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
const apps = new Map([
  ["acme", "support-bot"],
  ["globex", "assistant"],
]);

function ask(tenant: string, groups: readonly string[], dataClass: string) {
  assert.ok(snapshot);
  const principal: Principal = { id: "ann", kind: "user", groups };
  return evaluate(snapshot, {
    time: "2026-03-02T10:00:00.000000Z",
    tenant,
    app: apps.get(tenant),
    action: "llm.generate",
    point: "request",
    model: "fast",
    principal,
    data: {
      status: "ok",
      findings: [{ class: dataClass, in: "prompt", count: 1, confidence: 0.95 }],
    },
  });
}

describe("the example with two tenants", () => {
  it("loads without problems", () => {
    assert.deepEqual(problems, []);
  });

  it("the same request is masked for one tenant and refused for the other", () => {
    const masked = ask("acme", ["support"], "pii.email");
    assert.equal(masked.verdict, "redact");
    assert.equal(masked.obligations.redact?.["pii.email"]?.by, "acme/support/mask-contact-data");
    const refused = ask("globex", ["support"], "pii.email");
    assert.equal(refused.decidedBy, "platform/baseline/no-contact-data");
    assert.equal(refused.message?.code, "contact_data");
  });

  it("privacy officers see contact data as it is, badge numbers included", () => {
    for (const dataClass of ["pii.email", "pii.badge"]) {
      assert.equal(ask("acme", ["privacy-officers"], dataClass).verdict, "allow");
    }
  });

  it("credentials are refused whoever asks", () => {
    for (const tenant of apps.keys()) {
      for (const group of ["support", "privacy-officers", "others"]) {
        const { decidedBy } = ask(tenant, [group], "secret.jwt");
        assert.equal(decidedBy, "platform/baseline/no-credentials");
      }
    }
  });

  it("callers are told apart by what they prove", () => {
    assert.ok(snapshot);
    const { identity } = snapshot;
    const workload = "spiffe://acme.example/ns/support/sa/bot";
    assert.deepEqual(identity.tenantsOf({ issuer: "https://id.acme.example", workload }), ["acme"]);
    assert.deepEqual(identity.appsOf("acme", { workload }), ["support-bot"]);
    assert.deepEqual(identity.appsOf("globex", { client: "anything" }), ["assistant"]);
    assert.equal(identity.allows("acme", { issuer: "https://login.globex.example/x" }), false);
  });
});
