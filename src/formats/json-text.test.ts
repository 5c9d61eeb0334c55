import assert from "node:assert/strict";
import { test } from "node:test";
import { fitToJson, JsonText } from "./json-text.ts";

/** The text with one value masked in it. */
function masked(text: string, value: string, replacement = "[X]"): string {
  const start = text.indexOf(value);
  const edits = fitToJson(text, [{ start, end: start + value.length, replacement }]);
  return edits.reduceRight(
    (result, edit) => result.slice(0, edit.start) + edit.replacement + result.slice(edit.end),
    text,
  );
}

test("a bare number becomes a string, a number in a string stays in it", () => {
  assert.equal(masked('{"a":123456}', "123456"), '{"a":"[X]"}');
  assert.equal(masked('{"a":"n 123456"}', "123456"), '{"a":"n [X]"}');
  assert.equal(masked('{"a": -123456.5 }', "123456"), '{"a": "-[X].5" }');
  assert.equal(masked("[123456]", "123456", ""), '[""]');
});

test("a number in JSON within strings gets the quotes of its layer", () => {
  assert.equal(masked('{"a":"{\\"b\\":123456}"}', "123456"), '{"a":"{\\"b\\":\\"[X]\\"}"}');
  const twice = JSON.stringify({ a: JSON.stringify({ b: JSON.stringify([123_456]) }) });
  assert.equal(JSON.parse(JSON.parse(JSON.parse(masked(twice, "123456")).a).b)[0], "[X]");
});

test("what is no JSON to its end is edited as text", () => {
  assert.equal(masked("[123456 is my number", "123456"), "[[X] is my number");
  assert.equal(masked("{note: 123456}", "123456"), "{note: [X]}");
  assert.equal(masked('{"a":"[123456"}', "123456"), '{"a":"[[X]"}');
  assert.equal(masked("123456", "123456"), "[X]");
});

test("JSON that was cut off is still edited as JSON", () => {
  assert.equal(masked('{"a":123456', "123456"), '{"a":"[X]"');
  assert.equal(masked('{"a":[123456,"b', "123456"), '{"a":["[X]","b');
});

test("a replacement cannot end the string it stands in", () => {
  assert.equal(masked('{"a":"123456"}', "123456", '"\\\n'), `{"a":"'/ "}`);
});

test("a number that goes on in later pieces is replaced where it begins", () => {
  const json = new JsonText();
  const pieces = ['{"a":12', "34", "56,", '"b":1}'];
  const offsets = pieces.map((piece) => json.push(piece));
  const edits = [
    [{ start: 5, end: 7, replacement: "[X]" }],
    [{ start: 0, end: 2, replacement: "" }],
    [{ start: 0, end: 2, replacement: "" }],
    [],
  ];
  const fitted = pieces.map((piece, index) =>
    json.fit(offsets[index] ?? 0, piece, edits[index] ?? []),
  );
  assert.deepEqual(fitted, [
    [{ start: 5, end: 7, replacement: '"[X]"' }],
    [{ start: 0, end: 2, replacement: "" }],
    [{ start: 0, end: 2, replacement: "" }],
    [],
  ]);
});

test("a number whose sign has left stays a number", () => {
  const json = new JsonText();
  assert.deepEqual(json.fit(json.push("[-"), "[-", []), []);
  const offset = json.push("123456]");
  assert.deepEqual(json.fit(offset, "123456]", [{ start: 0, end: 6, replacement: "[X]" }]), [
    { start: 0, end: 6, replacement: "1" },
  ]);
});

test("what follows a value in its number goes with it, as its string is closed already", () => {
  const json = new JsonText();
  const first = json.push("[1234");
  const second = json.push("56.5e");
  const third = json.push("1,2]");
  assert.deepEqual(json.fit(first, "[1234", [{ start: 1, end: 5, replacement: "[X]" }]), [
    { start: 1, end: 5, replacement: '"[X]"' },
  ]);
  assert.deepEqual(json.fit(second, "56.5e", [{ start: 0, end: 2, replacement: "" }]), [
    { start: 0, end: 5, replacement: "" },
  ]);
  assert.deepEqual(json.fit(third, "1,2]", []), [{ start: 0, end: 1, replacement: "" }]);
});
