import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { filesOf, input, world, worldsPerLaw } from "../../../test/support/policy-worlds.ts";
import { evaluate, loadSnapshot } from "../index.ts";

// Seen to fail with a trace that does not look at `exclude`.
it("the trace of a decision agrees with the rules it says it was made by", () => {
  fc.assert(
    fc.property(world(), input, (documents, request) => {
      const { snapshot } = loadSnapshot(filesOf(documents), { engineVersion: "1.0.0" });
      fc.pre(snapshot !== undefined);
      const { evaluated, matched, lifted } = evaluate(snapshot, request, { trace: true });
      if (evaluated === undefined) return;
      const traced = evaluated
        .filter(({ match }) => match === "T" || match === "E")
        .map(({ rule, match }) => `${rule} ${match}`)
        .filter((text) => !lifted.some(({ rule }) => text.startsWith(`${rule} `)));
      assert.deepEqual(
        traced,
        matched.map(({ id, match }) => `${id} ${match}`),
      );
    }),
    { numRuns: worldsPerLaw / 4 },
  );
});
