import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type DecisionWorld,
  decideIn,
  documentFile,
  type Fields,
  found,
  pick,
  snapshotOf,
} from "../../../test/support/decision-world.ts";

const allow = { id: "allow", effect: "allow" };
const denyPii = { id: "no-pii", effect: "deny", dataClasses: { anyOf: ["pii"] } };
const email = found("pii.email");
const start = "2026-03-02T09:00:00Z";
const end = "2026-03-02T11:00:00Z";

const ofAnybody = { apps: ["chat"], subjects: { principals: ["*"] } };
const anybody = { tenants: ["acme"], ...ofAnybody };

function grant(namespace: string, name: string, spec: Fields) {
  return documentFile(namespace, "Grant", name, {
    ticket: "EXC-1",
    reason: "A review.",
    activeFrom: start,
    expiresAt: end,
    approvedBy: ["ann@example.org"],
    scope: namespace === "platform" ? anybody : ofAnybody,
    ...spec,
  });
}

function incident(name: string, spec: Fields) {
  return documentFile("platform", "Incident", name, {
    ticket: "INC-1",
    reason: "A leak.",
    activeFrom: start,
    activeUntil: end,
    approvedBy: ["ann@example.org", "bob@example.org"],
    ...spec,
  });
}

const elsewhere = [
  documentFile("acme", "App", "desk", {}),
  documentFile("platform", "Tenant", "globex", {}),
  documentFile("globex", "App", "chat", {}),
];
const lifting = { scope: anybody, lifts: ["platform/g/no-pii"] };
const denied: DecisionWorld = { global: { rules: [allow, denyPii] } };
const withGrant = (spec: Fields): DecisionWorld => ({
  ...denied,
  more: [grant("platform", "review", spec)],
});

describe("a grant", () => {
  it("lifts the rule it names, and the decision says by whom", () => {
    assert.deepEqual(pick(decideIn(withGrant(lifting), email), "outcome", "decidedBy", "lifted"), {
      outcome: "permit",
      decidedBy: "platform/g/allow",
      lifted: [{ rule: "platform/g/no-pii", by: "platform/review" }],
    });
  });

  it("holds from its start until just before its end", () => {
    const world = snapshotOf(withGrant(lifting));
    const outcomes = [
      "2026-03-02T08:59:59.999999Z",
      "2026-03-02T09:00:00.000000Z",
      "2026-03-02T10:59:59.999999Z",
      "2026-03-02T11:00:00.000000Z",
    ].map((time) => decideIn(world, { ...email, time }).outcome);
    assert.deepEqual(outcomes, ["deny", "permit", "permit", "deny"]);
  });

  it("lifts nothing and permits nothing at a time that cannot be read", () => {
    const world = { ...withGrant(lifting) };
    assert.equal(decideIn(world, { ...email, time: "yesterday" }).outcome, "deny");
    const permitting = {
      more: [grant("platform", "review", { permits: [{ id: "all" }] })],
    };
    assert.equal(decideIn(permitting, { time: "yesterday" }).reason, "no_permit");
    assert.equal(decideIn(permitting).decidedBy, "platform/review/all");
  });

  it("reaches no further than its scope", () => {
    const outcomes = [
      {},
      { subjects: { groups: ["support"] } },
      { models: { ids: ["vendor/*"] } },
      { actions: ["llm.*"] },
      { tenants: ["globex"], apps: ["chat"] },
      { apps: ["desk"] },
      { subjects: { groups: ["legal"] } },
      { models: { ids: ["local/m2"] } },
      { actions: ["llm.embed"] },
    ].map((fields) => {
      const world = withGrant({ ...lifting, scope: { ...anybody, ...fields } });
      return decideIn({ ...world, more: [...(world.more ?? []), ...elsewhere] }, email).outcome;
    });
    assert.deepEqual(outcomes, [
      ...["permit", "permit", "permit", "permit"],
      ...["deny", "deny", "deny", "deny", "deny"],
    ]);
  });

  it("tells of a rule it lifted only where that rule would have counted", () => {
    assert.deepEqual(decideIn(withGrant(lifting)).lifted, []);
    const untold = { data: { status: "timeout", findings: [] } } as const;
    assert.equal(decideIn(withGrant(lifting), untold).lifted.length, 1);
  });

  it("of two that lift one rule, the first by name is on record", () => {
    const more = ["b", "a"].map((name) => grant("platform", name, lifting));
    assert.equal(decideIn({ ...denied, more }, email).lifted[0]?.by, "platform/a");
  });

  it("lifts a redaction, which then no longer takes the class away", () => {
    const world: DecisionWorld = {
      global: {
        rules: [
          { id: "allow", effect: "allow", dataClasses: { permitted: [] } },
          { id: "mask", effect: "redact", redact: { method: "mask", classes: ["pii"] } },
        ],
      },
      more: [grant("platform", "review", { ...lifting, lifts: ["platform/g/mask"] })],
    };
    assert.equal(decideIn(world, email).reason, "no_permit");
  });

  it("permits within its scope, above every layer, with the scope's words as its own", () => {
    const permit = (name: string, scope: Fields) =>
      grant("platform", name, { scope, permits: [{ id: "p" }] });
    const world = {
      global: { rules: [{ ...allow, subjects: { principals: ["user:ann"] } }] },
      more: [permit("a", anybody), permit("b", { ...anybody, subjects: { groups: ["support"] } })],
    };
    const decision = decideIn(world);
    assert.equal(decision.decidedBy, "platform/b/p");
    assert.deepEqual(decision.matched[0], {
      id: "platform/a/p",
      layer: "grant",
      effect: "allow",
      match: "T",
    });
  });

  it("of a tenant lifts the tenant's own rules", () => {
    const world = {
      global: { rules: [allow] },
      own: { rules: [denyPii] },
      more: [grant("acme", "review", { lifts: ["acme/t/no-pii"] })],
    };
    assert.equal(decideIn(world, email).outcome, "permit");
  });

  it("still meets every deny", () => {
    const more = [grant("platform", "review", { permits: [{ id: "all" }] })];
    assert.equal(decideIn({ ...denied, more }, email).decidedBy, "platform/g/no-pii");
  });
});

