import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stagePolicies } from "../../test/support/exchange-stage.ts";
import { FakeClock } from "../../test/support/fake-clock.ts";
import type { DecisionInput } from "../domain/index.ts";
import { evaluate, loadSnapshot, type Snapshot } from "../policy/index.ts";
import { Ledger, type QuotaStore, StoreUnavailable, type Taken } from "../quota/index.ts";
import { MemoryQuotaStore } from "../stores/index.ts";
import { QuotaHold } from "./quota-hold.ts";
import { type AnswerTold, estimateUsage, usageOf } from "./quota-usage.ts";

function snapshotWith(quota: string): Snapshot {
  const text = `apiVersion: chancery/v1alpha1
kind: Quota
metadata: { name: budget, namespace: acme }
spec: { ${quota}, window: { kind: sliding, duration: 1h }, key: [tenant.id] }
---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: budgets, namespace: acme }
spec:
  version: 1.0.0
  attach: { layer: tenant }
  rules: [{ id: use, effect: allow, actions: [llm.generate], models: { tags: [approved] }, quota: [budget] }]
`;
  const files = [...stagePolicies, { path: "acme/quota.yaml", namespace: "acme", text }];
  const { problems, snapshot } = loadSnapshot(files, { engineVersion: "0.0.0" });
  if (snapshot === undefined) throw new Error(JSON.stringify(problems));
  return snapshot;
}

const facts: DecisionInput = {
  time: "2026-03-02T10:00:00Z",
  tenant: "acme",
  app: "bot",
  action: "llm.generate",
  point: "request",
  model: "large",
  principal: { id: "user:ann", kind: "user" },
  request: { inputTokens: 100, maxTokens: 400 },
  data: { status: "ok", findings: [] },
};

/** A hold over a store; `decide` sees its results, as an exchange's does. */
function holdOver(store: QuotaStore, quota: string) {
  const snapshot = snapshotWith(quota);
  const local = new MemoryQuotaStore();
  const quotas = new Ledger({ store, local, localShare: 0.5 });
  const decide = () => {
    const input = { ...facts, quotas: hold.results };
    return { input, decision: evaluate(snapshot, input) };
  };
  const hold: QuotaHold = new QuotaHold({
    deps: { clock: new FakeClock(), quotas },
    snapshot,
    decide,
  });
  return { hold, admit: async () => hold.admit(decide()) };
}

const complete = { isComplete: true, usage: { in: 100, out: 50 }, bytes: 0 };

describe("the quotas of an exchange", () => {
  test("are reserved as estimated, and settled as counted, once", async () => {
    const store = new MemoryQuotaStore();
    const { hold, admit } = holdOver(store, "unit: tokens, limit: 1000");
    assert.equal((await admit()).outcome, "permit");
    assert.deepEqual(hold.results, { "acme/budget": "ok" });
    const others = Array.from({ length: 3 }, () => holdOver(store, "unit: tokens, limit: 1000"));
    assert.equal((await others[0]?.admit())?.outcome, "permit");
    assert.equal((await others[1]?.admit())?.reason, "quota_exceeded");
    hold.answered(200);
    hold.settle(complete);
    hold.release();
    assert.equal((await others[2]?.admit())?.reason, "quota_exceeded");
    others[0]?.hold.release();
    const last = holdOver(store, "unit: tokens, limit: 1000");
    assert.equal((await last.admit()).outcome, "permit");
  });

  test("are given back where the store answers after the exchange has ended", async () => {
    const memory = new MemoryQuotaStore();
    const waiting: (() => void)[] = [];
    const store: QuotaStore = {
      reserve: (charges, call) =>
        new Promise<Taken>((resolve) => {
          waiting.push(() => resolve(memory.reserve(charges, call)));
        }),
      correct: (corrections, call) => memory.correct(corrections, call),
    };
    const { hold, admit } = holdOver(store, "unit: requests, limit: 1");
    const admitted = admit();
    hold.release();
    for (const answer of waiting) answer();
    await admitted;
    const next = holdOver(memory, "unit: requests, limit: 1");
    assert.equal((await next.admit()).outcome, "permit");
  });

  test("warn where they say so, and stop nothing", async () => {
    const store = new MemoryQuotaStore();
    const spec = "unit: requests, limit: 1, onExceed: warn";
    await holdOver(store, spec).admit();
    const second = await holdOver(store, spec).admit();
    assert.equal(second.outcome, "permit");
    assert.deepEqual(second.warnings, ["quota_exceeded"]);
  });

  test("in shadow stop nothing, and say what they would have done", async () => {
    const store = new MemoryQuotaStore();
    const spec = "unit: requests, limit: 1, mode: shadow";
    await holdOver(store, spec).admit();
    const second = await holdOver(store, spec).admit();
    assert.equal(second.outcome, "permit");
    assert.equal(second.shadow?.reason, "quota_exceeded");
  });

  test("refuse without their store, or use this process's share of it", async () => {
    const away: QuotaStore = {
      reserve: async () => {
        throw new StoreUnavailable("away");
      },
      correct: () => undefined,
    };
    const denied = await holdOver(away, "unit: requests, limit: 1").admit();
    assert.equal(denied.reason, "quota_unavailable");
    const spec = "unit: requests, limit: 2, onUnavailable: local";
    const { hold, admit } = holdOver(away, spec);
    assert.equal((await admit()).outcome, "permit");
    assert.deepEqual(hold.results, { "acme/budget": "unavailable" });
    assert.equal((await admit()).reason, "quota_exceeded");
  });
});

describe("what an exchange used", () => {
  const permit = { obligations: {} };
  const estimate = estimateUsage({ inputTokens: 100, maxTokens: 400, params: { n: 2 } }, permit);
  const told: AnswerTold = { status: 200, isComplete: true, usage: undefined, textLength: 400 };

  test("is at most all its text and every answer it may get", () => {
    assert.deepEqual(estimate, { inputTokens: 100, outputTokens: 800, toolCalls: 0 });
    const capped = { obligations: { params: { maxTokens: { max: 50 } } } };
    assert.equal(estimateUsage({ maxTokens: 400 }, capped).outputTokens, 50);
    assert.equal(estimateUsage({}, permit).outputTokens, 4096);
  });

  test("is what the provider counted, else what came", () => {
    const counted = usageOf({ ...told, usage: { in: 90, out: 10 } }, estimate);
    assert.deepEqual(counted, { inputTokens: 90, outputTokens: 10, toolCalls: 0 });
    assert.equal(usageOf(told, estimate)?.outputTokens, 100);
  });

  test("is not less for leaving before the provider has counted", () => {
    const broken = { ...told, isComplete: false, usage: { in: 90, out: 1 } };
    assert.equal(usageOf(broken, estimate)?.outputTokens, 100);
  });

  test("is nothing for an error, and unknown where no answer began", () => {
    const failed = usageOf({ ...told, status: 500 }, estimate);
    assert.deepEqual(failed, { inputTokens: 0, outputTokens: 0, toolCalls: 0 });
    assert.equal(usageOf({ ...told, status: 0 }, estimate), undefined);
  });
});
