import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { logVector } from "../../test/support/log-vector.ts";
import { recordBytesMax } from "../base/index.ts";
import { canonicalJson } from "../signing/index.ts";
import { RecordReader, readRecordLine } from "./index.ts";

const required = {
  at: "2026-11-21T08:00:01.123456Z",
  id: "01a1fd1e-9063-7670-891a-985ccc8c71a2",
  kind: "decision",
  log: "gov.acme.example/eu1/pod-7/0/5f0c2a91",
  seq: 2,
  v: 1,
};

function read(record: Record<string, unknown>) {
  return readRecordLine(Buffer.from(canonicalJson({ ...required, ...record })));
}

describe("a record's line", () => {
  test("of the vector gives its fields and its members", () => {
    const records = logVector.records.map((line) => readRecordLine(Buffer.from(line)));
    assert.deepEqual(
      records.map((record) => [record?.v, record?.kind, record?.seq, record?.log]),
      ["key", "open", "decision"].map((kind, seq) => [1, kind, seq, logVector.origin]),
    );
    assert.equal(records[2]?.at, "2026-11-21T08:00:01.123456Z");
    assert.equal(records[2]?.id, "01a1fd1e-9063-7670-891a-985ccc8c71a2");
    assert.equal(canonicalJson(records[2]?.json), logVector.records[2]);
  });

  test("a checkpoint line is none", () => {
    assert.equal(readRecordLine(Buffer.from(logVector.checkpointLines[0] ?? "")), undefined);
  });

  test("lacks nothing that every record has", () => {
    assert.ok(read({}) !== undefined);
    for (const name of Object.keys(required)) assert.equal(read({ [name]: undefined }), undefined);
  });

  test("has its fields in their form", () => {
    const others: readonly Record<string, unknown>[] = [
      ...[{ v: 0 }, { v: "1" }, { v: -1 }, { seq: -1 }, { seq: "2" }, { kind: 1 }, { kind: "" }],
      ...[{ kind: "Decision" }, { kind: "a b" }, { kind: "a".repeat(33) }, { log: 1 }, { id: 1 }],
      ...[{ id: required.id.toUpperCase() }, { id: required.id.replace("-7", "-4") }],
      ...[{ id: required.id.replace("-891a", "-c91a") }, { id: `${required.id}0` }, { at: 1 }],
      ...[{ at: "2026-11-21T08:00:01.123Z" }, { at: "2026-11-21 08:00:01.123456Z" }],
      ...[{ at: "2026-13-21T08:00:01.123456Z" }, { at: "2026-00-21T08:00:01.123456Z" }],
      ...[{ at: "2026-11-31T08:00:01.123456Z" }, { at: "2026-02-29T08:00:01.123456Z" }],
      ...[{ at: "2026-11-00T08:00:01.123456Z" }, { at: "2026-11-21T24:00:01.123456Z" }],
      ...[{ at: "2026-11-21T08:60:01.123456Z" }, { at: "2026-11-21T08:00:60.123456Z" }],
    ];
    for (const other of others) assert.equal(read(other), undefined, JSON.stringify(other));
    assert.ok(read({ at: "2028-02-29T23:59:59.999999Z" }) !== undefined);
    assert.ok(read({ kind: "of_a_later_version", v: 2, more: ["x"] }) !== undefined);
  });

  test("is bounded", () => {
    const room = recordBytesMax - canonicalJson({ ...required, filler: "" }).length;
    assert.ok(read({ filler: "x".repeat(room) }) !== undefined);
    assert.equal(read({ filler: "x".repeat(room + 1) }), undefined);
  });

  test("nests at most eight deep", () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    assert.ok(read({ deep: nested(7) }) !== undefined);
    assert.equal(read({ deep: nested(8) }), undefined);
    const inside = (depth: number): unknown => (depth === 0 ? 1 : { in: inside(depth - 1) });
    assert.ok(read({ deep: inside(7) }) !== undefined);
    assert.equal(read({ deep: inside(8) }), undefined);
  });
});

describe("a reader", () => {
  test("gives the fields of the line read last, wherever it stands", () => {
    const reader = new RecordReader();
    const lines = logVector.records.join("\n");
    const bytes = Buffer.from(lines);
    let start = 0;
    for (const [seq, line] of logVector.records.entries()) {
      const end = start + Buffer.byteLength(line);
      assert.ok(reader.read(bytes, start, end));
      assert.equal(reader.seq, seq);
      assert.ok(reader.isOf(Buffer.from(logVector.origin)));
      assert.ok(!reader.isOf(Buffer.from(logVector.origin.slice(0, -1))));
      assert.ok(!reader.isOf(Buffer.from(`${logVector.origin.slice(0, -1)}2`)));
      start = end + 1;
    }
    assert.equal(reader.exchange, "01a1fd1e-9060-7266-9625-1b601630ea14");
    assert.ok(reader.isFinal);
    assert.ok(!reader.read(bytes, 0, 5));
  });

  test("reads any number of kinds", () => {
    const reader = new RecordReader();
    for (let index = 0; index < 100; index += 1) {
      const kind = `k${String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26))}`;
      const line = Buffer.from(canonicalJson({ ...required, kind }));
      assert.ok(reader.read(line, 0, line.length));
      assert.equal(reader.kind, kind);
    }
  });
});
