import assert from "node:assert/strict";
import fc from "fast-check";
import type { Detector } from "../../src/detect/index.ts";
import type { Finding } from "../../src/domain/index.ts";

/** Sizes of pieces to cut a text into, at least one of them above 0. */
export const pieceSizes = fc
  .array(fc.oneof(fc.nat({ max: 6 }), fc.nat({ max: 90 })), { minLength: 1, maxLength: 12 })
  .map((sizes) => (sizes.some((size) => size > 0) ? sizes : [1]));

/** Pieces of the given sizes, taken in turn, empty ones included. */
export function cutText(whole: string, sizes: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let turn = 0; at < whole.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(whole.slice(at, at + size));
    at += size;
  }
  return pieces;
}

/**
 * Scans piece by piece and checks what a scan promises at each step; `heldUnitsMax` as written. Gives
 * all findings.
 */
export function scanInPieces(
  detector: Detector,
  pieces: readonly string[],
  heldUnitsMax: number,
): readonly Finding[] {
  const scan = detector.open();
  const found: Finding[] = [];
  let units = 0;
  let settled = 0;
  const note = () => {
    assert.ok(scan.settled >= settled, "settled went back");
    assert.ok(scan.settled <= units, "settled ran ahead of the text");
    for (const finding of scan.take()) {
      assert.ok(finding.start >= settled, "a finding begins in text that was settled before");
      assert.ok(finding.end <= scan.settled, "a finding ends in text that is not settled");
      found.push(finding);
    }
    settled = scan.settled;
  };
  for (const piece of pieces) {
    scan.push(piece);
    units += piece.length;
    note();
    assert.ok(units - scan.settled <= heldUnitsMax, "more is held than promised");
  }
  scan.end();
  note();
  assert.equal(scan.settled, units);
  return found;
}
