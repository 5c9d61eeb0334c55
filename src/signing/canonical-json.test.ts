import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Bug } from "../base/index.ts";
import { canonicalJson, digestOf, sha256Hex } from "./index.ts";

describe("canonicalJson", () => {
  it("sorts members by UTF-16 code units, as the example of RFC 8785 section 3.2.3 does", () => {
    const names = ["\u20ac", "\r", "\ufb33", "1", "\u{1f600}", "\u0080", "\u00f6"];
    const value = Object.fromEntries(names.map((name) => [name, 0]));
    assert.deepEqual(
      [...canonicalJson(value).matchAll(/"((?:[^"\\]|\\.)+)":/g)].map(([, name]) => name),
      ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"],
    );
  });

  it("writes numbers as ECMAScript does, the edges of RFC 8785 appendix B included", () => {
    const cases: readonly [number, string][] = [
      [-0, "0"],
      [5e-324, "5e-324"],
      [1.7976931348623157e308, "1.7976931348623157e+308"],
      [9007199254740992, "9007199254740992"],
      [1e21, "1e+21"],
      [999999999999999900000, "999999999999999900000"],
      [1e-7, "1e-7"],
      [0.000001, "0.000001"],
      [333333333.3333333, "333333333.3333333"],
    ];
    for (const [value, text] of cases) assert.equal(canonicalJson(value), text);
  });

  it("escapes exactly what the record's test vector escapes", () => {
    const value =
      "\u0008\u0009\u000a\u000c\u000d\u001f\u0022\u005c\u002f\u007f\u00e9\u2028\u{1f600}\ud800";
    assert.equal(
      Buffer.from(canonicalJson(value)).toString("hex"),
      "225c625c745c6e5c665c725c75303031665c225c5c2f7fc3a9e280a8f09f9880efbfbd22",
    );
  });

  it("leaves undefined members out and refuses what JSON cannot say", () => {
    assert.equal(canonicalJson({ b: undefined, a: [null, true, {}] }), '{"a":[null,true,{}]}');
    assert.throws(() => canonicalJson(Number.NaN), Bug);
    assert.throws(() => canonicalJson([undefined]), Bug);
    assert.throws(() => canonicalJson({ a: () => 0 }), Bug);
  });

  it("parses back to the same value and does not depend on the order of members", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        assert.equal(canonicalJson(JSON.parse(text)), text);
        assert.equal(canonicalJson(reversed(value)), text);
      }),
      { numRuns: 200 },
    );
  });
});

describe("digestOf", () => {
  it("is the SHA-256 of the canonical form", () => {
    assert.equal(
      sha256Hex("abc"),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    assert.equal(digestOf({ b: 1, a: 2 }), `sha256:${sha256Hex('{"a":2,"b":1}')}`);
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
