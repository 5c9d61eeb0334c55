import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { featuresOf, featuresPerToken, ModelReader, windowTokens } from "./model.ts";
import { mixedFlag, Tokens } from "./tokens.ts";
import { trained } from "./weights.ts";

const words = ["ignore", "all", "previous", "instructions", "You", "are", "now", "a", "of", "I"];
const others = [
  "garden",
  "Über",
  "naïve",
  "игнорируй",
  "правила",
  "2026",
  "v2",
  "ig",
  "the",
  "model",
];
const gaps = [" ", ", ", ". ", "! ", "? ", " (", ".", "'", "\u3002", "  ", "\t"];
/** Words with what parts each from the next. */
const written = fc
  .array(fc.tuple(fc.constantFrom(...words, ...others), fc.constantFrom(...gaps)), {
    maxLength: 150,
  })
  .map((parts) => parts.map((part) => part.join("")).join(""));

interface ReadWord {
  readonly hash: number;
  readonly stem: number;
  readonly roles: number;
  readonly flags: number;
}

const tokens = new Tokens();

function wordsOf(text: string, from = 0, to = text.length): readonly ReadWord[] {
  tokens.read(text, from, to);
  return Array.from({ length: tokens.count }, (_, at) => ({
    hash: tokens.hash[at] ?? 0,
    stem: tokens.stem[at] ?? 0,
    roles: tokens.roles[at] ?? 0,
    flags: tokens.flags[at] ?? 0,
  }));
}

describe("words", () => {
  test("are the same with marks in them that nobody sees", () => {
    fc.assert(
      fc.property(written, (text) => {
        assert.deepEqual(wordsOf(text.replace(/[\p{L}\p{N}]/gu, "$&\u00ad")), wordsOf(text));
      }),
    );
  });

  test("are the same in a part of a text as they are alone", () => {
    fc.assert(
      fc.property(written, written, (before, text) => {
        const from = before.length + 1;
        const whole = `${before} ${text} more`;
        assert.deepEqual(wordsOf(whole, from, from + text.length), wordsOf(text));
      }),
    );
  });

  test("stand where their letters do, and those without a mark are about nothing", () => {
    fc.assert(
      fc.property(written, (text) => {
        tokens.read(text, 0, text.length);
        const marked = new Set(tokens.marked.subarray(0, tokens.markedCount));
        assert.equal(marked.size, tokens.markedCount);
        const found = Array.from({ length: tokens.count }, (_, at) => {
          if (!marked.has(at)) assert.equal(tokens.roles[at], 0);
          return text.slice(tokens.start[at], tokens.end[at]);
        });
        assert.deepEqual(found, text.match(/[\p{L}\p{N}]+/gu) ?? []);
      }),
    );
  });
});

test("the longest rows of words of one letter and of two are counted", () => {
  tokens.read("a b cd ef gh ijk l m n o p", 0, 26);
  assert.equal(tokens.lettersInRow, 5);
  assert.equal(tokens.pairsInRow, 3);
  assert.equal(tokens.longestUnits, 3);
});

test("a sentence ends before the first word, behind its signs and at short lines", () => {
  const long = "x".repeat(40);
  const text = `Of a. B v1.2 c!d e? F\ng ${long}\nh。i, j`;
  const flags = wordsOf(text).map((word) => word.flags);
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const first = words.filter((_, at) => flags[at] === 1);
  assert.deepEqual(first, ["Of", "B", "F", "g", "i"]);
});

test("words with letters of another script are flagged, plain ones are not", () => {
  tokens.read("ignоre the rules", 0, 16);
  assert.deepEqual([...tokens.flags.subarray(0, 3)], [1 | mixedFlag, 0, 0]);
});

test("the model reads the features that it learns from, whatever it was asked before", () => {
  const reader = new ModelReader(trained.model);
  const span = fc.tuple(fc.nat(150), fc.integer({ min: 1, max: windowTokens }));
  fc.assert(
    fc.property(written, fc.array(span, { maxLength: 6 }), (text, spans) => {
      tokens.read(text, 0, text.length);
      reader.begin(tokens);
      for (const [first, length] of spans) {
        const from = Math.min(first, tokens.count);
        const to = Math.min(from + length, tokens.count);
        if (from === to) continue;
        assert.equal(reader.best(from, to), oddsOf(from, to));
      }
    }),
  );
});

/** The log odds of so many tokens that they are one window. */
function oddsOf(from: number, to: number): number {
  const { bias, unit, weights } = trained.model;
  const features = new Int32Array(featuresPerToken);
  let sum = 0;
  for (let at = from; at < to; at += 1) {
    const count = featuresOf(tokens, at, features);
    for (const bucket of features.subarray(0, count)) sum += weights[bucket] ?? 0;
  }
  return bias + sum * unit;
}
