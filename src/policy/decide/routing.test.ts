import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decision, DecisionInput } from "../../domain/index.ts";
import {
  type EvaluateOptions,
  evaluate,
  KillSwitches,
  loadSnapshot,
  type PolicyFile,
  parsePolicies,
} from "../index.ts";

type Fields = Readonly<Record<string, unknown>>;

const allow = { id: "allow", effect: "allow" };

interface Setting {
  readonly platform?: readonly Fields[];
  readonly tenant?: readonly Fields[];
  readonly models?: readonly Fields[];
  /** Of the tenant, by name. */
  readonly quotas?: Readonly<Record<string, Fields>>;
  readonly more?: readonly PolicyFile[];
  readonly input?: Partial<DecisionInput>;
  readonly options?: EvaluateOptions;
}

function decide(setting: Setting): Decision {
  const { models = ["m1", "m2", "m3"].map((name) => ({ id: `v/${name}`, aliases: ["any"] })) } =
    setting;
  const { snapshot, problems } = loadSnapshot(
    [
      file("platform", "Platform", "platform", {}),
      file("platform", "Tenant", "acme", {}),
      file("platform", "ModelCatalog", "models", { models }),
      file("acme", "App", "chat", {}),
      file("platform", "Policy", "g", {
        attach: { layer: "global" },
        rules: setting.platform ?? [],
      }),
      file("acme", "Policy", "t", { attach: { layer: "tenant" }, rules: setting.tenant ?? [] }),
      ...Object.entries(setting.quotas ?? {}).map(([name, spec]) => quota(name, spec)),
      ...(setting.more ?? []),
    ],
    { engineVersion: "0.0.0" },
  );
  assert.deepEqual(
    problems.filter(({ severity }) => severity === "error"),
    [],
  );
  assert.ok(snapshot);
  const input = {
    time: "2026-03-02T10:00:00.000000Z",
    tenant: "acme",
    app: "chat",
    action: "llm.generate",
    point: "request",
    model: "v/m1",
    principal: { id: "ann", kind: "user", groups: [], roles: [] },
    data: { status: "ok", findings: [] },
    ...setting.input,
  } as DecisionInput;
  return evaluate(snapshot, input, setting.options);
}

function file(namespace: string, kind: string, name: string, spec: Fields): PolicyFile {
  const text = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  return { path: `${namespace}/${kind}-${name}.json`, namespace, text: JSON.stringify(text) };
}

function quota(name: string, spec: Fields): PolicyFile {
  return file("acme", "Quota", name, {
    unit: "requests",
    limit: 10,
    window: { kind: "sliding", duration: "1h" },
    key: ["tenant.id"],
    ...spec,
  });
}

function stop(target: Fields, fields: Fields = {}): EvaluateOptions {
  const spec = { sequence: 1, active: true, target, reason: "Stop.", ...fields };
  const { documents, problems } = parsePolicies([file("platform", "KillSwitch", "stop", spec)]);
  assert.deepEqual(problems, []);
  return { killSwitches: KillSwitches.of(documents) };
}

function denyOn(...ids: readonly string[]): Fields {
  return { id: "no", effect: "deny", models: { ids } };
}

function routeOnly(...only: readonly string[]): Fields {
  return { id: "only", effect: "transform", transform: { route: { only } } };
}

