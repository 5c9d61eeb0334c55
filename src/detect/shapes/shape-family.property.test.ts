import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes, scanInPieces } from "../../../test/support/scan-in-pieces.ts";
import { createRuleDetector } from "../index.ts";

const detector = createRuleDetector();

/** Groups of identifiers that are written with spaces, whole ones, words for them, and what joins. */
const groups = [
  ...["AB", "12", "34", "56", "C", "2A", "1", "2", "55", "08", "14", "168", "025", "38", "046"],
  ...["454", "286", "RSSMRA", "85T10", "A562S", "1EG4", "TE5", "MK73", "ABCPE", "1234", "F"],
  ...["12345678", "Z", "X", "1234567", "L", "110105", "19491231", "002X", "2345", "6789", "0124"],
];
const wholes = [
  "AB 12 34 56 C",
  "2 55 08 14 168 025 38",
  "046 454 286",
  "2345 6789 0124",
  "12-3456789",
];
const words = ["ssn", "nhs:", "sin", "nino=", "ein", "iban", "MRN-", "account_", "\n", "so", "é"];
const joints = [" ", " ", " ", "-", ".", "/", "+", "  ", " - ", "", "\u00a0", "(", ") ", '"'];

const text = fc
  .array(
    fc.tuple(
      fc.oneof(fc.constantFrom(...groups), fc.constantFrom(...wholes), fc.constantFrom(...words)),
      fc.constantFrom(...joints),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.flat().join(""));

test("groups in any order give the same findings however they are cut", () => {
  fc.assert(
    fc.property(text, pieceSizes, (whole, sizes) => {
      const inPieces = scanInPieces(detector, cutText(whole, sizes), Number.POSITIVE_INFINITY);
      assert.deepEqual(inPieces, detector.scan(whole));
    }),
    { numRuns: 1500 },
  );
});

test("what comes unit by unit gives the same findings", () => {
  fc.assert(
    fc.property(text, (whole) => {
      const inPieces = scanInPieces(detector, [...whole], Number.POSITIVE_INFINITY);
      assert.deepEqual(inPieces, detector.scan(whole));
    }),
    { numRuns: 500 },
  );
});

test("an identifier with spaces is found between any words", () => {
  const found = (given: string) =>
    detector.scan(given).map(({ start, end }) => given.slice(start, end));
  fc.assert(
    fc.property(
      fc.constantFrom("AB 12 34 56 C", "2 55 08 14 168 025 38", "2345 6789 0124"),
      fc.constantFrom("so ", "IN ", "THE ", "(", '"', "\n", "X\t", "a, ", "é "),
      fc.constantFrom(" so", ".", ")", '"', "\n", ", B", ""),
      (value, before, after) => {
        assert.deepEqual(found(before + value + after), [value]);
      },
    ),
  );
});
