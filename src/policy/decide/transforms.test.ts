import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decideIn, documentFile, type Fields, pick } from "../../../test/support/decision-world.ts";
import { isContradictory } from "./transforms.ts";

const allow = { id: "allow", effect: "allow" };
const asking = (id: string, transform: Fields, more: Fields = {}) => ({
  id,
  effect: "transform",
  transform,
  ...more,
});

/** The first list is the platform's, the second the tenant's own. */
function joined(platform: readonly Fields[], own: readonly Fields[] = []) {
  return decideIn({ global: { rules: [allow, ...platform] }, own: { rules: own } });
}

describe("transforms that hold together", () => {
  it("come to the smallest cap, the largest floor, and the value of the highest authority", () => {
    const decision = joined(
      [asking("p", { params: { maxTokens: { max: 100, min: 5 }, seed: { value: 1 } } })],
      [
        asking("t", {
          params: { maxTokens: { max: 50, min: 2 }, seed: { value: 2 }, temperature: { max: 1 } },
        }),
      ],
    );
    assert.deepEqual(pick(decision, "verdict", "obligations"), {
      verdict: "transform",
      obligations: {
        params: {
          maxTokens: { max: 50, min: 5 },
          seed: { value: 1 },
          temperature: { max: 1 },
        },
      },
    });
  });

  it("let nobody keep or train on what one of them withholds, for the shortest time", () => {
    const decision = joined(
      [asking("p", { retention: { store: true, training: false, maxDays: 30 } })],
      [asking("t", { retention: { store: false, training: true, maxDays: 7 } })],
    );
    assert.deepEqual(decision.obligations, {
      retention: { store: false, training: false, maxDays: 7 },
    });
  });

  it("remove all tools that one of them removes, and prepend all texts in order", () => {
    const decision = joined(
      [asking("p", { tools: { remove: ["web/*", "a/b*"] }, prompt: { prepend: "First." } })],
      [asking("t", { tools: { remove: ["a/b*", "a/c*"] }, prompt: { prepend: "Second." } })],
    );
    assert.deepEqual(decision.obligations, {
      tools: { remove: ["a/b*", "a/c*", "web/*"] },
      prompt: { prepend: ["First.", "Second."] },
    });
  });

  it("set each header as the first of them says, by lower-case name", () => {
    const decision = joined(
      [asking("p", { headers: { set: { "X-Team": "one" } } })],
      [asking("t", { headers: { set: { "x-team": "two", "x-own": "three" } } })],
    );
    assert.deepEqual(decision.obligations, {
      headers: { set: { "x-own": "three", "x-team": "one" } },
    });
  });

  it("of one authority the more specific one comes first", () => {
    const decision = joined([
      asking("a", { params: { seed: { value: 1 } } }),
      asking("b", { params: { seed: { value: 2 } } }, { models: { ids: ["vendor/m1"] } }),
    ]);
    assert.deepEqual(decision.obligations.params, { seed: { value: 2 } });
  });

  it("add up the quotas of every rule that matched, not the winner's alone", () => {
    const quota = (namespace: string, name: string) =>
      documentFile(namespace, "Quota", name, {
        unit: "requests",
        limit: 10,
        window: { kind: "sliding", duration: "1h" },
        key: ["tenant.id"],
      });
    const decision = decideIn({
      global: { rules: [{ ...allow, quota: ["all"] }] },
      own: {
        rules: [
          { ...allow, quota: ["own", "all"] },
          asking("t", { params: { seed: { value: 1 } } }, { quota: ["late"] }),
          { id: "b", effect: "allow", subjects: { groups: ["legal"] }, quota: ["never"] },
          {
            id: "c",
            effect: "allow",
            conditions: [{ name: "c", expression: "principal.claims.x == 1" }],
            quota: ["never"],
          },
        ],
      },
      more: [
        ...["own", "late", "never"].map((name) => quota("acme", name)),
        quota("platform", "all"),
      ],
    });
    assert.deepEqual(decision.obligations.quotas, ["acme/late", "acme/own", "platform/all"]);
  });

  it("leave the models that all of them name", () => {
    const only = (...ids: readonly string[]) => ({ route: { only: ids } });
    const decision = joined(
      [asking("p", only("vendor/m1", "local/m2"))],
      [asking("t", only("local/m2"))],
    );
    assert.equal(decision.model.used, "local/m2");
    const none = joined([asking("p", only("vendor/m1"))], [asking("t", only("local/m2"))]);
    assert.equal(none.reason, "no_eligible_model");
  });

  it("that contradict each other deny, and no rule is to blame", () => {
    const decision = joined(
      [asking("p", { params: { maxTokens: { max: 10 } } })],
      [asking("t", { params: { maxTokens: { min: 20 } } })],
    );
    assert.deepEqual(pick(decision, "reason", "decidedBy", "rules", "obligations"), {
      reason: "obligation_conflict",
      decidedBy: null,
      rules: [],
      obligations: {},
    });
  });
});

describe("a bound", () => {
  it("contradicts itself where nothing could satisfy it", () => {
    const bounds = [
      { min: 1, max: 1 },
      { max: 5, value: 5 },
      { value: "x" },
      { min: 2, max: 1 },
      { max: 5, value: 6 },
      { min: 5, value: 4 },
      { max: 5, value: "x" },
    ];
    assert.deepEqual(bounds.map(isContradictory), [false, false, false, true, true, true, true]);
  });
});

describe("a call that needs approval", () => {
  const demand = { by: { roles: ["lead"] }, ttl: "10m" };
  const rule = asking(
    "ask",
    { tools: { requireApproval: demand } },
    { actions: ["tool.call"], message: { code: "ask_a_lead" } },
  );
  const call = (approved?: boolean) =>
    decideIn(
      { global: { rules: [allow, rule] } },
      {
        action: "tool.call",
        point: "tool.call",
        model: undefined,
        tool: { name: "crm/write", args: {}, ...(approved === undefined ? {} : { approved }) },
      },
    );

  it("is denied without it", () => {
    for (const approved of [undefined, false]) {
      assert.deepEqual(pick(call(approved), "reason", "decidedBy", "rules", "message"), {
        reason: "approval_required",
        decidedBy: "platform/g/ask",
        rules: ["platform/g/ask"],
        message: { code: "ask_a_lead" },
      });
    }
  });

  it("is permitted with it", () => {
    assert.deepEqual(pick(call(true), "outcome", "obligations"), {
      outcome: "permit",
      obligations: { tools: { requireApproval: demand } },
    });
  });
});

describe("what records are asked for", () => {
  it("is the highest level, the longest record and the shortest content", () => {
    const audit = (id: string, fields: Fields) => ({ id, effect: "allow", audit: fields });
    const decision = joined(
      [audit("a", { level: "trace", recordRetention: "10d", contentRetention: "5d" })],
      [audit("b", { level: "metadata", recordRetention: "400d", contentRetention: "0d" })],
    );
    assert.deepEqual(pick(decision, "obligations", "retainDays"), {
      obligations: {
        audit: { level: "trace", recordRetention: "400d", contentRetention: "0d" },
      },
      retainDays: 400,
    });
  });
});
