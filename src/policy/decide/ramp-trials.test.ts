import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type DecisionWorld,
  decideIn,
  documentFile,
  type Fields,
} from "../../../test/support/decision-world.ts";
import type { Decision } from "../../domain/index.ts";
import type { EvaluateOptions } from "../index.ts";

const allow = { id: "allow", effect: "allow" };
const deny = { id: "deny", effect: "deny" };
const guards = { maxNewDenyRate: 0.1 };

interface Ramp {
  readonly name: string;
  readonly candidate: readonly Fields[];
  readonly percent: number;
  readonly guards?: Fields;
}

/** A policy of acme with two versions, of which the first has no rules. */
function rampFiles({ name, candidate, ...rest }: Ramp) {
  const attach = { layer: "tenant" };
  const policyOf = (version: string, rules: readonly Fields[]) => {
    const file = documentFile("acme", "Policy", name, { attach, version, rules });
    return { ...file, path: file.path.replace(".json", `-${version}.json`) };
  };
  const { percent, ...more } = rest;
  const versions = { policy: name, stable: "1.0.0", candidate: "2.0.0" };
  const spec = { ...versions, seed: "s", step: { percent }, ...more };
  return [
    policyOf("1.0.0", []),
    policyOf("2.0.0", candidate),
    documentFile("acme", "Rollout", name, spec),
  ];
}

function decide(
  ramps: readonly Ramp[],
  { options, own = [] }: { options?: EvaluateOptions; own?: readonly Fields[] } = {},
): Decision {
  const world: DecisionWorld = {
    own: { rules: [allow, ...own] },
    more: ramps.flatMap((ramp) => rampFiles(ramp)),
  };
  return decideIn(world, {}, options);
}

const verdictsOf = ({ ramps }: Decision, name: string) => {
  const trial = ramps?.[name];
  return [trial?.stable.verdict, trial?.candidate.verdict];
};

const strict: Ramp = { name: "strict", candidate: [deny], percent: 0, guards };
const idle: Ramp = { name: "idle", candidate: [], percent: 0, guards };

describe("a guarded ramp", () => {
  it("tells what both versions decide, whichever is enforced", () => {
    for (const percent of [0, 100]) {
      const decision = decide([{ ...strict, percent }]);
      assert.equal(decision.verdict, percent === 0 ? "allow" : "deny");
      assert.deepEqual(verdictsOf(decision, "acme/strict"), ["allow", "deny"]);
    }
  });

  it("is not charged with what a shadow rule or another ramp denies", () => {
    const shadowed = decide([idle], { own: [{ ...deny, mode: "shadow" }] });
    assert.equal(shadowed.shadow?.verdict, "deny");
    assert.deepEqual(verdictsOf(shadowed, "acme/idle"), ["allow", "allow"]);
    const both = decide([idle, strict]);
    assert.equal(both.shadow?.verdict, "deny");
    assert.deepEqual(verdictsOf(both, "acme/idle"), ["allow", "allow"]);
    assert.deepEqual(verdictsOf(both, "acme/strict"), ["allow", "deny"]);
  });

  it("is compared nowhere where the counterfactual is left out, or has no guards", () => {
    const { guards: _, ...unguarded } = strict;
    assert.equal(decide([unguarded]).ramps, undefined);
    assert.equal(decide([strict], { options: { shadow: false } }).ramps, undefined);
  });

  it("has another document as soon as it says something else", () => {
    const documentOf = (percent: number) =>
      decide([{ ...strict, percent }]).ramps?.["acme/strict"]?.document;
    assert.match(documentOf(0) ?? "", /^sha256:[0-9a-f]{64}$/);
    assert.equal(documentOf(0), documentOf(0));
    assert.notEqual(documentOf(0), documentOf(50));
  });
});

describe("a suspended ramp", () => {
  const suspendedRollouts = new Set(["acme/strict", "acme/elsewhere"]);

  it("enforces stable for all, and the decision says so", () => {
    const decision = decide([{ ...strict, percent: 100 }], { options: { suspendedRollouts } });
    assert.equal(decision.verdict, "allow");
    assert.equal(decision.shadow?.verdict, "deny");
    assert.deepEqual(decision.suspended, ["acme/strict"]);
    assert.deepEqual(Object.keys(decision.buckets ?? {}), ["acme/strict"]);
  });

  it("leaves other ramps as they are", () => {
    const other: Ramp = { ...strict, name: "other", percent: 100 };
    const decision = decide([idle, other], { options: { suspendedRollouts } });
    assert.equal(decision.verdict, "deny");
    assert.equal(decision.suspended, undefined);
  });
});
