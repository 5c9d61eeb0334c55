import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  findLogs,
  type LogStatus,
  listSegments,
  type OutsideAnchor,
  sealPath,
  segmentPath,
  verifyLogs,
} from "../src/evidence/index.ts";
import { canonicalJson, parseVerifierKey, signNote } from "../src/signing/index.ts";
import { Draw } from "./support/draw.ts";
import { LogBuilder, rootSigner } from "./support/log-builder.ts";
import type { MemoryFiles } from "./support/memory-files.ts";

const root = parseVerifierKey(rootSigner.verifierKey);
assert.ok(root !== undefined);
const trusted = [root];

/** Three sealed segments, the last anchored at its end, and one that is open. */
const log = new LogBuilder().open().exchanges(40, 30).seal().exchanges(40, 30).rotate();
log.exchanges(30, 20).seal().exchanges(20).anchor().seal().beat().exchanges(20).close();
const anchors = [{ name: "held", text: log.anchorNote() }];
const firsts = listSegments(log.files).slice(0, -1);
const openFirst = listSegments(log.files).at(-1) ?? 0;

function statusOf(files: MemoryFiles, held: readonly OutsideAnchor[] = anchors): LogStatus {
  return verifyLogs({ logs: findLogs(files), trusted, anchors: held }).status;
}

/** A copy of the log with one file changed. */
function changed(path: string, change: (bytes: Buffer) => Buffer): MemoryFiles {
  const files = log.files.copy();
  files.put(path, change(Buffer.from(files.get(path))));
  return files;
}

function lines(path: string): readonly string[] {
  return log.files.text(path).split("\n").slice(0, -1);
}

/** Whether a file is one whose bytes are evidence: all but what the log says of itself. */
function isEvidence(path: string): boolean {
  return path !== "log.json";
}

const paths = [...log.files.files.keys()].filter(isEvidence).sort();

