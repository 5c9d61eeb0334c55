import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { defaultLimits } from "../base/index.ts";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import type { Format, StreamEvent } from "./format.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";

/** An event of its own kind, behind which the next one has nothing to be like. */
const between = ": pause\n\n";

const text = fc.oneof(
  fc.constantFrom("word ", "word ", "a", "", '{"to":"', "4111", "é", "\u0001", 'say "hi"', "\\n"),
  fc.string({ maxLength: 6 }),
);
/** Makes an event of one structure around a text. */
type Maker = (added: string) => string;

const chunk: fc.Arbitrary<Maker> = fc
  .record({
    index: fc.constantFrom(0, 0, 1),
    member: fc.constantFrom("content", "content", "refusal", "reasoning", "role"),
    finish: fc.constantFrom(null, null, "stop"),
    more: fc.constantFrom({}, { logprobs: null }, { logprobs: { content: [] } }),
    usage: fc.constantFrom(undefined, undefined, { prompt_tokens: 1 }),
  })
  .map(({ finish, index, member, more, usage }) => (added) => {
    const choice = { index, delta: { [member]: added }, finish_reason: finish, ...more };
    return `data: ${JSON.stringify({ id: "c", choices: [choice], usage })}\n\n`;
  });
const call: fc.Arbitrary<Maker> = fc.constantFrom(0, 1).map((index) => (added) => {
  const delta = { tool_calls: [{ index, function: { arguments: added } }] };
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
});
const blockDelta: fc.Arbitrary<Maker> = fc
  .tuple(fc.constantFrom(0, 0, 1), fc.constantFrom("text", "thinking", "partial_json"))
  .map(([index, member]) => (added) => {
    const type = member === "partial_json" ? "input_json_delta" : `${member}_delta`;
    const data = { type: "content_block_delta", index, delta: { type, [member]: added } };
    return `event: content_block_delta\ndata: ${JSON.stringify(data)}\n\n`;
  });
const blockStop: fc.Arbitrary<Maker> = fc.constantFrom(0, 1).map((index) => (added) => {
  const data = { type: "content_block_stop", index, note: added };
  return `event: content_block_stop\ndata: ${JSON.stringify(data)}\n\n`;
});
const unknown: fc.Arbitrary<Maker> = fc.constantFrom("odd", "even").map((type) => (added) => {
  return `event: ${type}\ndata: ${JSON.stringify({ type, say: added })}\n\n`;
});
const first = fc.constantFrom("", "\ufeff");

/** What is told of each event, with the first two units of each text masked. */
function told(event: StreamEvent) {
  const { bytes, ends, finishReason, pieces, usage } = event;
  const edits = pieces.map((piece, span) => ({
    ...{ span, start: 0, end: Math.min(2, piece.text.length), replacement: "[X]" },
  }));
  const editable = edits.filter(({ span }) => pieces[span]?.isFixed !== true);
  const edited = event.applyEdits(editable).toString();
  return { bytes: bytes.toString(), edited, ends, finishReason, pieces, usage };
}

function read(format: Format, events: readonly string[]) {
  const decoder = format.openAnswerStream(defaultLimits);
  const found = events.flatMap((event) => decoder.push(Buffer.from(event)));
  return [...found, ...decoder.end()].filter(({ bytes }) => !bytes.equals(Buffer.from(between)));
}

for (const [format, kinds] of [
  [openaiChat, [chunk, chunk, call, unknown]],
  [anthropicMessages, [blockDelta, blockDelta, blockStop, unknown]],
] as const) {
  test(`an event that is like the one before means what it means alone (${format.protocol})`, () => {
    const run = fc.tuple(fc.oneof(...kinds), fc.array(text, { minLength: 1, maxLength: 4 }));
    const stream = fc.tuple(first, fc.array(run, { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(stream, ([mark, runs]) => {
        const [head = "", ...rest] = runs.flatMap(([make, texts]) => texts.map(make));
        const plain = [mark + head, ...rest];
        const parted = [mark + head, ...rest.flatMap((event) => [between, event])];
        const alike = read(format, plain).map(told);
        const alone = read(format, parted).map(told);
        assert.deepEqual(alike, alone);
      }),
      { numRuns: 400 },
    );
  });
}

test("a byte order mark in the middle of a stream is no part of what an event is like", () => {
  const event = (content: string) =>
    `\ufeffdata: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
  const [begun, ignored] = read(openaiChat, [event("a"), event("b")]);
  assert.deepEqual(begun?.pieces, [{ key: "0/content", text: "a" }]);
  assert.equal(ignored?.pieces[0]?.key, null);
});

test("what stands where the text was is read anew if it is more than a text", () => {
  const event = (inner: string) =>
    `data: {"choices":[{"index":0,"delta":{"content":"${inner}"}}]}\n\n`;
  const inner = 'b","refusal":"c';
  const [, , more] = read(openaiChat, [event("a"), event("b"), event(inner)]);
  assert.deepEqual(
    more?.pieces.map(({ key, text: added }) => `${key} ${added}`),
    ["0/content b", "0/refusal c"],
  );
});

test("a text that a choice comes back to goes on as the JSON it was", () => {
  const event = (delta: object) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
  const opened = { content: '{"card":' };
  const turns = [opened, { refusal: "x" }, { content: " " }, { content: " 4111111111111111}" }];
  const events = read(openaiChat, [event({ role: "assistant" }), ...turns.map(event)]);
  const edits = [{ span: 0, start: 1, end: 17, replacement: "[CREDIT_CARD]" }];
  const last = String(events.at(-1)?.applyEdits(edits)).slice("data: ".length);
  assert.equal(JSON.parse(last).choices[0].delta.content, ' "[CREDIT_CARD]"}');
});
