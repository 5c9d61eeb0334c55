import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { windowsOf } from "./windows.ts";

const sizes = fc.record({ tokens: fc.nat(5000), size: fc.integer({ min: 1, max: 600 }) });

test("each token counts in one window that reads it, and in the order of the text", () => {
  fc.assert(
    fc.property(sizes, ({ size, tokens }) => {
      let counted = 0;
      for (const { countsFrom, countsTo, end, start } of windowsOf(tokens, size)) {
        assert.equal(countsFrom, counted);
        assert.ok(start <= countsFrom && countsFrom < countsTo && countsTo <= end);
        assert.ok(end - start <= size && end <= tokens);
        counted = countsTo;
      }
      assert.equal(counted, tokens);
    }),
  );
});

test("what counts has tokens on both sides, an eighth of a window, unless the text ends there", () => {
  fc.assert(
    fc.property(sizes, ({ size, tokens }) => {
      const around = Math.floor(Math.floor(size / 4) / 2);
      for (const { countsFrom, countsTo, end, start } of windowsOf(tokens, size)) {
        if (start > 0) assert.ok(countsFrom - start >= around);
        if (end < tokens) assert.ok(end - countsTo >= around);
      }
    }),
  );
});
