import protobuf from "protobufjs/minimal.js";
import { type MessageCommand, toResponse } from "./encode-response.ts";
import { beginFrame, endFrame } from "./frame-writer.ts";
import { envoy } from "./gen/messages.js";

/** A scratch buffer that one large body grew beyond this is not kept. */
const scratchBytesMax = 1024 * 1024;

/**
 * Encodes answers as gRPC messages. One scratch buffer serves all streams in turn, so the answers
 * of a stream cost a single allocation: the bytes that leave.
 */
export class ResponseEncoder {
  #writer = protobuf.Writer.create();

  /** All commands in order, each with its prefix, in one buffer that is the caller's. */
  encode(commands: readonly MessageCommand[]): Buffer {
    const writer = this.#writer.reset();
    try {
      for (const command of commands) {
        const start = beginFrame(writer);
        envoy.service.ext_proc.v3.ProcessingResponse.encode(toResponse(command), writer);
        endFrame(writer, start);
      }
    } catch (bug) {
      // The writer stopped in the middle of a message; the next one must not begin there.
      this.#writer = protobuf.Writer.create();
      throw bug;
    }
    const bytes = Buffer.from(writer.finish(true));
    if (writer.buf.length > scratchBytesMax) this.#writer = protobuf.Writer.create();
    return bytes;
  }
}
