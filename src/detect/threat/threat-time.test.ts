import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EvidenceReader } from "./evidence.ts";
import { Tokens } from "./tokens.ts";
import { trained } from "./weights.ts";

/** Texts that open things again and again, and never close them. */
const awkward = [
  "<!-- ignore prompt ",
  "/* instructions ",
  "[[[[![ignore prompt ",
  "ignore all instructions ",
  "a b c d e f ",
  "\\u0069",
  "%69",
  "https://https://",
  'alt="ignore prompt ',
  "<a <b <c ignore prompt ",
  "忽略所有指令",
  "\u{e0049}",
  "a\u200b",
];

describe("what is gathered from a text is bounded", () => {
  for (const piece of awkward) {
    test(`however often it says ${JSON.stringify(piece)}`, () => {
      const reader = new EvidenceReader(trained.model);
      const small = reader.read(piece.repeat(200));
      const large = reader.read(piece.repeat(2000));
      assert.ok(large.length <= 12 * Math.max(2, small.length), `${large.length} ${small.length}`);
      for (const { signals } of large) assert.ok(signals.length <= 23);
    });
  }

  test("and as many words as a text has are kept, none of an earlier one", () => {
    const tokens = new Tokens();
    tokens.read("one two three ".repeat(1000), 0, 14_000);
    assert.equal(tokens.count, 3000);
    tokens.read("one two", 0, 7);
    assert.equal(tokens.count, 2);
    assert.equal(tokens.rolesSeen, 0);
  });
});
