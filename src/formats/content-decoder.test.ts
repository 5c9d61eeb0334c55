import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  createZstdCompress,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { defaultLimits, type Fault, type Limits } from "../base/index.ts";
import { ContentDecoder } from "./content-decoder.ts";

const compressors = {
  gzip: createGzip,
  "x-gzip": createGzip,
  deflate: createDeflate,
  "deflate without header": createDeflateRaw,
  br: createBrotliCompress,
  zstd: createZstdCompress,
};
const codingOf = (name: string) => name.split(" ")[0] ?? "";

/** What each piece packs to, flushed after each; the end of the packed data is last. */
async function pack(name: keyof typeof compressors, pieces: readonly string[]): Promise<Buffer[]> {
  const compressor = compressors[name]();
  const packed: Buffer[] = [];
  for (const piece of pieces) {
    compressor.write(piece);
    await new Promise<void>((resolve) => compressor.flush(() => resolve()));
    packed.push((compressor.read() as Buffer | null) ?? Buffer.alloc(0));
  }
  compressor.end();
  packed.push(Buffer.concat(await compressor.toArray()));
  return packed;
}

async function decodeAll(
  codings: readonly string[],
  pieces: readonly Buffer[],
  limits: Limits = defaultLimits,
): Promise<readonly string[]> {
  const decoder = new ContentDecoder(codings, limits);
  try {
    const texts: string[] = [];
    for (const piece of pieces) texts.push(String(await decoder.push(piece)));
    texts.push(String(await decoder.end()));
    return texts;
  } finally {
    decoder.close();
  }
}

const events = Array.from({ length: 6 }, (_, index) => `data: {"n":${index},"text":"hello"}\n\n`);
const invalid = (error: Fault) => error.code === "encoding_invalid";
const bytewise = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.from([byte]));

for (const name of Object.keys(compressors) as (keyof typeof compressors)[]) {
  describe(`a body packed with ${name}`, () => {
    const coding = codingOf(name);

    test("comes out piece by piece where it was flushed piece by piece", async () => {
      const texts = await decodeAll([coding], await pack(name, events));
      assert.deepEqual(texts.slice(0, events.length), events);
      assert.equal(texts.slice(events.length).join(""), "");
    });

    test("is the same however its bytes are cut", async () => {
      const packed = Buffer.concat(await pack(name, events));
      assert.equal((await decodeAll([coding], [packed])).join(""), events.join(""));
      assert.equal((await decodeAll([coding], bytewise(packed))).join(""), events.join(""));
    });

    test("is refused where its end is missing", async () => {
      const packed = Buffer.concat(await pack(name, events));
      for (const length of [1, 2, 12, packed.length - 1]) {
        await assert.rejects(decodeAll([coding], [packed.subarray(0, length)]), invalid);
      }
    });

    test("is refused where something else follows it", async () => {
      const packed = Buffer.concat(await pack(name, events));
      for (const extra of ["x", "\0\0", "data: y\n\n"]) {
        await assert.rejects(
          decodeAll([coding], [Buffer.concat([packed, Buffer.from(extra)])]),
          invalid,
        );
        await assert.rejects(decodeAll([coding], [packed, Buffer.from(extra)]), invalid);
      }
    });

    test("is refused where it is something else", async () => {
      await assert.rejects(decodeAll([coding], events.map(Buffer.from)), invalid);
    });
  });
}

test("members of gzip and frames of zstd in a row are one body, however they are cut", async () => {
  const rows: readonly (readonly [string, (text: string) => Buffer])[] = [
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ];
  for (const [coding, packOne] of rows) {
    const parts = events.map(packOne);
    for (const pieces of [parts, [Buffer.concat(parts)], bytewise(Buffer.concat(parts))]) {
      assert.equal((await decodeAll([coding], pieces)).join(""), events.join(""), coding);
    }
  }
});

test("two codings are undone in the opposite order", async () => {
  const packed = brotliCompressSync(gzipSync(events.join("")));
  const texts = await decodeAll(["gzip", "br"], bytewise(packed));
  assert.equal(texts.join(""), events.join(""));
});

test("a body without any byte is empty, whatever its codings", async () => {
  assert.deepEqual(await decodeAll(["gzip"], []), [""]);
  assert.deepEqual(await decodeAll(["br", "zstd"], [Buffer.alloc(0)]), ["", ""]);
});

test("a bomb is stopped by its ratio before it is unpacked", async () => {
  const zeros = Buffer.alloc(32 * 1024 * 1024);
  const large = { ...defaultLimits, bodyBytesMax: 64 * 1024 * 1024 };
  for (const [coding, bomb] of [
    ["gzip", gzipSync(zeros)],
    ["deflate", deflateSync(zeros)],
    [
      "br",
      brotliCompressSync(zeros, {
        params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MIN_QUALITY },
      }),
    ],
    ["zstd", zstdCompressSync(zeros)],
  ] as const) {
    const code = { code: "decode_ratio_exceeded" };
    await assert.rejects(decodeAll([coding], [bomb], large), code, coding);
    await assert.rejects(
      decodeAll([coding, "gzip"], [gzipSync(bomb)], large),
      code,
      `${coding} in gzip`,
    );
  }
});

test("the ratio counts from the beginning, so a bomb behind much plain data is one as well", async () => {
  const { gzip } = compressors;
  const compressor = gzip({ level: 9 });
  compressor.end(Buffer.concat([Buffer.from(events.join("")), Buffer.alloc(1024 * 1024)]));
  const packed = Buffer.concat(await compressor.toArray());
  await assert.rejects(decodeAll(["gzip"], [packed.subarray(0, 90), packed.subarray(90)]), {
    code: "decode_ratio_exceeded",
  });
});

test("a piece that comes to more than a body may have is refused, a long stream is not", async () => {
  const limits = { ...defaultLimits, bodyBytesMax: 100 };
  const packed = await pack("gzip", events);
  assert.equal((await decodeAll(["gzip"], packed, limits)).join(""), events.join(""));
  await assert.rejects(decodeAll(["gzip"], [Buffer.concat(packed)], limits), {
    code: "body_too_large",
  });
});

test("a window that no sender of the web may ask for is refused before it is allocated", async () => {
  const compressor = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 27 } });
  compressor.write("abc");
  compressor.end();
  const packed = Buffer.concat(await compressor.toArray());
  await assert.rejects(decodeAll(["zstd"], [packed]), invalid);
});

test("tiny frames without end are refused after some", async () => {
  const frames = Buffer.concat(Array.from({ length: 300 }, () => zstdCompressSync("a")));
  await assert.rejects(decodeAll(["zstd"], [frames]), invalid);
});

test("a decoder that is closed lets no call wait for ever", async () => {
  for (const call of ["push", "end"] as const) {
    const decoder = new ContentDecoder(["gzip"], defaultLimits);
    const packed = gzipSync(events.join(""));
    if (call === "end") await decoder.push(packed);
    const underWay = call === "end" ? decoder.end() : decoder.push(packed);
    // The decompressor works in another thread, so the call is still under way after this.
    await Promise.resolve();
    await Promise.resolve();
    decoder.close();
    await assert.rejects(underWay, invalid, call);
  }
});
