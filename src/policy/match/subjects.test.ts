import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decision, DecisionInput, Principal } from "../../domain/index.ts";
import { evaluate, loadSnapshot, type PolicyFile } from "../index.ts";

type RuleText = Readonly<Record<string, unknown>>;

const ann: Principal = {
  id: "user:ann@acme.example",
  kind: "user",
  issuer: "https://id.acme.example",
  groups: ["support", "Night Shift"],
  roles: ["lead"],
};
const bot: Principal = { id: "spiffe://acme.example/ns/support/sa/bot", kind: "workload" };
const annByBot: Principal = { ...ann, kind: "composite", actor: { id: bot.id } };

function decide(principal: Principal, ...rules: readonly RuleText[]): Decision {
  return decideWith(principal, { status: "ok", findings: [] }, rules);
}

function decideWith(
  principal: Principal,
  data: DecisionInput["data"],
  rules: readonly RuleText[],
): Decision {
  const files: readonly PolicyFile[] = [
    file("platform", "Tenant", "acme", {}),
    file("acme", "App", "chat", {}),
    file("platform", "ModelCatalog", "models", { models: [{ id: "vendor/m1" }] }),
    file("platform", "Policy", "g", { attach: { layer: "global" }, rules }),
  ];
  const { snapshot, problems } = loadSnapshot(files, { engineVersion: "1.0.0" });
  assert.deepEqual(problems, []);
  assert.ok(snapshot);
  return evaluate(snapshot, {
    time: "2026-03-02T10:00:00.000000Z",
    tenant: "acme",
    app: "chat",
    action: "llm.generate",
    point: "request",
    model: "vendor/m1",
    principal,
    data,
  });
}

function file(namespace: string, kind: string, name: string, spec: RuleText): PolicyFile {
  const text = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  return { path: `${namespace}/${kind}-${name}.json`, namespace, text: JSON.stringify(text) };
}

const allow = { id: "allow", effect: "allow" };
const deny = { id: "deny", effect: "deny" };

describe("subjects", () => {
  const fitting: readonly [RuleText, Principal][] = [
    [{}, bot],
    [{ principals: ["user:ann@acme.example"] }, ann],
    [{ principals: ["spiffe://acme.example/*"] }, bot],
    [{ groups: ["legal", "support"] }, ann],
    [{ groups: ["Night Shift"] }, ann],
    [{ groups: ["Night*"] }, ann],
    [{ groups: ["support"], roles: ["lead"], kinds: ["user"] }, ann],
    [{ roles: ["*"] }, ann],
    [{ kinds: ["composite", "workload"] }, bot],
    [{ issuers: ["https://id.acme.example"] }, ann],
    [{ actors: ["spiffe://acme.example/*"] }, annByBot],
    [{ principals: ["*"] }, bot],
  ];
  for (const [subjects, principal] of fitting) {
    it(`${JSON.stringify(subjects)} fit ${principal.kind} ${principal.id}`, () => {
      assert.equal(decide(principal, { ...allow, subjects }).outcome, "permit");
    });
  }

  const missing: readonly [RuleText, Principal][] = [
    [{ principals: ["user:ann"] }, ann],
    [{ principals: ["USER:ANN@ACME.EXAMPLE"] }, ann],
    [{ principals: ["spiffe://acme.example/*"] }, annByBot],
    [{ groups: ["support"], roles: ["reader"] }, ann],
    [{ groups: ["support"] }, bot],
    [{ roles: ["*"] }, bot],
    [{ kinds: ["user"] }, annByBot],
    [{ issuers: ["*"] }, bot],
    [{ actors: ["*"] }, ann],
  ];
  for (const [subjects, principal] of missing) {
    it(`${JSON.stringify(subjects)} do not fit ${principal.kind} ${principal.id}`, () => {
      assert.equal(decide(principal, { ...allow, subjects }).reason, "no_permit");
    });
  }

  it("many groups are asked as few are", () => {
    const groups = Array.from({ length: 200 }, (_, index) => `g${index}`);
    const outcome = (listed: readonly string[]) =>
      decide({ ...ann, groups }, { ...allow, subjects: { groups: listed } }).outcome;
    assert.equal(outcome(["g199"]), "permit");
    assert.equal(outcome(["g2*"]), "permit");
    assert.equal(outcome(["g200"]), "deny");
    const others = Array.from({ length: 256 }, (_, index) => `o${index}`);
    assert.equal(outcome(others), "deny");
    assert.equal(outcome([...others.slice(1), "g7"]), "permit");
  });
});

describe("exclude", () => {
  it("drops a restriction for whoever fits all of its fields", () => {
    const exclude = { groups: ["support"], kinds: ["user"] };
    assert.equal(decide(ann, allow, { ...deny, exclude }).outcome, "permit");
    assert.equal(decide(annByBot, allow, { ...deny, exclude }).outcome, "deny");
    assert.equal(decide(bot, allow, { ...deny, exclude }).outcome, "deny");
  });

  it("counts after subjects", () => {
    const rule = { ...deny, subjects: { kinds: ["user"] }, exclude: { roles: ["lead"] } };
    assert.equal(decide(ann, allow, rule).outcome, "permit");
    assert.equal(decide({ ...ann, roles: [] }, allow, rule).outcome, "deny");
    assert.equal(decide(bot, allow, rule).outcome, "permit");
  });
});

describe("specificity of the subject", () => {
  const duels: readonly [claim: string, weaker: RuleText, stronger: RuleText][] = [
    ["a pattern beats anybody", {}, { principals: ["user:*"] }],
    ["a pattern of groups beats anybody", {}, { groups: ["sup*"] }],
    ["a kind beats a pattern", { principals: ["*"] }, { kinds: ["composite"] }],
    ["an issuer beats a pattern", { groups: ["*"] }, { issuers: ["https://id.acme.example"] }],
    ["a group beats a kind", { kinds: ["composite"] }, { groups: ["support"] }],
    ["a role beats an issuer", { issuers: ["https://id.acme.example"] }, { roles: ["lead"] }],
    ["a principal beats a group", { groups: ["support"] }, { principals: [ann.id] }],
    ["an actor beats a role", { roles: ["lead"] }, { actors: [bot.id] }],
    [
      "the largest of several fields counts",
      { roles: ["lead"], kinds: ["composite"] },
      { kinds: ["composite"], principals: [ann.id] },
    ],
  ];
  for (const [claim, weaker, stronger] of duels) {
    it(claim, () => {
      const decision = decide(
        annByBot,
        { ...allow, id: "a-weaker", subjects: weaker },
        { ...allow, id: "z-stronger", subjects: stronger },
      );
      assert.equal(decision.decidedBy, "platform/g/z-stronger");
    });
  }

  it("a subject beats an action", () => {
    const bySubject = { ...allow, id: "z-subject", subjects: { kinds: ["user"] } };
    const byAction = { ...allow, id: "a-action", actions: ["llm.generate"] };
    assert.equal(decide(ann, bySubject, byAction).decidedBy, "platform/g/z-subject");
  });

  it("orders the rules that could not be told as well", () => {
    const unclassified = { ...deny, dataClasses: { anyOf: ["pii"] } };
    const bySubject = { ...unclassified, id: "z-subject", subjects: { kinds: ["user"] } };
    const decision = decideWith(ann, { status: "timeout", findings: [] }, [
      { ...unclassified, id: "a-anybody" },
      bySubject,
    ]);
    assert.equal(decision.reason, "unclassified");
    assert.deepEqual(decision.rules, ["platform/g/z-subject", "platform/g/a-anybody"]);
  });
});
