import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  CompactRange,
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  TileEdge,
  TileHashes,
  tilePath,
  tilesBetween,
  verifyConsistency,
  verifyInclusion,
} from "../index.ts";

/** MTH(D[n]) as RFC 6962 section 2.1 states it, and nothing else. */
function naiveRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return emptyRoot;
  if (leaves.length === 1) return leaves[0] ?? emptyRoot;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split)));
}

const sizeMax = 700;
const leaves = Array.from({ length: sizeMax }, (_, index) => leafHash(Buffer.from(`${index}`)));

/** The tiles of the first `size` leaves by their path, made while the tree grows. */
function tilesOf(size: number, beginning?: { edge: TileEdge; range: CompactRange }) {
  const tiles = new Map<string, Uint8Array>();
  const take = ({ level, index, width }: { level: number; index: number; width: number }) =>
    tilePath(level, index, width);
  const edge = beginning?.edge ?? new TileEdge((tile, bytes) => tiles.set(take(tile), bytes));
  const range = beginning?.range ?? CompactRange.empty();
  for (const leaf of leaves.slice(range.size, size)) range.append(leaf, edge);
  for (const [tile, bytes] of edge.partials()) tiles.set(take(tile), bytes);
  return { tiles, edge, range };
}

/** Reads the fullest tile there is, as a log folder would. */
function hashesOf(tiles: ReadonlyMap<string, Uint8Array>, size: number): TileHashes {
  const widths = new Map(
    tilesBetween(0, size).map(({ level, index, width }) => [`${level}/${index}`, width]),
  );
  return new TileHashes((level, index) =>
    tiles.get(tilePath(level, index, widths.get(`${level}/${index}`))),
  );
}

const size = fc.integer({ min: 1, max: sizeMax });

/** Two sizes, the smaller first. */
const sizes = fc
  .tuple(fc.integer({ min: 0, max: sizeMax }), size)
  .map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);

describe("a tree of any size", () => {
  test("has the root that the definition gives, and goes on from its own hashes", () => {
    fc.assert(
      fc.property(sizes, ([from, to]) => {
        const range = CompactRange.empty();
        for (const leaf of leaves.slice(0, from)) range.append(leaf);
        const resumed = CompactRange.of(from, range.hashes());
        const fork = range.fork();
        for (const leaf of leaves.slice(from, to)) resumed?.append(leaf);
        assert.deepEqual(resumed?.root(), naiveRoot(leaves.slice(0, to)));
        assert.deepEqual(fork.root(), naiveRoot(leaves.slice(0, from)));
      }),
    );
  });

  test("takes only as many hashes as its size has subtrees", () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 0, max: 12 }), (given, count) => {
        const range = CompactRange.of(given, Array<Buffer>(count).fill(emptyRoot));
        const ones = given.toString(2).replaceAll("0", "").length;
        assert.equal(range !== undefined, ones === count);
      }),
    );
    assert.equal(CompactRange.of(1, [Buffer.alloc(31)]), undefined);
    assert.equal(CompactRange.of(-1, []), undefined);
    assert.equal(CompactRange.of(0.5, []), undefined);
  });

  test("has the same tiles whether it grew at once or was resumed from its tiles", () => {
    fc.assert(
      fc.property(sizes, ([from, to]) => {
        const first = tilesOf(from);
        const whole = tilesOf(to);
        const expected = tilesBetween(0, to).map((tile) =>
          tilePath(tile.level, tile.index, tile.width),
        );
        assert.deepEqual([...whole.tiles.keys()].sort(), expected.sort());
        const rest = new Map<string, Uint8Array>();
        const edge = TileEdge.of(
          from,
          (level, index) =>
            first.tiles.get(tilePath(level, index, Math.floor(from / 256 ** level) % 256 || 256)),
          (tile, bytes) => rest.set(tilePath(tile.level, tile.index, tile.width), bytes),
        );
        assert.ok(edge !== undefined);
        tilesOf(to, { edge, range: first.range });
        for (const [tile, bytes] of edge.partials()) {
          rest.set(tilePath(tile.level, tile.index, tile.width), bytes);
        }
        for (const [name, bytes] of rest) assert.deepEqual(bytes, whole.tiles.get(name));
      }),
      { numRuns: 40 },
    );
  });
});

describe("proofs from tiles", () => {
  test("verify for what they prove", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ([from, to], place) => {
        const hashes = hashesOf(tilesOf(to).tiles, to);
        const root = naiveRoot(leaves.slice(0, to));
        const index = place % to;
        const claim = { index, size: to, leaf: leaves[index] ?? emptyRoot, root };
        assert.ok(verifyInclusion(claim, inclusionProof(index, to, hashes) ?? []));
        const older = { size: from, root: naiveRoot(leaves.slice(0, from)) };
        const proof = consistencyProof(from, to, hashes);
        assert.ok(verifyConsistency(older, { size: to, root }, proof ?? []));
      }),
    );
  });

  test("verify for nothing else", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), ([from, to], place, change) => {
        const hashes = hashesOf(tilesOf(to).tiles, to);
        const root = naiveRoot(leaves.slice(0, to));
        const index = place % to;
        const leaf = leaves[index] ?? emptyRoot;
        const path = inclusionProof(index, to, hashes) ?? [];
        const other = leaves[(index + 1) % sizeMax] ?? emptyRoot;
        assert.ok(!verifyInclusion({ index, size: to, leaf: other, root }, path));
        assert.ok(!verifyInclusion({ index, size: to, leaf, root: other }, path));
        assert.ok(!verifyInclusion({ index: index + 1, size: to, leaf, root }, path));
        assert.ok(!verifyInclusion({ index, size: to, leaf, root }, [...path, other]));
        for (const broken of altered(path, change)) {
          assert.ok(!verifyInclusion({ index, size: to, leaf, root }, broken));
        }
        const older = { size: from, root: naiveRoot(leaves.slice(0, from)) };
        const newer = { size: to, root };
        const steps = consistencyProof(from, to, hashes) ?? [];
        assert.ok(!verifyConsistency({ size: from, root: other }, newer, steps));
        assert.ok(from === 0 || !verifyConsistency(older, { size: to, root: other }, steps));
        assert.ok(!verifyConsistency(older, newer, [...steps, other]));
        for (const broken of altered(steps, change)) {
          assert.ok(!verifyConsistency(older, newer, broken));
        }
      }),
    );
  });

  test("are none where a hash is missing", () => {
    const none = new TileHashes(() => undefined);
    assert.equal(inclusionProof(3, 5, none), undefined);
    assert.equal(consistencyProof(3, 5, none), undefined);
    assert.deepEqual(consistencyProof(0, 5, none), []);
    assert.equal(
      TileEdge.of(
        3,
        () => undefined,
        () => {},
      ),
      undefined,
    );
  });
});

/** A proof with one bit changed, one hash missing, and two swapped. */
function altered(proof: readonly Buffer[], change: number): readonly (readonly Buffer[])[] {
  if (proof.length === 0) return [];
  const place = change % proof.length;
  const flipped = proof.map((hash, index) => {
    if (index !== place) return hash;
    const copy = Buffer.from(hash);
    copy[change % 32] = (copy[change % 32] ?? 0) ^ 1;
    return copy;
  });
  const swapped = [...proof.slice(1), ...proof.slice(0, 1)];
  return [
    flipped,
    proof.filter((_, index) => index !== place),
    ...(proof.length > 1 ? [swapped] : []),
  ];
}
