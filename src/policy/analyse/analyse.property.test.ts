import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type Fields,
  filesOf,
  input,
  plainDeny,
  type World,
  withRule,
  world,
  worldsPerLaw,
} from "../../../test/support/policy-worlds.ts";
import type { Decision } from "../../domain/index.ts";
import { isTransition } from "../decide/transitions.ts";
import {
  comparePolicies,
  compile,
  evaluate,
  type PolicyDocument,
  parsePolicies,
  type Snapshot,
} from "../index.ts";
import { compileForAnalysis } from "./analysed-policies.ts";
import { createAnalysis } from "./analysis.ts";
import { findRedundant } from "./redundant.ts";
import { refusesAll } from "./unreachable.ts";

/* Findings held against what the engine decides, on random worlds. */

const numRuns = worldsPerLaw / 4;
/** Each of these decides thousands of requests. */
const comparisons = worldsPerLaw / 100;
const inputs = fc.array(input, { minLength: 4, maxLength: 16 });

function documentsIn(given: World): readonly PolicyDocument[] {
  return parsePolicies(filesOf(given)).documents;
}

function snapshotOf(documents: readonly PolicyDocument[]): Snapshot {
  const { snapshot } = compile(documents, { engineVersion: "1.0.0" });
  assert.ok(snapshot);
  return snapshot;
}

describe("in any world", () => {
  // Caught: containment of findings that left the least confidence out.
  it("whatever a rule called unreachable holds for is denied", () => {
    fc.assert(
      fc.property(world(), plainDeny, inputs, (given, added, asked) => {
        const documents = documentsIn(withRule(given, { policy: "platform/global", added }));
        const snapshot = snapshotOf(documents);
        const analysis = createAnalysis(compileForAnalysis(documents));
        const { reaches, exceptions } = analysis.table;
        const denies = reaches.filter(({ rule }) => rule.effect === "deny");
        const refused = [...reaches, ...exceptions].filter(
          (reach) =>
            reach.rule.effect !== "deny" &&
            reach.rule.ramp === undefined &&
            denies.some((deny) => refusesAll(deny, reach, analysis)),
        );
        const names = new Set(refused.map(({ rule }) => rule.name));
        for (const one of asked) {
          const { outcome, matched } = evaluate(snapshot, one);
          if (outcome === "deny") continue;
          assert.deepEqual(
            matched.filter(({ id }) => names.has(id)),
            [],
          );
        }
      }),
      { numRuns },
    );
  });

  // Caught: rules in shadow held against denies that a rule in shadow replaces.
  it("whatever a rule in shadow called unreachable would hold for would be denied", () => {
    fc.assert(
      fc.property(world(), plainDeny, inputs, (given, added, asked) => {
        const tried = withRule(given, { policy: "platform/global", added });
        const { table, ...analysis } = createAnalysis(compileForAnalysis(documentsIn(tried)));
        const inShadow = table.trials.filter(({ rule }) => rule.isShadow);
        const denies = table.trials.filter(({ rule }) => !rule.isShadow && rule.effect === "deny");
        const refused = inShadow.filter(
          (reach) =>
            reach.rule.effect !== "deny" &&
            reach.rule.ramp === undefined &&
            denies.some((deny) => refusesAll(deny, reach, { table, ...analysis })),
        );
        const names = new Set(refused.map(({ rule }) => rule.name));
        const enforced = snapshotOf(documentsIn(allEnforced(tried)));
        for (const one of asked) {
          const { outcome, matched } = evaluate(enforced, one);
          if (outcome === "permit") assert.ok(!matched.some(({ id }) => names.has(id)));
        }
      }),
      { numRuns },
    );
  });

  it("taking out a rule in shadow called redundant would change nothing once all are enforced", () => {
    fc.assert(
      fc.property(world(), inputs, (given, asked) => {
        const tried = doubled(given, { mode: "shadow" });
        const found = findRedundant(createAnalysis(compileForAnalysis(documentsIn(tried))));
        const before = snapshotOf(documentsIn(allEnforced(tried)));
        for (const { file, column, message } of found) {
          if (!message.startsWith("enforced")) continue;
          const left = allEnforced(withoutRuleAt(tried, file, column));
          const after = snapshotOf(documentsIn(left));
          for (const one of asked) assertSame(evaluate(before, one), evaluate(after, one));
        }
      }),
      { numRuns: numRuns / 2 },
    );
  });

  // Caught: a transform with a condition, whose error denies, called redundant beside one without; and
  // a rule beside one that a Grant lifts.
  it("taking out a rule called redundant changes nothing for anybody", () => {
    fc.assert(
      fc.property(world(), fc.boolean(), inputs, (drawn, asksMore, asked) => {
        const given = doubled(drawn, asksMore ? { conditions: [isOfFraud] } : {});
        const documents = documentsIn(given);
        const before = snapshotOf(documents);
        const found = findRedundant(createAnalysis(compileForAnalysis(documents)));
        for (const { file, column } of found) {
          const after = snapshotOf(documentsIn(withoutRuleAt(given, file, column)));
          for (const one of asked) assertSame(evaluate(before, one), evaluate(after, one));
        }
      }),
      { numRuns },
    );
  });

  it("policies do not differ from themselves", () => {
    fc.assert(
      fc.property(world(), (given) => {
        const documents = documentsIn(given);
        assert.deepEqual(comparePolicies(documents, documents).transitions, []);
      }),
      { numRuns: comparisons },
    );
  });

  it("adding a deny is never called wider, and every example is decided so", () => {
    fc.assert(
      fc.property(world(), plainDeny, (given, added) => {
        const before = documentsIn(given);
        const after = documentsIn(withRule(given, { policy: "acme/own", added }));
        const [old, next] = [snapshotOf(before), snapshotOf(after)];
        for (const transition of comparePolicies(before, after).transitions) {
          assert.equal(transition.isWider, false);
          if (Object.keys(transition.conditions).length > 0) continue;
          const { input: one } = transition;
          assert.ok(isTransition(evaluate(old, one), evaluate(next, one)) || hasConditions(given));
        }
      }),
      { numRuns: comparisons },
    );
  });
});

