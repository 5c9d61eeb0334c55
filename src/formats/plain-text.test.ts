import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../base/index.ts";
import { decodePlainText } from "./plain-text.ts";

test("a text body is one span of the answer", () => {
  const decoded = decodePlainText(Buffer.from('é "😀"\n'), defaultLimits);
  assert.deepEqual(decoded.spans, [{ place: "response", text: 'é "😀"\n' }]);
});

test("edits of plain text keep the other bytes and escape nothing", () => {
  const decoded = decodePlainText(Buffer.from('é "😀"\n'), defaultLimits);
  const edited = decoded.applyEdits([{ span: 0, start: 3, end: 5, replacement: '"\n' }]);
  assert.equal(edited.toString(), 'é ""\n"\n');
});

test("a byte order mark counts as a character and stays", () => {
  const decoded = decodePlainText(Buffer.from("\uFEFFab"), defaultLimits);
  const edited = decoded.applyEdits([{ span: 0, start: 1, end: 2, replacement: "x" }]);
  assert.equal(edited.toString(), "\uFEFFxb");
});

test("an empty body has no text and stays the same buffer", () => {
  const body = Buffer.alloc(0);
  const decoded = decodePlainText(body, defaultLimits);
  assert.deepEqual(decoded.spans, []);
  assert.equal(decoded.applyEdits([]), body);
});

test("bytes that are not UTF-8 are refused", () => {
  assert.throws(() => decodePlainText(Buffer.from([0x61, 0xff]), defaultLimits), {
    code: "text_invalid",
  });
});
