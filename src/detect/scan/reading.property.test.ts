import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes } from "../../../test/support/scan-in-pieces.ts";
import { createRuleDetector } from "../index.ts";

const detector = createRuleDetector();

function base64(repeats: number): string {
  return Buffer.from("Zoë und ihr Hund. ".repeat(repeats)).toString("base64url");
}

/** Beginnings of values, some behind more text than a scan keeps. */
const openings = [
  `${Buffer.from('{"alg":"ES256"}').toString("base64url")}.eyJ${base64(120)}`,
  "-----BEGIN PRIVATE KEY-----\nMII",
  `-----BEGIN PRIVATE KEY-----\n${base64(60)}`,
  "jane",
  "4111 1111",
].flatMap((opening) => [opening, `${"so it is ".repeat(500)}${opening}`]);
const signs = ["\u200b", "\\n", "\\u0041", "\uff21", "\u{e0041}"];
const rests = [base64(9), `.${base64(3)}.${base64(300)} so`, "@example.org", " 1111 1111"];

test("a sign that comes while a value is open leaves the findings of the whole", () => {
  const anyOf = (texts: readonly string[]) => fc.constantFrom(...texts);
  fc.assert(
    fc.property(anyOf(openings), anyOf(signs), anyOf(rests), pieceSizes, (opening, ...rest) => {
      const [sign, more, sizes] = rest;
      const scan = detector.open();
      scan.push(opening);
      for (const piece of cutText(sign + more, sizes)) scan.push(piece);
      scan.end();
      assert.deepEqual(scan.take(), detector.scan(`${opening}${sign}${more}`));
    }),
    { numRuns: 400 },
  );
});
