import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes, scanInPieces } from "../../../test/support/scan-in-pieces.ts";
import type { Finding } from "../../domain/index.ts";
import { catalogue } from "../catalogue.ts";
import { families, labelledFamilies } from "../families.ts";
import { createRuleDetector, holdBackUnitsMax } from "../index.ts";
import { DisguiseFinder } from "../text/disguises.ts";
import { EncodedRunFinder } from "../text/encoded-runs.ts";
import { EncodingFinder } from "../text/encodings.ts";
import { LookAlikeFinder } from "../text/look-alikes.ts";
import { TextLayer } from "../text/text-layer.ts";
import { windowUnitsMax } from "./bounds.ts";
import type { Candidate } from "./family.ts";
import { createJudge } from "./judge.ts";
import { RuleScan } from "./rule-scan.ts";

const detector = createRuleDetector();

const values = [
  "jane.roe@example.org",
  "+1 (202) 555-0143",
  "07700 900123",
  "4111 1111 1111 1111",
  "378282246310005",
  "219-09-1234",
  "GB82 WEST 1234 5698 7654 32",
  "AKIAQ3ERTZ2J4UIOPAS5",
  "ghp_aK3bC5dE7fG9hI1jK3lM5nO7pQ9rS1tU3vW5",
  "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nQ3ERTZ2J4U==\n-----END PRIVATE KEY-----",
  '{"ssn":"219091234"}',
  "jane@bücher.example",
];

const words = [
  "so",
  "the",
  "phone",
  "In 2024",
  "(see",
  "react@19.1.0",
  "联系",
  "\ud83d\ude00",
  "a/b",
];
const breaks = [" ", "\n", ", ", ": ", '","', "/", "\t"];
const part = fc.oneof(
  fc.constantFrom(...values),
  fc.constantFrom(...words),
  fc.string({ unit: fc.constantFrom(..."019+ -.()@aE4"), maxLength: 12 }),
);

/** Texts that say what is written. */
const plain = fc
  .array(fc.tuple(part, fc.constantFrom(...breaks)), { maxLength: 8 })
  .map((parts) => parts.flat().join(""));

/** Numbers to decide by, taken in turn. */
const draws = fc.array(fc.nat({ max: 999 }), { minLength: 40, maxLength: 80 });

