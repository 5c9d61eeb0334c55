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
        const { reaches } = analysis.table;
        const denies = reaches.filter(({ rule }) => rule.effect === "deny");
        const refused = reaches.filter(
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

  // Caught: a transform with a condition, whose error denies, called redundant beside one without.
  it("taking out a rule called redundant changes nothing for anybody", () => {
    fc.assert(
      fc.property(world(), inputs, (given, asked) => {
        const documents = documentsIn(doubled(given));
        const before = snapshotOf(documents);
        const found = findRedundant(createAnalysis(compileForAnalysis(documents)));
        for (const { file, column } of found) {
          const left = withoutRuleAt(doubled(given), file, column);
          if (left === undefined) continue;
          const after = snapshotOf(documentsIn(left));
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

/** The tenant's rules once more in its app, where each of them adds nothing. */
function doubled(given: World): World {
  const own = given.find(
    ({ namespace, kind, name }) => namespace === "acme" && kind === "Policy" && name === "own",
  );
  const rules = (own?.spec["rules"] as readonly Fields[] | undefined) ?? [];
  return given.map((one) =>
    one.namespace === "acme" && one.kind === "Policy" && one.name === "chat"
      ? { ...one, spec: { ...one.spec, rules: [...rules, ...rulesOf(one.spec)] } }
      : one,
  );
}

function rulesOf(spec: Fields): readonly Fields[] {
  return (spec["rules"] as readonly Fields[] | undefined) ?? [];
}

/** The rule whose id stands there; undefined where it is in another list than `rules`. */
function withoutRuleAt(given: World, path: string, column: number): World | undefined {
  const file = filesOf(given).find((one) => one.path === path);
  const id = /^"([^"]+)"/.exec(file?.text.slice(column - 1) ?? "")?.[1];
  const changed = given.map((one) => {
    if (filesOf([one])[0]?.path !== path) return one;
    return {
      ...one,
      spec: { ...one.spec, rules: rulesOf(one.spec).filter((rule) => rule["id"] !== id) },
    };
  });
  return id === undefined || JSON.stringify(changed) === JSON.stringify(given)
    ? undefined
    : changed;
}

/** What the search chooses freely, the engine computes. */
function hasConditions(given: World): boolean {
  return JSON.stringify(given).includes('"conditions"');
}
