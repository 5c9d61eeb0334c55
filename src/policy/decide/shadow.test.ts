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
const deny = { id: "deny", effect: "deny" };
const mask = { id: "edit", effect: "redact", redact: { method: "mask", classes: ["pii"] } };
const remove = { id: "edit", effect: "redact", redact: { method: "remove", classes: ["pii"] } };

interface Setting {
  readonly platform?: Fields;
  readonly rules?: readonly Fields[];
  readonly boundary?: Fields;
  readonly ramp?: {
    readonly stable: readonly Fields[];
    readonly candidate: readonly Fields[];
    readonly percent: number;
  };
  readonly more?: readonly PolicyFile[];
  readonly input?: Partial<DecisionInput>;
  readonly options?: EvaluateOptions;
}

function decide(setting: Setting): Decision {
  const { boundary, ramp } = setting;
  const attach = { layer: "tenant" };
  const rollout = {
    policy: "ramped",
    stable: "1.0.0",
    candidate: "2.0.0",
    seed: "s",
    step: { percent: ramp?.percent },
  };
  const { snapshot, problems } = loadSnapshot(
    [
      file("platform", "Platform", "platform", setting.platform ?? {}),
      file("platform", "Tenant", "acme", { boundary }),
      file("platform", "ModelCatalog", "models", { models: [{ id: "v/m1" }, { id: "v/m2" }] }),
      file("acme", "App", "chat", {}),
      file("acme", "App", "desk", {}),
      file("acme", "Policy", "t", { attach, rules: setting.rules ?? [] }),
      ...(ramp === undefined
        ? []
        : [
            file(
              "acme",
              "Policy",
              "ramped",
              { attach, version: "1.0.0", rules: ramp.stable },
              "stable",
            ),
            file("acme", "Policy", "ramped", { attach, version: "2.0.0", rules: ramp.candidate }),
            file("acme", "Rollout", "ramp", rollout),
          ]),
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
    data: {
      status: "ok",
      findings: [{ class: "pii.email", in: "prompt", count: 1, confidence: 1 }],
    },
    ...setting.input,
  } as DecisionInput;
  return evaluate(snapshot, input, setting.options);
}

function file(namespace: string, kind: string, name: string, spec: Fields, of = ""): PolicyFile {
  const text = { apiVersion: "chancery/v1alpha1", kind, metadata: { name, namespace }, spec };
  return { path: `${namespace}/${kind}-${name}${of}.json`, namespace, text: JSON.stringify(text) };
}

describe("a rule in shadow", () => {
  it("denies in the counterfactual alone", () => {
    const decision = decide({ rules: [allow, { ...deny, mode: "shadow" }] });
    assert.equal(decision.outcome, "permit");
    assert.deepEqual(
      decision.matched.map(({ id }) => id),
      ["acme/t/allow"],
    );
    assert.deepEqual(decision.shadow, {
      verdict: "deny",
      reason: "rule",
      changed: true,
      changes: ["permit_to_deny"],
      rules: ["acme/t/deny"],
    });
  });

  it("that changes nothing is told as such", () => {
    const warn = { id: "warn", effect: "allow", mode: "shadow" };
    assert.deepEqual(decide({ rules: [allow, warn] }).shadow, {
      verdict: "allow",
      reason: null,
      changed: false,
      rules: ["acme/t/warn"],
    });
  });

  it("that makes a redaction stronger changes the decision, though the verdict stays", () => {
    const strong = { ...remove, id: "strong", mode: "shadow" };
    const { verdict, shadow, obligations } = decide({ rules: [allow, mask, strong] });
    assert.equal(verdict, "redact");
    assert.equal(obligations.redact?.["pii.email"]?.method, "mask");
    assert.deepEqual([shadow?.verdict, shadow?.changed], ["redact", true]);
  });

  it("that would own a redaction as strong as the one there changes nothing", () => {
    const { shadow } = decide({ rules: [allow, mask, { ...mask, id: "a", mode: "shadow" }] });
    assert.deepEqual([shadow?.changed, shadow?.rules], [false, ["acme/t/a"]]);
  });

  it("is left out on request, and where the path has none there is nothing to tell", () => {
    const rules = [allow, { ...deny, mode: "shadow" }];
    assert.equal(decide({ rules, options: { shadow: false } }).shadow, null);
    assert.equal(decide({ rules: [allow, deny] }).shadow, null);
  });

  it("is not reached where a boundary ends the decision", () => {
    const rules = [allow, { ...deny, mode: "shadow" }];
    const decision = decide({ rules, boundary: { models: ["v/m2"] } });
    assert.equal(decision.reason, "outside_boundary");
    assert.equal(decision.shadow, null);
    const input = { data: { status: "timeout", findings: [] } } as const;
    const unclassified = decide({ rules, boundary: { maxSensitivity: 3 }, input });
    assert.equal(unclassified.reason, "unclassified");
    assert.equal(unclassified.shadow, null);
  });
});

describe("what a rule in shadow would change", () => {
  const shadowed = (fields: Fields) => ({ ...fields, id: "tried", mode: "shadow" });
  const changesWith = (...rules: readonly Fields[]) => decide({ rules }).shadow?.changes;
  const only = { effect: "transform", transform: { route: { only: ["v/m2"] } } };

  it("is that a permit becomes a deny, or the reverse, and then nothing else", () => {
    assert.deepEqual(changesWith(allow, mask, shadowed(deny)), ["permit_to_deny"]);
    assert.deepEqual(changesWith(mask, shadowed(allow)), ["deny_to_permit"]);
  });

  it("is a redaction, a route, or both", () => {
    assert.deepEqual(changesWith(allow, mask, shadowed(remove)), ["redaction"]);
    assert.deepEqual(changesWith(allow, shadowed(mask)), ["redaction"]);
    assert.deepEqual(changesWith(allow, shadowed(only)), ["route"]);
    assert.deepEqual(changesWith(allow, shadowed(only), { ...shadowed(mask), id: "too" }), [
      "redaction",
      "route",
    ]);
  });

  it("is none of these where the reason or a parameter alone changes", () => {
    const cap = { effect: "transform", transform: { params: { maxTokens: { max: 9 } } } };
    const capped = decide({ rules: [allow, shadowed(cap)] }).shadow;
    assert.deepEqual([capped?.changed, capped?.changes], [true, undefined]);
    const lower = { effect: "transform", transform: { params: { maxTokens: { max: 5 } } } };
    const both = decide({ rules: [allow, { ...cap, id: "cap" }, shadowed(lower)] });
    assert.equal(both.verdict, both.shadow?.verdict);
    assert.deepEqual([both.shadow?.changed, both.shadow?.changes], [true, undefined]);
    const denied = decide({ rules: [shadowed(deny)] }).shadow;
    assert.deepEqual([denied?.reason, denied?.changed, denied?.changes], ["rule", true, undefined]);
  });
});

describe("a quota in shadow", () => {
  const spec = {
    unit: "requests",
    limit: 1,
    window: { kind: "sliding", duration: "1h" },
    key: ["tenant.id"],
    mode: "shadow",
  };

  it("turns requests down in the counterfactual alone", () => {
    const decision = decide({
      rules: [{ ...allow, quota: ["q"] }],
      more: [file("acme", "Quota", "q", spec)],
      input: { quotas: { "acme/q": "exceeded" } },
    });
    assert.equal(decision.outcome, "permit");
    assert.deepEqual(decision.shadow, {
      verdict: "deny",
      reason: "quota_exceeded",
      changed: true,
      changes: ["permit_to_deny"],
      rules: [],
    });
  });
});

describe("a ramped policy", () => {
  const stable = [allow];
  const candidate = [allow, deny];

  it("at 0 % enforces the stable version, and the candidate is the counterfactual", () => {
    const decision = decide({ ramp: { stable, candidate, percent: 0 } });
    assert.equal(decision.outcome, "permit");
    // The rule that both versions have is in force.
    assert.deepEqual(decision.shadow, {
      verdict: "deny",
      reason: "rule",
      changed: true,
      changes: ["permit_to_deny"],
      rules: ["acme/ramped/deny"],
    });
    assert.deepEqual(Object.keys(decision.buckets ?? {}), ["acme/ramp"]);
  });

  it("at 100 % it is the reverse", () => {
    const decision = decide({ ramp: { stable, candidate, percent: 100 } });
    assert.equal(decision.decidedBy, "acme/ramped/deny");
    assert.deepEqual(decision.shadow, {
      verdict: "allow",
      reason: null,
      changed: true,
      changes: ["deny_to_permit"],
      rules: [],
    });
  });

  it("in between enforces one version for each caller, and the other is the counterfactual", () => {
    const outcomes = new Set<string>();
    for (let index = 0; index < 40; index += 1) {
      const principal = { id: `u${index}`, kind: "user", groups: [], roles: [] } as const;
      const { outcome, shadow, buckets } = decide({
        ramp: { stable, candidate, percent: 50 },
        input: { principal },
      });
      const isInside = (buckets?.["acme/ramp"] ?? 0) < 5000;
      assert.equal(outcome, isInside ? "deny" : "permit");
      assert.equal(shadow?.verdict, isInside ? "allow" : "deny");
      outcomes.add(outcome);
    }
    assert.equal(outcomes.size, 2);
  });

  it("tells rules that both versions have with different terms", () => {
    const { shadow } = decide({
      ramp: { stable: [allow, mask], candidate: [allow, remove], percent: 0 },
    });
    assert.deepEqual([shadow?.changed, shadow?.rules], [true, ["acme/ramped/edit"]]);
  });
});

describe("an observed app", () => {
  const until = "2026-03-02T10:00:00.001Z";
  const observing = (observe: Fields) => ({ observe: [{ until, ...observe }] });
  const stop = { sequence: 1, active: true, reason: "Stop." };

  function switches(target: Fields): EvaluateOptions {
    const files = [file("platform", "KillSwitch", "stop", { ...stop, target })];
    return { killSwitches: KillSwitches.of(parsePolicies(files).documents) };
  }

  it("is decided as ever and marked, until the time is over", () => {
    const rules = [deny];
    const decision = decide({ platform: observing({}), rules });
    assert.equal(decision.isObserved, true);
    assert.equal(decision.reason, "rule");
    const input = { time: until };
    assert.equal(decide({ platform: observing({}), rules, input }).isObserved, undefined);
    // Nobody is left unwatched by a time that is none.
    const never = { time: "yesterday" };
    assert.equal(decide({ platform: observing({}), rules, input: never }).isObserved, undefined);
  });

  it("is one that the lists name", () => {
    const marks = [
      { tenants: ["acme"] },
      { apps: ["chat"] },
      { tenants: ["acme"], apps: ["desk"] },
    ].map((observe) => decide({ platform: observing(observe), rules: [deny] }).isObserved);
    assert.deepEqual(marks, [true, true, undefined]);
  });

  it("is governed where a kill switch bears on the request", () => {
    const platform = observing({});
    const stopped = decide({ platform, rules: [allow], options: switches({ tenants: ["acme"] }) });
    assert.deepEqual([stopped.reason, stopped.isObserved], ["kill_switch", undefined]);
    const killed = decide({ platform, rules: [allow], options: switches({ models: ["v/m1"] }) });
    assert.deepEqual([killed.reason, killed.isObserved], ["no_eligible_model", undefined]);
    const other = decide({ platform, rules: [allow], options: switches({ models: ["v/m2"] }) });
    assert.equal(other.isObserved, true);
  });
});
