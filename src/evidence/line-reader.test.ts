import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import fc from "fast-check";
import { MemoryFiles } from "../../test/support/memory-files.ts";
import { LineReader } from "./index.ts";

interface Line {
  readonly text: string;
  readonly offset: number;
  readonly number: number;
  readonly isTorn: boolean;
}

function readAll(
  content: Buffer,
  offset = 0,
): { lines: readonly Line[]; end: number; sha: string } {
  const files = new MemoryFiles();
  files.put("file", content);
  const digest = createHash("sha256");
  const reader = new LineReader(files, "file", { offset, digest });
  const lines: Line[] = [];
  while (reader.next()) {
    const { isTorn, leaf, line, number } = reader;
    assert.ok(
      Buffer.concat([Buffer.of(0), line]).equals(leaf),
      "the leaf is the line behind a zero",
    );
    lines.push({ text: line.toString(), offset: reader.offset, number, isTorn });
  }
  return { lines, end: reader.offset, sha: digest.digest("hex") };
}

describe("a file read line by line", () => {
  test("gives the lines it was made of, however long file and lines are", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary-ascii", maxLength: 9 }).map((text) => text.replaceAll("\n", " ")),
      fc.constantFrom(...[100, 16_384, 100_000].map((length) => "x".repeat(length))),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.nat(), (lines, place) => {
        const content = Buffer.from(lines.map((one) => `${one}\n`).join(""));
        const read = readAll(content);
        assert.deepEqual(
          read.lines.map(({ text }) => text),
          lines,
        );
        assert.ok(read.lines.every(({ isTorn, number }, index) => !isTorn && number === index + 1));
        assert.equal(read.end, content.length);
        assert.equal(read.sha, createHash("sha256").update(content).digest("hex"));
        const start = read.lines[place % Math.max(1, lines.length)];
        if (start === undefined) return;
        const [again] = readAll(content, start.offset).lines;
        assert.deepEqual(again, { ...start, number: 1 });
      }),
      { numRuns: 60 },
    );
  });

  test("ends in a torn line where the last line feed is missing", () => {
    const { lines, end } = readAll(Buffer.from("a\nbc"));
    assert.deepEqual(lines.at(-1), { text: "bc", offset: 2, number: 2, isTorn: true });
    assert.equal(end, 4);
  });

  test("has no lines where it is empty or missing", () => {
    assert.deepEqual(readAll(Buffer.alloc(0)).lines, []);
    assert.ok(!new LineReader(new MemoryFiles(), "none").next());
  });

  test("gives a line longer than any of a log as torn, and does not hold it", () => {
    const [first] = readAll(Buffer.from(`${"x".repeat(3_000_000)}\n`)).lines;
    assert.equal(first?.isTorn, true);
    assert.ok(first.text.length < 1_000_000);
  });
});
