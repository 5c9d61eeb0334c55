import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { layOut } from "./layout.ts";

const word = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/),
  fc.string({ maxLength: 30 }),
  fc.constantFrom("yes", "null", "1", "- a", "a: b", "#no", "", " ", "*", "&a", "line\nline", "\t"),
  fc.lorem({ maxCount: 30 }),
);
const key = word.filter((name) => name !== "__proto__");
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    word,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 4 }),
  ),
})).value;

const comment = fc.stringMatching(/^# [a-z][a-z ,.]{0,40}$/);

/** Documents as somebody might have written them: some layout, and comments of their own lines. */
const text = fc
  .record({
    values: fc.array(fc.dictionary(key, value, { minKeys: 1, maxKeys: 5 }), {
      minLength: 1,
      maxLength: 3,
    }),
    indent: fc.constantFrom(1, 2, 3, 4, 8),
    lineWidth: fc.constantFrom(0, 20, 60, 200),
    flow: fc.boolean(),
    singleQuote: fc.boolean(),
    comments: fc.array(fc.tuple(fc.nat(60), comment), { maxLength: 4 }),
  })
  .map(({ values, comments, flow, ...options }) => {
    const documents = values.map((one) =>
      stringify(one, { ...options, collectionStyle: flow ? "flow" : "any" }),
    );
    const lines = documents.join("---\n").split("\n");
    for (const [at, line] of comments) lines.splice(at % lines.length, 0, line);
    return lines.join("\n");
  });

/** Comments and values; undefined where the text is not YAML. */
function contentOf(written: string): unknown {
  const documents = parseAllDocuments(written);
  if (!Array.isArray(documents)) return [];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  return documents.map((document) => document.toJS() ?? null);
}

function commentsOf(written: string): readonly string[] {
  return written
    .split("\n")
    .flatMap((line) => /^\s*(# [a-z][a-z ,.]*)$/.exec(line)?.[1]?.trimEnd() ?? [])
    .toSorted();
}

describe("laying policies out", () => {
  test("a second time changes nothing, and the first time no value", () => {
    fc.assert(
      fc.property(text, (written) => {
        const first = layOut("a.yaml", written);
        if (first.text === undefined) return;
        assert.deepEqual(contentOf(first.text), contentOf(written));
        assert.deepEqual(layOut("a.yaml", first.text), first);
      }),
      { numRuns: 1000 },
    );
  });

  test("is done to nearly everything that is YAML", () => {
    const samples = fc.sample(text, { numRuns: 500, seed: 7 });
    const valid = samples.filter((written) => contentOf(written) !== undefined);
    const laid = valid.filter((written) => layOut("a.yaml", written).text !== undefined);
    assert.ok(valid.length > 300);
    assert.ok(laid.length > 0.9 * valid.length, `${laid.length} of ${valid.length}`);
  });

  test("a comment on a line of its own is never lost", () => {
    const plain = fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,8}$/), comment), { minLength: 1 });
    fc.assert(
      fc.property(plain, fc.constantFrom("  ", "      "), (entries, indent) => {
        const lines = entries.flatMap(([key, note], index) => [
          `${indent}${note}`,
          `${indent}- {${key}${index}:   1}`,
        ]);
        const written = `list:\n${lines.join("\n")}\n`;
        const { text: laid } = layOut("a.yaml", written);
        assert.deepEqual(commentsOf(laid ?? ""), commentsOf(written));
      }),
      { numRuns: 300 },
    );
  });
});
