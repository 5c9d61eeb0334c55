import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  decideIn,
  documentFile,
  type Fields,
  found,
  pick,
} from "../../../test/support/decision-world.ts";
import type { DecisionInput } from "../../domain/index.ts";

const allow = { id: "allow", effect: "allow" };
const global = { rules: [allow] };

const within = (boundary: Fields, input: Partial<DecisionInput> = {}) =>
  decideIn({ global, tenant: { boundary } }, input);
const outcomeWithin = (boundary: Fields, input?: Partial<DecisionInput>) =>
  within(boundary, input).outcome;

describe("a boundary", () => {
  it("is told by the document that draws it, and nothing else counts", () => {
    assert.deepEqual(
      pick(within({ models: ["local/*"] }), "reason", "decidedBy", "rules", "matched"),
      { reason: "outside_boundary", decidedBy: "platform/acme", rules: [], matched: [] },
    );
    const app = decideIn({ global, app: { boundary: { providers: ["local"] } } });
    assert.equal(app.decidedBy, "acme/chat");
  });

  it("lists models by id, pattern or alias, and an empty list excludes everything", () => {
    const lists = [["vendor/m1"], ["vendor/*"], ["alias:fast"], ["local/m2"], []];
    assert.deepEqual(
      lists.map((models) => outcomeWithin({ models })),
      ["permit", "permit", "permit", "deny", "deny"],
    );
  });

  it("takes the items of a set for what it names", () => {
    const more = [documentFile("platform", "NamedSet", "ours", { items: ["vendor/m1"] })];
    const world = { global, tenant: { boundary: { models: ["set:ours"] } }, more };
    assert.equal(decideIn(world).outcome, "permit");
    assert.equal(decideIn(world, { model: "local/m2" }).outcome, "deny");
  });

  it("asks for all regions of a model, of which there must be some", () => {
    const model = "local/m2";
    const outcomes = [["eu-1", "eu-2"], ["eu-*"], ["eu-1"]].map((regions) =>
      outcomeWithin({ regions }, { model }),
    );
    assert.deepEqual(outcomes, ["permit", "permit", "deny"]);
    const models = [{ id: "vendor/m1" }];
    const nowhere = { global, models, tenant: { boundary: { regions: ["*"] } } };
    assert.equal(decideIn(nowhere).reason, "outside_boundary");
  });

  it("lists tools, which models have nothing to do with", () => {
    const call = (name: string) =>
      ({ action: "tool.call", point: "tool.call", model: undefined, tool: { name } }) as const;
    const boundary = { tools: ["crm/*"], models: [] };
    assert.equal(outcomeWithin(boundary, call("crm/lookup")), "permit");
    assert.equal(outcomeWithin(boundary, call("mail/send")), "deny");
    assert.equal(outcomeWithin({ tools: [] }), "permit");
  });

  it("limits sensitivity by what was found, redacted or not", () => {
    const mask = { id: "mask", effect: "redact", redact: { method: "mask", classes: ["pci"] } };
    const card = (maxSensitivity: number, data = found("pci.pan")) =>
      decideIn(
        { global: { rules: [allow, mask] }, tenant: { boundary: { maxSensitivity } } },
        data,
      );
    assert.equal(card(4).outcome, "permit");
    assert.equal(card(3).reason, "outside_boundary");
    const weak = found({ class: "pci.pan", in: "prompt", count: 1, confidence: 0.59 });
    assert.equal(card(3, weak).outcome, "permit");
  });

  it("that cannot be told for lack of classification is unclassified", () => {
    const untold = { data: { status: "timeout", findings: [] } } as const;
    assert.deepEqual(pick(within({ maxSensitivity: 4 }, untold), "reason", "decidedBy"), {
      reason: "unclassified",
      decidedBy: "platform/acme",
    });
    assert.equal(within({ maxSensitivity: 5 }, untold).outcome, "permit");
    const secret = { ...found("secret.key").data, status: "timeout" } as const;
    assert.equal(within({ maxSensitivity: 4 }, { data: secret }).reason, "outside_boundary");
  });
});
