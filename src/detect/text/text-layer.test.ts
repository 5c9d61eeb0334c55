import assert from "node:assert/strict";
import test from "node:test";
import { DisguiseFinder } from "./disguises.ts";
import { EncodedRunFinder } from "./encoded-runs.ts";
import { EncodingFinder } from "./encodings.ts";
import { LookAlikeFinder } from "./look-alikes.ts";
import { type SignFinder, TextLayer } from "./text-layer.ts";
import { stepUnitsMax } from "./units.ts";

/** A finder that counts the units it had to look at. */
class CountingFinder implements SignFinder {
  readonly #finder: SignFinder;
  units = 0;

  constructor(finder: SignFinder) {
    this.#finder = finder;
  }

  find(text: string, from: number, isLast: boolean) {
    const found = this.#finder.find(text, from, isLast);
    const isSign = found !== undefined && "reading" in found;
    this.units += (isSign ? found.end : text.length) - from;
    return found;
  }
}

const layerKinds = [
  () => new EncodingFinder(false),
  () => new EncodingFinder(true),
  () => new EncodedRunFinder(),
  () => new DisguiseFinder(""),
  () => new LookAlikeFinder(""),
] as const;

/** Units looked at to read a text through all layers in pieces of one size. */
function unitsLookedAt(text: string, pieceUnits: number): number {
  const finders = layerKinds.map((create) => new CountingFinder(create()));
  const layers = finders.map((finder) => new TextLayer(finder, 0));
  for (let at = 0; at < text.length; at += pieceUnits) {
    layers.reduce((piece, layer) => layer.read(piece, false), text.slice(at, at + pieceUnits));
  }
  layers.reduce((piece, layer) => layer.read(piece, true), "");
  return finders.reduce((sum, finder) => sum + finder.units, 0);
}

test("sixteen times the text is sixteen times the work, whatever the text", () => {
  const hostile = ["\\", "\\\\u", "\\u", "\\u005c", "u005c\\", "\u200b", "a\u200b", "\udb40\udc41"];
  const encoded = [
    "%",
    "&",
    "&#6",
    "%4",
    "%25",
    "25",
    "%2525",
    "&am",
    "&amp;",
    "amp;",
    "%E2%82",
    "QUFB",
    "YWI/",
    "4142",
  ];
  const alike = ["\udb40", "\ud835", "\\u005cu005c", "\uff20", "а", "аb", "1·", "·"];
  for (const unit of [...hostile, ...encoded, ...alike]) {
    for (const pieceUnits of [1, 7, stepUnitsMax]) {
      const small = unitsLookedAt(unit.repeat(4096 / unit.length), pieceUnits);
      const large = unitsLookedAt(unit.repeat(65536 / unit.length), pieceUnits);
      assert.ok(large <= small * 17, `${JSON.stringify(unit)} by ${pieceUnits}`);
    }
  }
});

test("one layer takes one layer of escapes off and leaves other backslashes", () => {
  const read = (text: string) => new TextLayer(new EncodingFinder(false), 0).read(text, true);
  for (const text of ['say "so"\n', "C:\\new\\u0041", "\u0000\u001f\ud83d", "a/b\\\\"]) {
    assert.equal(read(JSON.stringify(text)), `"${text}"`);
  }
  for (const text of ["\\d \\x41 \\u12g4 \\", "\\u00", "\\u"]) assert.equal(read(text), text);
});

test("the innermost layer takes any number of backslashes for one", () => {
  const read = (text: string) => new TextLayer(new EncodingFinder(true), 0).read(text, true);
  assert.equal(read("\\\\\\\\nso\\\\\\u0040 \\\\d"), "\nso@ \\\\d");
  assert.equal(read(`${"\\".repeat(63)}n`), "\n");
});

test("places are those of what a unit stands for, all of it", () => {
  const layer = new TextLayer(new EncodingFinder(false), 10);
  assert.equal(layer.read("ab\\u0040cd\\", false), "ab@cd");
  assert.deepEqual(
    [10, 11, 12, 13, 14, 15].map((at) => layer.startOf(at)),
    [10, 11, 12, 18, 19, 20],
  );
  assert.deepEqual(
    [11, 12, 13, 14, 15].map((at) => layer.endOf(at)),
    [11, 12, 18, 19, 20],
  );
  assert.equal(layer.read("n", true), "\n");
  assert.deepEqual([layer.startOf(15), layer.endOf(16), layer.startOf(16)], [20, 22, 22]);
});

test("what is written within a sign parts it, unless it is passed over", () => {
  const layer = new TextLayer(new EncodingFinder(false), 0);
  layer.read("a\\u0040b\\nc", true);
  const around = [1, 2, 6, 7, 8, 9, 10].map((at) => layer.signAround(at)?.start);
  assert.deepEqual(around, [undefined, 1, 1, undefined, undefined, 8, undefined]);
  assert.deepEqual([layer.signAround(2)?.isBreak, layer.signAround(9)?.isBreak], [false, true]);
  assert.deepEqual(
    [0, 1, 7, 8, 10].map((at) => layer.readOf(at)),
    [0, 1, 2, 3, 4],
  );
  const unseen = new TextLayer(new DisguiseFinder(""), 0);
  unseen.read("a\u200b\u200bb", true);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((at) => [unseen.readOf(at), unseen.signAround(at)]),
    [0, 1, 1, 1, 2].map((at) => [at, undefined]),
  );
});

test("what is passed over belongs to no unit", () => {
  const layer = new TextLayer(new DisguiseFinder(""), 0);
  for (const piece of ["a\u200b", "\u200b", "b\u200b"]) layer.read(piece, false);
  assert.deepEqual([layer.startOf(0), layer.endOf(1)], [0, 1]);
  assert.deepEqual([layer.startOf(1), layer.endOf(2), layer.startOf(2)], [3, 4, 5]);
  layer.read("\u{1d7d2}\u200b", false);
  assert.deepEqual([layer.startOf(2), layer.endOf(3), layer.startOf(3)], [5, 7, 8]);
});

/** Where a layer's parts become calm or stop being so, as written. */
function turnsOf(pieces: readonly string[]): readonly number[] {
  const layer = new TextLayer(new EncodingFinder(false), 0);
  const turns: number[] = [];
  let wasCalm = true;
  for (const [index, piece] of pieces.entries()) {
    layer.give(piece, index === pieces.length - 1);
    do {
      layer.next();
      if (layer.isCalm !== wasCalm && layer.written !== "") turns.push(layer.partStart);
      if (layer.written !== "") wasCalm = layer.isCalm;
    } while (!layer.isRead);
  }
  return turns;
}

test("where a text is calm does not depend on the pieces it comes in", () => {
  const lines = "so it is\n".repeat(60);
  const words = "so it is ".repeat(140);
  const whole = `so \\n${lines}\\n${words}\\u0041\\n${"a".repeat(1500)} b \\n so`;
  const turns = turnsOf([whole]);
  assert.deepEqual(turns, [
    3,
    whole.indexOf("\n", 5 + 256) + 1,
    5 + lines.length,
    whole.indexOf(" ", 7 + lines.length + 1024) + 1,
    whole.indexOf("\\u"),
    whole.indexOf(" b ") + 1,
    whole.lastIndexOf("\\"),
  ]);
  for (const size of [1, 2, 7, 64, 500]) {
    const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
      whole.slice(index * size, (index + 1) * size),
    );
    assert.deepEqual(turnsOf(pieces), turns);
  }
});
