import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Fault } from "../base/index.ts";
import { decodeCharset } from "./charset.ts";

const text = '{"content":"naïve 漢字 😀"}';
const plain = Buffer.from(text);

function utf16be(written: string): Buffer {
  return Buffer.from(written, "utf16le").swap16();
}

function utf32(written: string, order: "LE" | "BE"): Buffer {
  const points = [...written].map((character) => character.codePointAt(0) ?? 0);
  const bytes = Buffer.alloc(points.length * 4);
  points.forEach((point, index) => {
    bytes[`writeUInt32${order}`](point, index * 4);
  });
  return bytes;
}

const written: readonly (readonly [string, Buffer])[] = [
  ["utf-16le", Buffer.from(text, "utf16le")],
  ["utf-16be", utf16be(text)],
  ["utf-32le", utf32(text, "LE")],
  ["utf-32be", utf32(text, "BE")],
];
const marked: readonly (readonly [string, Buffer])[] = [
  ["utf-16le", Buffer.from(`\ufeff${text}`, "utf16le")],
  ["utf-16be", utf16be(`\ufeff${text}`)],
  ["utf-32le", utf32(`\ufeff${text}`, "LE")],
  ["utf-32be", utf32(`\ufeff${text}`, "BE")],
];

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
  return undefined;
}

describe("the charset of a body", () => {
  for (const [scheme, bytes] of written) {
    test(`${scheme} is read without a byte order mark, announced or not`, () => {
      assert.deepEqual(decodeCharset(bytes, undefined), plain);
      assert.deepEqual(decodeCharset(bytes, scheme), plain);
      assert.deepEqual(decodeCharset(bytes, scheme.slice(0, 6)), plain);
    });
  }

  for (const [scheme, bytes] of marked) {
    test(`${scheme} is read with a byte order mark, which is taken off`, () => {
      assert.deepEqual(decodeCharset(bytes, undefined), plain);
    });
  }

  test("UTF-8 stays the very buffer it is, with its byte order mark", () => {
    for (const bytes of [plain, Buffer.from(`\ufeff${text}`), Buffer.alloc(0), Buffer.from("1")]) {
      assert.equal(decodeCharset(bytes, undefined), bytes);
      assert.equal(decodeCharset(bytes, "utf-8"), bytes);
    }
  });

  test("one that agrees with ASCII is taken as long as the body is ASCII", () => {
    const ascii = Buffer.from('{"content":"plain"}');
    assert.equal(decodeCharset(ascii, "iso-8859-1"), ascii);
    assert.equal(
      codeOf(() => decodeCharset(plain, "iso-8859-1")),
      "encoding_unsupported",
    );
  });

  test("one that the bytes do not bear out is refused", () => {
    const ascii = Buffer.from('{"content":"+AGoAYQBuAGU-"}');
    for (const charset of ["utf-7", "utf-16", "utf-16le", "iso-2022-jp", "ibm037", "x", ""]) {
      assert.equal(
        codeOf(() => decodeCharset(ascii, charset)),
        "encoding_unsupported",
        charset,
      );
    }
    for (const [, bytes] of written) {
      assert.equal(
        codeOf(() => decodeCharset(bytes, "utf-8")),
        "encoding_unsupported",
      );
    }
  });

  test("what is no text of its charset is refused", () => {
    const broken = [
      Buffer.from([0x7b, 0, 0x22]),
      Buffer.from([0xff, 0xfe, 0x00, 0xd8]),
      Buffer.from([0, 0, 0, 0x7b, 0, 0, 0]),
      Buffer.from([0, 0, 0, 0x7b, 0, 0x11, 0, 0]),
      Buffer.from([0, 0, 0, 0x7b, 0, 0, 0xd8, 0]),
    ];
    for (const bytes of broken) {
      assert.equal(
        codeOf(() => decodeCharset(bytes, undefined)),
        "text_invalid",
      );
    }
  });
});