describe("an incident", () => {
  const exemptible = { global: { rules: [allow, { ...denyPii, exemptible: "incident" }] } };

  it("lifts what only an incident may lift", () => {
    const world = { ...exemptible, more: [incident("inc", { relax: [lifting] })] };
    assert.deepEqual(decideIn(world, email).lifted, [
      { rule: "platform/g/no-pii", by: "platform/inc" },
    ]);
  });

  it("restricts everybody as a policy of the global layer would, while it lasts", () => {
    const restrict = [{ id: "pause", effect: "deny", actions: ["llm.embed"] }];
    const world = snapshotOf({
      global: { rules: [allow] },
      more: [incident("inc", { restrict })],
    });
    const decision = decideIn(world, { action: "llm.embed" });
    assert.deepEqual(pick(decision, "decidedBy", "reason"), {
      decidedBy: "platform/inc/pause",
      reason: "rule",
    });
    assert.equal(decision.matched.find(({ effect }) => effect === "deny")?.layer, "incident");
    assert.equal(decideIn(world).outcome, "permit");
    assert.equal(decideIn(world, { action: "llm.embed", time: end }).outcome, "permit");
    assert.equal(decideIn(world, { action: "llm.embed", time: "soon" }).outcome, "deny");
  });
});

describe("a policy with a window", () => {
  it("is in force within it, and so is what it unsets", () => {
    const world = snapshotOf({
      global: { defaults: { rules: [denyPii] } },
      own: {
        activeFrom: start,
        activeUntil: end,
        unset: ["platform/g/no-pii"],
        rules: [allow],
      },
      more: [
        documentFile("acme", "Policy", "always", { attach: { layer: "tenant" }, rules: [allow] }),
      ],
    });
    const decided = (time: string) => pick(decideIn(world, { ...email, time }), "decidedBy");
    assert.deepEqual(decided("2026-03-02T10:00:00Z"), { decidedBy: "acme/always/allow" });
    assert.deepEqual(decided(end), { decidedBy: "platform/g/no-pii" });
    assert.deepEqual(decided("never"), { decidedBy: "platform/g/no-pii" });
  });
});
