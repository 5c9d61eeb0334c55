import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { LogBuilder, rootSigner } from "../../../test/support/log-builder.ts";
import { logVector } from "../../../test/support/log-vector.ts";
import { MemoryFiles } from "../../../test/support/memory-files.ts";
import {
  CompactRange,
  checkNote,
  decodeBase64,
  leafHash,
  parseCheckpoint,
  parseKeyStatement,
  parseNote,
  parseTlogProof,
  parseVerifierKey,
  renameVerifier,
  verifyConsistency,
  verifyInclusion,
} from "../../signing/index.ts";
import {
  BrokenLogError,
  type LogInfo,
  proveConsistency,
  proveRecords,
  readCheckpoint,
  readLogInfo,
} from "../index.ts";

function infoOf(files: MemoryFiles): LogInfo {
  const info = readLogInfo(files);
  assert.ok(info !== undefined);
  return info;
}

/** Whether a proof convinces someone who has the root key, the record, and nothing else. */
function convinces(proof: string | undefined, record: Uint8Array): boolean {
  const root = parseVerifierKey(rootSigner.verifierKey);
  const parts = parseTlogProof(proof ?? "");
  const note = parseNote(parts?.checkpoint ?? "");
  const checkpoint = parseCheckpoint(note?.text ?? "");
  if (!(root && parts && note && checkpoint)) return false;
  const { index, path, extra } = parts;
  const claim = { ...checkpoint, index, leaf: leafHash(record) };
  const { log, seq } = JSON.parse(Buffer.from(record).toString());
  if (!verifyInclusion(claim, path) || seq !== index || log !== checkpoint.origin) return false;
  if (extra === undefined) return checkNote(note, renameVerifier(root, log)) === "signed";
  const statement = parseNote(Buffer.from(extra).toString());
  const said = parseKeyStatement(statement?.text ?? "");
  const key = parseVerifierKey(said?.verifier ?? "");
  if (!(statement && said && key) || checkNote(statement, root) !== "signed") return false;
  return said.origin === log && said.at < checkpoint.size && checkNote(note, key) === "signed";
}

describe("the proof of the vector", () => {
  const files = new MemoryFiles();
  files.put("segments/000000000000.jsonl", logVector.segment);
  const { note } = JSON.parse(logVector.records[0] ?? "");
  const info = { origin: logVector.origin, root: logVector.rootKey, keys: [note] };

  test("is made byte for byte, by the id of the record and by that of its exchange", () => {
    for (const id of [
      "01a1fd1e-9063-7670-891a-985ccc8c71a2",
      "01a1fd1e-9060-7266-9625-1b601630ea14",
    ]) {
      const [proof, ...rest] = proveRecords(files, info, id);
      assert.deepEqual(rest, []);
      assert.equal(proof?.seq, 2);
      assert.equal(proof?.record.toString(), logVector.records[2]);
      assert.equal(proof?.proof, logVector.proof);
    }
    assert.deepEqual(proveRecords(files, info, "of nobody"), []);
  });

  test("of consistency is leaf 2", () => {
    const leaf = Buffer.from(logVector.leaves[2] ?? "", "hex").toString("base64");
    const body = `old 2\n${leaf}\n\n${logVector.checkpoint}`;
    assert.equal(proveConsistency(files, info, 2, 3), body);
    assert.equal(proveConsistency(files, info, 1, 3), undefined);
  });
});

describe("a proof", () => {
  const log = new LogBuilder().open().exchanges(150).anchor().exchanges(200).seal();
  log.rotate().exchanges(100).anchor("other").exchanges(20);
  const uncovered = log.idOf(999_999);
  log.add("decision", { exchange: uncovered, outcome: "permit", verdict: "allow" });

  test("convinces of every record that a checkpoint covers, and of no other line", () => {
    const info = infoOf(log.files);
    for (let seq = 0; seq < log.size - 1; seq += 37) {
      const [proof] = proveRecords(log.files, info, log.idOf(seq));
      assert.equal(proof?.seq, seq);
      assert.ok(convinces(proof.proof, proof.record));
      const altered = Buffer.from(proof.record.toString().replace("allow", "deny "));
      assert.ok(altered.equals(proof.record) || !convinces(proof.proof, altered));
    }
  });

  test("is under the oldest anchored checkpoint, without statements where the root signed it", () => {
    const info = infoOf(log.files);
    const partsOf = (seq: number) => {
      const [proof] = proveRecords(log.files, info, log.idOf(seq));
      const parts = parseTlogProof(proof?.proof ?? "");
      return [readCheckpoint(parts?.checkpoint ?? "")?.size, parts?.extra !== undefined];
    };
    assert.deepEqual(partsOf(7), [302, false]);
    assert.deepEqual(partsOf(302), [903, false]);
    assert.deepEqual(partsOf(905), [943, true]);
  });

  test("waits for a checkpoint", () => {
    const [proof] = proveRecords(log.files, infoOf(log.files), uncovered);
    assert.equal(proof?.seq, log.size - 1);
    assert.equal(proof.proof, undefined);
  });

  test("is made from tiles where records are pruned", () => {
    const pruned = log.files.copy();
    pruned.files.delete("segments/000000000000.jsonl");
    const info = infoOf(pruned);
    const [proof] = proveRecords(pruned, info, log.idOf(800));
    assert.ok(convinces(proof?.proof, proof?.record ?? Buffer.alloc(0)));
    const bare = pruned.copy();
    for (const path of bare.files.keys()) if (path.startsWith("tile/")) bare.files.delete(path);
    assert.throws(() => proveRecords(bare, info, log.idOf(800)), BrokenLogError);
  });

  test("is not made from a log that is broken", () => {
    const files = log.files.copy();
    const path = "segments/000000000000.jsonl";
    files.put(path, files.text(path).replace('"allow"', '"deny"'));
    assert.throws(() => proveRecords(files, infoOf(files), log.idOf(800)), BrokenLogError);
    files.files.delete(path);
    files.files.delete("segments/000000000000.seal.json");
    assert.throws(() => proveRecords(files, infoOf(files), log.idOf(800)), BrokenLogError);
  });
});

describe("a proof of consistency", () => {
  test("holds between any two checkpoints", () => {
    const log = new LogBuilder().open().exchanges(30).seal().exchanges(300, 40);
    const info = infoOf(log.files);
    const sizes = [...log.checkpoints.keys()];
    for (const from of sizes.filter((_, index) => index % 2 === 0)) {
      for (const to of sizes.filter((size) => size >= from)) {
        const body = proveConsistency(log.files, info, from, to) ?? "";
        const end = body.indexOf("\n\n");
        const [old, ...hashes] = body.slice(0, end).split("\n");
        assert.equal(old, `old ${from}`);
        assert.equal(body.slice(end + 2), log.checkpoints.get(to));
        const proof = hashes.map((hash) => decodeBase64(hash) ?? Buffer.alloc(0));
        const [older, newer] = [rootAt(log, from), rootAt(log, to)];
        assert.ok(verifyConsistency(older, newer, proof));
      }
    }
  });
});

function rootAt(log: LogBuilder, size: number) {
  const range = CompactRange.empty();
  for (const line of log.records.slice(0, size)) range.append(leafHash(Buffer.from(line)));
  return { size, root: range.root() };
}
