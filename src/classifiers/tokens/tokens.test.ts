import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tinyBytePairs, tinyTokenizer } from "../../../test/support/tiny-tokenizer.ts";
import { readTokenizer } from "./index.ts";

/** Each token as `id "text"`, with a bar before the first of each word but the first word. */
function told(file: string, text: string): string {
  const { ends, ids, starts, words } = readTokenizer(file).encode(text);
  return ids
    .map((id, at) => {
      const bar = at > 0 && words[at] !== words[at - 1] ? "| " : "";
      return `${bar}${id} ${JSON.stringify(text.slice(starts[at], ends[at]))}`;
    })
    .join(" ");
}

const pieces = ["jane", "##t", "roe", "-", "e", "東"];
const file = (parts: Readonly<Record<string, unknown>> = {}) => tinyTokenizer({ pieces, parts });
const cased = {
  ...{ type: "BertNormalizer", clean_text: true, handle_chinese_chars: false },
  ...{ strip_accents: null, lowercase: false },
};

describe("word pieces", () => {
  test("are the longest that are known, and a word with a part that is none is unknown", () => {
    assert.equal(told(file(), "janet-roe janex"), '4 "jane" 5 "t" | 7 "-" | 6 "roe" | 1 "janex"');
  });

  test("stand where they are written, whatever was taken off or turned to read them", () => {
    assert.equal(told(file(), "JÁNE\u0301T"), '4 "JÁNE\u0301" 5 "T"');
    assert.equal(told(file(), " ja\u200bne\tRoe"), '4 "ja\u200bne" | 6 "Roe"');
    assert.equal(told(file(), "👋東roe"), '1 "👋" | 9 "東" | 6 "roe"');
    assert.equal(told(file({ normalizer: cased }), "東roe Roe"), '1 "東roe" | 1 "Roe"');
  });

  test("of a word that is longer than any are not looked for", () => {
    const long = `${"jane"}${"t".repeat(96)}`;
    assert.match(told(file(), long), /^4 "jane" 5 "t" 5 "t"/);
    assert.equal(told(file(), `${long}t`), `1 "${long}t"`);
  });

  test("come between what the file says stands around a text", () => {
    const { after, before, idMax } = readTokenizer(file());
    assert.deepEqual({ after, before, idMax }, { before: [2], after: [3], idMax: 9 });
    const pair = { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] };
    assert.deepEqual(readTokenizer(file({ post_processor: pair })).before, [2]);
    assert.deepEqual(readTokenizer(file({ post_processor: null })).after, []);
  });

  test("of a text that has a name of a special token are those of its signs", () => {
    assert.equal(told(file(), "[SEP]"), '1 "[" | 1 "SEP" | 1 "]"');
  });
});

describe("byte pairs", () => {
  // By rank: "an" before "ja", so that "jan" is j and an.
  const merges = ["a n", "j a", "Ġ j", "Ġj an", "Ã ©"];
  const bytes = (parts: Readonly<Record<string, unknown>> = {}) => tinyBytePairs({ merges, parts });
  const id = (merge: number) => 256 + merge;

  test("are joined by rank, and a word has the blank before it", () => {
    assert.equal(told(bytes(), "jan jan"), `73 "j" ${id(0)} "an" | ${id(3)} " jan"`);
    const prefixed = { type: "ByteLevel", add_prefix_space: true, use_regex: true };
    assert.equal(told(bytes({ pre_tokenizer: prefixed }), "jan"), `${id(3)} "jan"`);
  });

  test("of a character with several bytes stand for all of it", () => {
    assert.equal(told(bytes(), "é"), `${id(4)} "é"`);
    assert.match(told(bytes(), "👋"), /^\d+ "👋" \d+ "👋" \d+ "👋" \d+ "👋"$/);
    // Half of a character is written as the sign for what cannot be written.
    assert.equal(told(bytes(), "\ud83d").match(/"\\ud83d"/g)?.length, 3);
  });

  test("of a word that has no end are looked for in parts of it", () => {
    const { ends, starts } = readTokenizer(bytes()).encode("jan".repeat(5000));
    assert.equal(starts[0], 0);
    assert.equal(ends.at(-1), 15_000);
    assert.ok(starts.every((start, at) => at === 0 || start === ends[at - 1]));
  });

  test("make words of letters, digits and signs as GPT-2 does", () => {
    const { starts, words } = readTokenizer(bytes()).encode("it's 42%  x");
    const begins = starts.filter((_, at) => words[at] !== words[at - 1]);
    assert.deepEqual(begins, [0, 2, 4, 7, 8, 9]);
  });

  test("that contradict each other are no tokenizer", () => {
    const broken = tinyBytePairs({ merges, model: { vocab: { a: 0 }, merges: [] } });
    assert.throws(() => readTokenizer(broken), /`model.vocab` to have all 256 bytes/);
    const unknown = tinyBytePairs({ merges, model: { merges: ["a b"] } });
    assert.throws(
      () => readTokenizer(unknown),
      /`model.vocab` to have what each of `model.merges`/,
    );
  });
});

describe("a tokenizer of another kind", () => {
  const refused: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    [
      "model",
      { model: { type: "Unigram", vocab: [] } },
      /^`model` is a "Unigram" that is not read/,
    ],
    ["normaliser", { normalizer: { type: "Precompiled" } }, /^`normalizer` is a "Precompiled"/],
    ["way to find words", { pre_tokenizer: { type: "Split" } }, /^`pre_tokenizer` is a "Split"/],
    ["way to find words, which has none", { pre_tokenizer: null }, /^`pre_tokenizer` is not one/],
    ["surrounding", { post_processor: { type: "Magic" } }, /^`post_processor` is a "Magic"/],
    [
      "list of tokens",
      { added_tokens: [{ id: 4, content: "jane", special: false }] },
      /^`added_tokens` is not one that is read here$/,
    ],
    [
      "combination",
      { pre_tokenizer: { type: "ByteLevel", add_prefix_space: false } },
      /^a model of type WordPiece with ByteLevel is not read here$/,
    ],
  ];
  for (const [what, parts, message] of refused) {
    test(`is not read: ${what}`, () => {
      assert.throws(() => readTokenizer(file(parts)), { message });
    });
  }

  test("is not read where it is no file of one", () => {
    for (const text of ["", "[", "null", "{}", "[]", '"Jane Roe"']) {
      assert.throws(() => readTokenizer(text), /^Error: (?:expected|`)/);
    }
  });
});
