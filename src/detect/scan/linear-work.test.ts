import assert from "node:assert/strict";
import test from "node:test";
import { createFamilyDetector } from "../rule-detector.ts";
import type { Family, LabelledFamily } from "./family.ts";
import { type Topic, topics } from "./topics.ts";

const smallUnits = 4096;
const largeUnits = 65_536;
/** Sixteen times as long may cost this many times as much. */
const ratioMax = 18;
/** Windows overlap by half, so that each unit of a long run is judged twice. */
const readings = 2;

/** Texts that are hard on one part of the engine each, without end. */
const hostile: readonly (readonly [name: string, unit: string])[] = [
  ["digits", "1"],
  ["figures", "4111 "],
  ["letters", "a"],
  ["words", "so "],
  ["capitals", "AB "],
  ["humps", "aB"],
  ["phrases", "social "],
  ["quotes", '"'],
  ["keys", '"ssn":'],
  ["variables", "SSN="],
  ["labels", "ssn: "],
  ["labels with numbers", "cvv 123 "],
  ["delimiters", ","],
  ["cells", "ssn,"],
  ["rows", "ssn,phone\n219091234,2025550143\n"],
  ["lines", "\n"],
  ["label lines", "ssn\n"],
  ["braces", "{"],
  ["brackets", '["'],
  ["keys in depth", '{"ssn":['],
  ["tags", "<ssn>"],
  ["statements", "INSERT INTO t (ssn) VALUES ('1'),"],
  ["parens", "("],
  ["flags", " --ssn"],
  ["sentences", "my name is "],
  ["addresses", "a@b."],
  ["backslashes", "\\"],
  ["escapes", '\\"ssn\\":'],
  ["unseen characters", "1\u200b"],
  ["numbers behind ideographs", "身份证1"],
  ["key openings", "-----BEGIN "],
  ["token openings", "eyJ."],
];

/** Units that are handed to families, and how often, while a text is scanned. */
function workOf(text: string): number {
  let work = 0;
  const family: Family = {
    needs: 0,
    unitsMin: 1,
    digitsMin: 0,
    find({ from, to, context }) {
      context.pct(topics.usSsn, from, to);
      work += 1 + to - from;
    },
  };
  const labelled: LabelledFamily = {
    kinds: [],
    topics: Object.values(topics) as readonly Topic[],
    find({ from, to }) {
      work += 1 + to - from;
    },
  };
  createFamilyDetector([family], [labelled]).scan(text);
  return work;
}

for (const [name, unit] of hostile) {
  test(`${name} without end make work in proportion to their length`, () => {
    const small = workOf(unit.repeat(Math.ceil(smallUnits / unit.length)));
    const large = workOf(unit.repeat(Math.ceil(largeUnits / unit.length)));
    const worth = Math.max(small, readings * smallUnits);
    assert.ok(large <= ratioMax * worth, `${small} and ${large}`);
  });
}

test("escapes and disguises make only the text shortly behind them be read more than once", () => {
  const line = "call 2025550143 so it is, and 4111 1111 1111 1111\n";
  const plain = line.repeat(largeUnits / line.length);
  const signs = `\\u0041 ${line}\u200b ${line}&#64; ${line}\uff11 ${line}`;
  assert.ok(workOf(signs + plain) <= workOf(plain) + 16 * smallUnits);
  const few = `${signs}${line.repeat(smallUnits / line.length)}`;
  assert.ok(workOf(few.repeat(16)) <= ratioMax * workOf(few));
});
