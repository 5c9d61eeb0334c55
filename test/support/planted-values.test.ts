import assert from "node:assert/strict";
import { test } from "node:test";
import { createRuleDetector } from "../../src/detect/index.ts";
import { plantedValues } from "./planted-values.ts";

test("every planted value is one that the detectors find, whole and by its type", () => {
  const detector = createRuleDetector();
  for (let seed = 0; seed < 200; seed += 1) {
    for (const { type, value, lead } of plantedValues(seed)) {
      const found = detector.scan(`so ${lead}${value} it is`).map((finding) => ({
        type: finding.type,
        start: finding.start,
        end: finding.end,
      }));
      const start = 3 + lead.length;
      assert.deepEqual(found, [{ type, start, end: start + value.length }], value);
    }
  }
});
