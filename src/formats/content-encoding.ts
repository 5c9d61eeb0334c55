import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import { Fault, type Limits } from "../base/index.ts";

/** Codings one body may have on top of each other. */
export const codingsMax = 2;

/** Frames of one zstd body that are opened anew; each opening takes memory of its own. */
export const framesMax = 256;

/** Brotli as RFC 7932 has it: the larger windows of its extension are not for the web. */
export const brotliParams = { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 0 };

/** RFC 9659 section 3: windows of at most 8 MiB, or a few bytes could ask for 128 MiB. */
export const zstdParams = { [constants.ZSTD_d_windowLogMax]: 23 };

/** A packing that is undone here. */
export type Packing = "gzip" | "zlib" | "deflate" | "br" | "zstd";

/** The codings of a content-encoding header in the order they were applied; `identity` left out. */
export function parseContentEncoding(values: readonly string[]): readonly string[] {
  const codings: string[] = [];
  for (const value of values) {
    for (const part of value.split(",")) {
      const coding = part.trim().toLowerCase();
      if (coding !== "" && coding !== "identity") codings.push(coding);
    }
  }
  return codings;
}

/** True where a body with these codings can be decoded at all. */
export function areCodingsSupported(codings: readonly string[]): boolean {
  return codings.length <= codingsMax && codings.every((coding) => supported.has(coding));
}

const supported: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate", "br", "zstd"]);

/**
 * The plain bytes of an encoded body (RFC 9110 section 8.4), or the body itself without codings.
 * Output is bounded by `limits.bodyBytesMax` and `limits.decodeRatioMax` before it is made. Bytes
 * behind the packed data are refused: whoever reads them differently would see another body.
 * @throws Fault encoding_unsupported, encoding_invalid, decode_ratio_exceeded, body_too_large
 */
export function decodeContent(body: Buffer, codings: readonly string[], limits: Limits): Buffer {
  if (codings.length === 0 || body.length === 0) return body;
  if (codings.length > codingsMax) {
    throw new Fault(
      "encoding_unsupported",
      `expected at most ${codingsMax} codings, found ${codings.length}`,
    );
  }
  const ratioBytesMax = ratioBytes(body.length, limits);
  const bounds = { outputBytesMax: Math.min(limits.bodyBytesMax, ratioBytesMax), limits };
  let plain = body;
  for (const coding of codings.toReversed()) plain = decodeOne(plain, coding, bounds);
  return plain;
}

/** Bytes that so many encoded ones may come to; tiny bodies are given some room. */
export function ratioBytes(encodedBytes: number, limits: Limits): number {
  return Math.max(encodedBytes, 64) * limits.decodeRatioMax;
}

/** The packing that a coding means for data that begins with these bytes, at least two. */
export function packingOf(coding: string, start: Buffer): Packing {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return "gzip";
    case "deflate":
      return isZlib(start) ? "zlib" : "deflate";
    case "br":
    case "zstd":
      return coding;
    default:
      throw new Fault(
        "encoding_unsupported",
        `expected gzip, deflate, br or zstd, found ${coding.slice(0, 32)}`,
      );
  }
}

/** The fault that an error of the decompressor is. */
export function toInvalid(coding: string, cause?: unknown): Fault {
  return new Fault("encoding_invalid", `expected ${coding} data, found something else`, { cause });
}

interface InflateOptions {
  readonly maxOutputLength: number;
  readonly info: boolean;
}

interface Bounds {
  readonly outputBytesMax: number;
  readonly limits: Limits;
}

/** What `info: true` makes of a result, which the library's types leave out. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function decodeOne(body: Buffer, coding: string, bounds: Bounds): Buffer {
  const packing = packingOf(coding, body);
  const frames: Buffer[] = [];
  let rest = body;
  let room = bounds.outputBytesMax;
  while (rest.length > 0) {
    if (frames.length > 0 && (packing !== "zstd" || frames.length >= framesMax)) {
      throw toInvalid(coding);
    }
    const { buffer, engine } = inflateFirst(rest, coding, packing, { ...bounds, room });
    frames.push(buffer);
    room -= buffer.length;
    rest = rest.subarray(engine.bytesWritten);
  }
  const [only] = frames;
  return frames.length === 1 && only !== undefined ? only : Buffer.concat(frames);
}

function inflateFirst(
  body: Buffer,
  coding: string,
  packing: Packing,
  bounds: Bounds & { readonly room: number },
): Inflated {
  try {
    // The library takes no bound of 0.
    return inflate(body, packing, Math.max(bounds.room, 1));
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ERR_BUFFER_TOO_LARGE") {
      throw toInvalid(coding, cause);
    }
    const { limits, outputBytesMax } = bounds;
    const isLarge = outputBytesMax === limits.bodyBytesMax;
    throw new Fault(
      isLarge ? "body_too_large" : "decode_ratio_exceeded",
      `expected a ${coding} body of at most ${outputBytesMax} bytes decoded`,
      { cause },
    );
  }
}

function inflate(body: Buffer, packing: Packing, maxOutputLength: number): Inflated {
  const options = { maxOutputLength, info: true };
  return inflateAs(body, packing, options) as unknown as Inflated;
}

function inflateAs(body: Buffer, packing: Packing, options: InflateOptions): Buffer {
  switch (packing) {
    case "gzip":
      return gunzipSync(body, options);
    case "zlib":
      return inflateSync(body, options);
    case "deflate":
      return inflateRawSync(body, options);
    case "br":
      return brotliDecompressSync(body, { ...options, params: brotliParams });
    case "zstd":
      return zstdDecompressSync(body, { ...options, params: zstdParams });
  }
}

/** `deflate` means zlib (RFC 1950), but some senders leave its header out. */
function isZlib(start: Buffer): boolean {
  if (start.length < 2) return true;
  const header = start.readUInt16BE(0);
  return (header & 0x0f00) === 0x0800 && header % 31 === 0;
}
