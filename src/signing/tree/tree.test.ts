import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { logVector } from "../../../test/support/log-vector.ts";
import {
  CompactRange,
  consistencyProof,
  emptyRoot,
  inclusionProof,
  leafHash,
  nodeHash,
  sha256Hex,
  TileHashes,
  tilePath,
  tilesBetween,
  verifyConsistency,
  verifyInclusion,
} from "../index.ts";

/** The tree that Certificate Transparency publishes as its test vector, all hex. */
const published = {
  leaves: [
    ...["", "00", "10", "2021", "3031", "40414243", "5051525354555657"],
    "606162636465666768696a6b6c6d6e6f",
  ],
  roots: [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
  ],
  inclusion: [
    { index: 0, size: 1, path: [] },
    {
      index: 0,
      size: 8,
      path: [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    },
    {
      index: 5,
      size: 8,
      path: [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    },
    {
      index: 2,
      size: 3,
      path: ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    },
  ],
  consistency: [
    { from: 1, to: 1, proof: [] },
    {
      from: 1,
      to: 8,
      proof: [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    },
    {
      from: 6,
      to: 8,
      proof: [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      ],
    },
    {
      from: 2,
      to: 5,
      proof: [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      ],
    },
  ],
} as const;

const leaves = published.leaves.map((leaf) => leafHash(Buffer.from(leaf, "hex")));
const tiles = new TileHashes((level, index) =>
  level === 0 && index === 0 ? Buffer.concat(leaves) : undefined,
);

function root(size: number): Buffer {
  return Buffer.from(published.roots[size - 1] ?? "", "hex");
}

function toHex(hashes: readonly Uint8Array[] | undefined): readonly string[] | undefined {
  return hashes?.map((hash) => Buffer.from(hash).toString("hex"));
}

describe("the published tree", () => {
  test("has its roots, from the empty one on", () => {
    const range = CompactRange.empty();
    assert.equal(
      emptyRoot.toString("hex"),
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    assert.deepEqual(range.root(), emptyRoot);
    const roots = leaves.map((leaf) => {
      range.append(leaf);
      return range.root().toString("hex");
    });
    assert.deepEqual(roots, published.roots);
  });

  test("has its inclusion paths, and they verify", () => {
    for (const { index, size, path } of published.inclusion) {
      const proof = inclusionProof(index, size, tiles);
      assert.deepEqual(toHex(proof), path);
      const claim = { index, size, leaf: leaves[index] ?? emptyRoot, root: root(size) };
      assert.ok(verifyInclusion(claim, proof ?? []));
    }
  });

  test("has its consistency proofs, and they verify", () => {
    for (const { from, to, proof } of published.consistency) {
      const found = consistencyProof(from, to, tiles);
      assert.deepEqual(toHex(found), proof);
      assert.ok(
        verifyConsistency(
          { size: from, root: root(from) },
          { size: to, root: root(to) },
          found ?? [],
        ),
      );
    }
  });
});

describe("the tree of the vector", () => {
  test("has its leaves and roots", () => {
    const range = CompactRange.empty();
    const hashes = logVector.records.map((line) => leafHash(Buffer.from(line)));
    assert.deepEqual(toHex(hashes), logVector.leaves);
    for (const leaf of hashes) range.append(leaf);
    assert.equal(range.root().toString("hex"), logVector.roots[3]);
    const [first = emptyRoot, second = emptyRoot] = hashes;
    assert.equal(nodeHash(first, second).toString("hex"), logVector.roots[2]);
  });
});

describe("a line", () => {
  test("is hashed whole after a zero byte, however long it is", () => {
    for (const length of [0, 1, 32_766, 32_767, 32_768, 100_000]) {
      const line = Buffer.alloc(length, "a");
      const input = Buffer.concat([Buffer.from([0]), line]);
      assert.equal(leafHash(line).toString("hex"), sha256Hex(input));
    }
  });
});

describe("tiles", () => {
  test("are named as C2SP tlog-tiles names them", () => {
    assert.equal(tilePath(0, 0), "tile/0/000");
    assert.equal(tilePath(0, 0, 3), "tile/0/000.p/3");
    assert.equal(tilePath(0, 1234067, 112), "tile/0/x001/x234/067.p/112");
    assert.equal(tilePath(2, 1000), "tile/2/x001/000");
    assert.equal(tilePath(1, 999, 256), "tile/1/999");
  });

  test("of a tree are its full ones and the edge of each level", () => {
    const names = (from: number, to: number): readonly string[] =>
      tilesBetween(from, to).map(({ level, index, width }) => tilePath(level, index, width));
    assert.deepEqual(names(0, 0), []);
    assert.deepEqual(names(0, 3), ["tile/0/000.p/3"]);
    assert.deepEqual(names(3, 3), []);
    assert.deepEqual(names(0, 256), ["tile/0/000", "tile/1/000.p/1"]);
    assert.deepEqual(names(255, 513), [
      ...["tile/0/000", "tile/0/001", "tile/0/002.p/1"],
      "tile/1/000.p/2",
    ]);
    assert.deepEqual(names(256, 300), ["tile/0/001.p/44"]);
    assert.deepEqual(
      names(65_535, 65_536).filter((name) => !name.startsWith("tile/0/")),
      ["tile/1/000", "tile/2/000.p/1"],
    );
  });
});
