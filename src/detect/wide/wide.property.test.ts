import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { letters } from "../scan/context/letters.ts";
import { roleOf, roles } from "../scan/context/roles.ts";
import { emptyHash, hashLetter, wordFlags } from "../scan/context/word-table.ts";
import {
  beyondLatin,
  classifyForWords,
  layDown,
  nextIn,
  openings,
  runOpenings,
  signsFrom,
  units,
} from "../text/units.ts";
import { answer, lookUp, readWords, rowLength, rows, stops, unitsMax, wordsMax } from "./wide.ts";

const capital = 0x8000;
const accent = 0x7fff;
const runUnits = 16;

/** Texts in which each class is often beside each other one, with blocks of nothing else between. */
const pieces = fc.oneof(
  fc.constantFrom(
    "is",
    "was",
    "Name",
    "NAME",
    "iPhone",
    "passWord",
    "número",
    "имя",
    "İ",
    "é",
    "x",
  ),
  fc.constantFrom(
    " ",
    "  ",
    "-",
    "--",
    ",",
    ":",
    "\n",
    "(",
    '"',
    "#",
    "_",
    "/",
    "@",
    "%",
    "\\",
    "&",
  ),
  fc.constantFrom(
    "7",
    "2025",
    "#7",
    " 7",
    "\u00a0",
    "\u3000",
    "\u00ad",
    "\u00b7",
    "\u0301",
    "ก",
    "中",
  ),
  fc.constantFrom("social security number", "my name is", "date of birth", "phone"),
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc
    .tuple(fc.constantFrom("a", "B", "ä", " ", "aZ", "q+"), fc.integer({ min: 1, max: 150 }))
    .map(([unit, count]) => unit.repeat(count)),
  fc.string({ minLength: 1, maxLength: 20 }),
);
const texts = fc.array(pieces, { minLength: 1, maxLength: 60 }).map((all) => all.join(""));

function placesIn(bits: Int32Array, length: number): readonly number[] {
  const places: number[] = [];
  for (let at = nextIn(bits, 0); at < length; at = nextIn(bits, at + 1)) places.push(at);
  return places;
}

function placesOf(text: string, belongs: (unit: string, at: number) => boolean): readonly number[] {
  return Array.from({ length: text.length }, (_, at) => at).filter((at) =>
    belongs(text.charAt(at), at),
  );
}

function assertClasses(text: string): void {
  layDown(text);
  const { length } = text;
  const isRun = (at: number) => /^[A-Za-z0-9+/_-]{16}$/.test(text.slice(at, at + runUnits));
  assert.deepEqual(
    placesIn(signsFrom(0), length),
    placesOf(text, (unit) => /[-0-9@_AJ]/.test(unit)),
  );
  assert.deepEqual(
    placesIn(openings(), length),
    placesOf(text, (unit) => /[\\%&]/.test(unit)),
  );
  assert.deepEqual(
    placesIn(beyondLatin(), length),
    placesOf(text, (unit) => /[\u00ad\u00b7\u0100-\uffff]/.test(unit)),
  );
  assert.deepEqual(
    placesIn(runOpenings(), length),
    placesOf(text, (_, at) => isRun(at)),
  );
}

interface Reader {
  at: number;
  count: number;
  told: number;
  readonly words: (readonly number[])[];
}

/** What `readWords` is to do, unit by unit. Gives why it stopped, and of an open word start and hash. */
function readSimply(
  reader: Reader,
  base: number,
  to: number,
  seesSpaces: boolean,
): readonly number[] {
  while (reader.at < to) {
    const { at } = reader;
    if (entryAt(at) === 0) {
      const role = roleOf(units[at] ?? 0);
      if (role >= (seesSpaces ? roles.space : roles.newline) && !isIdle(reader, base, role))
        return [0];
      reader.at += 1;
      continue;
    }
    const stopped = readWord(reader, base, to);
    if (stopped !== undefined) return stopped;
  }
  return [0];
}