/** Of several denies the reason is the primary one's, which may be the one taken out. */
function assertSame(was: Decision, is: Decision): void {
  assert.equal(is.outcome, was.outcome);
  if (is.outcome === "permit") assert.equal(isTransition(was, is), false);
}

/**
 * The tenant's rules once more in its app, and the platform's first once more beside it: each of them
 * adds nothing, unless it says more than that or a Grant lifts the first.
 */
function doubled(given: World, also: Fields = {}): World {
  const copies = [
    ...rulesIn(given, "acme/own").map((rule) => ({ policy: "acme/chat", added: rule })),
    ...rulesIn(given, "platform/global")
      .slice(0, 1)
      .map((rule) => ({ policy: "platform/global", added: { ...rule, id: "twin" } })),
  ];
  return copies.reduce<World>(
    (left, { policy, added }) => withRule(left, { policy, added: { ...added, ...also } }),
    given,
  );
}

function rulesIn(given: World, policy: string): readonly Fields[] {
  const found = given.find(
    ({ namespace, kind, name }) => kind === "Policy" && `${namespace}/${name}` === policy,
  );
  return (found?.spec["rules"] as readonly Fields[] | undefined) ?? [];
}

/** Cannot be told of a caller without that claim. */
const isOfFraud: Fields = { name: "fraud", expression: "principal.claims.department == 'fraud'" };

/** As it would be were nothing in shadow. */
function allEnforced(given: World): World {
  return given.map((one) =>
    one.kind === "Quota" ? one : { ...one, spec: withoutShadow(one.spec) as Fields },
  );
}

function withoutShadow(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutShadow);
  const fields = Object.entries(value).filter(([field, of]) => field !== "mode" || of !== "shadow");
  return Object.fromEntries(fields.map(([field, of]) => [field, withoutShadow(of)]));
}

/**
 * The world without the rule whose id stands there. Exceptions and policies that name it, to lift or
 * to unset it, name it no longer, and an exception that then says nothing goes with it.
 */
function withoutRuleAt(given: World, path: string, column: number): World {
  const [at] = given.filter((one) => filesOf([one])[0]?.path === path);
  assert.ok(at);
  const id = /^"([^"]+)"/.exec(filesOf([at])[0]?.text.slice(column - 1) ?? "")?.[1];
  const name = `${at.namespace}/${at.name}/${id}`;
  const isNamed = (item: unknown) => item === name;
  const isRule = (item: unknown) => (item as Fields)["id"] === id;
  const left = given.map((one) => ({
    ...one,
    spec: withoutItems(one.spec, one === at ? isRule : isNamed) as Fields,
  }));
  assert.notDeepEqual(left, given);
  return left.filter(
    ({ kind, spec }) => (kind !== "Grant" && kind !== "Incident") || saysSomething(spec),
  );
}

/** Lists at any depth without such items; a list that had no other is left out. */
function withoutItems(value: unknown, isOut: (item: unknown) => boolean): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (!Array.isArray(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([field, of]) => [field, withoutItems(of, isOut)]),
    );
  }
  const left = value.filter((item) => !isOut(item)).map((item) => withoutItems(item, isOut));
  return left.length === 0 && value.length > 0 ? undefined : left;
}

function saysSomething({ lifts, permits, restrict }: Fields): boolean {
  return [lifts, permits, restrict].some((list) => list !== undefined);
}

/** What the search chooses freely, the engine computes. */
function hasConditions(given: World): boolean {
  return JSON.stringify(given).includes('"conditions"');
}
