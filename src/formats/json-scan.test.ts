import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits, Fault, type Limits } from "../base/index.ts";
import { jsonKinds } from "./json-document.ts";
import { scanJson } from "./json-scan.ts";
import { emptyVocabulary, Vocabulary } from "./json-vocabulary.ts";

const scan = (json: string | Buffer, limits: Partial<Limits> = {}) =>
  scanJson(Buffer.from(json), {
    limits: { ...defaultLimits, ...limits },
    vocabulary: emptyVocabulary,
  });

const codeOf = (json: string | Buffer, limits: Partial<Limits> = {}) => {
  try {
    scan(json, limits);
    return "none";
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
};

test("members are found by decoded name and in the order written, copies included", () => {
  const doc = scan(' {"a" : "x", "\\u0061":{"b":null},"":[1,"y",[]]} ');
  const seen: string[] = [];
  for (let node = doc.first(0); node < doc.after(0); node = doc.after(node)) {
    seen.push(`${doc.name(node)}=${doc.kind(node)}`);
  }
  assert.deepEqual(seen, [`a=${jsonKinds.string}`, `a=${jsonKinds.object}`, `=${jsonKinds.array}`]);
});

test("a vocabulary changes no name, known or unknown", () => {
  const names = ["content", "context", "c", "", "été", "contant"];
  const bytes = Buffer.from(`{${names.map((name) => `${JSON.stringify(name)}:0`).join(",")}}`);
  for (const vocabulary of [emptyVocabulary, new Vocabulary(["content", "context", "contents"])]) {
    const doc = scanJson(bytes, { limits: defaultLimits, vocabulary });
    const found: string[] = [];
    for (let node = doc.first(0); node < doc.after(0); node = doc.after(node)) {
      found.push(doc.name(node));
    }
    assert.deepEqual(found, names);
  }
});

test("only part of a buffer is read when a range is given", () => {
  const bytes = Buffer.from('data: {"a":"b"}\n');
  const doc = scanJson(bytes, {
    limits: defaultLimits,
    vocabulary: emptyVocabulary,
    start: 6,
    end: 15,
  });
  assert.equal(doc.text(doc.first(0)), "b");
  assert.equal(doc.start(doc.first(0)), 11);
});

test("a byte order mark may lead, and nothing else may", () => {
  assert.equal(codeOf("\uFEFF{}"), "none");
  assert.equal(codeOf("x{}"), "json_invalid");
  assert.equal(codeOf("{}\uFEFF"), "json_invalid");
});

test("what RFC 8259 does not allow is refused", () => {
  const broken = [
    ...["", " ", "{", "[", "{]", "[}", "]", "{}{}", "{} x", "[1,]", '{"a":1,}', '{"a"}', '{"a":}'],
    ...[
      "{,}",
      "{a:1}",
      "{'a':1}",
      '{"a" 1}',
      "[1 2]",
      "nul",
      "nullx",
      "TRUE",
      "+1",
      "01",
      "1.",
      ".5",
    ],
    ...["1e", "1e+", "-", "--1", "0x1", "NaN", "Infinity", '"a', '"\\x"', '"\\u12g4"', '"\\u12'],
    ...['"\t"', '"\n"', "// c\n1", "[1,,2]", '{"a":1 "b":2}', "\u00a01"],
  ];
  for (const json of broken) assert.equal(codeOf(json), "json_invalid", json);
});

test("strings must be well-formed UTF-8, over-long forms and surrogates refused", () => {
  const wrong = [
    [0x80],
    [0xc0, 0xaf],
    [0xc3],
    [0xe0, 0x80, 0xaf],
    [0xed, 0xa0, 0x80],
    [0xf0, 0x80, 0x80, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf5, 0x80, 0x80, 0x80],
    [0xe2, 0x82],
    [0xff],
  ];
  for (const bytes of wrong) {
    const json = Buffer.concat([Buffer.from('["'), Buffer.from(bytes), Buffer.from('"]')]);
    assert.equal(codeOf(json), "text_invalid", bytes.join());
  }
});

test("depth is bounded, however deep the text goes", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.equal(codeOf(nested(64)), "none");
  assert.equal(codeOf(nested(65)), "json_too_deep");
  assert.equal(codeOf("[".repeat(1_000_000)), "json_too_deep");
});

test("members and the items that take room are bounded, plain numbers in lists are not", () => {
  const limits = { jsonKeysMax: 3 };
  assert.equal(codeOf('{"a":1,"b":2,"c":3}', limits), "none");
  assert.equal(codeOf('{"a":1,"b":2,"c":3,"d":4}', limits), "json_too_many_keys");
  assert.equal(codeOf('["","","",""]', limits), "json_too_many_keys");
  assert.equal(codeOf("[[],{},[],{}]", limits), "json_too_many_keys");
  assert.equal(codeOf("[1,2,3,4,null,true]", limits), "none");
});

test("a text larger than limits.bodyBytesMax is not read", () => {
  assert.equal(codeOf("[1,2,3]", { bodyBytesMax: 6 }), "body_too_large");
});
