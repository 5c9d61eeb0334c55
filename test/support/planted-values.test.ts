import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue, createRuleDetector } from "../../src/detect/index.ts";
import { plantedValues, sentenceWith, valuesOfEveryType } from "./planted-values.ts";

test("every planted value is one that the detectors find, whole and by its type", () => {
  const detector = createRuleDetector();
  for (let seed = 0; seed < 200; seed += 1) {
    for (const planted of valuesOfEveryType(seed)) {
      const { lead, type, value } = planted;
      const found = detector.scan(sentenceWith(planted)).map((finding) => ({
        type: finding.type,
        start: finding.start,
        end: finding.end,
      }));
      const start = 3 + lead.length;
      assert.deepEqual(found, [{ type, start, end: start + value.length }], value);
    }
  }
});

test("there is a value of every type that rules report, and all have their turn in tests of leaks", () => {
  const types = new Set(valuesOfEveryType(0).map(({ type }) => type));
  // What is encoded too deeply to be read is no value of a type.
  const reported = catalogue.map(({ type }) => type).filter((type) => type !== "UNDECODED");
  assert.deepEqual(
    [...new Set(reported)].filter((type) => !types.has(type)),
    [],
  );
  const planted = new Set<string>();
  for (let seed = 0; seed < 30; seed += 1) {
    for (const { type } of plantedValues(seed)) planted.add(type);
  }
  const short = ["AGE_OVER_89", "ICD10", "CVV", "CARD_EXPIRY"];
  assert.deepEqual([...types].filter((type) => !planted.has(type)).sort(), short.sort());
});
