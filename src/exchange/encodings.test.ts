import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";

const post = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };
const json = { "content-type": "application/json" };

function chat(content: string): string {
  return JSON.stringify({ model: "large", messages: [{ role: "user", content }] });
}

const found = chat("mail jane@example.org, naïve 漢字");
const masked = found.replace("jane@example.org", "[EMAIL]");
const quiet = chat("naïve 漢字");

function asked(headers: Record<string, string>, body: Buffer | string) {
  const stage = setExchangeStage();
  const proxy = new FakeProxy(stage.open);
  proxy.requestHeaders({ ...post, ...headers, "content-length": `${Buffer.byteLength(body)}` });
  return { stage, proxy: proxy.requestBody(body) };
}

function assertPlain(proxy: FakeProxy, text: string): void {
  assert.equal(proxy.immediate, undefined);
  assert.equal(proxy.request.body.toString("utf8"), text);
  const length = proxy.request.header("content-length");
  if (length !== undefined) assert.equal(Number(length), proxy.request.body.length);
}

describe("a packed request", () => {
  const packed: readonly (readonly [string, (plain: Buffer) => Buffer])[] = [
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["deflate", deflateSync],
    ["Deflate", deflateRawSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["br, gzip", (plain) => gzipSync(brotliCompressSync(plain))],
    ["zstd,identity , deflate", (plain) => deflateSync(zstdCompressSync(plain))],
  ];
  for (const [coding, pack] of packed) {
    test(`is read and leaves plain, changed or not: ${coding}`, () => {
      for (const [sent, expected] of [
        [found, masked],
        [quiet, quiet],
      ] as const) {
        const headers = { ...json, "content-encoding": coding };
        const { proxy } = asked(headers, pack(Buffer.from(sent)));
        assertPlain(proxy, expected);
        assert.ok(proxy.request.headerEdits.remove.includes("content-encoding"));
      }
    });
  }

  test("that is not what its header says is refused", () => {
    const plain = Buffer.from(found);
    const wrong: readonly (readonly [string | undefined, Buffer])[] = [
      ["gzip", plain],
      ["br", gzipSync(plain)],
      ["zstd", plain],
      ["deflate", plain],
      ["identity", gzipSync(plain)],
      ["gzip, gzip", gzipSync(plain)],
      ["compress", plain],
      ["gzip, br, zstd", plain],
      [undefined, gzipSync(plain)],
      [undefined, zstdCompressSync(plain)],
      [undefined, deflateSync(plain)],
      ["gzip", gzipSync(plain).subarray(0, -9)],
    ];
    for (const [coding, body] of wrong) {
      const coded = coding === undefined ? {} : { "content-encoding": coding };
      const { proxy } = asked({ ...json, ...coded }, body);
      assert.equal(proxy.immediate?.status, 400, coding);
      assert.equal(proxy.request.body.length, 0);
    }
  });
});

describe("a request in another charset", () => {
  const utf16 = (text: string) => Buffer.from(text, "utf16le");
  const written: readonly (readonly [string, (text: string) => Buffer])[] = [
    ["UTF-16 LE", utf16],
    ["UTF-16 LE with a mark", (text) => utf16(`\ufeff${text}`)],
    ["UTF-16 BE", (text) => utf16(text).swap16()],
    ["UTF-16 BE with a mark", (text) => utf16(`\ufeff${text}`).swap16()],
  ];
  for (const [name, write] of written) {
    test(`leaves as UTF-8, changed or not: ${name}`, () => {
      for (const [sent, expected] of [
        [found, masked],
        [quiet, quiet],
      ] as const) {
        const type = { "content-type": "application/json; charset=utf-16" };
        const { proxy } = asked(type, write(sent));
        assertPlain(proxy, expected);
        assert.equal(proxy.request.header("content-type"), "application/json");
        assertPlain(asked(json, write(sent)).proxy, expected);
      }
    });
  }

  test("packed as well is read", () => {
    const { proxy } = asked({ ...json, "content-encoding": "gzip" }, gzipSync(utf16(found)));
    assertPlain(proxy, masked);
  });

  test("announced as another than it is in is refused", () => {
    for (const charset of ["utf-16", "utf-7", "ibm037", "iso-8859-1"]) {
      const { proxy } = asked({ "content-type": `application/json; charset=${charset}` }, found);
      assert.equal(proxy.immediate?.status, 400, charset);
    }
  });

  test("with the mark of UTF-8 is read", () => {
    assertPlain(asked(json, `\ufeff${found}`).proxy, `\ufeff${masked}`);
  });
});

describe("a request with a wrong content type or none", () => {
  test("is read as JSON, and nobody behind us is told otherwise", () => {
    for (const type of [
      undefined,
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/octet-stream",
      "multipart/form-data; boundary=x",
      "application/json; charset=us-ascii",
    ]) {
      const ascii = chat("mail jane@example.org");
      const { proxy } = asked(type === undefined ? {} : { "content-type": type }, ascii);
      assertPlain(proxy, ascii.replace("jane@example.org", "[EMAIL]"));
      assert.equal(proxy.request.header("content-type"), "application/json", type);
    }
  });

  test("keeps a content type that is right", () => {
    for (const type of ["application/json", "application/json; charset=utf-8"]) {
      const { proxy } = asked({ "content-type": type }, quiet);
      assert.equal(proxy.request.header("content-type"), undefined);
    }
  });

  test("that is a form is refused", () => {
    const form = "application/x-www-form-urlencoded";
    const part = '--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nlarge\r\n--x--\r\n';
    for (const [type, body] of [
      [form, "model=large&messages=jane%40example.org"],
      ["multipart/form-data; boundary=x", part],
      ["application/json", part],
    ] as const) {
      const { proxy } = asked({ "content-type": type }, body);
      assert.equal(proxy.immediate?.status, 400, type);
    }
  });
});
