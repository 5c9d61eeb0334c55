import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { defaultLimits } from "../base/index.ts";
import type { Edit } from "../domain/index.ts";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import type { StreamEvent } from "./format.ts";
import { fitToJson, type TextEdit } from "./json-text.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";

/** JSON in which values are marked, and which strings may hold in turn. */
type Tree =
  | { readonly kind: "number"; readonly before: string; readonly marked: string }
  | { readonly kind: "string"; readonly before: string; readonly marked: string }
  | { readonly kind: "plain"; readonly source: string }
  | { readonly kind: "array"; readonly items: readonly Tree[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [string, Tree])[] }
  | { readonly kind: "nested"; readonly inner: Tree; readonly escapes: readonly number[] };

interface Written {
  readonly text: string;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

const mask = "[CARD]";
const digits = fc.constantFrom("4111111111111111", "123456789", "30");
const escapes = fc.array(fc.nat(5), { minLength: 5, maxLength: 5 });

const tree = fc.letrec<{ tree: Tree; container: Tree }>((tie) => ({
  container: fc.oneof(
    fc.array(tie("tree"), { maxLength: 4 }).map((items): Tree => ({ kind: "array", items })),
    fc
      .array(tie("tree"), { maxLength: 4 })
      .map((items): Tree => ({ kind: "object", members: items.map((item, i) => [`n${i}`, item]) })),
  ),
  tree: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc
      .record({ before: fc.constantFrom("", "", "-"), marked: digits })
      .map((number): Tree => ({ kind: "number", ...number })),
    fc
      .record({ before: fc.constantFrom("", "a ", "é😀", '{"', "[", "\\"), marked: digits })
      .map((string): Tree => ({ kind: "string", ...string })),
    fc
      .constantFrom("0", "-1.5e3", "true", "null", '""', '"\\u0041"', "77", '"[x"', "{}")
      .map((source): Tree => ({ kind: "plain", source })),
    tie("container"),
    fc
      .record({ inner: tie("container"), escapes })
      .map((nested): Tree => ({ kind: "nested", ...nested })),
  ),
}));

function write(node: Tree): Written {
  switch (node.kind) {
    case "plain":
      return { text: node.source, ranges: [] };
    case "number": {
      const { before, marked } = node;
      const start = before.length;
      return { text: before + marked, ranges: [{ start, end: start + marked.length }] };
    }
    case "string": {
      const { length } = node.before;
      const ranges = [{ start: length, end: length + node.marked.length }];
      return quoted({ text: node.before + node.marked, ranges }, [1]);
    }
    case "array":
      return joined("[", node.items.map(write), "]");
    case "object":
      return joined(
        "{",
        node.members.map(([name, value]) => prefixed(`"${name}" :`, write(value))),
        "}",
      );
    case "nested":
      return quoted(write(node.inner), node.escapes);
  }
}

/** The text as a string, each character written plainly or as an escape. */
function quoted({ text, ranges }: Written, styles: readonly number[]): Written {
  const starts: number[] = [];
  let out = '"';
  for (let index = 0; index < text.length; index += 1) {
    starts.push(out.length);
    const unit = text[index] as string;
    const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
    out += styles[index % styles.length] === 0 ? `\\u${hex}` : JSON.stringify(unit).slice(1, -1);
  }
  starts.push(out.length);
  const moved = ranges.map(({ start, end }) => ({
    start: starts[start] as number,
    end: starts[end] as number,
  }));
  return { text: `${out}"`, ranges: moved };
}

function prefixed(prefix: string, { text, ranges }: Written): Written {
  const by = prefix.length;
  return {
    text: prefix + text,
    ranges: ranges.map(({ start, end }) => ({ start: start + by, end: end + by })),
  };
}

function joined(open: string, parts: readonly Written[], close: string): Written {
  let text = open;
  const ranges: { start: number; end: number }[] = [];
  parts.forEach((part, index) => {
    if (index > 0) text += ", ";
    const moved = prefixed(text, part);
    text = moved.text;
    ranges.push(...moved.ranges);
  });
  return { text: text + close, ranges };
}

/** Checks that a value is the tree with every marked value replaced, and all else as it was. */
function assertMasked(value: unknown, node: Tree, isBegun: boolean): void {
  switch (node.kind) {
    case "plain":
      return assert.deepEqual(value, JSON.parse(node.source));
    case "number":
      // Of a number whose sign had left before it was known, a number is left.
      if (isBegun && node.before === "-" && value === -1) return;
      return assert.equal(value, node.before + mask);
    case "string": {
      // What begins like JSON is taken for it, as far as it has left before its end was known.
      const isTaken = isBegun && String(value).includes(`"${mask}"`);
      return assert.equal(
        isTaken ? String(value).replaceAll('"', "") : value,
        expected(node, isTaken),
      );
    }
    case "array":
      assert.ok(Array.isArray(value) && value.length === node.items.length);
      return node.items.forEach((item, index) => {
        assertMasked(value[index], item, isBegun);
      });
    case "object": {
      const entries = Object.entries(value as object);
      assert.deepEqual(
        entries.map(([name]) => name),
        node.members.map(([name]) => name),
      );
      return node.members.forEach(([, item], index) => {
        assertMasked(entries[index]?.[1], item, isBegun);
      });
    }
    case "nested":
      assert.equal(typeof value, "string");
      return assertMasked(JSON.parse(value as string), node.inner, isBegun);
  }
}

