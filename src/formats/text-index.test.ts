import assert from "node:assert/strict";
import { test } from "node:test";
import { Bug, defaultLimits } from "../base/index.ts";
import type { Edit } from "../domain/index.ts";
import { decodeJsonAnswer } from "./json-answer.ts";

const edit = (json: string, edits: readonly Omit<Edit, "span">[]) =>
  decodeJsonAnswer(Buffer.from(json), defaultLimits)
    .applyEdits(edits.map((one) => ({ span: 0, ...one })))
    .toString();

test("escapes around an edit stay as they were written", () => {
  assert.equal(
    edit('"\\u0041\\/jane\\u0040x.org\\n"', [{ start: 2, end: 12, replacement: "[EMAIL]" }]),
    '"\\u0041\\/[EMAIL]\\n"',
  );
});

test("a replacement is escaped for JSON", () => {
  assert.equal(edit('"abc"', [{ start: 1, end: 2, replacement: 'é"\\\n' }]), '"aé\\"\\\\\\nc"');
});

test("an edit that cuts a raw character in two takes all of it", () => {
  assert.equal(edit('"a😀b"', [{ start: 0, end: 2, replacement: "x" }]), '"xb"');
  assert.equal(edit('"a😀b"', [{ start: 2, end: 4, replacement: "x" }]), '"ax"');
});

test("two edits that meet inside a raw character do not overlap in the bytes", () => {
  const edits = [
    { start: 0, end: 2, replacement: "x" },
    { start: 2, end: 4, replacement: "y" },
  ];
  assert.equal(edit('"a😀b"', edits), '"xy"');
});

test("halves of an escaped pair can be edited apart", () => {
  assert.equal(edit('"\\ud83d\\ude00"', [{ start: 0, end: 1, replacement: "x" }]), '"x\\ude00"');
});

test("edits that change nothing return the very same buffer", () => {
  const body = Buffer.from('["abc"]');
  const decoded = decodeJsonAnswer(body, defaultLimits);
  assert.equal(decoded.applyEdits([{ span: 0, start: 1, end: 2, replacement: "b" }]), body);
  assert.equal(decoded.applyEdits([{ span: 0, start: 3, end: 3, replacement: "" }]), body);
});

test("an edit of no text, outside its text, or over another is a bug of ours", () => {
  const decoded = decodeJsonAnswer(Buffer.from('["abc"]'), defaultLimits);
  const wrong: Edit[][] = [
    [{ span: 1, start: 0, end: 1, replacement: "" }],
    [{ span: 0, start: 2, end: 1, replacement: "x" }],
    [{ span: 0, start: 0, end: 4, replacement: "x" }],
    [
      { span: 0, start: 0, end: 2, replacement: "x" },
      { span: 0, start: 1, end: 3, replacement: "y" },
    ],
  ];
  for (const edits of wrong) assert.throws(() => decoded.applyEdits(edits), Bug);
});
