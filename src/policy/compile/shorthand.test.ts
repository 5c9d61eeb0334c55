import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  decideIn,
  documentFile,
  type Fields,
  found,
  pick,
  snapshotOf,
} from "../../../test/support/decision-world.ts";

const rule = {
  id: "use",
  effect: "allow",
  actions: ["llm.generate"],
  dataClasses: { permitted: ["internal"], redacted: ["pii"], denied: ["pci"] },
  message: { code: "no_cards" },
};
const world = snapshotOf({ global: { rules: [rule] } });

describe("permitted, redacted and denied on one allow rule", () => {
  it("stand for three rules of the same block", () => {
    assert.deepEqual(
      world.rules.map(({ name, effect }) => [name, effect]),
      [
        ["platform/g/use", "allow"],
        ["platform/g/use.deny", "deny"],
        ["platform/g/use.redact", "redact"],
      ],
    );
  });

  it("permit what is listed, mask what is redacted, and deny what is denied", () => {
    assert.equal(decideIn(world, found("internal")).outcome, "permit");
    const masked = decideIn(world, found("internal", "pii.email"));
    assert.deepEqual(pick(masked, "outcome", "decidedBy", "obligations"), {
      outcome: "permit",
      decidedBy: "platform/g/use",
      obligations: {
        redact: {
          "pii.email": {
            method: "mask",
            by: "platform/g/use.redact",
            directions: ["log", "request"],
          },
        },
      },
    });
    assert.deepEqual(pick(decideIn(world, found("pci.pan")), "decidedBy", "message"), {
      decidedBy: "platform/g/use.deny",
      message: { code: "no_cards" },
    });
    assert.equal(decideIn(world, found("phi")).reason, "no_permit");
  });

  it("concern nobody whom the rule does not concern", () => {
    const embedding = decideIn(world, { action: "llm.embed", ...found("pci.pan") });
    assert.deepEqual(pick(embedding, "reason", "matched"), { reason: "no_permit", matched: [] });
  });

  it("redact as the rule says where it says how", () => {
    const removing: Fields = {
      ...rule,
      redact: { method: "remove", directions: ["request"] },
    };
    const decision = decideIn({ global: { rules: [removing] } }, found("pii.email"));
    assert.deepEqual(decision.obligations.redact?.["pii.email"]?.method, "remove");
  });

  it("can be lifted one by one", () => {
    const more = [
      documentFile("platform", "Grant", "review", {
        ticket: "EXC-1",
        reason: "A review.",
        activeFrom: "2026-03-02T09:00:00Z",
        expiresAt: "2026-03-02T11:00:00Z",
        approvedBy: ["ann@example.org"],
        scope: { tenants: ["acme"], apps: ["chat"], subjects: { principals: ["*"] } },
        lifts: ["platform/g/use.deny"],
        permits: [{ id: "cards", dataClasses: { permitted: ["pci"] } }],
      }),
    ];
    const decision = decideIn({ global: { rules: [rule] }, more }, found("pci.pan"));
    assert.equal(decision.decidedBy, "platform/review/cards");
  });
});
