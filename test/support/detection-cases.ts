/** Tables of what is found in texts, and what is not, with the drivers that try them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Detector } from "../../src/detect/index.ts";
import type { Finding } from "../../src/domain/index.ts";
import { scanInPieces } from "./scan-in-pieces.ts";

/** Texts by type; in each the values of that type stand in ‹marks›. */
export type DetectionCases = Readonly<Record<string, readonly string[]>>;

interface Marked {
  readonly text: string;
  /** `start-end` of each marked value. */
  readonly places: readonly string[];
}

/**
 * Tests that the marked values of each type are found with their exact places and nothing else of the
 * type, whole and cut in two at every place, and that the text finds nothing else at all.
 */
export function testDetections(about: string, detector: Detector, cases: DetectionCases): void {
  describe(about, () => {
    for (const [type, texts] of Object.entries(cases)) {
      it(`${type} is found where it stands, however the text is cut`, () => {
        for (const marked of texts) expectFound(detector, type, readMarked(marked));
      });
    }
  });
}

/** Tests that no value of a type is found in its texts. Other types may be. */
export function testAbsences(about: string, detector: Detector, cases: DetectionCases): void {
  describe(about, () => {
    for (const [type, texts] of Object.entries(cases)) {
      it(`no ${type} is seen in what only looks like one`, () => {
        for (const text of texts) {
          const found = detector.scan(text).filter((finding) => finding.type === type);
          assert.deepEqual(found, [], text);
        }
      });
    }
  });
}

function expectFound(detector: Detector, type: string, { text, places }: Marked): void {
  const found = detector.scan(text);
  assert.deepEqual(
    found.map(placeOf),
    places.map((place) => `${type} ${place}`),
    text,
  );
  for (let at = 1; at < text.length; at += 1) {
    const pieces = [text.slice(0, at), text.slice(at)];
    const inPieces = scanInPieces(detector, pieces, Number.POSITIVE_INFINITY);
    assert.deepEqual(inPieces, found, `${pieces.join("│")}`);
  }
}

function placeOf({ type, start, end }: Finding): string {
  return `${type} ${start}-${end}`;
}

function readMarked(marked: string): Marked {
  const places: string[] = [];
  let marks = 0;
  for (const { index, 1: value = "" } of marked.matchAll(/‹([^›]*)›/gs)) {
    places.push(`${index - marks}-${index - marks + value.length}`);
    marks += 2;
  }
  return { text: marked.replace(/[‹›]/g, ""), places };
}
