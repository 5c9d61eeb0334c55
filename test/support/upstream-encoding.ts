import {
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
} from "node:zlib";
import type { Script } from "./upstream-script.ts";

/** Encodes a body piece by piece; what a piece encodes to leaves with it. */
export interface PieceEncoder {
  piece(bytes: Buffer): Promise<Buffer>;
  /** The last bytes of the encoded body. */
  end(): Promise<Buffer>;
}

/** The encoder of a content-encoding; without one, bytes stay as they are. */
export function encoderFor(encoding: Script["encoding"]): PieceEncoder {
  if (encoding === undefined) {
    return { piece: async (bytes) => bytes, end: async () => Buffer.alloc(0) };
  }
  const encoder = createEncoder(encoding);
  const drain = () => (encoder.read() as Buffer | null) ?? Buffer.alloc(0);
  return {
    async piece(bytes) {
      encoder.write(bytes);
      await new Promise<void>((resolve) => encoder.flush(() => resolve()));
      return drain();
    },
    async end() {
      encoder.end();
      const chunks: Buffer[] = [];
      for await (const chunk of encoder) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
  };
}

function createEncoder(encoding: NonNullable<Script["encoding"]>) {
  switch (encoding) {
    case "gzip":
      return createGzip();
    case "deflate":
      return createDeflate();
    case "br":
      return createBrotliCompress({
        params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY },
      });
    case "zstd":
      return createZstdCompress();
  }
}
