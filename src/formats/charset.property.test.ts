import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeCharset } from "./charset.ts";

type Write = (text: string) => Buffer;

const schemes: readonly (readonly [string, Write])[] = [
  ["utf-8", (text) => Buffer.from(text)],
  ["utf-16le", (text) => Buffer.from(text, "utf16le")],
  ["utf-16be", (text) => Buffer.from(text, "utf16le").swap16()],
  ["utf-32le", (text) => utf32(text).swap32()],
  ["utf-32be", (text) => utf32(text)],
];

function utf32(text: string): Buffer {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  points.forEach((point, index) => {
    bytes.writeUInt32BE(point, index * 4);
  });
  return bytes;
}

for (const [scheme, write] of schemes) {
  test(`any JSON object in ${scheme} is the same text in UTF-8`, () => {
    const object = fc.dictionary(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }));
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        assert.equal(decodeCharset(write(text), undefined).toString("utf8"), text);
        assert.equal(decodeCharset(write(text), scheme).toString("utf8"), text);
      }),
    );
  });
}