describe("a request for a named model", () => {
  it("goes to it, and to no other, where a rule has terms", () => {
    const decision = decide({
      platform: [{ ...allow, route: { prefer: ["v/m2"], fallback: ["v/m3"] } }],
    });
    assert.equal(decision.model.used, "v/m1");
    assert.deepEqual(decision.hops, [{ model: "v/m1", result: "permit", reason: null }]);
  });

  it("that is denied goes nowhere, whatever the terms", () => {
    const platform = [
      { ...allow, route: { fallback: ["v/m2"] } },
      routeOnly("v/m2"),
      denyOn("v/m1"),
    ];
    const decision = decide({ platform });
    assert.equal(decision.reason, "rule");
    assert.equal(decision.decidedBy, "platform/g/no");
  });

  it("is sent where `route.only` says, preferred models first", () => {
    const platform = [
      { ...allow, route: { prefer: ["v/m3"], fallback: ["v/m1"] } },
      routeOnly("v/m2", "v/m3"),
    ];
    assert.equal(decide({ platform }).model.used, "v/m3");
    const denied = decide({ platform, tenant: [denyOn("v/m3")] });
    assert.equal(denied.model.used, "v/m2");
    assert.deepEqual(denied.hops, [
      { model: "v/m3", result: "deny", reason: "rule" },
      { model: "v/m2", result: "permit", reason: null },
    ]);
    const none = decide({ platform, tenant: [denyOn("v/m2", "v/m3")] });
    assert.equal(none.reason, "no_eligible_model");
    assert.equal(none.decidedBy, null);
  });

  it("falls back in the order written, past what is killed, inactive or denied", () => {
    const platform = [{ ...allow, route: { fallback: ["v/m4", "v/m3", "v/m2"] } }, denyOn("v/m3")];
    const models = [
      { id: "v/m1" },
      { id: "v/m2" },
      { id: "v/m3" },
      { id: "v/m4", status: "retired" },
    ];
    const decision = decide({ platform, models, options: stop({ models: ["v/m1"] }) });
    assert.equal(decision.model.used, "v/m2");
    assert.deepEqual(decision.target, { modelId: "v/m2", provider: "v", upstreamName: "m2" });
    assert.deepEqual(decision.hops, [
      { model: "v/m1", result: "unavailable", reason: "kill_switch" },
      { model: "v/m4", result: "unavailable", reason: "inactive" },
      { model: "v/m3", result: "deny", reason: "rule" },
      { model: "v/m2", result: "permit", reason: null },
    ]);
  });

  it("without a fallback has no eligible model where its provider is killed", () => {
    const decision = decide({ platform: [allow], options: stop({ providers: ["v"] }) });
    assert.equal(decision.reason, "no_eligible_model");
    assert.deepEqual(
      decision.matched.map(({ id }) => id),
      ["platform/g/allow"],
    );
  });

  it("does not fall back to a model whose own rules send it elsewhere", () => {
    const platform = [
      { ...allow, route: { fallback: ["v/m2"] } },
      { ...routeOnly("v/m3"), models: { ids: ["v/m2"] } },
    ];
    const decision = decide({ platform, options: stop({ models: ["v/m1"] }) });
    assert.equal(decision.reason, "no_eligible_model");
    assert.deepEqual(decision.hops.at(-1), { model: "v/m2", result: "deny", reason: "route_only" });
  });
});

describe("a request for an alias", () => {
  const input = { model: "any" } as const;

  it("goes to the preferred of the permitted members", () => {
    const platform = [{ ...allow, route: { prefer: ["v/m3", "v/m2"] } }];
    assert.equal(decide({ platform, input }).model.used, "v/m3");
    assert.equal(decide({ platform, input, tenant: [denyOn("v/m3")] }).model.used, "v/m2");
  });

  it("is led by the most specific permit among its members", () => {
    const exact = {
      id: "exact",
      effect: "allow",
      models: { ids: ["v/m2"] },
      route: { prefer: ["v/m3"] },
    };
    const platform = [{ ...allow, route: { prefer: ["v/m2"] } }, exact];
    const decision = decide({ platform, input });
    assert.equal(decision.model.used, "v/m3");
    assert.equal(decision.decidedBy, "platform/g/allow");
  });

  it("that no member is permitted for is denied as its first member is", () => {
    const platform = [allow, { id: "no", effect: "deny", models: { ids: ["v/m1"] } }];
    const tenant = [{ id: "rest", effect: "deny", models: { ids: ["v/m2", "v/m3"] } }];
    const decision = decide({ platform, tenant, input });
    assert.equal(decision.decidedBy, "platform/g/no");
    assert.deepEqual(
      decision.hops.map(({ model, result }) => [model, result]),
      ["v/m1", "v/m2", "v/m3"].map((model) => [model, "deny"]),
    );
  });
});

