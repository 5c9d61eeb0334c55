import assert from "node:assert/strict";
import { test } from "node:test";
import { entitiesOf } from "./entities.ts";
import { labelOf, readLabels, typesOfLabels } from "./token-labels.ts";

const labels = readLabels(["O", "B-PER", "I-PER", "LOC"]);

test("labels are of the types behind their `B-` and `I-`", () => {
  assert.deepEqual(typesOfLabels(["O", "B-PER", "I-PER", "LOC"]), ["PER", "LOC"]);
  assert.deepEqual(labels.typeOf, [undefined, 0, 0, 1]);
  assert.deepEqual(labels.begins, [false, true, false, false]);
});

test("a type is as likely as all that it is told by, and begins where that is most of it", () => {
  const logs = (...shares: readonly number[]) => shares.map(Math.log);
  const near = (shares: readonly number[], row = 0) => {
    const { confidence, ...rest } = labelOf(labels, logs(...shares), row);
    return { ...rest, confidencePct: Math.round(confidence * 100) };
  };
  const nothing = { type: undefined, begins: false };
  assert.deepEqual(near([45, 30, 25, 0]), { type: 0, begins: true, confidencePct: 55 });
  assert.deepEqual(near([30, 25, 30, 15]), { type: 0, begins: false, confidencePct: 55 });
  assert.deepEqual(near([50, 20, 20, 10]), { ...nothing, confidencePct: 50 });
  assert.deepEqual(near([1, 1, 1, 1, 1, 0, 0, 9], 1), {
    type: 1,
    begins: false,
    confidencePct: 90,
  });
});

test("numbers however large tell something, and what is no number tells nothing", () => {
  assert.equal(labelOf(labels, [1e30, 0, 0, -1e30], 0).type, undefined);
  assert.equal(labelOf(labels, [-1e4, -1e4, -1e4, -9e3], 0).type, 1);
  for (const wrong of [
    [Number.NaN, 0, 0, 0],
    [0, Number.POSITIVE_INFINITY, 0, 0],
    [0, 0, 0],
  ]) {
    assert.throws(() => labelOf(labels, wrong, 0), /told no numbers/);
  }
});

test("words in a row of one type are one thing, until another begins", () => {
  const text = "Jane Roe Bo, Paris ";
  const word = (start: number, end: number, type: number | undefined, begins = false) => ({
    ...{ start, end, type, begins, confidence: start === 5 ? 0.9 : 0.6 },
  });
  const words = [word(0, 4, 0), word(5, 8, 0), word(8, 11, 0, true), word(11, 12, undefined)];
  assert.deepEqual(entitiesOf(text, [...words, word(12, 19, 1), word(18, 19, 0)]), [
    { type: 0, start: 0, end: 8, confidence: 0.9 },
    { type: 0, start: 9, end: 11, confidence: 0.6 },
    { type: 1, start: 13, end: 18, confidence: 0.6 },
  ]);
});
