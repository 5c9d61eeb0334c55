import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import { notOurs } from "./bundle-error.ts";

/**
 * The head that every archive begins with (RFC 1952 section 2.3): deflate, no flags, no time, no
 * operating system, so that the same content gives the same bytes.
 */
const head = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const tailBytes = 8;

/** Content as one gzip member. */
export function compress(content: Uint8Array): Uint8Array {
  const tail = Buffer.alloc(tailBytes);
  tail.writeUInt32LE(crc32(content), 0);
  tail.writeUInt32LE(content.byteLength % 2 ** 32, 4);
  return Buffer.concat([head, deflateRawSync(content, { level: 9 }), tail]);
}

/**
 * The content of one gzip member as `compress` makes it, never more than `bytesMax`. Throws
 * `BundleError` for anything else, a second member and bytes behind the end included.
 */
export function decompress(packed: Uint8Array, bytesMax: number): Uint8Array {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const body = bytes.subarray(head.byteLength, bytes.byteLength - tailBytes);
  if (bytes.byteLength < head.byteLength + tailBytes || !bytes.subarray(0, 10).equals(head)) {
    throw notOurs("the archive is not compressed as bundles are");
  }
  const { content, readBytes } = inflate(body, bytesMax);
  const tail = bytes.subarray(bytes.byteLength - tailBytes);
  if (
    readBytes !== body.byteLength ||
    tail.readUInt32LE(0) !== crc32(content) ||
    tail.readUInt32LE(4) !== content.byteLength
  ) {
    throw notOurs("the archive is damaged");
  }
  return content;
}

function inflate(body: Uint8Array, bytesMax: number) {
  try {
    // With `info` the result holds the engine, which knows how much it has read.
    const result: unknown = inflateRawSync(body, { maxOutputLength: bytesMax, info: true });
    const { buffer, engine } = result as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { content: buffer, readBytes: engine.bytesWritten };
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE"
      ? notOurs(`the archive holds more than ${bytesMax} bytes`)
      : notOurs("the archive is damaged");
  }
}