function expected({ before }: { readonly before: string }, isTaken: boolean): string {
  return (isTaken ? before.replaceAll('"', "") : before) + mask;
}

function apply(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let position = 0;
  for (const { start, end, replacement } of edits) {
    result += text.slice(position, start) + replacement;
    position = end;
  }
  return result + text.slice(position);
}

const toEdits = ({ ranges }: Written) => ranges.map((range) => ({ ...range, replacement: mask }));

test("edits of JSON in strings leave every layer valid and all else as it was", () => {
  fc.assert(
    fc.property(tree.container, (root) => {
      const written = write(root);
      const edited = apply(written.text, fitToJson(written.text, toEdits(written)));
      assertMasked(JSON.parse(edited), root, false);
    }),
    { numRuns: 500 },
  );
});

test("in a whole request the arguments and the body parse after an edit", () => {
  fc.assert(
    fc.property(tree.container, escapes, (root, styles) => {
      const written = write(root);
      const outer = quoted(written, styles).text;
      const call = `{"id":"1","type":"function","function":{"name":"f","arguments":${outer}}}`;
      const body = `{"messages":[{"role":"assistant","tool_calls":[${call}]}]}`;
      const request = openaiChat.decodeRequest(Buffer.from(body), defaultLimits);
      const span = request.spans.findIndex(({ text }) => text === written.text);
      const edits = toEdits(written).map((edit) => ({ span, ...edit }));
      const { messages } = JSON.parse(request.applyEdits(edits).toString());
      assertMasked(JSON.parse(messages[0].tool_calls[0].function.arguments), root, false);
    }),
  );
});

/** The edits of a piece, as they are made of findings in the whole text. */
function clip(written: Written, start: number, end: number): readonly Omit<Edit, "span">[] {
  return written.ranges
    .filter((range) => range.start < end && range.end > start)
    .map((range) => ({
      start: Math.max(range.start, start) - start,
      end: Math.min(range.end, end) - start,
      replacement: range.start < start ? "" : mask,
    }));
}

const cuts = fc.array(fc.nat(300), { maxLength: 40 });
const formats = {
  "openai-chat": {
    format: openaiChat,
    event: (piece: string) =>
      `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":${JSON.stringify(piece)}}}]}}]}\n\n`,
    piece: (event: string) =>
      JSON.parse(event.slice(6)).choices[0].delta.tool_calls[0].function.arguments as string,
  },
  "anthropic-messages": {
    format: anthropicMessages,
    event: (piece: string) =>
      `data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":${JSON.stringify(piece)}}}\n\n`,
    piece: (event: string) => JSON.parse(event.slice(6)).delta.partial_json as string,
  },
};

for (const [name, { format, event, piece }] of Object.entries(formats)) {
  test(`${name}: arguments cut anywhere parse after an edit, however long events are held`, () => {
    fc.assert(
      fc.property(tree.container, cuts, fc.nat(6), (root, at, lag) => {
        const written = write(root);
        const pieces = cutAt(written.text, at);
        const decoder = format.openAnswerStream(defaultLimits);
        const held: { decoded: StreamEvent; start: number; end: number }[] = [];
        let result = "";
        const release = (next: (typeof held)[number]) => {
          const edits = clip(written, next.start, next.end).map((edit) => ({ span: 0, ...edit }));
          result += piece(next.decoded.applyEdits(edits).toString());
        };
        let start = 0;
        for (const text of pieces) {
          for (const decoded of decoder.push(Buffer.from(event(text)))) {
            held.push({ decoded, start, end: start + text.length });
          }
          start += text.length;
          // An event leaves when all that was found in it is there as a whole, or later.
          while (held[0] !== undefined && held.length > lag) {
            const { start: from, end: to } = held[0];
            if (
              written.ranges.some((range) => range.start < to && range.end > Math.max(from, start))
            )
              break;
            release(held[0]);
            held.shift();
          }
        }
        held.forEach(release);
        assertMasked(JSON.parse(result), root, true);
      }),
      { numRuns: 300 },
    );
  });
}

function cutAt(text: string, at: readonly number[]): readonly string[] {
  const sorted = [...new Set(at)].filter((cut) => cut > 0 && cut < text.length);
  sorted.sort((a, b) => a - b);
  return [0, ...sorted].map((start, index) => text.slice(start, sorted[index] ?? text.length));
}