function readWord(reader: Reader, base: number, to: number): readonly number[] | undefined {
  const start = reader.at;
  let end = start;
  let hash = emptyHash;
  while (end < to && entryAt(end) >= capital) hash = hashLetter(hash, entryAt(end++));
  while (end < to && isSmall(entryAt(end))) hash = hashLetter(hash, entryAt(end++));
  reader.at = end;
  if (end === to || entryAt(end) >= accent) return [stops.opens, start, hash];
  const found = lookUp(hash);
  const flags = found >>> 16;
  const before = reader.words.at(-1);
  if ((flags & wordFlags.tells) !== 0) reader.told = Math.max(reader.told, base + start);
  reader.words.push([base + start, base + end, found, hash]);
  reader.count += 1;
  const isMore =
    (flags & wordFlags.speaks) !== 0 ||
    ((flags & wordFlags.joins) !== 0 && before !== undefined && before[2] !== 0);
  if (isMore) return [stops.more];
  // What ends a phrase with the word before is known to the other side alone: any may.
  return (flags & wordFlags.endsPhrase) !== 0 && before !== undefined ? [stops.more, 0] : undefined;
}

function isIdle({ at, told }: Reader, base: number, role: number): boolean {
  if (at === 0) return false;
  const before = units[at - 1];
  if (role === roles.dash) return before !== 0x2d;
  if (role !== roles.digit) return false;
  return (before !== 0x20 && before !== 0x23) || told < base + at - 24;
}

function isSmall(letter: number): boolean {
  return letter > 0 && letter < accent;
}

function entryAt(at: number): number {
  return letters[units[at] ?? 0] ?? 0;
}

test("each unit is in the classes it belongs to", () => {
  for (let from = 0; from < 0x10000; from += unitsMax / 2) {
    const codes = Array.from({ length: unitsMax / 2 }, (_, index) => from + index);
    assertClasses(String.fromCharCode(...codes));
  }
});

test("the units of a text are in their classes, wherever they stand", () => {
  fc.assert(fc.property(texts, assertClasses), { numRuns: 400 });
});

// Reads on from where both stand, and compares what either gives.
function assertReadAlike(simple: Reader, base: number, to: number, seesSpaces: boolean): void {
  const { at, count, told } = simple;
  const stoppedAt = readWords(base, at, to, seesSpaces ? 1 : 0, count, told);
  let expected = readSimply(simple, base, to, seesSpaces);
  // A word that ends no phrase after all is gone on behind.
  while (expected.length === 2 && (simple.at !== stoppedAt || answer[0] !== stops.more)) {
    expected = readSimply(simple, base, to, seesSpaces);
  }
  assert.deepEqual([stoppedAt, answer[1], answer[2]], [simple.at, simple.count, simple.told]);
  assert.equal(answer[0], expected[0]);
  if (expected[0] === stops.opens) assert.deepEqual([...answer.slice(3, 5)], expected.slice(1));
  for (let index = Math.max(0, simple.count - wordsMax); index < simple.count; index += 1) {
    const row = rowLength * (index & (wordsMax - 1));
    assert.deepEqual([...rows.slice(row, row + rowLength)], simple.words[index]);
  }
}

test("words are read many units at a time as they are one by one", () => {
  const steps = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(texts, steps, fc.nat(1000), fc.boolean(), (text, sizes, base, seesSpaces) => {
      layDown(text);
      classifyForWords(0);
      const simple: Reader = { at: 0, count: 0, told: -1, words: [] };
      for (let step = 0; simple.at < text.length; step += 1) {
        const to = Math.min(text.length, simple.at + (sizes[step % sizes.length] ?? 1));
        assertReadAlike(simple, base, to, seesSpaces);
        // Whoever reads on passes over what it stopped at.
        if (simple.at < to && answer[0] !== stops.more) simple.at += 1;
      }
    }),
    { numRuns: 1000 },
  );
});
