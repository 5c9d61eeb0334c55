import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Decision, Redaction } from "../../domain/index.ts";
import { isTransition, isWidening } from "./transitions.ts";

const permit = {
  outcome: "permit",
  verdict: "allow",
  reason: null,
  model: { requested: "m", used: "vendor/m" },
  obligations: {},
  warnings: [],
} as const;
const deny = { ...permit, outcome: "deny", verdict: "deny", reason: "rule" } as const;

function redacting(changes: Partial<Redaction>) {
  const redaction: Redaction = {
    method: "mask",
    by: "platform/a/b",
    directions: ["log", "request"],
    in: ["prompt", "system"],
    ...changes,
  };
  const obligations: Decision["obligations"] = { redact: { pii: redaction } };
  return { ...permit, verdict: "redact" as const, obligations };
}

describe("a transition", () => {
  test("is what a caller notices, not which rule is behind it", () => {
    assert.equal(isTransition(redacting({}), redacting({ by: "acme/c/d" })), false);
    assert.equal(isTransition(redacting({}), redacting({ method: "remove" })), true);
    assert.equal(isTransition(permit, deny), true);
    assert.equal(isTransition(deny, { ...deny, reason: "no_permit" }), true);
    assert.equal(
      isTransition(permit, { ...permit, model: { ...permit.model, used: "vendor/n" } }),
      true,
    );
  });
});

describe("what is wider", () => {
  test("a deny that becomes a permit, and not the other way round", () => {
    assert.equal(isWidening(deny, permit), true);
    assert.equal(isWidening(permit, deny), false);
    assert.equal(isWidening(redacting({}), deny), false);
  });

  test("a redaction that is lost, weaker, or covers less", () => {
    const before = redacting({});
    assert.equal(isWidening(before, permit), true);
    assert.equal(isWidening(before, redacting({ method: "partial" })), true);
    assert.equal(isWidening(before, redacting({ directions: ["request"] })), true);
    assert.equal(isWidening(before, redacting({ in: ["prompt"] })), true);
    const everywhere: Redaction = {
      method: "mask",
      by: "platform/a/b",
      directions: ["log", "request"],
    };
    const all = { ...permit, obligations: { redact: { pii: everywhere } } };
    assert.equal(isWidening(all, before), true);
    assert.equal(isWidening(before, all), false);
  });

  test("a redaction that is stronger or covers more is not", () => {
    const after = redacting({ method: "remove", directions: ["log", "request", "response"] });
    assert.equal(isWidening(redacting({}), after), false);
  });
});
