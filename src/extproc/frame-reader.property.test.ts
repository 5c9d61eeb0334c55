import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { toGrpcFrame } from "../../test/support/raw-grpc-client.ts";
import { FrameReader } from "./frame-reader.ts";

const messages = fc.array(fc.uint8Array({ maxLength: 6000 }), { maxLength: 6 });
const cuts = fc.array(fc.nat(), { maxLength: 30 });

test("any splitting of a stream into chunks gives the same messages and leaves nothing", () => {
  fc.assert(
    fc.property(messages, cuts, (sent, at) => {
      const wire = Buffer.concat(sent.map((message) => toGrpcFrame(message)));
      const buffered = { bytes: 0, bytesMax: Number.MAX_SAFE_INTEGER };
      const reader = new FrameReader(10_000, buffered);
      const read: Buffer[] = [];
      const ends = at.map((cut) => cut % (wire.length + 1)).sort((a, b) => a - b);
      let start = 0;
      for (const end of [...ends, wire.length]) {
        reader.push(wire.subarray(start, end));
        start = end;
        for (let next = reader.next(); next !== undefined; next = reader.next()) read.push(next);
      }
      assert.deepEqual(
        read,
        sent.map((message) => Buffer.from(message)),
      );
      assert.equal(reader.pendingBytes, 0);
      assert.equal(buffered.bytes, 0);
    }),
    { numRuns: 200 },
  );
});
