import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes } from "../../../test/support/scan-in-pieces.ts";
import { jointReadings, unitReadings } from "./disguise-characters.ts";
import { DisguiseFinder } from "./disguises.ts";
import { firstOddity } from "./oddities.ts";
import { TextLayer } from "./text-layer.ts";

function read(text: string): string {
  return new TextLayer(new DisguiseFinder(""), 0).read(text, true);
}

const codePoints = Array.from({ length: 0x110000 - 0x80 }, (_, index) => index + 0x80);

test("every decimal digit of Unicode is read as the digit it is", () => {
  const digits = codePoints
    .map((code) => String.fromCodePoint(code))
    .filter((character) => /^\p{Nd}$/u.test(character));
  assert.ok(digits.length > 600);
  // Each script has its digits in a row from zero on, as Unicode guarantees (section 4.6).
  let expected = "";
  let previous = 0;
  for (const digit of digits) {
    const code = digit.codePointAt(0) ?? 0;
    const isNextInRow = code === previous + 1 && expected.length % 10 !== 0;
    expected += isNextInRow ? (expected.length % 10).toString() : "0";
    previous = code;
  }
  assert.equal(digits.map(read).join(""), expected);
});

test("every form that compatibility makes one character of ASCII is read as that", () => {
  const missed = codePoints
    .map((code) => String.fromCodePoint(code))
    .filter((character) => /^[0-9A-Za-z@.-]$/.test(character.normalize("NFKC")))
    .filter((character) => read(character) !== character.normalize("NFKC"));
  // Those of Latin-1 stand in prices, areas and ordinals.
  assert.deepEqual(missed, ["ª", "²", "³", "¹", "º"]);
});

test("what joins digits in other hands joins them, and is left elsewhere", () => {
  assert.equal(read("202·555・0143, 03ー1234, 12⁄05"), "202.555.0143, 03-1234, 12/05");
  for (const text of ["col·lega", "• 4111", "コーヒー", "1 · 2", "4111·"])
    assert.equal(read(text), text);
});

test("each disguise opens a reading of its own", () => {
  for (const unit of unitReadings.keys())
    assert.equal(firstOddity(`so ${unit} on`, "", true), 3, unit);
  for (const unit of jointReadings.keys())
    assert.equal(firstOddity(`so 1${unit}2`, "", true), 4, unit);
});

const unit = fc.constantFrom(
  ..."1·ー٣۵７１a .\u200b\u{1d7d2}\u{1f131}\u{1fbf5}\u{104a3}\u{e0041}\u{1f389}•",
);

test("what is read does not depend on how the text is cut, nor on what was passed over before", () => {
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), pieceSizes, (text, sizes) => {
      const layer = new TextLayer(new DisguiseFinder(""), 0);
      let said = "";
      for (const piece of cutText(text, sizes)) said += layer.read(piece, false);
      assert.equal(said + layer.read("", true), read(text));
      const at = firstOddity(text, "", true);
      const from = at < 0 ? text.length : at;
      const late = new TextLayer(new DisguiseFinder(text.slice(0, from)), from);
      assert.equal(text.slice(0, from) + late.read(text.slice(from), true), read(text));
    }),
    { numRuns: 1500 },
  );
});
