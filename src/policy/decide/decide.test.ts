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
import type { DecisionInput, RuleTrace } from "../../domain/index.ts";

const allow = { id: "allow", effect: "allow" };
const call = (name: string) =>
  ({ action: "tool.call", point: "tool.call", model: undefined, tool: { name } }) as const;

describe("tools", () => {
  const catalog = documentFile("platform", "ToolCatalog", "tools", {
    tools: [
      { name: "crm/lookup", risk: "read" },
      { name: "crm/write", risk: "write" },
    ],
  });
  const permitting = (tools: Fields): DecisionWorld => ({
    global: { rules: [{ ...allow, tools }] },
    more: [catalog],
  });

  it("are matched by name and by the risk their catalog gives them", () => {
    const outcomes = [
      [{ names: ["crm/*"] }, "crm/lookup"],
      [{ risk: ["read"] }, "crm/lookup"],
      [{ names: ["crm/*"], risk: ["read"] }, "crm/write"],
      [{ risk: ["unknown"] }, "mail/send"],
      [{ risk: ["read"] }, "mail/send"],
    ].map(([tools, name]) => decideIn(permitting(tools as Fields), call(name as string)).outcome);
    assert.deepEqual(outcomes, ["permit", "permit", "deny", "permit", "deny"]);
  });

  it("a rule about tools says nothing of a request without one", () => {
    assert.equal(decideIn(permitting({ names: ["*"] })).reason, "no_permit");
    const nameless = { ...call("x"), tool: undefined };
    assert.equal(decideIn(permitting({ names: ["*"] }), nameless).reason, "no_permit");
  });

  it("the exact name is more specific than a pattern, and either than none", () => {
    const rules = [
      { ...allow, id: "a" },
      { ...allow, id: "b", tools: { names: ["crm/*"] } },
      { ...allow, id: "c", tools: { names: ["crm/lookup"] } },
    ];
    const winner = (...of: readonly Fields[]) =>
      decideIn({ global: { rules: of }, more: [catalog] }, call("crm/lookup")).decidedBy;
    assert.equal(winner(...rules), "platform/g/c");
    assert.equal(winner(...rules.slice(0, 2)), "platform/g/b");
  });

  it("count more than data classes and conditions do", () => {
    const rules = [
      { ...allow, id: "a", dataClasses: { anyOf: ["pii.email"] } },
      { ...allow, id: "b", conditions: [{ name: "c", expression: "request.inputTokens >= 0" }] },
      { ...allow, id: "c", tools: { risk: ["read"] } },
    ];
    const input = { ...call("crm/lookup"), ...found("pii.email"), request: { inputTokens: 1 } };
    assert.equal(decideIn({ global: { rules }, more: [catalog] }, input).decidedBy, "platform/g/c");
    const without = { global: { rules: rules.slice(0, 2) }, more: [catalog] };
    assert.equal(decideIn(without, input).decidedBy, "platform/g/a");
  });
});

describe("named sets", () => {
  const people = (namespace: string, items: readonly string[]) =>
    documentFile(namespace, "NamedSet", "people", { items });
  const rule = { ...allow, subjects: { principals: ["set:people"] } };

  it("stand for their items, the own set before the platform's of that name", () => {
    const more = [people("platform", ["user:ann"]), people("acme", ["user:bob"])];
    assert.equal(decideIn({ global: { rules: [rule] }, more }).outcome, "permit");
    assert.equal(decideIn({ own: { rules: [rule] }, more }).outcome, "deny");
    const platformOnly = more.slice(0, 1);
    assert.equal(decideIn({ own: { rules: [rule] }, more: platformOnly }).outcome, "permit");
  });
});

describe("the verdict", () => {
  const redact = {
    id: "mask",
    effect: "redact",
    redact: { method: "mask", classes: ["pii"] },
  };
  const transform = {
    id: "cap",
    effect: "transform",
    transform: { params: { maxTokens: { max: 5 } } },
  };
  const warn = { id: "note", effect: "warn" };

  it("names the first that applies", () => {
    const verdicts = [[redact, transform, warn], [transform, warn], [warn], []].map(
      (rules) => decideIn({ global: { rules: [allow, ...rules] } }, found("pii.email")).verdict,
    );
    assert.deepEqual(verdicts, ["redact", "transform", "warn", "allow"]);
  });
});

