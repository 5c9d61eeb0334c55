import assert from "node:assert/strict";
import { test } from "node:test";
import { toGrpcFrame } from "../../test/support/raw-grpc-client.ts";
import { Fault } from "../base/index.ts";
import { type BufferedBytes, FrameReader } from "./frame-reader.ts";

const unbounded = (): BufferedBytes => ({ bytes: 0, bytesMax: Number.MAX_SAFE_INTEGER });

function readAll(reader: FrameReader, chunks: Iterable<Buffer>): Buffer[] {
  const messages: Buffer[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let next = reader.next(); next !== undefined; next = reader.next()) messages.push(next);
  }
  return messages;
}

function hasCode(code: Fault["code"]): (error: unknown) => boolean {
  return (error) => error instanceof Fault && error.code === code;
}

test("a message split at any byte is the same message", () => {
  const wire = Buffer.concat([toGrpcFrame(Buffer.from("first")), toGrpcFrame(Buffer.from("2nd"))]);
  for (let at = 0; at <= wire.length; at += 1) {
    const chunks = [wire.subarray(0, at), wire.subarray(at)].filter((chunk) => chunk.length > 0);
    const buffered = unbounded();
    const reader = new FrameReader(100, buffered);
    assert.deepEqual(readAll(reader, chunks).map(String), ["first", "2nd"], `split at ${at}`);
    assert.equal(reader.pendingBytes, 0);
    assert.equal(buffered.bytes, 0);
  }
});

test("several messages in one chunk come one by one, empty ones included", () => {
  const wire = ["a", "", "ccc"].map((text) => toGrpcFrame(Buffer.from(text)));
  const reader = new FrameReader(100, unbounded());
  assert.deepEqual(readAll(reader, [Buffer.concat(wire)]).map(String), ["a", "", "ccc"]);
});

test("a whole message is a view of its chunk, not a copy", () => {
  const wire = toGrpcFrame(Buffer.from("message"));
  const [message] = readAll(new FrameReader(100, unbounded()), [wire]);
  assert.equal(message?.buffer, wire.buffer);
});

test("a message that is too large is refused from its prefix, before any of it has come", () => {
  const buffered = unbounded();
  const reader = new FrameReader(10, buffered);
  reader.push(toGrpcFrame(Buffer.alloc(11)).subarray(0, 5));
  assert.throws(() => reader.next(), hasCode("message_too_large"));
  assert.equal(buffered.bytes, 0);
});

test("a prefix that comes byte by byte is judged when it is complete", () => {
  const reader = new FrameReader(10, unbounded());
  const prefix = toGrpcFrame(Buffer.alloc(11)).subarray(0, 5);
  readAll(
    reader,
    [...prefix.subarray(0, 4)].map((byte) => Buffer.from([byte])),
  );
  reader.push(prefix.subarray(4));
  assert.throws(() => reader.next(), hasCode("message_too_large"));
});

test("a message of exactly the limit is taken", () => {
  const reader = new FrameReader(10, unbounded());
  assert.equal(readAll(reader, [toGrpcFrame(Buffer.alloc(10))])[0]?.length, 10);
});

test("a compressed message is refused", () => {
  const reader = new FrameReader(10, unbounded());
  reader.push(toGrpcFrame(Buffer.from("x"), 1));
  assert.throws(() => reader.next(), hasCode("message_compressed"));
});

test("unfinished messages of all readers together are bounded", () => {
  const buffered: BufferedBytes = { bytes: 0, bytesMax: 20 };
  const first = new FrameReader(100, buffered);
  const second = new FrameReader(100, buffered);
  const half = toGrpcFrame(Buffer.alloc(50)).subarray(0, 15);
  assert.deepEqual(readAll(first, [half]), []);
  second.push(half);
  assert.throws(() => second.next(), hasCode("held_bytes_exceeded"));
  second.release();
  first.release();
  assert.equal(buffered.bytes, 0);
});

test("one-byte chunks cost about their own size", () => {
  const messageBytes = 256 * 1024;
  const wire = toGrpcFrame(Buffer.alloc(messageBytes, "z"));
  const buffered = unbounded();
  const reader = new FrameReader(messageBytes, buffered);
  for (let at = 0; at < wire.length - 1; at += 1) {
    reader.push(wire.subarray(at, at + 1));
    assert.equal(reader.next(), undefined);
  }
  assert.equal(reader.pendingBytes, wire.length - 1);
  assert.ok(reader.pendingParts <= 32, `expected few parts, found ${reader.pendingParts}`);
  reader.push(wire.subarray(wire.length - 1));
  assert.deepEqual(reader.next(), wire.subarray(5));
});