describe("a log that was tampered with", () => {
  test("is good before", () => {
    assert.equal(statusOf(log.files), "good");
    assert.ok(paths.some((path) => path.startsWith("tile/1/")));
  });

  test("shows any of 2,000 flipped bits, in whichever file", () => {
    const draw = new Draw(1);
    const unseen: string[] = [];
    for (let count = 0; count < 600; count += 1) {
      // As many in seals, tiles and checkpoints as in the records, which are most of the bytes.
      const isSegment = count % 2 === 0;
      const path = draw.pick(paths.filter((one) => one.endsWith(".jsonl") === isSegment));
      const bit = draw.below(log.files.get(path).length * 8);
      const files = changed(path, (bytes) => flip(bytes, bit));
      if (statusOf(files) === "good" && !isUnclaimed(path, bit >> 3))
        unseen.push(`${path} bit ${bit}`);
    }
    assert.deepEqual(unseen, []);
  });

  test("shows every byte that is deleted, doubled or cut off behind", () => {
    const draw = new Draw(2);
    for (let count = 0; count < 100; count += 1) {
      const path = draw.pick(paths);
      const at = draw.below(log.files.get(path).length);
      const without = changed(path, (bytes) => spliced(bytes, at, 1, ""));
      const doubled = changed(path, (bytes) => spliced(bytes, at, 0, bytes.subarray(at, at + 1)));
      const cut = changed(path, (bytes) => bytes.subarray(0, at));
      for (const files of [without, doubled, cut]) {
        const isUnseen = statusOf(files) === "good" && !isUnclaimed(path, at);
        assert.ok(!isUnseen, `${path} at ${at}`);
      }
    }
  });

  test("shows every line that is deleted, doubled, swapped with the next or put in", () => {
    const draw = new Draw(3);
    for (let count = 0; count < 60; count += 1) {
      const path = segmentPath(draw.pick([...firsts, openFirst]));
      const all = lines(path);
      const at = draw.below(all.length - 1);
      const [one = "", next = ""] = all.slice(at);
      const foreign = log.records[draw.below(log.size)] ?? "";
      const edits = [
        // A checkpoint line without which a later one covers the same records is no record.
        ...(isCheckpointLine(one) ? [] : [all.toSpliced(at, 1)]),
        all.toSpliced(at, 0, one),
        all.toSpliced(at, 2, next, one),
        all.toSpliced(at, 0, foreign),
      ];
      for (const edit of edits) {
        const files = changed(path, () => Buffer.from(`${edit.join("\n")}\n`));
        assert.notEqual(statusOf(files), "good", `${path} line ${at + 1}`);
      }
    }
  });

  test("shows records that are renumbered around one that was taken out", () => {
    const path = segmentPath(openFirst);
    const [first, ...rest] = lines(path);
    const renumbered = rest.map((line) =>
      line.replace(/"seq":(\d+)/, (_, seq) => `"seq":${Number(seq) - 1}`),
    );
    const { seq } = JSON.parse(first ?? "");
    assert.equal(seq, openFirst);
    const files = changed(path, () => Buffer.from(`${renumbered.join("\n")}\n`));
    assert.equal(statusOf(files), "altered");
  });

  test("shows every cut at the end, through the anchor where not otherwise", () => {
    const path = segmentPath(openFirst);
    const all = lines(path);
    for (let keep = 0; keep < all.length; keep += 1) {
      const files = changed(path, () =>
        Buffer.from(
          all
            .slice(0, keep)
            .map((one) => `${one}\n`)
            .join(""),
        ),
      );
      const latest = [...log.checkpoints.keys()].findLast(
        (size) => size <= sizeOf(all.slice(0, keep)),
      );
      assert.notEqual(statusOf(files, []), "good");
      // Whoever cuts the log replaces `checkpoint` as well; only the anchor knows better.
      files.put("checkpoint", log.checkpoints.get(latest ?? 0) ?? "");
      assert.notEqual(statusOf(files), "good", `${keep} lines left`);
    }
    const shorter = changed(path, () => Buffer.from(""));
    shorter.files.delete(path);
    shorter.put("checkpoint", log.checkpoints.get(openFirst) ?? "");
    assert.equal(statusOf(shorter, []), "good");
    assert.equal(statusOf(shorter), "truncated");
  });

  test("shows segments and seals that changed places or are another log's", () => {
    const other = new LogBuilder(`${log.origin}1`).open().exchanges(40).seal().exchanges(90).files;
    for (const one of firsts) {
      for (const two of [...firsts, openFirst].filter((first) => first !== one)) {
        const swapped = log.files.copy();
        swapped.put(segmentPath(one), log.files.get(segmentPath(two)));
        swapped.put(segmentPath(two), log.files.get(segmentPath(one)));
        assert.equal(statusOf(swapped), "altered");
        const renamed = log.files.copy();
        renamed.put(sealPath(two), log.files.get(sealPath(one)));
        assert.equal(statusOf(renamed), "altered");
      }
    }
    for (const path of [segmentPath(0), sealPath(0), "checkpoint", "tile/0/000"]) {
      const given = other.get(path);
      assert.equal(statusOf(changed(path, () => given)), "altered", path);
    }
  });

  test("shows edited seals, whichever field", () => {
    for (const first of firsts) {
      const seal = JSON.parse(log.files.text(sealPath(first)));
      const edits: object[] = [
        { ...seal, bytes: seal.bytes + 1 },
        { ...seal, count: seal.count + 1 },
        { ...seal, first: seal.first + 1 },
        { ...seal, sha256: "0".repeat(64) },
        { ...seal, range: seal.range.toReversed() },
        { ...seal, range: seal.range.slice(1) },
        { ...seal, checkpoint: log.checkpoints.get(log.size) },
        { ...seal, more: 1 },
      ];
      for (const edit of edits) {
        if (canonicalJson(edit) === canonicalJson(seal)) continue;
        const files = changed(sealPath(first), () => Buffer.from(canonicalJson(edit)));
        assert.equal(statusOf(files), "altered", canonicalJson(edit).slice(0, 80));
      }
    }
  });

  test("shows checkpoints that are signed anew by other keys, or edited and left unsigned", () => {
    const note = log.files.text("checkpoint");
    const [origin = "", size = "", hash = ""] = note.split("\n");
    const edits = [
      note.replace(`\n${size}\n`, `\n${Number(size) - 1}\n`),
      note.replace(hash, Buffer.alloc(32).toString("base64")),
      note.replace(`${origin}\n`, `${origin}1\n`),
      signNote(`${origin}\n${size}\n${hash}\n`, [
        new LogBuilder(log.origin).rotate().rotate().signer,
      ]),
      `${note}${note.split("\n")[4]}x\n`,
    ];
    for (const edit of edits) {
      assert.notEqual(statusOf(changed("checkpoint", () => Buffer.from(edit))), "good", edit);
      const line = JSON.stringify({ checkpoint: note });
      const path = segmentPath(openFirst);
      const text = log.files.text(path).replace(line, JSON.stringify({ checkpoint: edit }));
      assert.notEqual(text, log.files.text(path));
      assert.equal(statusOf(changed(path, () => Buffer.from(text))), "altered");
    }
  });

  test("shows lax spellings of what was written", () => {
    const path = segmentPath(openFirst);
    const text = log.files.text(path);
    const [line = ""] = lines(path).slice(1);
    const spellings = [
      line.replace('"v":1', '"v":1.0'),
      line.replace('"v":1', '"v":1e0'),
      line.replace('"v":1', '"v":01'),
      line.replace('"v":1', '"v": 1'),
      line.replace('"v":1', '"v":1,"v":1'),
      line.replace('"v":1', '"v":1,"w":null'),
      line.replace('"v":1', '"v":1,"w":[]'),
      line.replace('"allow"', '"\\u0061llow"'),
      line.replace("{", "{ "),
      `${line} `,
      `${line}\r`,
      `\ufeff${line}`,
      JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(line)).toReversed())),
    ];
    for (const spelling of spellings) {
      assert.notEqual(spelling, line);
      const files = changed(path, () => Buffer.from(text.replace(line, () => spelling)));
      assert.equal(statusOf(files), "altered", spelling.slice(0, 60));
    }
    const note = log.files.text("checkpoint");
    const crlf = note.replaceAll("\n", "\r\n");
    for (const lax of [
      crlf,
      note.trimEnd(),
      `${note}\n`,
      note.replace("— ", "- "),
      note.replace(/=+\n$/, "\n"),
    ]) {
      assert.equal(statusOf(changed("checkpoint", () => Buffer.from(lax))), "altered", lax);
    }
  });

  test("shows tiles of records that are not there", () => {
    const files = log.files.copy();
    files.put("tile/0/002", Buffer.alloc(256 * 32));
    assert.equal(statusOf(files), "altered");
    const partial = log.files.copy();
    partial.put("tile/1/000.p/3", Buffer.alloc(3 * 32));
    assert.equal(statusOf(partial), "altered");
  });
});

function flip(bytes: Buffer, bit: number): Buffer {
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return bytes;
}

function spliced(bytes: Buffer, at: number, remove: number, put: string | Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + remove)]);
}

/**
 * Whether nothing is claimed of a byte: the day in a seal, which is a wish and no evidence, and the
 * signature lines of an anchor, of which one that holds is enough (C2SP ignores unknown ones).
 */
function isUnclaimed(path: string, at: number): boolean {
  const text = log.files.get(path).toString("latin1");
  if (path.startsWith("anchors/")) return at > text.indexOf("\n\n");
  const day = text.indexOf('"retainUntil":"') + '"retainUntil":"'.length;
  return path.endsWith(".seal.json") && at >= day && at < day + "2027-12-26".length;
}

function isCheckpointLine(line: string): boolean {
  return line.startsWith('{"checkpoint"');
}

/** Records before the end of these lines. */
function sizeOf(all: readonly string[]): number {
  return openFirst + all.filter((line) => !isCheckpointLine(line)).length;
}
