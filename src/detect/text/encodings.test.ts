import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes } from "../../../test/support/scan-in-pieces.ts";
import { EncodingFinder } from "./encodings.ts";
import { TextLayer } from "./text-layer.ts";

function read(text: string): string {
  return new TextLayer(new EncodingFinder(false), 0).read(text, true);
}

test("bytes of a URL are read as the characters of UTF-8 they make", () => {
  for (const text of ["jane@example.org", "Zoë & Çağla", "今日は \u{1f389}", '{"a":"b%"}\n']) {
    assert.equal(read(encodeURIComponent(text)), text);
    const small = encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase());
    assert.equal(read(small), text);
  }
  assert.equal(read("%u0040%U0040"), "@%U0040");
});

test("what is no byte, or no character in UTF-8, stays as it is written", () => {
  const sequences = [
    "%C3",
    "%C3%28",
    "%C0%80",
    "%E0%80%80",
    "%ED%A0%80",
    "%F4%90%80%80",
    "%80",
    "%FF",
  ];
  for (const text of ["50% off", "100%", "%d and %s", "%4g%", "%u00", ...sequences, "%E2%82x"]) {
    assert.equal(read(text), text.replace("%28", "("));
  }
  assert.equal(read("a+b"), "a+b");
});

test("references are read by name, and by number with or without a semicolon", () => {
  for (const [written, said] of [
    ["jane&commat;example&period;org", "jane@example.org"],
    ["&lt;a href=&quot;x&quot;&gt;", '<a href="x">'],
    ["Zo&euml;&nbsp;M&uuml;ller", "Zoë\u00a0Müller"],
    ["&#64;&#x40;&#X40;&#0064;&#64x&#x40.", "@@@@@x@."],
    ["&#128274;", "\u{1f512}"],
    ["&amp;#64;", "&#64;"],
  ] as const) {
    assert.equal(read(written), said);
  }
});

test("ampersands of prose and of addresses stay", () => {
  for (const text of ["R&D", "AT&T; &c.", "?a=1&b=2&copy=3", "&", "&;", "&#;", "&#x;", "&#xyz"]) {
    assert.equal(read(text), text);
  }
  for (const text of ["&#0;", "&#55296;", "&#1114112;", "&#99999999999;", "&unknown;"]) {
    assert.equal(read(text), text);
  }
});

test("the innermost layer takes any number of layers for one, and a lone one for itself", () => {
  const readInnermost = (text: string) =>
    new TextLayer(new EncodingFinder(true), 0).read(text, true);
  assert.equal(readInnermost(`jane%${"25".repeat(9)}40example.org`), "jane@example.org");
  assert.equal(readInnermost(`jane&${"amp;".repeat(9)}#64;example.org`), "jane@example.org");
  for (const [text, said] of [
    ["50%25 off", "50% off"],
    ["%25", "%"],
    ["%252", "%2"],
    ["R&amp;D", "R&D"],
    ["&amp;am", "&am"],
  ] as const) {
    assert.equal(readInnermost(text), said);
  }
});

test("what encodeURIComponent writes is read back, however it is cut", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), pieceSizes, (text, sizes) => {
      fc.pre(!text.includes("\\") && text.isWellFormed());
      const layer = new TextLayer(new EncodingFinder(sizes.length % 2 === 0), 0);
      let said = "";
      for (const piece of cutText(encodeURIComponent(text), sizes))
        said += layer.read(piece, false);
      assert.equal(said + layer.read("", true), text);
    }),
    { numRuns: 500 },
  );
});
