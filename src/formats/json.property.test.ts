import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { defaultLimits, Fault } from "../base/index.ts";
import type { Edit } from "../domain/index.ts";
import { decodeJsonAnswer } from "./json-answer.ts";
import { scanJson } from "./json-scan.ts";
import { emptyVocabulary } from "./json-vocabulary.ts";

/** A part of a JSON text; a leaf is one whose text the decoder must find. */
type Part = { readonly raw: string; readonly leaf?: string };

/** Names that are nothing but names, as they are written. */
const plainName = /^(?:[a-z_./-]{0,64}|[A-Za-z0-9_$-]{0,19})$/;
const longNumber = /^-?[0-9]{6}/;

const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'ab @.0\\"/\n\u007f') },
  { weight: 3, arbitrary: fc.constantFrom("é", "ſ", "漢", "\u2028", "😀", "\u{10ffff}") },
  { weight: 1, arbitrary: fc.constantFrom("\ud83d", "\ude00") },
);
const text = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(""));

/** A character as an encoder may write it: plain, short escape, or \u in either letter case. */
function writeCharacter(unit: string, style: number): string {
  const code = unit.charCodeAt(0);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  if (style % 4 === 0 || (isSurrogate && unit.length === 1)) {
    const escapes = unit.split("").map((half) => half.charCodeAt(0).toString(16).padStart(4, "0"));
    return escapes.map((hex) => `\\u${style % 8 === 0 ? hex : hex.toUpperCase()}`).join("");
  }
  if (unit === "/" && style % 4 === 1) return "\\/";
  return JSON.stringify(unit).slice(1, -1);
}

const written = fc
  .tuple(text, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }))
  .map(([value, styles]) => {
    const units = [...value];
    const raw = units.map((unit, index) => writeCharacter(unit, styles[index % 12] ?? 1)).join("");
    return { raw: `"${raw}"`, value };
  });

const space = fc.constantFrom("", "", "", " ", "\n\t", "\r\n  ");
const scalar = fc.constantFrom("0", "-1.50e+3", "12345678901234567890", "1.0", "true", "null");

const shortName = { raw: '"a"', value: "a" };

const json = fc.letrec<{ value: readonly Part[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    written.map(({ raw, value }): readonly Part[] => [{ raw, leaf: value }]),
    scalar.map((raw): readonly Part[] => [longNumber.test(raw) ? { raw, leaf: raw } : { raw }]),
    fc.array(fc.tuple(tie("value"), space), { maxLength: 4 }).map((items) =>
      joinParts(
        "[",
        items.map(([parts, gap]) => [...parts, { raw: gap }]),
        "]",
      ),
    ),
    fc
      .array(fc.tuple(fc.oneof(written, fc.constant(shortName)), tie("value"), space), {
        maxLength: 4,
      })
      .map((members) =>
        joinParts(
          "{",
          members.map(([name, parts, gap]) => [
            { raw: gap },
            plainName.test(name.raw.slice(1, -1))
              ? { raw: name.raw }
              : { raw: name.raw, leaf: name.value },
            { raw: `${gap}:${gap}` },
            ...parts,
          ]),
          "}",
        ),
      ),
  ),
})).value;

function joinParts(open: string, items: readonly (readonly Part[])[], close: string): Part[] {
  const parts: Part[] = [{ raw: open }];
  items.forEach((item, index) => {
    if (index > 0) parts.push({ raw: "," });
    parts.push(...item);
  });
  parts.push({ raw: close });
  return parts;
}

const bodyOf = (parts: readonly Part[]) => Buffer.from(parts.map(({ raw }) => raw).join(""));
const leavesOf = (parts: readonly Part[]) => parts.filter(({ leaf }) => Boolean(leaf));

