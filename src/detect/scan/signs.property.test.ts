import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { layDown } from "../text/units.ts";
import { nextSign } from "./signs.ts";

const sign = /[-0-9@_]|A[KSBC][IC]A|(?<=ey)J/g;

const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "AKIA",
        "ACCA",
        "ASI",
        "AAKIA",
        "eyJ",
        "eJ",
        "yJ",
        "J",
        "A",
        "-",
        "7",
        "@",
        "_",
      ),
      fc.constantFrom("and so on ", "é", "\u4e2d", "\n", "Amen ", "Jan "),
      fc.integer({ min: 1, max: 80 }).map((count) => " ".repeat(count)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

test("the next sign is where a pattern for all of them ends, from any place on", () => {
  fc.assert(
    fc.property(texts, fc.nat(100), (text, from) => {
      layDown(text);
      sign.lastIndex = from;
      const expected = from <= text.length && sign.test(text) ? sign.lastIndex - 1 : text.length;
      assert.equal(nextSign(from), expected);
    }),
    { numRuns: 2000 },
  );
});
