import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes } from "../../../test/support/scan-in-pieces.ts";
import { LookAlikeFinder } from "./look-alikes.ts";
import { firstOddity } from "./oddities.ts";
import { TextLayer } from "./text-layer.ts";

function read(text: string): string {
  return new TextLayer(new LookAlikeFinder(""), 0).read(text, true);
}

test("letters that look Latin are read so in words with Latin letters or digits", () => {
  for (const [written, said] of [
    ["pаypаl", "paypal"],
    ["jаne@exаmple.org", "jane@example.org"],
    ["GВ82WEST", "GB82WEST"],
    ["АВ123456С", "AB123456C"],
    ["ΑΚΙΑQ3ERTZ", "AKIAQ3ERTZ"],
    ["ցօօցle", "google"],
    ["ѕk-аnt", "sk-ant"],
  ] as const) {
    assert.equal(read(`so ${written}, then`), `so ${said}, then`);
  }
});

test("words of one script stay, and words with letters that only another has", () => {
  for (const text of [
    "Москва сахар аср ООО",
    "Ελλάδα και νερό",
    "Հայաստան",
    "USB-кабель и 5кг",
    "naïve Zoë",
    "Жаne оneЖ",
  ]) {
    assert.equal(read(text), text);
  }
});

test("text of one script opens no reading of its own", () => {
  for (const text of ["Москва сахар. ", "Ελλάδα και νερό ", "naïve — “so” • \u{1f389} 今日は。 "]) {
    assert.equal(firstOddity(text, "", false), -1, text);
  }
  assert.equal(firstOddity("so pаypal", "", false), 4);
  assert.equal(firstOddity("so ааb", "", false), 3);
  assert.equal(firstOddity("аср", "", true), -1);
  for (const [text, before] of [
    ["аср", ""],
    ["а ", "b"],
  ] as const) {
    assert.equal(firstOddity(text, before, false), 0, text);
  }
});

const unit = fc.constantFrom(..."аеорЖbd1.- \u00e9ΑΒ".split(""));

test("what is read does not depend on how the text is cut, nor on what was passed over before", () => {
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 120 }), pieceSizes, (text, sizes) => {
      const layer = new TextLayer(new LookAlikeFinder(""), 0);
      let said = "";
      for (const piece of cutText(text, sizes)) said += layer.read(piece, false);
      assert.equal(said + layer.read("", true), read(text));
      const at = firstOddity(text, "", true);
      const from = at < 0 ? text.length : at;
      const late = new TextLayer(new LookAlikeFinder(text.slice(0, from).slice(-32)), from);
      assert.equal(text.slice(0, from) + late.read(text.slice(from), true), read(text));
    }),
    { numRuns: 1500 },
  );
});
