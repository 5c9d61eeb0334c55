import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stringEnd } from "./json-tokens.ts";

const long = fc.nat(700).map((length) => "plain text ".repeat(70).slice(0, length));
const special = fc.constantFrom("\\n", "\\u00e9", "é", "漢", "\u{1F600}", "\\\\", '\\"', "");

test("a long string ends where the naive search says, wherever it lies in memory", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(long, special), { maxLength: 5 }), fc.nat(7), (parts, offset) => {
      const content = parts.flat().join("");
      const bytes = Buffer.from(`${" ".repeat(offset)}${content}" and "more`);
      const end = stringEnd(bytes.subarray(offset), 0, bytes.length - offset) >> 2;
      assert.equal(end, Buffer.byteLength(content));
    }),
    { numRuns: 500 },
  );
});

test("a control byte, a cut sequence or a missing end is found behind a long plain run", () => {
  for (let length = 0; length < 300; length += 1) {
    for (const tail of [Buffer.from([0x0a, 0x22]), Buffer.from([0xc3, 0x22]), Buffer.alloc(0)]) {
      const bytes = Buffer.concat([Buffer.alloc(length, 0x61), tail]);
      assert.throws(() => stringEnd(bytes, 0, bytes.length), { name: "Fault" });
    }
  }
});
