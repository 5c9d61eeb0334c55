import assert from "node:assert/strict";
import { test } from "node:test";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { defaultLimits, Fault } from "../base/index.ts";
import { decodeContent, parseContentEncoding } from "./content-encoding.ts";

const text = Buffer.from(JSON.stringify({ text: "a body worth packing ".repeat(20) }));
const codeOf = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return "none";
};

test("codings are read from lists and repeated headers, identity left out", () => {
  assert.deepEqual(parseContentEncoding(["gzip, BR", " identity", ""]), ["gzip", "br"]);
});

test("every supported coding decodes to the same bytes", () => {
  const packed: [string, Buffer][] = [
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
  ];
  for (const [coding, body] of packed) {
    assert.deepEqual(decodeContent(body, [coding], defaultLimits), text, coding);
  }
  const twice = brotliCompressSync(gzipSync(text));
  assert.deepEqual(decodeContent(twice, ["gzip", "br"], defaultLimits), text);
});

test("a bomb is stopped by ratio, a large body by size, each with its own code", () => {
  const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024));
  assert.equal(
    codeOf(() => decodeContent(bomb, ["gzip"], defaultLimits)),
    "decode_ratio_exceeded",
  );
  const limits = { ...defaultLimits, bodyBytesMax: 100 };
  assert.equal(
    codeOf(() => decodeContent(gzipSync(text), ["gzip"], limits)),
    "body_too_large",
  );
});

test("unknown codings and broken data are told apart", () => {
  assert.equal(
    codeOf(() => decodeContent(text, ["compress"], defaultLimits)),
    "encoding_unsupported",
  );
  assert.equal(
    codeOf(() => decodeContent(text, ["gzip"], defaultLimits)),
    "encoding_invalid",
  );
  const cut = gzipSync(text).subarray(0, 30);
  assert.equal(
    codeOf(() => decodeContent(cut, ["gzip"], defaultLimits)),
    "encoding_invalid",
  );
  const many = ["gzip", "gzip", "gzip"];
  assert.equal(
    codeOf(() => decodeContent(text, many, defaultLimits)),
    "encoding_unsupported",
  );
});
