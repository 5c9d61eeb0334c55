import assert from "node:assert/strict";
import { test } from "node:test";
import {
  brotliCompressSync,
  constants,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { defaultLimits, Fault } from "../base/index.ts";
import { areCodingsSupported, decodeContent, parseContentEncoding } from "./content-encoding.ts";

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

test("bytes behind the packed data are refused: some reader would see another body", () => {
  const packings: [string, Buffer][] = [
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
  ];
  for (const [coding, body] of packings) {
    for (const extra of ["{}", "\0"]) {
      const longer = Buffer.concat([body, Buffer.from(extra)]);
      assert.equal(
        codeOf(() => decodeContent(longer, [coding], defaultLimits)),
        "encoding_invalid",
        coding,
      );
    }
  }
});

test("members of gzip and frames of zstd in a row are one body", () => {
  for (const [coding, pack] of [
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const) {
    const body = Buffer.concat([pack("one "), pack("two "), pack("three")]);
    assert.equal(String(decodeContent(body, [coding], defaultLimits)), "one two three");
  }
  const many = Buffer.concat(Array.from({ length: 300 }, () => zstdCompressSync("a")));
  assert.equal(
    codeOf(() => decodeContent(many, ["zstd"], defaultLimits)),
    "encoding_invalid",
  );
});

test("the size of a body is bounded over all its frames", () => {
  const limits = { ...defaultLimits, bodyBytesMax: 8 };
  const body = Buffer.concat([zstdCompressSync("12345678"), zstdCompressSync("90")]);
  assert.equal(
    codeOf(() => decodeContent(body, ["zstd"], limits)),
    "body_too_large",
  );
});

test("a window larger than the web allows is refused before it is allocated", async () => {
  const compressor = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 27 } });
  compressor.write("abc");
  compressor.end();
  const body = Buffer.concat(await compressor.toArray());
  assert.equal(
    codeOf(() => decodeContent(body, ["zstd"], defaultLimits)),
    "encoding_invalid",
  );
});

test("a coding nobody can undo is known before the body comes", () => {
  assert.ok(areCodingsSupported([]));
  assert.ok(areCodingsSupported(["x-gzip", "zstd"]));
  assert.ok(!areCodingsSupported(["compress"]));
  assert.ok(!areCodingsSupported(["gzip", "br", "zstd"]));
});