test("every string, long number and odd name is found in order, and no edit leaves the buffer", () => {
  fc.assert(
    fc.property(json, (parts) => {
      const body = bodyOf(parts);
      const decoded = decodeJsonAnswer(body, defaultLimits);
      const expected = leavesOf(parts).map(({ leaf }) => leaf);
      assert.deepEqual(
        decoded.spans.map((span) => span.text),
        expected,
      );
      assert.equal(decoded.applyEdits([]), body);
    }),
  );
});

/** Cuts a text at character boundaries into `kept, edited, kept, …` by fractions of its length. */
function cutsOf(value: string, fractions: readonly number[]): readonly number[] {
  const boundaries = [0];
  for (const unit of value) boundaries.push((boundaries.at(-1) ?? 0) + unit.length);
  return fractions
    .map((fraction) => boundaries[Math.floor(fraction * boundaries.length)] ?? 0)
    .sort((a, b) => a - b);
}

const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });
const choice = fc.record({
  isEdited: fc.boolean(),
  cuts: fc.array(fraction, { minLength: 4, maxLength: 4 }),
  replacements: fc.tuple(text, text),
});

test("an edit changes its own value and not a byte outside of it", () => {
  fc.assert(
    fc.property(json, fc.array(choice, { minLength: 1, maxLength: 6 }), fc.boolean(), check),
  );

  function check(
    parts: readonly Part[],
    choices: readonly { isEdited: boolean; cuts: number[]; replacements: [string, string] }[],
    isReversed: boolean,
  ): void {
    const edits: Edit[] = [];
    const expected = leavesOf(parts).map(({ raw, leaf = "" }, span) => {
      const isNumber = !raw.startsWith('"');
      const chosen = choices[span % choices.length];
      if (!chosen?.isEdited) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = cutsOf(leaf, chosen.cuts);
      const [first, second] = chosen.replacements;
      edits.push({ span, start: a, end: b, replacement: first });
      edits.push({ span, start: c, end: d, replacement: second });
      const edited = leaf.slice(0, a) + first + leaf.slice(b, c) + second + leaf.slice(d);
      return isNumber && edited === leaf ? undefined : edited;
    });
    const body = bodyOf(parts);
    if (isReversed) edits.reverse();
    // Two insertions at one offset have no order between them unless given in it.
    fc.pre(!isReversed || new Set(edits.map((e) => `${e.span}:${e.start}`)).size === edits.length);
    const edited = decodeJsonAnswer(body, defaultLimits).applyEdits(edits).toString();
    let position = 0;
    let span = 0;
    for (const { raw, leaf } of parts) {
      const value = leaf ? expected[span++] : undefined;
      const length = value === undefined ? raw.length : stringLength(edited, position);
      const found = edited.slice(position, position + length);
      if (value === undefined) assert.equal(found, raw);
      else assert.equal(JSON.parse(found), value);
      position += length;
    }
    assert.equal(position, edited.length);
  }
});

function stringLength(json: string, start: number): number {
  return /^"(?:[^"\\]|\\.)*"/s.exec(json.slice(start))?.[0].length ?? 0;
}

test("exactly what the platform's own parser takes is taken", () => {
  const damage = fc.tuple(
    fraction,
    fc.constantFrom("", '"', "\\", "{", "]", ",", ":", "0", "-", "e"),
  );
  fc.assert(
    fc.property(json, fc.array(damage, { maxLength: 2 }), (parts, damages) => {
      let source = parts.map(({ raw }) => raw).join("");
      for (const [at, inserted] of damages) {
        const position = Math.floor(at * source.length);
        source = source.slice(0, position) + inserted + source.slice(position + 1);
      }
      // Cutting can leave half a pair, which no UTF-8 can carry.
      fc.pre(source.isWellFormed());
      assert.equal(isScanned(source), isParsed(source));
    }),
    { numRuns: 400 },
  );
});

function isScanned(source: string): boolean {
  try {
    scanJson(Buffer.from(source), { limits: defaultLimits, vocabulary: emptyVocabulary });
    return true;
  } catch (error) {
    assert.ok(error instanceof Fault);
    return false;
  }
}

function isParsed(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}
