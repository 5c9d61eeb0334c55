import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes, scanInPieces } from "../../../test/support/scan-in-pieces.ts";
import { catalogue } from "../catalogue.ts";
import { createRuleDetector, holdBackUnitsMax } from "../index.ts";

const detector = createRuleDetector();

const values = [
  "jane.roe@example.org",
  "+1 (202) 555-0143",
  "4111 1111 1111 1111",
  "219-09-1234",
  "GB82 WEST 1234 5698 7654 32",
  "AKIAQ3ERTZ2J4UIOPAS5",
  '{"ssn":"219091234"}',
];
const words = ["so", "the committee", "In 2024", "50% & more", "联系", "(see", "a/b"];
const said = fc
  .array(fc.constantFrom(...values, ...words), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(", "));
const draws = fc.array(fc.nat({ max: 999 }), { minLength: 40, maxLength: 80 });

/** Characters written in some way each, and where each unit of what they say came to stand. */
function write(text: string, writeCharacter: (character: string, index: number) => string) {
  let written = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (const [index, character] of [...text].entries()) {
    const start = written.length;
    written += writeCharacter(character, index);
    for (let unit = 0; unit < character.length; unit += 1) {
      starts.push(start);
      ends.push(written.length);
    }
  }
  return { written, starts, ends };
}

const rankOf = new Map(catalogue.map(({ type, rank }) => [type, rank]));

/**
 * All that is found in what is said is found where it is written, as what it is; but of what the text as
 * written shows otherwise, as that if it is as grave.
 */
function expectCovered(text: string, writing: ReturnType<typeof write>): void {
  const found = detector.scan(writing.written);
  for (const { type, start, end } of detector.scan(text)) {
    const from = writing.starts[start] ?? 0;
    const to = writing.ends[end - 1] ?? 0;
    for (let at = from; at < to; at += 1) {
      const finding = found.find((one) => one.start <= at && at < one.end);
      const isFound = finding?.type === type || isAsGrave(finding?.type, type);
      assert.ok(isFound, `${type} in ${JSON.stringify(writing.written)}`);
    }
  }
}

function isAsGrave(type: string | undefined, as: string): boolean {
  return (rankOf.get(type ?? "") ?? Number.NEGATIVE_INFINITY) >= (rankOf.get(as) ?? 0);
}

function percentOf(character: string): string {
  return encodeURIComponent(character).replace(/^[^%]$/, (unit) => {
    return `%${unit.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

function referenceOf(character: string, draw: number): string {
  const code = character.codePointAt(0) ?? 0;
  return draw % 2 === 0 ? `&#${code};` : `&#x${code.toString(16)};`;
}

test("what is written as bytes of a URL or references, once or twice over, is found", () => {
  fc.assert(
    fc.property(said, draws, fc.nat({ max: 4 }), (text, numbers, way) => {
      const draw = (index: number) => numbers[index % numbers.length] ?? 0;
      const once = (character: string, index: number) =>
        way % 2 === 0 ? percentOf(character) : referenceOf(character, draw(index));
      const all = (written: string) =>
        [...written].map((each) => (way < 4 ? percentOf(each) : referenceOf(each, 0))).join("");
      const writing = write(text, (character, index) => {
        // These must be written as others, or they begin what they should not.
        if (!/[%&\\]/.test(character) && draw(index) % 3 !== 0) return character;
        return way < 2 ? once(character, index) : all(once(character, index));
      });
      expectCovered(text, writing);
    }),
    { numRuns: 600 },
  );
});

const lookAlikes: ReadonlyMap<string, string> = new Map(
  ["aа", "eе", "oо", "pр", "cс", "xх", "AА", "BВ", "EЕ", "GԌ", "IІ", "KК", "SЅ", "TТ", "WԜ"].map(
    (pair) => [pair.charAt(0), pair.charAt(1)],
  ),
);

test("letters of other scripts that look alike hide no value", () => {
  fc.assert(
    fc.property(said, draws, (text, numbers) => {
      // Each second one at most, so that letters of the word are left to tell what it is.
      const writing = write(text, (character, index) => {
        const isWritten = index % 2 === 1 && (numbers[index % numbers.length] ?? 0) % 2 === 0;
        return isWritten ? (lookAlikes.get(character) ?? character) : character;
      });
      expectCovered(text, writing);
    }),
    { numRuns: 600 },
  );
});

const codings = ["base64", "base64url", "hex"] as const;
const coding = fc.constantFrom(...codings);

function encode(text: string, how: BufferEncoding): string {
  return Buffer.from(text).toString(how);
}

test("a value within an encoded run, or within two, is found as the whole run", () => {
  fc.assert(
    fc.property(said, fc.array(coding, { minLength: 1, maxLength: 2 }), (text, layers) => {
      fc.pre(text.length >= 12);
      const run = layers.reduce<string>(encode, text);
      const expected = detector.scan(text).map(({ type }) => type);
      const found = detector.scan(`so ${run} on`);
      if (expected.length === 0) return assert.deepEqual(found, []);
      const places = found.map(({ start, end }) => [start, end]);
      assert.deepEqual(places, [[3, 3 + run.length]], `so ${run} on`);
      assert.ok(expected.includes(found[0]?.type ?? ""), run);
    }),
    { numRuns: 600 },
  );
});

const fragment = fc.oneof(
  fc.constantFrom(...values, ...words, " ", ", ", "\n", '"', "%", "&", "\\", "=", "а", "·", "-"),
  said.map(percentOfAll),
  fc.tuple(said, coding).map(([text, how]) => encode(text, how)),
  fc.tuple(said, coding).map(([text, how]) => encode(percentOfAll(text), how)),
  fc.tuple(said, coding, coding).map(([text, a, b]) => encode(encode(text, a), b)),
  said.map((text) => encode(JSON.stringify({ note: `${text}\n` }), "base64")),
  said.map((text) => encode(`${text}, `.repeat(40), "base64")),
  said.map((text) => text.replace(/a/g, "а")),
  // After three layers one is left, which only what an encoded run says has undone.
  fc.constant(`jan${[1, 2, 3, 4].reduce(percentOfAll, "é")}@example.org`),
);

function percentOfAll(text: string): string {
  return [...text].map(percentOf).join("");
}

test("any splitting of encoded text gives the findings of the whole", () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 8 }), pieceSizes, (fragments, sizes) => {
      const whole = fragments.join("");
      const found = detector.scan(whole);
      const heldUnitsMax = 3 * holdBackUnitsMax;
      assert.deepEqual(scanInPieces(detector, cutText(whole, sizes), heldUnitsMax), found);
    }),
    { numRuns: 500 },
  );
});
