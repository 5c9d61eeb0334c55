import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../../base/index.ts";
import type { StreamEvent } from "../format.ts";
import { openAnswerStream } from "./stream.ts";

const read = (...datas: (string | object)[]): readonly StreamEvent[] => {
  const lines = datas.map((data) => (typeof data === "string" ? data : JSON.stringify(data)));
  const stream = openAnswerStream(defaultLimits);
  return [...stream.push(Buffer.from(lines.map((line) => `data: ${line}\n\n`).join("")))];
};
const chunk = (delta: unknown, more: object = {}) => ({
  id: "c",
  object: "chat.completion.chunk",
  model: "m",
  choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...more }],
  obfuscation: "xYz",
});
const piecesOf = (events: readonly StreamEvent[]) =>
  events.flatMap(({ pieces }) => pieces.map(({ key, text }) => `${key}: ${text}`));
const endsOf = (events: readonly StreamEvent[]) => events.map(({ ends }) => ends);

test("content and arguments are keyed by choice and call", () => {
  const events = read(
    chunk({ role: "assistant", content: "", refusal: null }),
    chunk({ content: "ja" }),
    { choices: [{ index: 1, delta: { content: "x", refusal: "no" } }] },
    chunk({
      tool_calls: [{ index: 1, id: "1", type: "function", function: { name: "f", arguments: "" } }],
    }),
    chunk({
      tool_calls: [
        { index: 1, function: { arguments: "{" } },
        { index: 2, custom: { input: "l" } },
      ],
    }),
    chunk({
      function_call: { name: "old", arguments: "(" },
      audio: { id: "a", data: "AA", transcript: "t" },
    }),
  );
  assert.deepEqual(piecesOf(events), [
    "0/content: ja",
    "1/content: x",
    "1/refusal: no",
    "0/tool/1/arguments: {",
    "0/tool/2/custom/input: l",
    "0/function_call/arguments: (",
    "0/audio/transcript: t",
  ]);
});

test("an unknown string in a delta is keyed by its path, anywhere else it stands alone", () => {
  const events = read({
    choices: [
      { index: 0, delta: { a: { b: ["c"] } }, content_filter_results: { severity: "safe" } },
    ],
    surprise: "fp",
  });
  assert.deepEqual(piecesOf(events), ["0/a/b/0: c", "null: safe", "null: fp"]);
});

test("copies of what goes on over events are refused: clients would not all join the same one", () => {
  for (const data of [
    '{"choices":[{"index":0,"delta":{"content":"a","content":"b"}}]}',
    '{"choices":[{"index":0,"delta":{"content":"a"},"delta":{"content":"b"}}]}',
    '{"choices":[{"index":0,"delta":{"content":"a"}}],"choices":[{"index":0}]}',
  ]) {
    assert.throws(() => read(data), { code: "json_ambiguous" }, data);
  }
});

test("an index given twice is refused", () => {
  assert.throws(() => read('{"choices":[{"index":0,"index":1,"delta":{"content":"a"}}]}'), {
    code: "json_ambiguous",
  });
});

test("a finish reason ends the keys of its choice, the terminator all", () => {
  const events = read(
    chunk({ content: "a" }),
    chunk({ content: "." }, { finish_reason: "stop" }),
    "[DONE]",
  );
  assert.deepEqual(endsOf(events), [[], ["0/"], [""]]);
  assert.deepEqual(
    events.map(({ finishReason }) => finishReason),
    [undefined, "stop", undefined],
  );
});

test("a member that gives way to another is over", () => {
  const events = read(
    chunk({ reasoning: "a", reasoning_content: "a" }),
    chunk({ content: "b" }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: "{" } }] }),
    chunk({ tool_calls: [{ index: 1, function: { arguments: "{" } }] }),
  );
  assert.deepEqual(endsOf(events), [[], ["0/reasoning", "0/reasoning_content"], ["0/content"], []]);
});

test("a member whose key begins like one that goes on is not called over", () => {
  const events = read(
    chunk({ reasoning: "a", reasoning_content: "b" }),
    chunk({ reasoning_content: "c" }),
  );
  assert.deepEqual(endsOf(events), [[], []]);
});

