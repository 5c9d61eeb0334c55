import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { layDown } from "../text/units.ts";
import { entropyBits } from "./entropy.ts";

function entropyOf(text: string): number {
  layDown(text);
  return entropyBits(0, text.length);
}

test("characters that are equally frequent have whole bits", () => {
  assert.equal(entropyOf("abcdefgh".repeat(3)), 3);
  assert.equal(entropyOf("aaaaaaaa"), 0);
  assert.equal(entropyOf(""), 0);
});

test("entropy is that of the shares of the characters", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 80 }), (text) => {
      const characters = text.split("");
      const bits = [...new Set(characters)].reduce((sum, character) => {
        const share = characters.filter((each) => each === character).length / text.length;
        return sum - share * Math.log2(share);
      }, 0);
      assert.ok(Math.abs(entropyOf(text) - bits) < 1e-8);
    }),
  );
});

test("a text longer than any key still has its entropy", () => {
  assert.equal(entropyOf("ab".repeat(2000)), 1);
});
