import assert from "node:assert/strict";
import { test } from "node:test";
import { isPlainJson, parseMediaType } from "./media-type.ts";

test("a content type is read without regard to case, quotes and order", () => {
  assert.deepEqual(parseMediaType('Application/JSON; version="1"; Charset="UTF-16"'), {
    name: "application/json",
    charset: "utf-16",
  });
  assert.deepEqual(parseMediaType(undefined), { name: "", charset: undefined });
  assert.deepEqual(parseMediaType("text/plain;charset = utf-8 "), {
    name: "text/plain",
    charset: "utf-8",
  });
});

test("only JSON in UTF-8 is plain JSON", () => {
  const plain = ["application/json", "application/json; charset=utf-8", "application/x.y+json"];
  for (const value of plain) assert.ok(isPlainJson(parseMediaType(value)), value);
  const others = [
    undefined,
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json; charset=utf-16",
    "application/json; charset=iso-8859-1",
    "text/plain,application/x+json",
  ];
  for (const value of others) assert.ok(!isPlainJson(parseMediaType(value)), value);
});
