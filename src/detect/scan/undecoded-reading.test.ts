import assert from "node:assert/strict";
import test from "node:test";
import { scanInPieces } from "../../../test/support/scan-in-pieces.ts";
import { createRuleDetector, holdBackUnitsMax } from "../index.ts";
import { EncodedRunFinder } from "../text/encoded-runs.ts";
import type { Candidate } from "./family.ts";
import { Outlook } from "./outlook.ts";
import { DirectReading } from "./reading.ts";
import { UndecodedReading } from "./undecoded-reading.ts";

const detector = createRuleDetector();

function encode(text: string, times: number): string {
  return times === 0 ? text : encode(Buffer.from(text).toString("base64"), times - 1);
}

function found(text: string): readonly (readonly [string, number, number])[] {
  return detector.scan(text).map(({ type, start, end }) => [type, start, end] as const);
}

const note = "call jane@example.org, please";

test("a text in more layers than are undone is reported, whole, with or without a value", () => {
  for (const times of [3, 4, 6]) {
    const run = encode(note, times);
    const plain = encode("nothing but a few words", times);
    assert.deepEqual(found(`so ${run} on`), [["UNDECODED", 3, 3 + run.length]]);
    assert.deepEqual(found(`so ${plain} on`), [["UNDECODED", 3, 3 + plain.length]]);
  }
});

test("what can be read is no news, and what is found counts for more", () => {
  assert.deepEqual(found(`so ${encode("nothing but a few words", 2)} on`), []);
  const run = encode(`${encode(note, 1)} ${encode(encode(note, 2), 1)} and jane@example.org`, 1);
  assert.deepEqual(found(`so ${run} on`), [["EMAIL", 3, 3 + run.length]]);
});

test("it is reported alike in pieces", () => {
  // Counted as written, which is more than as read.
  const heldUnitsMax = 3 * holdBackUnitsMax;
  const inLines = (text: string) => encode(text, 1).replace(/.{76}/g, "$&\n");
  const lines = inLines(inLines(inLines(note.repeat(150))));
  for (const run of [encode(note, 4), lines, encode(note.repeat(99), 3)]) {
    const text = `so ${run} on`;
    assert.deepEqual(scanInPieces(detector, text.split(""), heldUnitsMax), detector.scan(text));
  }
});

test("what may still be such a text is not settled, whatever else is known of it", () => {
  let units = 0;
  const settledAtOnce = {
    get settled() {
      return units;
    },
    push(piece: string) {
      units += piece.length;
    },
    end: () => undefined,
    take: (): readonly Candidate[] => [],
    fork: () => settledAtOnce,
    outlook: () => new Outlook(units),
  };
  const reading = new UndecodedReading(new EncodedRunFinder(), 0, new DirectReading(settledAtOnce));
  const run = encode(note, 1);
  reading.read(`so ${run.slice(0, 20)}`, false);
  assert.equal(reading.settled, 3);
  reading.read(`${run.slice(20)} on `, false);
  assert.equal(reading.settled, 3 + run.length + 4);
  assert.deepEqual(
    reading.take().map(({ start, end }) => [start, end]),
    [[3, 3 + run.length]],
  );
});
