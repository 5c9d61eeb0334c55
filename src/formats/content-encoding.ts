import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import { Fault, type Limits } from "../base/index.ts";

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

/**
 * The plain bytes of an encoded body (RFC 9110 section 8.4), or the body itself without codings.
 * Output is bounded by `limits.bodyBytesMax` and `limits.decodeRatioMax` before it is made.
 * @throws Fault encoding_unsupported, encoding_invalid, decode_ratio_exceeded, body_too_large
 */
export function decodeContent(body: Buffer, codings: readonly string[], limits: Limits): Buffer {
  if (codings.length === 0 || body.length === 0) return body;
  if (codings.length > 2) {
    throw new Fault("encoding_unsupported", `expected at most 2 codings, found ${codings.length}`);
  }
  const ratioBytesMax = Math.max(body.length, 64) * limits.decodeRatioMax;
  const maxOutputLength = Math.min(limits.bodyBytesMax, ratioBytesMax);
  let plain = body;
  for (const coding of codings.toReversed()) {
    plain = decodeOne(plain, coding, maxOutputLength, limits.bodyBytesMax);
  }
  return plain;
}

function decodeOne(body: Buffer, coding: string, maxOutputLength: number, bodyBytesMax: number) {
  try {
    return inflate(body, coding, maxOutputLength);
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    if ((cause as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") {
      const code = maxOutputLength === bodyBytesMax ? "body_too_large" : "decode_ratio_exceeded";
      throw new Fault(
        code,
        `expected a ${coding} body of at most ${maxOutputLength} bytes decoded`,
        {
          cause,
        },
      );
    }
    throw new Fault("encoding_invalid", `expected ${coding} data, found something else`, { cause });
  }
}

function inflate(body: Buffer, coding: string, maxOutputLength: number): Buffer {
  switch (coding) {
    case "gzip":
    case "x-gzip":
      return gunzipSync(body, { maxOutputLength });
    case "deflate":
      return isZlib(body)
        ? inflateSync(body, { maxOutputLength })
        : inflateRawSync(body, { maxOutputLength });
    case "br":
      return brotliDecompressSync(body, {
        maxOutputLength,
        params: { [constants.BROTLI_DECODER_PARAM_LARGE_WINDOW]: 0 },
      });
    case "zstd":
      return zstdDecompressSync(body, { maxOutputLength });
    default:
      throw new Fault(
        "encoding_unsupported",
        `expected gzip, deflate, br or zstd, found ${coding.slice(0, 32)}`,
      );
  }
}

/** `deflate` means zlib (RFC 1950), but some senders leave its header out. */
function isZlib(body: Buffer): boolean {
  const header = body.readUInt16BE(0);
  return (header & 0x0f00) === 0x0800 && header % 31 === 0;
}
