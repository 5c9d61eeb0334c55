import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { snapshotOf } from "../../../test/support/decision-world.ts";
import type { Lift, Rule } from "../compile/rule.ts";
import { isEntitled } from "./entitlement.ts";

const scope = snapshotOf({
  global: { rules: [{ id: "no", effect: "deny" }] },
  own: { rules: [{ id: "no", effect: "deny" }] },
}).scopeOf("acme", "chat");
const rules = scope?.rulesFor("llm.generate", undefined).map(({ rule }) => rule) ?? [];

function ruleOf(authority: Rule["authority"], changes: Partial<Rule> = {}): Rule {
  const rule = rules.find((one) => one.authority === authority);
  assert.ok(rule);
  return { ...rule, ...changes };
}

function lift(kind: Lift["kind"], tenant?: string): Lift {
  const scopeOfAll = {
    tenants: undefined,
    apps: undefined,
    subjects: undefined,
    models: undefined,
    actions: undefined,
  };
  const window = { fromMs: undefined, untilMs: undefined };
  return { rule: "x", by: "y", kind, tenant, window, scope: scopeOfAll };
}

describe("who may lift a rule", () => {
  it("is told by what the rule lets itself be lifted by", () => {
    const table = (["grant", "incident", "never"] as const).map((exemptible) =>
      (["grant", "incident"] as const).map((kind) =>
        isEntitled(lift(kind), ruleOf(2, { exemptible })),
      ),
    );
    assert.deepEqual(table, [
      [true, true],
      [false, true],
      [false, false],
    ]);
  });

  it("is nobody of lower authority, and no other tenant", () => {
    assert.equal(isEntitled(lift("incident", "acme"), ruleOf(2)), false);
    assert.equal(isEntitled(lift("grant", "acme"), ruleOf(2, { tenant: "acme" })), false);
    assert.equal(isEntitled(lift("grant", "acme"), ruleOf(1)), true);
    assert.equal(isEntitled(lift("grant", "globex"), ruleOf(1)), false);
    assert.equal(isEntitled(lift("grant"), ruleOf(1)), true);
  });

  it("is nobody where the rule permits", () => {
    assert.equal(isEntitled(lift("incident"), ruleOf(2, { effect: "allow" })), false);
  });
});
