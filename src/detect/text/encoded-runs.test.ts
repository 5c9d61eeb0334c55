import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import fc from "fast-check";
import { cutText, pieceSizes } from "../../../test/support/scan-in-pieces.ts";
import { EncodedRunFinder, stretchUnitsMax } from "./encoded-runs.ts";
import { TextLayer } from "./text-layer.ts";

function read(text: string): string {
  return new TextLayer(new EncodedRunFinder(), 0).read(text, true);
}

function encode(text: string, coding: BufferEncoding = "base64"): string {
  return Buffer.from(text).toString(coding);
}

/** Base 64 in lines, as MIME and many tools wrap it. */
function wrap(run: string, units: number, lineBreak = "\n"): string {
  return (run.match(new RegExp(`.{1,${units}}`, "g")) ?? []).join(lineBreak);
}

const note = "call jane@example.org";

test("runs of base 64 and hexadecimal digits are read as the text they say", () => {
  const wide = Buffer.from(note, "utf16le").toString("base64");
  const runs = [encode(note), encode(note, "base64url"), encode(note, "hex"), wide];
  for (const run of [...runs, encode(note, "hex").toUpperCase()]) {
    assert.equal(read(`so ${run}, then`), `so ${note}, then`);
    assert.equal(read(`key=${run}`), `key=${note}`);
    assert.equal(read(`--${run}`), `--${note}`);
  }
  const path = "settings/of/profile/pages";
  assert.equal(read(`/a/${encode(note, "base64url")}/${path}`), `/a/${note}/${path}`);
  assert.equal(read(encode("Приходите завтра в десять")), "Приходите завтра в десять");
});

test("padding belongs to its run, with or without it the run says the same", () => {
  for (const text of [note, `${note}!`, `${note}!!`]) {
    const run = encode(text);
    assert.equal(read(`so ${run} on`), `so ${text} on`);
    assert.equal(read(`so ${run.replace(/=+$/, "")} on`), `so ${text} on`);
  }
  assert.equal(read(`${encode(`${note}!`)}==`), `${note}!==`);
});

test("a wrapped run is one, in lines of any break and indented", () => {
  const text = `${note} `.repeat(20).trimEnd();
  for (const units of [60, 64, 76]) {
    for (const lineBreak of ["\n", "\r\n", "\n    "]) {
      const run = wrap(encode(text), units, lineBreak);
      assert.equal(read(`so\n${run}\n\nthen`), `so\n${text}\n\nthen`);
    }
  }
});

test("what has a structure of its own is read on lines of its own", () => {
  assert.equal(read(`"d":"${encode('{"ssn":"219091234"}')}"`), '"d":"\n{"ssn":"219091234"}\n"');
  assert.equal(read(`pass: ${encode("correct horse\n")}`), "pass: correct horse");
});

test("digests, images, names and paths stay as they are", () => {
  const bytes = Buffer.alloc(300, createHash("sha512").update("image").digest());
  for (const text of [
    createHash("sha256").update("x").digest("hex"),
    createHash("sha512").update("x").digest("base64"),
    bytes.toString("base64"),
    bytes.toString("hex"),
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
    "550e8400-e29b-41d4-a716-446655440000",
    "internationalisation_of_everything/that/was-written-before",
    "loadConfigurationFromEnvironment",
    "https://example.org/some/deep/path/to/a/document",
    "4111111111111111222233334444",
    "aGVsbG8=",
  ]) {
    assert.equal(read(`so ${text} on`), `so ${text} on`);
  }
});

test("a long run is read stretch by stretch, and nothing of it is lost", () => {
  const text = `${note} `.repeat(400).trimEnd();
  const layer = new TextLayer(new EncodedRunFinder(), 0);
  assert.equal(layer.read(`${encode(text)}.`, true), `${text}.`);
  const at = (text.length >> 1) - 5;
  const units = layer.endOf(at + 10) - layer.startOf(at);
  assert.ok(units === stretchUnitsMax || units === 2 * stretchUnitsMax);
});

test("the end of a long run is read however short, and keeps its place", () => {
  for (const units of [stretchUnitsMax * 0.75 + 1, stretchUnitsMax * 1.5 + 5]) {
    const text = `{${note} `.repeat(100).slice(0, units);
    const run = encode(text).replace(/=+$/, "");
    const layer = new TextLayer(new EncodedRunFinder(), 0);
    assert.equal(layer.read(`${run}!`, true), `\n${text}\n!`);
    const last = units - (units % (stretchUnitsMax * 0.75));
    const lastStretch = run.length - (run.length % stretchUnitsMax);
    for (const at of [last + 1, units + 1]) assert.equal(layer.startOf(at), lastStretch);
    assert.equal(layer.signAround(3)?.isBreak, false);
  }
});

test("a run is held while more of it may come, a word only while it could be one", () => {
  const layer = new TextLayer(new EncodedRunFinder(), 0);
  const run = encode(note);
  for (const unit of run) assert.equal(layer.read(unit, false), "");
  assert.equal(layer.read(" ", false), `${note} `);
  assert.equal(layer.read("notice", false), "notice");
});

const chunk = fc.oneof(
  fc.string({ minLength: 12, maxLength: 90 }).map((text) => encode(text)),
  fc.string({ unit: "grapheme", minLength: 12, maxLength: 60 }).map((text) => encode(text, "hex")),
  fc.string({ minLength: 200, maxLength: 1500 }).map((text) => wrap(encode(text), 76)),
  fc.string({ maxLength: 20 }),
  fc.constantFrom("=", "==", "\n", "\r\n", " ", "-", "/", "A", "so ", "\n    "),
);

test("what is read does not depend on how the text is cut", () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 8 }), pieceSizes, (chunks, sizes) => {
      const text = chunks.join("");
      const layer = new TextLayer(new EncodedRunFinder(), 0);
      let said = "";
      for (const piece of cutText(text, sizes)) said += layer.read(piece, false);
      assert.equal(said + layer.read("", true), read(text), JSON.stringify(text));
    }),
    { numRuns: 1500 },
  );
});
