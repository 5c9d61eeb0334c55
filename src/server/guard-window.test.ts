import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GuardWindow } from "./guard-window.ts";

test("a window counts the last decisions, at least its size of them and never twice as many", () => {
  const decisions = fc.array(fc.record({ isNewDeny: fc.boolean(), isError: fc.boolean() }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), decisions, (size, all) => {
      const window = new GuardWindow(size);
      for (const one of all) window.add(one);
      const { samples, newDenies, errors } = window.counts;
      assert.ok(samples >= Math.min(size, all.length) && samples < 2 * size);
      const last = all.slice(all.length - samples);
      assert.equal(newDenies, last.filter(({ isNewDeny }) => isNewDeny).length);
      assert.equal(errors, last.filter(({ isError }) => isError).length);
    }),
  );
});
