import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { assertNotPermitted, law, load, parseOnce } from "../../../test/support/policy-laws.ts";
import {
  deny,
  document,
  type Fields,
  filesOf,
  input,
  namedRequest,
  plainDeny,
  rampOf,
  shadowRule,
  type World,
  type WorldDocument,
  windowEnd,
  windowStart,
  without,
  withRule,
  world,
} from "../../../test/support/policy-worlds.ts";
import type { Decision, DecisionInput } from "../../domain/index.ts";
import { evaluate, KillSwitches, type Snapshot } from "../index.ts";

/*
 * The invariants of policy-model 1 and 12 on random worlds. Each law names the break it has been seen
 * to catch. Each is tried on 200 worlds; on ten times as many with FUZZ=1.
 */

/** What is decided, without the version of the policies and what would be decided otherwise. */
function enforced(snapshot: Snapshot, given: DecisionInput) {
  const {
    effective: _,
    shadow: __,
    buckets: ___,
    results: ____,
    ...decision
  } = evaluate(snapshot, given);
  return decision;
}

const inputs = fc.array(input, { minLength: 1, maxLength: 4 });
const namedRequests = fc.array(namedRequest, { minLength: 1, maxLength: 6 });
const policiesOfAllModels = ["platform/global", "acme/own", "acme/chat", "globex/own"];
const policies = fc.constantFrom(...policiesOfAllModels, "platform/model");