interface Written {
  readonly text: string;
  /** Where each unit of the plain text begins and ends in it. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Writes each character of a text in some way and notes where each unit came to stand. */
function write(
  said: string,
  writeCharacter: (character: string) => {
    readonly before: string;
    readonly units: readonly string[];
  },
): Written {
  let text = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (const character of said) {
    const { before, units } = writeCharacter(character);
    text += before;
    for (const unit of units) {
      starts.push(text.length);
      text += unit;
      ends.push(text.length);
    }
  }
  return { text, starts, ends };
}

/** Layers of JSON escapes, each of what must be escaped and of what the draws pick. */
function escapeText(text: string, layers: number, draw: () => number): string {
  if (layers === 0) return text;
  const escaped = text.split("").map((unit) => escapeUnit(unit, draw()));
  return escapeText(escaped.join(""), layers - 1, draw);
}

function escapeUnit(unit: string, draw: number): string {
  const short = JSON.stringify(unit).slice(1, -1);
  const isShort = short.length === 2;
  if (unit === "/" && draw % 3 === 0) return "\\/";
  if (draw % 4 !== 0) return isShort ? short : unit;
  const digits = unit.charCodeAt(0).toString(16).padStart(4, "0");
  return `\\u${draw % 8 === 0 ? digits.toUpperCase() : digits}`;
}

function drawFrom(draws: readonly number[]): () => number {
  let turn = 0;
  return () => {
    turn += 1;
    return draws[(turn * 7 + (turn >> 4)) % draws.length] ?? 0;
  };
}

const unseen = [
  "\u200b",
  "\u200d\u2060",
  "\u00ad",
  "\ufeff",
  "\ufe0f",
  "\u{e0041}\u{e0042}",
  "\u{e0100}",
];

/** As a character may be written that should not be recognised. */
function disguise(character: string, draw: number): { before: string; units: string[] } {
  const before = draw % 5 === 0 ? (unseen[draw % unseen.length] ?? "") : "";
  const code = character.charCodeAt(0);
  const isGraphic = code > 0x20 && code < 0x7f;
  if (isGraphic && draw % 3 === 0) return { before, units: [String.fromCharCode(code + 0xfee0)] };
  if (/\d/.test(character) && draw % 3 === 1) {
    return { before, units: [String.fromCodePoint(0x1d7ce + Number(character))] };
  }
  return { before, units: character.split("") };
}

const judge = createJudge(families, windowUnitsMax, labelledFamilies);

/** What the rules alone find in a text as it stands. */
function scanDirectly(text: string): readonly Candidate[] {
  const scan = new RuleScan(judge);
  scan.push(text);
  scan.end();
  return scan.take();
}

/** What each reading of a text shows, as written, with the last reading last. */
function readEach(whole: string): readonly (readonly Candidate[])[] {
  const finders = [
    ...[false, false, true].map((isInnermost) => new EncodingFinder(isInnermost)),
    new EncodedRunFinder(),
    new DisguiseFinder(""),
    new LookAlikeFinder(""),
  ];
  const layers = finders.map((finder) => new TextLayer(finder, 0));
  let text = whole;
  const texts = [whole, ...layers.map((layer) => (text = layer.read(text, true)))];
  return texts.map((read, depth) =>
    scanDirectly(read)
      .filter(({ start }) => !isWithinBreak(layers.slice(depth), start))
      .map((found) => ({
        ...found,
        start: layers.slice(0, depth).reduceRight((at, layer) => layer.startOf(at), found.start),
        end: layers.slice(0, depth).reduceRight((at, layer) => layer.endOf(at), found.end),
      })),
  );
}

/** Whether a place is inside an escaped line break or the like, innermost layer first. */
function isWithinBreak(layers: readonly TextLayer[], offset: number): boolean {
  let isBreak = false;
  let at = offset;
  for (const layer of layers) {
    const sign = layer.signAround(at);
    if (sign !== undefined) isBreak = sign.isBreak;
    at = layer.readOf(sign?.start ?? at);
  }
  return isBreak;
}

function covers(found: readonly Finding[], at: number): boolean {
  return found.some(({ start, end }) => start <= at && at < end);
}

/** What is said is found where it is written, the same unless another reading shows more. */
function expectFound(said: string, written: Written): void {
  const expected = detector.scan(said).map((finding) => ({
    type: finding.type,
    start: written.starts[finding.start] ?? 0,
    end: written.ends[finding.end - 1] ?? 0,
  }));
  const found = detector.scan(written.text);
  for (const { start, end } of expected) {
    for (let at = start; at < end; at += 1) assert.ok(covers(found, at), written.text);
  }
  const others = readEach(written.text).slice(0, -1).flat();
  const isMore = ({ kind, start, end }: Candidate) =>
    !expected.some((one) => one.type === kind.type && one.start <= start && end <= one.end);
  if (others.some(isMore)) return;
  const places = found.map(({ type, start, end }) => ({ type, start, end }));
  assert.deepEqual(places, expected, JSON.stringify(written.text));
}

test("what is escaped in up to three layers is found from its first escape to its last", () => {
  fc.assert(
    fc.property(plain, fc.integer({ min: 1, max: 3 }), draws, (said, layers, numbers) => {
      const draw = drawFrom(numbers);
      const written = write(said, (character) => ({
        before: "",
        units: character.split("").map((unit) => escapeText(unit, layers, draw)),
      }));
      expectFound(said, written);
    }),
    { numRuns: 1500 },
  );
});

test("what is disguised and then escaped is found like what it looks like", () => {
  fc.assert(
    fc.property(plain, fc.integer({ min: 0, max: 2 }), draws, (said, layers, numbers) => {
      const draw = drawFrom(numbers);
      const written = write(said, (character) => {
        const { before, units } = disguise(character, draw());
        return {
          before: escapeText(before, layers, draw),
          units: units.map((unit) => escapeText(unit, layers, draw)),
        };
      });
      expectFound(said, written);
    }),
    { numRuns: 1500 },
  );
});

const fragment = fc.constantFrom(
  ...["\\", "\\\\", "\\u", "\\u00", "\\u0040", "\\u005c", "u005c", "u0040", "\\n", "\\/", '\\"'],
  ...["\\ud83d", "\\ude00", "\ud83d", "\ude00", "\ud835", "\udfd2", "\udb40", "\udc41", "\\udb40"],
  ...["\u200b", "\u00ad", "\uff20", "\uff14", "%", "%4", "%40", "&", "&#6", "&#64;", "&commat;"],
  ...["\u{e0041}", "\u{e006a}".repeat(3), "\u{e0034}\u{e0031}".repeat(3), "\u{1d7d2}"],
  ...[
    "jane",
    "example.org",
    "4111",
    "1111 1111",
    "219-09-",
    "1234",
    "219-09-1234",
    "4111111111111111",
    "joe@example.org",
    " ",
    "so ",
    "@",
    "n",
    "\n",
  ],
);
const odd = fc
  .array(fc.oneof(fragment, part, fc.string({ unit: "binary", maxLength: 3 })), { maxLength: 30 })
  .map((parts) => parts.join(""));

test("whatever one reading of a text shows is found, as what it is or something graver", () => {
  const rankOf = new Map(catalogue.map(({ type, rank }) => [type, rank]));
  fc.assert(
    fc.property(odd, (whole) => {
      const shown = readEach(whole).flat();
      const found = detector.scan(whole);
      for (const { kind, start, end } of shown) {
        for (let at = start; at < end; at += 1) {
          const finding = found.find((one) => one.start <= at && at < one.end);
          assert.ok((rankOf.get(finding?.type ?? "") ?? 0) >= kind.rank, JSON.stringify(whole));
        }
      }
    }),
    { numRuns: 1500 },
  );
});

test("what the text shows as it stands is found, unless it begins within an escape", () => {
  fc.assert(
    fc.property(odd, (whole) => {
      const found = detector.scan(whole);
      for (const { start, end } of scanDirectly(whole)) {
        const opening = /(?:\\(?:[nrtbf]|u[0-9A-Fa-f]{0,3})|[%&][#0-9A-Za-z]*)$/;
        if (opening.test(whole.slice(0, start + 1))) continue;
        for (let at = start; at < end; at += 1) assert.ok(covers(found, at), JSON.stringify(whole));
      }
    }),
    { numRuns: 1500 },
  );
});

test("nothing is found that no reading shows, but for whole escapes", () => {
  const sign = /\\+(?:u[0-9A-Fa-f]{4}|[nrtbf"/])?|%u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2}|&#\d+;?|&\w+;/g;
  fc.assert(
    fc.property(odd, (whole) => {
      const signs = [...whole.matchAll(sign)].map(({ index, 0: { length } }) => [index, length]);
      const shown = readEach(whole).flat();
      for (const { start, end } of detector.scan(whole)) {
        for (let at = start; at < end; at += 1) {
          const isShown = shown.some((one) => one.start <= at && at < one.end);
          const isOfSign = signs.some(([from = 0, units = 0]) => from <= at && at < from + units);
          assert.ok(isShown || isOfSign, JSON.stringify(whole));
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test("any splitting of escapes and disguises gives the findings of the whole", () => {
  fc.assert(
    fc.property(odd, pieceSizes, (whole, sizes) => {
      const found = detector.scan(whole);
      assert.deepEqual(scanInPieces(detector, cutText(whole, sizes), holdBackUnitsMax), found);
      assert.deepEqual(scanInPieces(detector, whole.split(""), holdBackUnitsMax), found);
    }),
    { numRuns: 1500 },
  );
});

test("how far a text is settled depends on the text alone", () => {
  fc.assert(
    fc.property(odd, pieceSizes, (whole, sizes) => {
      const one = detector.open();
      one.push(whole);
      const many = detector.open();
      for (const piece of cutText(whole, sizes)) many.push(piece);
      assert.equal(many.settled, one.settled);
    }),
    { numRuns: 1000 },
  );
});

test("no finding and no settled place parts an escape or a pair of surrogates", () => {
  const sign = /\\+(?:u[0-9A-Fa-f]{4}|[nrtbf"/])|[\ud800-\udbff][\udc00-\udfff]/g;
  fc.assert(
    fc.property(odd, (whole) => {
      const scan = detector.open();
      scan.push(whole);
      const { settled } = scan;
      scan.end();
      const places = [settled, ...scan.take().flatMap(({ start, end }) => [start, end])];
      for (const match of whole.matchAll(sign)) {
        // The backslashes before an escape may belong to escapes of their own, its body may not.
        const bodyStart = match.index + match[0].lastIndexOf("\\");
        const end = match.index + match[0].length;
        for (const place of places)
          assert.ok(place <= Math.max(bodyStart, match.index) || place >= end);
      }
    }),
    { numRuns: 1000 },
  );
});

/** Text without signs, long enough for the readings to be one again, and not quite. */
const calm = fc
  .tuple(fc.constantFrom("so it is ", "so it is\n", "so"), fc.integer({ min: 200, max: 1300 }))
  .map(([words, units]) => words.repeat(Math.ceil(units / words.length)));
const ofBoth = fc
  .array(fc.tuple(odd, calm, plain), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.flat().join(""));

/** Rows under a header, with signs in the first of them: where one reader sees the table end. */
const table = fc
  .array(fc.oneof(fragment, fc.constantFrom('\\"so', "%22so", "&quot;", "so")), { maxLength: 8 })
  .map((cells) => [...cells, ...new Array<string>(40).fill("so")])
  .map((cells) => ["note,ssn", ...cells.map((cell) => `${cell},219091234`)].join("\n"));

test("any splitting of a text with signs here and there gives the findings of the whole", () => {
  fc.assert(
    fc.property(fc.oneof(ofBoth, table), pieceSizes, (whole, sizes) => {
      const found = detector.scan(whole);
      assert.deepEqual(scanInPieces(detector, cutText(whole, sizes), holdBackUnitsMax), found);
    }),
    { numRuns: 150 },
  );
});

test("what each reading shows is found behind calm stretches as well", () => {
  fc.assert(
    fc.property(fc.oneof(ofBoth, table), (whole) => {
      const found = detector.scan(whole);
      for (const { start, end } of readEach(whole).flat()) {
        for (let at = start; at < end; at += 1) assert.ok(covers(found, at), JSON.stringify(whole));
      }
    }),
    { numRuns: 150 },
  );
});