test("a choice that writes by turns gets fresh keys and no more early ends", () => {
  const events = read(
    chunk({ reasoning: "a" }),
    chunk({ content: "b" }),
    chunk({ reasoning: "c" }),
    chunk({ content: "d" }),
    chunk({ refusal: "e" }),
    chunk({ reasoning: "f" }, { finish_reason: "stop" }),
  );
  assert.deepEqual(piecesOf(events), [
    "0/reasoning: a",
    "0/content: b",
    "0/reasoning~1: c",
    "0/content: d",
    "0/refusal: e",
    "0/reasoning~1: f",
  ]);
  assert.deepEqual(endsOf(events), [[], ["0/reasoning"], [], [], [], ["0/"]]);
});

test("a choice with more members than a message has tells its end only when it is over", () => {
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`m${index}`, "a"]));
  const events = read(chunk(many), chunk({ content: "b" }), chunk({}, { finish_reason: "stop" }));
  assert.equal(events[0]?.pieces.length, 65);
  assert.deepEqual(endsOf(events), [[], [], ["0/"]]);
});

test("usage comes from the chunk that has it", () => {
  const [first, last] = read(chunk({ content: "a" }), {
    choices: [],
    usage: { prompt_tokens: 5, completion_tokens: 2 },
  });
  assert.equal(first?.usage, undefined);
  assert.deepEqual(last?.usage, { in: 5, out: 2 });
});

test("an edit keeps the rest of the event and empties the token list of its choice", () => {
  const data =
    '{"choices": [{"delta":{"content":"a\\u0040b"},"logprobs":{"content":[{"token":"a@b"}]}}]}';
  const [event] = read(data);
  assert.equal(event?.applyEdits([]), event?.bytes);
  assert.equal(
    event?.applyEdits([{ span: 0, start: 0, end: 3, replacement: "[EMAIL]" }]).toString(),
    'data: {"choices": [{"delta":{"content":"[EMAIL]"},"logprobs":null}]}\n\n',
  );
});

test("data of several lines is read as one text and edited in place", () => {
  const stream = openAnswerStream(defaultLimits);
  const raw =
    ': hello\ndata: {"choices":[{\ndata:"delta":{"content":"a@b"},\ndata: "logprobs":{\ndata: }}]}\n\n';
  const [event] = stream.push(Buffer.from(raw));
  assert.deepEqual(piecesOf(event ? [event] : []), ["null: hello", "0/content: a@b"]);
  assert.equal(
    event?.applyEdits([{ span: 1, start: 1, end: 3, replacement: '"' }]).toString(),
    ': hello\ndata: {"choices":[{\ndata:"delta":{"content":"a\\""},\ndata: "logprobs":null}]}\n\n',
  );
});

test("a string cannot run across lines of data", () => {
  const stream = openAnswerStream(defaultLimits);
  assert.throws(() => stream.push(Buffer.from('data: {"a":"b\ndata: c"}\n\n')), {
    code: "json_invalid",
  });
});

test("comments and unknown fields are text that must stay on its line", () => {
  const stream = openAnswerStream(defaultLimits);
  const [event] = stream.push(Buffer.from(": from jane\nevent: mail jane now\ndata:\n\n"));
  assert.deepEqual(piecesOf(event ? [event] : []), ["null: from jane", "null: mail jane now"]);
  assert.equal(
    event?.applyEdits([{ span: 0, start: 5, end: 9, replacement: "a\r\nb" }]).toString(),
    ": from a b\nevent: mail jane now\ndata:\n\n",
  );
});

test("what a client would not read as data is refused", () => {
  for (const data of ['{"a":1', "{} {", "{} x"]) {
    assert.throws(() => read(data), { code: "json_invalid" }, data);
  }
  const stream = openAnswerStream(defaultLimits);
  assert.throws(() => stream.push(Buffer.from([0x3a, 0xff, 0x0a, 0x0a])), { code: "text_invalid" });
});

test("a last event without its empty line is delivered at the end", () => {
  const stream = openAnswerStream(defaultLimits);
  assert.deepEqual(stream.push(Buffer.from('data: {"choices":[{"delta":{"content":"a"}}]}')), []);
  assert.deepEqual(piecesOf(stream.end()), ["0/content: a"]);
  assert.deepEqual(stream.end(), []);
});

test("more choices than a stream can have are refused", () => {
  const choices = Array.from({ length: 1025 }, (_, index) => ({ index, delta: { content: "a" } }));
  assert.throws(() => read({ choices }), { code: "json_too_many_keys" });
});
