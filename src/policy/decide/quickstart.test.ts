import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Decision, DecisionInput, FindingGroup, Place } from "../../domain/index.ts";
import { evaluate, loadSnapshot, modelCatalogDocument, platformDocuments } from "../index.ts";

const baseline = new URL("../../../policies/quickstart/platform/baseline.yaml", import.meta.url);
const { snapshot, problems } = loadSnapshot(
  [
    {
      path: "platform/baseline.yaml",
      namespace: "platform",
      text: readFileSync(baseline, "utf8"),
    },
    ...platformDocuments({ tenant: "acme", app: "chat" }),
    modelCatalogDocument([{ provider: "openai", name: "gpt-4o-mini" }]),
  ],
  { engineVersion: "1.0.0" },
);

function decide(findings: readonly FindingGroup[], changes: Partial<DecisionInput> = {}): Decision {
  assert.ok(snapshot);
  return evaluate(snapshot, {
    time: "2026-03-02T10:00:00.000000Z",
    tenant: "acme",
    app: "chat",
    action: "llm.generate",
    point: "request",
    model: "openai/gpt-4o-mini",
    principal: { id: "app:acme/chat", kind: "workload" },
    data: { status: "ok", findings },
    ...changes,
  });
}

const found = (dataClass: string, place: Place = "prompt"): FindingGroup => ({
  class: dataClass,
  in: place,
  count: 1,
  confidence: 0.95,
});

describe("the quick start's policies", () => {
  it("load without a problem", () => {
    assert.deepEqual(problems, []);
  });

  it("let a plain request through", () => {
    const { outcome, verdict, decidedBy } = decide([]);
    assert.deepEqual(
      { outcome, verdict, decidedBy },
      { outcome: "permit", verdict: "allow", decidedBy: "platform/baseline/approved-models" },
    );
  });

  for (const point of ["request", "response"] as const) {
    const place = point === "request" ? "prompt" : "response";

    it(`refuse credentials in the ${point}`, () => {
      const decision = decide([found("secret.aws_access_key", place)], { point });
      assert.equal(decision.decidedBy, "platform/baseline/no-credentials");
      assert.equal(decision.message?.code, "secret_detected");
    });

    it(`mask contact and payment data in the ${point}`, () => {
      for (const dataClass of ["pii.email", "pci.pan", "financial.iban"]) {
        const decision = decide([found(dataClass, place)], { point });
        assert.equal(decision.verdict, "redact");
        assert.deepEqual(decision.obligations.redact?.[dataClass]?.directions, [
          "log",
          "request",
          "response",
        ]);
        assert.equal(decision.obligations.redact?.[dataClass]?.method, "mask");
      }
    });
  }

  it("refuse what is neither masked nor listed, other actions and unknown models", () => {
    assert.equal(decide([found("phi.diagnosis")]).reason, "no_permit");
    assert.equal(decide([], { action: "llm.embed" }).reason, "no_permit");
    assert.equal(decide([], { model: "openai/other" }).reason, "no_eligible_model");
    assert.equal(decide([], { data: { status: "timeout", findings: [] } }).reason, "unclassified");
  });
});