describe("a spent quota", () => {
  const priced = [
    { id: "v/m1", price: { input: 1, output: 1 } },
    { id: "v/m2", price: { input: 0, output: 0 } },
    { id: "v/m3", price: { input: 0 } },
  ];
  const platform = [{ ...allow, route: { fallback: ["v/m3", "v/m2"] } }];
  const spending = (...names: readonly string[]) => [
    { id: "mine", effect: "allow", quota: names, route: { fallback: ["v/m3", "v/m2"] } },
  ];
  const spent = (...names: readonly string[]): Partial<DecisionInput> => ({
    quotas: Object.fromEntries(names.map((name) => [`acme/${name}`, "exceeded" as const])),
  });

  it("ends the request by default", () => {
    const decision = decide({ tenant: spending("q"), quotas: { q: {} }, input: spent("q") });
    assert.equal(decision.reason, "quota_exceeded");
    assert.equal(decision.decidedBy, null);
    assert.deepEqual(decision.rules, []);
    assert.deepEqual(decision.hops, [
      { model: "v/m1", result: "unavailable", reason: "quota_exceeded" },
    ]);
  });

  it("on money sends the request to a model that costs nothing", () => {
    const quotas = { q: { unit: "usd", onExceed: "route" } };
    const decision = decide({ tenant: spending("q"), models: priced, quotas, input: spent("q") });
    assert.equal(decision.model.used, "v/m2");
    assert.deepEqual(
      decision.hops.map(({ reason }) => reason),
      ["quota_exceeded", "quota_exceeded", null],
    );
    assert.deepEqual(decision.obligations.quotas, ["acme/q"]);
  });

  it("that routes is the reason where nothing is left", () => {
    const quotas = { q: { onExceed: "route" } };
    assert.equal(
      decide({ tenant: spending("q"), quotas, input: spent("q") }).reason,
      "quota_exceeded",
    );
  });

  it("that warns lets the request pass and says so", () => {
    const quotas = { q: { onExceed: "warn" } };
    const decision = decide({ tenant: spending("q"), quotas, input: spent("q") });
    assert.equal(decision.verdict, "warn");
    assert.deepEqual(decision.warnings, ["quota_exceeded"]);
    assert.equal(decision.model.used, "v/m1");
  });

  it("that denies wins over one that routes, and that over one that warns", () => {
    const quotas = { d: {}, r: { onExceed: "route" }, w: { onExceed: "warn" } };
    const all = decide({ tenant: spending("d", "r", "w"), quotas, input: spent("d", "r", "w") });
    assert.deepEqual([all.reason, all.hops.length], ["quota_exceeded", 1]);
    const two = decide({ tenant: spending("r", "w"), quotas, input: spent("r", "w") });
    assert.deepEqual([two.reason, two.hops.length], ["quota_exceeded", 3]);
  });

  it("of a store that cannot be reached ends the request, unless a share is kept here", () => {
    const input = { quotas: { "acme/q": "unavailable" } } as const;
    const denied = decide({ tenant: spending("q"), quotas: { q: {} }, input });
    assert.equal(denied.reason, "quota_unavailable");
    const quotas = { q: { onUnavailable: "local" } };
    assert.equal(decide({ tenant: spending("q"), quotas, input }).outcome, "permit");
  });

  it("that no matching rule names has no part in the decision", () => {
    assert.equal(decide({ platform, quotas: { q: {} }, input: spent("q") }).outcome, "permit");
  });

  it("of tool calls ends the call, since there is nowhere else to go", () => {
    // The rule is about requests as well: one about calls alone would not load.
    const tenant = [{ id: "tools", effect: "allow", quota: ["q"] }];
    const input = {
      ...spent("q"),
      action: "tool.call",
      point: "tool.call",
      tool: { name: "crm/x", args: {} },
    } as const;
    const quotas = { q: { unit: "tool_calls", onExceed: "route" } };
    assert.equal(decide({ tenant, quotas, input }).reason, "quota_exceeded");
  });

  it("is over where an answer is judged", () => {
    const input = { ...spent("q"), point: "response" } as const;
    assert.equal(decide({ tenant: spending("q"), quotas: { q: {} }, input }).outcome, "permit");
  });
});

describe("a kill switch", () => {
  it("comes before boundaries and rules, and is what decided", () => {
    const decision = decide({ platform: [denyOn("v/m1")], options: stop({ apps: ["acme/chat"] }) });
    assert.equal(decision.reason, "kill_switch");
    assert.equal(decision.decidedBy, "platform/stop");
    assert.equal(decision.shadow, null);
  });

  it("among the policies acts unless the set that counts is given", () => {
    const spec = { sequence: 1, active: true, target: { tenants: ["acme"] }, reason: "Stop." };
    const more = [file("platform", "KillSwitch", "stop", spec)];
    assert.equal(decide({ platform: [allow], more }).reason, "kill_switch");
    const options = stop({ tenants: ["acme"] }, { sequence: 2, active: false });
    assert.equal(decide({ platform: [allow], more, options }).outcome, "permit");
  });

  it("on the model that answers ends the answer only where it ends streams", () => {
    const input = { point: "response" } as const;
    const target = { models: ["v/m1"] };
    assert.equal(decide({ platform: [allow], input, options: stop(target) }).outcome, "permit");
    const cut = decide({ platform: [allow], input, options: stop(target, { stopStreams: true }) });
    assert.equal(cut.reason, "kill_switch");
  });
});
