import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Finding } from "../../domain/index.ts";
import type { Paint } from "../paint.ts";
import { renderMarked } from "./marked-text.ts";

const plain: Paint = (_tone, text) => text;
const tagged: Paint = (tone, text) => `<${tone}>${text}</${tone}>`;

/** Findings of these words of the text. */
function findingsOf(text: string, words: readonly string[], confidencePct = 95): Finding[] {
  return words.map((word) => {
    const start = text.indexOf(word);
    const end = start + word.length;
    return {
      dataClass: "pii.email",
      type: "EMAIL",
      detector: "email@1",
      confidencePct,
      start,
      end,
    };
  });
}

function rendered(text: string, words: readonly string[], paint = plain): readonly string[] {
  return [...renderMarked(text, findingsOf(text, words), paint)];
}

describe("a text with marks", () => {
  it("shows each finding right below itself, and what it is", () => {
    assert.deepEqual(rendered("mail a@b.example or long-name@c.example\n", ["a@b.example"]), [
      "1 | mail a@b.example or long-name@c.example",
      "  |      ^^^^^^^^^^^",
      "  |      EMAIL pii.email 95 %",
    ]);
  });

  it("keeps the names of close findings apart", () => {
    const text = "a@b.example c@d.example";
    assert.deepEqual(rendered(text, text.split(" ")), [
      "1 | a@b.example c@d.example",
      "  | ^^^^^^^^^^^ ^^^^^^^^^^^",
      "  | EMAIL pii.email 95 %",
      "  |             EMAIL pii.email 95 %",
    ]);
  });

  it("marks all lines of a finding, and names it once", () => {
    assert.deepEqual(rendered("x BEGIN\r\nbody\r\nEND y", ["BEGIN\r\nbody\r\nEND"]), [
      "1 | x BEGIN",
      "  |   ^^^^^",
      "  |   EMAIL pii.email 95 %",
      "2 | body",
      "  | ^^^^",
      "3 | END y",
      "  | ^^^",
    ]);
  });

  it("counts columns as a terminal shows them", () => {
    const [row, marks] = rendered("日本 e\u0301 😀 a@b.example", ["a@b.example"]);
    assert.equal(row, "1 | 日本 e\u0301 😀 a@b.example");
    assert.equal(marks, `  | ${" ".repeat(10)}${"^".repeat(11)}`);
  });

  it("lets no text drive the terminal or turn itself around", () => {
    const [row] = rendered("a\u001b[31m\u009b2J\u202e\u0000\u007f a@b.example", ["a@b.example"]);
    assert.equal(row, "1 | a␛[31m·2J·␀␡ a@b.example");
  });

  it("goes on in the next row where a line is long, and marks there as well", () => {
    const text = `${"x".repeat(90)} a@b.example`;
    assert.deepEqual(rendered(text, ["a@b.example"]), [
      `1 | ${"x".repeat(90)} a@b.e`,
      `  | ${" ".repeat(91)}^^^^^`,
      `  | ${" ".repeat(91)}EMAIL pii.email 95 %`,
      "  | xample",
      "  | ^^^^^^",
    ]);
  });

  it("leaves out lines far from any finding, and says how many", () => {
    const text = `${"far\n".repeat(5)}near\nnear\na@b.example\n${"x\n".repeat(3)}`;
    assert.deepEqual(rendered(text, ["a@b.example"]), [
      "   : 5 lines without findings",
      " 6 | near",
      " 7 | near",
      " 8 | a@b.example",
      "   | ^^^^^^^^^^^",
      "   | EMAIL pii.email 95 %",
      " 9 | x",
      "10 | x",
      "11 | x",
    ]);
  });

  it("colours what policies act on unlike what is only reported", () => {
    const text = "a@b.example";
    const toneAt = (pct: number) =>
      [...renderMarked(text, findingsOf(text, [text], pct), tagged)][0]?.split(" ")[2];
    assert.equal(toneAt(60), "<bad>a@b.example</bad>");
    assert.equal(toneAt(59), "<warning>a@b.example</warning>");
  });
});