describe("for any world and input", () => {
  // Caught: a deny that named the model of its run as the one used.
  it("a decision is made, and it is well formed", () => {
    law(
      fc.property(world(), inputs, (given, asked) => {
        const snapshot = load(given);
        for (const one of asked) assertWellFormed(evaluate(snapshot, one));
      }),
    );
  });

  // Caught: rules kept by action alone, so that the first model asked about had its rules used for all.
  it("the same decision is made again, whatever was decided in between", () => {
    law(
      fc.property(world(), inputs, (given, asked) => {
        const snapshot = load(given);
        const other = load(given);
        const first = asked.map((one) => evaluate(snapshot, one));
        const again = asked.toReversed().map((one) => evaluate(other, one));
        assert.deepEqual(again.reverse(), first);
      }),
    );
  });

  // Caught: rules left in the order of their files, so that the first of two equal permits won.
  it("the order of documents, rules and list items changes nothing", () => {
    law(
      fc.property(world(), inputs, fc.infiniteStream(fc.nat()), (given, asked, dice) => {
        const straight = load(given);
        const other = load(shuffled(given, dice));
        assert.equal(other.digest, straight.digest);
        for (const one of asked) {
          const { effective: _, ...first } = evaluate(straight, one);
          const { effective: __, ...second } = evaluate(other, one);
          assert.deepEqual(second, first);
        }
      }),
    );
  });

  // Caught: a deny that counted only where it was the only one.
  it("adding a deny for all models never permits", () => {
    const anywhere = fc.constantFrom(...policiesOfAllModels);
    law(
      fc.property(world(), inputs, plainDeny, anywhere, (given, asked, added, policy) => {
        const before = load(given);
        const after = load(withRule(given, { policy, added }));
        for (const one of asked) assertNotPermitted(one, { before, after });
      }),
    );
  });

  // Caught: the same, of one model. Of an alias a deny takes a member away, and with it a spent budget
  // that would have ended the request, or a permit whose terms would have led nowhere.
  it("adding a deny for some models permits no named model, as long as no budget is spent", () => {
    law(
      fc.property(world(), namedRequest, deny, policies, (given, asked, added, policy) => {
        const before = load(given);
        const after = load(withRule(given, { policy, added }));
        assertNotPermitted({ ...asked, quotas: {} }, { before, after });
      }),
    );
  });

  // Caught: deny rules in E left out of step 6, and a memo of conditions kept from input to input.
  it("what cannot be told permits nothing that would be denied if it could", () => {
    law(
      fc.property(world(), namedRequests, policies, (given, asked, policy) => {
        const snapshot = load(withRule(given, { policy, added: noSensitive }));
        for (const { data, ...one } of asked) {
          const complete = { ...one, quotas: {}, data: { ...data, status: "ok" } } as const;
          const { outcome, reason } = evaluate(snapshot, complete);
          // Where a permit cannot be told another sets the terms, as if it did not match at all, and
          // with its fallback a request may find a model that it did not find before.
          if (outcome === "permit" || reason === "no_eligible_model") continue;
          const incomplete = { ...complete, data: { ...data, status: "timeout" } } as const;
          assert.equal(evaluate(snapshot, incomplete).outcome, "deny");
        }
      }),
    );
  });

  // Caught: a tenant's allow that took part in the choice among denies.
  it("what the platform's rules deny is not permitted by a tenant's documents", () => {
    law(
      fc.property(world(), namedRequest, (given, asked) => {
        const above = without(given, isPolicyOfTenant).map(withoutDefaults);
        const { reason } = evaluate(load(above), asked);
        if (reason !== "rule" && reason !== "outside_boundary" && reason !== "kill_switch") return;
        assert.equal(evaluate(load(given), asked).outcome, "deny");
      }),
    );
  });

  // Caught: kill switches of all tenants kept in one list.
  it("another tenant's documents change nothing at all", () => {
    law(
      fc.property(world(), world(), inputs, (given, others, asked) => {
        const before = load(given);
        const after = load([...without(given, isGlobex), ...others.filter(isGlobex), globexStop]);
        for (const one of asked) assert.deepEqual(evaluate(after, one), evaluate(before, one));
      }),
    );
  });

  // Caught: an end that still counted (`<=`).
  it("a Grant or an Incident outside its window is as if it had not been written", () => {
    law(
      fc.property(world(), inputs, (given, asked) => {
        const before = load(without(given, isException));
        const after = load(given);
        for (const one of asked) {
          if (one.time >= windowStart && one.time < windowEnd) continue;
          assert.deepEqual(enforced(after, one), enforced(before, one));
        }
      }),
    );
  });

  // Caught: step 2 after step 3; and a boundary's `models` not asked about a fallback.
  it("nothing stands against a kill switch, and nothing but it against a boundary", () => {
    law(
      fc.property(world(), inputs, (given, asked) => {
        const snapshot = load(given.map(boundToOther));
        const killSwitches = KillSwitches.of(filesOf([acmeStop]).flatMap(parseOnce));
        for (const one of asked) {
          const stopped = evaluate(snapshot, one, { killSwitches });
          assert.equal(stopped.reason, "kill_switch");
          assert.equal(stopped.decidedBy, "platform/acme-stop");
          const { used } = evaluate(snapshot, one).model;
          assert.ok(used === null || used === "other/three");
        }
      }),
    );
  });

  // Caught: shadow rules left among the rules of the enforced edition; the candidate of a ramp at 0 %
  // enforced; and a shadow quota that was spent turning a request down.
  it("what is in shadow changes nothing but what is recorded of it", () => {
    law(
      fc.property(world(), inputs, shadowRule, policies, (given, asked, added, policy) => {
        const atZero = [...without(given, isRamp), rampOf(0)];
        const before = load(without(atZero, (one) => isRamp(one) || isCandidate(one)));
        const after = load(withRule(atZero, { policy, added }));
        for (const one of asked) {
          const spent = { ...one, quotas: { ...one.quotas, ...spentInShadow } };
          const unspent = { ...one, quotas: { ...one.quotas, ...unspentInShadow } };
          assert.deepEqual(enforced(after, spent), enforced(before, unspent));
          // What is tried out reads attributes of its own, which a record says the outcomes of.
          const { shadow: _, results: __, ...rest } = evaluate(after, spent);
          const {
            shadow,
            results: ___,
            ...withoutShadow
          } = evaluate(after, spent, { shadow: false });
          assert.equal(shadow, null);
          assert.deepEqual(withoutShadow, rest);
        }
      }),
    );
  });

  // Caught: a suspension that was not looked at.
  it("a ramp that is suspended is a ramp at nobody", () => {
    const suspendedRollouts = new Set(["acme/ramp"]);
    law(
      fc.property(world(), inputs, (given, asked) => {
        const suspended = load(given);
        const atZero = load([...without(given, isRamp), rampOf(0)]);
        for (const one of asked) {
          const {
            effective: _,
            suspended: names,
            ...decision
          } = evaluate(suspended, one, {
            suspendedRollouts,
          });
          const { effective: __, ...expected } = evaluate(atZero, one);
          assert.deepEqual(decision, expected);
          assert.deepEqual(names, decision.buckets && [...suspendedRollouts]);
        }
      }),
    );
  });

  // Caught: a fallback taken without a run of its own, and one not asked whether it is killed.
  it("a model is reached in no way but one its caller could have named", () => {
    law(
      fc.property(world(), inputs, (given, asked) => {
        const snapshot = load(given);
        for (const one of asked) {
          const { used } = evaluate(snapshot, one).model;
          if (used === null || one.point !== "request") continue;
          const direct = evaluate(snapshot, { ...one, model: used });
          assert.equal(direct.outcome, "permit");
          assert.equal(direct.model.used, used);
        }
      }),
    );
  });
});

