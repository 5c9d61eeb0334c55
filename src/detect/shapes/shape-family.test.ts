import assert from "node:assert/strict";
import test from "node:test";
import { createFamilyDetector } from "../rule-detector.ts";
import { ranks } from "../scan/family.ts";
import { topics } from "../scan/topics.ts";
import { buildLayoutTrie } from "./layout-trie.ts";
import { catalogueEntry, checkPcts, type Shape } from "./shape.ts";
import { createShapeFamily } from "./shape-family.ts";

const shape: Shape = {
  kind: catalogueEntry("pii", {
    type: "BADGE",
    rank: ranks.government,
    example: "",
    check: "",
    context: "bare",
    basePct: 50,
    countries: [],
  }),
  topic: topics.iban,
  masks: ["lldddd", "dddddd"],
  alone: ["6", "2-4", "2 4", "2+4"],
  labelled: ["3.3", "3/3"],
  checkPct: checkPcts.tenth,
  passes: (code) => !code.endsWith("9"),
};

function found(text: string, ...shapes: readonly Shape[]): readonly string[] {
  const detector = createFamilyDetector([createShapeFamily([shape, ...shapes])]);
  return detector.scan(text).map(({ start, end }) => text.slice(start, end));
}

test("an identifier is found in each way it is written, if its check passes", () => {
  for (const text of [
    "AB1234",
    "123456",
    "12-3456",
    "12 3456",
    "12 - 3456",
    "AB+1234",
    "12–3456",
  ]) {
    assert.deepEqual(found(`so ${text}.`), [text], text);
    assert.deepEqual(found(`so ${text.slice(0, -1)}9.`), [], text);
  }
  for (const text of ["1-23456", "12.3456", "12/3456", "1234567", "ABC123", "A12345", "12--3456"]) {
    assert.deepEqual(found(`so ${text}.`), [], text);
  }
});

test("some ways of writing count only beside a word for it", () => {
  assert.deepEqual(found("so 123.456 it is"), []);
  assert.deepEqual(found("iban 123.456 it is"), ["123.456"]);
  assert.deepEqual(found("iban: 123/456"), ["123/456"]);
});

test("base, check and word add up to its confidence", () => {
  const detector = createFamilyDetector([createShapeFamily([shape])]);
  const pct = (text: string) => detector.scan(text)[0]?.confidencePct;
  assert.deepEqual([pct("so 123456"), pct("iban 123456")], [65, 99]);
  assert.deepEqual([pct("iban and 123.456"), pct("order 123456")], [99, undefined]);
});

test("small letters need a word, and letters of both cases are none of it", () => {
  assert.deepEqual(found("so ab1234"), []);
  assert.deepEqual(found("iban ab1234"), ["ab1234"]);
  assert.deepEqual(found("iban Ab1234"), []);
});

test("figures in a row are no identifier, beside other words they are", () => {
  for (const text of ["7 12 3456", "12 3456 7", "7 12 3456 7"]) assert.deepEqual(found(text), []);
  assert.deepEqual(found("iban 12 3456 7"), ["12 3456"]);
  assert.deepEqual(found("of 12 3456 or"), ["12 3456"]);
});

test("what hangs on to something longer is no identifier", () => {
  for (const text of [
    "+123456",
    "x123456",
    "123456x",
    "1-123456",
    "123456-1",
    "123456_1",
    "é123456",
  ]) {
    assert.deepEqual(found(`iban ${text}`), [], text);
  }
  assert.deepEqual(found("(123456) '123456', 123456!"), ["123456", "123456", "123456"]);
});

test("figures may hang on to the word that says what they are", () => {
  assert.deepEqual(found("IBAN-123456, iban_123456, iban/123456"), ["123456", "123456", "123456"]);
  for (const text of ["ref-123456", "x-123456", "iban1-123456", "iban-AB1234"]) {
    assert.deepEqual(found(text), [], text);
  }
});

test("a layout that no mask fits is a mistake in the table", () => {
  assert.throws(() => buildLayoutTrie([{ ...shape, alone: ["7"] }]), /no mask of BADGE fits 7/);
});
