import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../../base/index.ts";
import type { StreamEvent } from "../format.ts";
import { openAnswerStream } from "./stream.ts";

const read = (...events: { type: string }[]): readonly StreamEvent[] => {
  const text = events.map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
  return openAnswerStream(defaultLimits).push(Buffer.from(text.join("")));
};
const delta = (index: number, data: object) => ({
  type: "content_block_delta",
  index,
  delta: data,
});
const piecesOf = (events: readonly StreamEvent[]) =>
  events.flatMap(({ pieces }) => pieces.map(({ key, text }) => `${key}: ${text}`));

test("deltas are keyed by block and type, signatures are not text", () => {
  const events = read(
    delta(0, { type: "thinking_delta", thinking: "a" }),
    delta(0, { type: "signature_delta", signature: "sig" }),
    delta(1, { type: "text_delta", text: "b" }),
    delta(2, { type: "input_json_delta", partial_json: "{" }),
    delta(3, { type: "compaction_delta", content: "c", encrypted_content: "x" }),
  );
  assert.deepEqual(piecesOf(events), [
    "0/thinking_delta: a",
    "1/text_delta: b",
    "2/input_json_delta: {",
    "3/compaction_delta: c",
  ]);
});

test("an unknown delta is keyed by its path, so that its text cannot come apart", () => {
  const events = read(delta(0, { type: "new_delta", a: { b: "c" } }), delta(1, { d: "e" }));
  assert.deepEqual(piecesOf(events), ["0/new_delta/a/b: c", "1/delta/d: e"]);
});

test("what a block begins with is continued by its deltas, the rest of it is whole", () => {
  const start = (index: number, block: object) => ({
    type: "content_block_start",
    index,
    content_block: block,
  });
  const events = read(
    start(0, { type: "text", text: "a", citations: [{ type: "x", cited_text: "b" }] }),
    delta(0, { type: "text_delta", text: "c" }),
    start(1, { type: "thinking", thinking: "d", signature: "s" }),
    start(2, { type: "tool_use", id: "t", name: "e", input: { id: "f" } }),
    start(3, { type: "web_search_tool_result", content: [{ title: "g", encrypted_content: "x" }] }),
    start(4, { type: "redacted_thinking", data: "x" }),
  );
  assert.deepEqual(piecesOf(events), [
    "0/text_delta: a",
    "null: b",
    "0/text_delta: c",
    "1/thinking_delta: d",
    "null: f",
    "null: g",
  ]);
});

test("citations, pings and errors stand alone, unknown events until another comes", () => {
  const events = read(
    delta(0, {
      type: "citations_delta",
      citation: { type: "x", cited_text: "a", encrypted_index: "i" },
    }),
    { type: "ping" },
    { type: "error", error: { type: "overloaded_error", message: "b" } } as { type: string },
    { type: "new_event", text: "c" } as { type: string },
  );
  assert.deepEqual(piecesOf(events), ["null: a", "null: b", "unknown1/text: c"]);
});

test("a stop event ends the keys of its block, the last one all", () => {
  const events = read({ type: "content_block_stop", index: 1 } as { type: string }, {
    type: "message_stop",
  });
  assert.deepEqual(
    events.map(({ ends }) => ends),
    [["1/"], [""]],
  );
});

test("usage and reason come from the first and the last event", () => {
  const events = read(
    {
      type: "message_start",
      message: {
        id: "m",
        model: "c",
        usage: { input_tokens: 2, cache_creation_input_tokens: 3, output_tokens: 1 },
      },
    } as { type: string },
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: "x" },
      usage: { output_tokens: 9 },
    } as { type: string },
  );
  assert.deepEqual(
    events.map(({ usage, finishReason }) => ({ usage, finishReason })),
    [
      { usage: { in: 5, out: 1 }, finishReason: undefined },
      { usage: { in: 5, out: 9 }, finishReason: "end_turn" },
    ],
  );
  assert.deepEqual(piecesOf(events), ["null: x"]);
});

test("a count said again replaces that count and no other", () => {
  const events = read(
    {
      type: "message_start",
      message: { usage: { input_tokens: 2, cache_read_input_tokens: 30, output_tokens: 1 } },
    } as { type: string },
    { type: "message_delta", delta: {}, usage: { input_tokens: 3, output_tokens: 7 } } as {
      type: string;
    },
  );
  assert.deepEqual(
    events.map(({ usage }) => usage),
    [
      { in: 32, out: 1 },
      { in: 33, out: 7 },
    ],
  );
});

test("without a type the name of the event tells what it is", () => {
  const stream = openAnswerStream(defaultLimits);
  const [event] = stream.push(Buffer.from("event: message_stop\ndata: {}\n\n"));
  assert.deepEqual(event?.ends, [""]);
});

test("copies of what goes on over events are refused: clients would not all join the same one", () => {
  for (const delta of [
    '"delta":{"type":"text_delta","text":"a","text":"b"}',
    '"delta":{"type":"text_delta","text":"a"},"delta":{"type":"text_delta","text":"b"}',
  ]) {
    const data = `{"type":"content_block_delta","index":0,${delta}}`;
    const stream = openAnswerStream(defaultLimits);
    assert.throws(() => stream.push(Buffer.from(`data: ${data}\n\n`)), { code: "json_ambiguous" });
  }
});
