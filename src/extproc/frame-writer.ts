import protobuf from "protobufjs/minimal.js";
import { framePrefixBytes } from "./frame-reader.ts";

/** Starts a gRPC message in a writer; give what it returns to `endFrame` after encoding. */
export function beginFrame(writer: protobuf.Writer): number {
  const start = writer.pos;
  writer.bool(false).fixed32(0);
  return start;
}

/** Writes the length of the message begun at `start` into its prefix. */
export function endFrame(writer: protobuf.Writer, start: number): void {
  const messageBytes = writer.pos - start - framePrefixBytes;
  const { buf } = writer;
  buf[start + 1] = messageBytes >>> 24;
  buf[start + 2] = messageBytes >>> 16;
  buf[start + 3] = messageBytes >>> 8;
  buf[start + 4] = messageBytes;
}

/** One gRPC message with its prefix, from what a generated `encode` writes. */
export function toFrame(encode: (writer: protobuf.Writer) => unknown): Buffer {
  const writer = protobuf.Writer.create();
  const start = beginFrame(writer);
  encode(writer);
  endFrame(writer, start);
  return Buffer.from(writer.finish(true));
}