describe("a ramped policy", () => {
  const version = (name: string, rules: readonly Fields[]) => {
    const spec = { version: name, attach: { layer: "tenant" }, rules };
    const { namespace, text } = documentFile("acme", "Policy", "ramped", spec);
    return { namespace, text, path: `acme/ramped-${name}.json` };
  };
  const rollout = (percent: number) =>
    documentFile("acme", "Rollout", "ramp", {
      policy: "ramped",
      stable: "1.0.0",
      candidate: "2.0.0",
      seed: "s",
      step: { percent },
    });
  const at = (percent: number, input?: Partial<DecisionInput>) =>
    decideIn(
      {
        global: { rules: [allow], defaults: { rules: [{ id: "no", effect: "deny" }] } },
        more: [
          version("1.0.0", [{ id: "r", effect: "warn", replaces: "platform/g/no" }]),
          version("2.0.0", [{ id: "r", effect: "deny" }]),
          rollout(percent),
        ],
      },
      input,
    );

  it("has the rules, and unsets the defaults, of one version at a time", () => {
    assert.deepEqual(pick(at(0), "verdict", "warnings"), { verdict: "warn", warnings: ["r"] });
    assert.deepEqual(pick(at(100), "verdict", "rules"), {
      verdict: "deny",
      rules: ["platform/g/no", "acme/ramped/r"],
    });
  });
});

describe("a rule in shadow", () => {
  it("replaces a default in the counterfactual alone", () => {
    const decision = decideIn({
      global: { rules: [allow], defaults: { rules: [{ id: "no", effect: "deny" }] } },
      own: { rules: [{ id: "s", effect: "warn", mode: "shadow", replaces: "platform/g/no" }] },
    });
    assert.equal(decision.decidedBy, "platform/g/no");
    assert.equal(decision.shadow?.verdict, "warn");
  });
});

describe("the trace", () => {
  const traced = (world: DecisionWorld, input: Partial<DecisionInput> = {}) =>
    decideIn(world, input, { trace: true }).evaluated ?? [];
  const partOf = (rule: Fields, input?: Partial<DecisionInput>) =>
    traced({ global: { rules: [{ id: "r", effect: "deny", ...rule }] } }, input).map(
      ({ match, at }: RuleTrace) => `${match} ${at}`,
    )[0];

  it("is there on request only", () => {
    assert.equal(decideIn({ global: { rules: [allow] } }).evaluated, undefined);
    assert.deepEqual(traced({ global: { rules: [allow] } }), [
      { rule: "platform/g/allow", match: "T", at: null },
    ]);
  });

  it("names the first part that did not hold", () => {
    const claims = { name: "b", expression: "principal.claims.x == 1" };
    const tokens = { name: "a", expression: "request.inputTokens > 5" };
    const timeout = { data: { status: "timeout", findings: [] } } as const;
    const of = { anyOf: ["pii"] };
    assert.deepEqual(
      [
        partOf({ actions: ["llm.embed"] }),
        partOf({ models: { ids: ["local/m2"] } }),
        partOf({ tools: { names: ["a/*"] } }),
        partOf({ subjects: { groups: ["legal"] } }),
        partOf({ exclude: { groups: ["support"] } }),
        partOf({ dataClasses: of }),
        partOf({ dataClasses: of }, timeout),
        partOf({ dataClasses: { ...of, in: ["response"] } }),
        partOf({ conditions: [claims] }),
        partOf({ conditions: [claims, tokens] }, { request: { inputTokens: 1 } }),
        partOf({ effect: "allow", dataClasses: { permitted: [] } }, found("pii.email")),
        partOf({ effect: "allow", dataClasses: { permitted: [] } }, timeout),
      ],
      [
        "F actions",
        "F models",
        "F tools",
        "F subjects",
        "F exclude",
        "F dataClasses",
        "E dataClasses",
        "unknown response",
        "E conditions#b",
        "F conditions#a",
        "F dataClasses",
        "E dataClasses",
      ],
    );
  });

  it("tells of rules that are unset or out of their time", () => {
    const world = snapshotOf({
      global: { defaults: { rules: [{ id: "no", effect: "deny" }] } },
      own: { unset: ["platform/g/no"], rules: [allow], activeUntil: "2026-03-02T11:00:00Z" },
    });
    const at = (time: string) => decideIn(world, { time }, { trace: true }).evaluated;
    assert.deepEqual(at("2026-03-02T10:00:00Z"), [
      { rule: "acme/t/allow", match: "T", at: null },
      { rule: "platform/g/no", match: "F", at: "unset" },
    ]);
    assert.deepEqual(at("2026-03-02T12:00:00Z"), [
      { rule: "acme/t/allow", match: "F", at: "window" },
      { rule: "platform/g/no", match: "T", at: null },
    ]);
  });
});