function assertWellFormed(decision: Decision): void {
  const { outcome, verdict, reason, rules, decidedBy, model, target } = decision;
  assert.equal(outcome === "deny", verdict === "deny");
  assert.equal(outcome === "deny", reason !== null);
  if (outcome === "deny") {
    assert.deepEqual(decision.obligations, {});
    assert.deepEqual(decision.warnings, []);
    assert.equal(model.used, null);
    assert.equal(target, undefined);
    if (rules.length > 0) assert.equal(rules[0], decidedBy);
  } else {
    assert.deepEqual(rules, []);
    assert.notEqual(decidedBy, null);
    assert.equal(target === undefined || target.modelId === model.used, true);
  }
  for (const member of ["winner", "routeOnly", "isFailOpen"]) assert.ok(!(member in decision));
}

/** Lists whose order says something. */
const ordered = new Set(["prefer", "fallback", "stickyBy"]);

function shuffled(given: World, dice: fc.Stream<number>): World {
  const shuffle = <Item>(items: readonly Item[]) =>
    items
      .map((item) => ({ item, at: dice.next().value as number }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item);
  const inside = (value: unknown, field: string): unknown => {
    if (Array.isArray(value)) {
      const items = value.map((item) => inside(item, ""));
      return ordered.has(field) ? items : shuffle(items);
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, inside(of, name)]));
  };
  return shuffle(given).map((one) => ({ ...one, spec: inside(one.spec, "") as Fields }));
}

function isPolicyOfTenant({ namespace, kind }: WorldDocument): boolean {
  return namespace !== "platform" && kind !== "App" && kind !== "ModelCatalog";
}

/** Defaults are what a layer below may unset, and here one does. */
function withoutDefaults(one: WorldDocument): WorldDocument {
  return "defaults" in one.spec ? { ...one, spec: { ...one.spec, defaults: {} } } : one;
}

function isGlobex({ namespace }: WorldDocument): boolean {
  return namespace === "globex";
}

function isException({ kind }: WorldDocument): boolean {
  return kind === "Grant" || kind === "Incident";
}

function isRamp({ kind }: WorldDocument): boolean {
  return kind === "Rollout";
}

function isCandidate({ kind, spec }: WorldDocument): boolean {
  return kind === "Policy" && spec["version"] === "2.0.0";
}

function stopOf(namespace: string, name: string, target: Fields): WorldDocument {
  const spec = { sequence: 2, active: true, target, reason: "Stop." };
  return document(namespace, "KillSwitch", name, spec);
}

const acmeStop = stopOf("platform", "acme-stop", { tenants: ["acme"] });
const globexStop = stopOf("globex", "everything", { models: ["*"] });

/** Leaves acme one model, whatever its rules say. */
function boundToOther(one: WorldDocument): WorldDocument {
  if (one.kind !== "Tenant" || one.name !== "acme") return one;
  return { ...one, spec: { ...one.spec, boundary: { models: ["other/*"] } } };
}

/** Where classification is not complete, nobody can tell. */
const noSensitive: Fields = {
  effect: "deny",
  conditions: [{ name: "sensitive", expression: "data.sensitivity >= 3" }],
};

const spentInShadow = { "platform/q-shadow": "exceeded", "acme/q-shadow": "exceeded" } as const;
const unspentInShadow = { "platform/q-shadow": "ok", "acme/q-shadow": "ok" } as const;
