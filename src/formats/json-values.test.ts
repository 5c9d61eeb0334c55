import assert from "node:assert/strict";
import { test } from "node:test";
import { splitJsonValues } from "./json-values.ts";

const split = (text: string) => {
  const bytes = Buffer.from(text);
  return splitJsonValues(bytes, 0, bytes.length)?.map(({ start, end }) =>
    bytes.toString("utf8", start, end),
  );
};

test("values that follow one another are told apart, whatever their strings hold", () => {
  assert.deepEqual(split('{"a":1}{"b":"}{\\"]"}'), ['{"a":1}', '{"b":"}{\\"]"}']);
  assert.deepEqual(split(' [1,[2]]\n\t{"é":[{}]} '), ["[1,[2]]", '{"é":[{}]}']);
  assert.deepEqual(split("{}"), ["{}"]);
  assert.deepEqual(split("  "), []);
});

test("anything between or behind them makes it something else", () => {
  for (const text of [
    "{} x",
    "x {}",
    "{}, {}",
    "{",
    '{"a',
    '{"a\\',
    "}",
    "[}]]",
    "1 2",
    '"a" "b"',
  ]) {
    assert.equal(split(text), undefined, text);
  }
});
