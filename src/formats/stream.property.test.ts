import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { defaultLimits } from "../base/index.ts";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import type { Format, StreamEvent } from "./format.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";

const word = fc.constantFrom("a", " jane", "@x.org", "é", "漢字", "😀", "\n", '"', "\\", "\u2028");
const lineEnd = fc.constantFrom("\n", "\r\n", "\r");

const openaiData = fc.oneof(
  fc
    .record({ index: fc.nat(2), member: fc.constantFrom("content", "reasoning", "odd"), word })
    .map(({ index, member, word: text }) =>
      JSON.stringify({ choices: [{ index, delta: { [member]: text }, logprobs: null }] }),
    ),
  fc.constant('{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}'),
  fc.constantFrom("[DONE]", "", "{}"),
);
const anthropicData = fc.oneof(
  fc.record({ index: fc.nat(2), word }).map(({ index, word: text }) =>
    JSON.stringify({
      type: "content_block_delta",
      index,
      delta: { type: "text_delta", text },
    }),
  ),
  fc.constantFrom('{"type":"ping"}', '{"type":"message_stop"}', ""),
);

/** An event as some server may write it: comments, data over several lines, any line end. */
const eventOf = (data: fc.Arbitrary<string>) =>
  fc
    .record({ data, end: lineEnd, isSplit: fc.boolean(), comment: fc.constantFrom("", ":", ": é") })
    .map(({ data: value, end, isSplit, comment }) => {
      const lines = isSplit ? value.split(/(?<=\{)(?=")/) : [value];
      const all = [...(comment ? [comment] : []), ...lines.map((line) => `data: ${line}`), ""];
      return all.map((line) => line + end).join("");
    });

const streamOf = (data: fc.Arbitrary<string>) =>
  fc
    .record({
      isMarked: fc.boolean(),
      events: fc.array(eventOf(data), { maxLength: 8 }),
      isCut: fc.boolean(),
    })
    .map(({ isMarked, events, isCut }) => {
      const text = (isMarked ? "\uFEFF" : "") + events.join("");
      return Buffer.from(isCut ? text.replace(/[\r\n]+$/, "") : text);
    });

const cuts = fc.array(fc.nat(400), { maxLength: 12 });
const formats: readonly [Format, fc.Arbitrary<Buffer>][] = [
  [openaiChat, streamOf(openaiData)],
  [anthropicMessages, streamOf(anthropicData)],
];

for (const [format, stream] of formats) {
  test(`any splitting of a ${format.protocol} stream gives the same events`, () => {
    fc.assert(
      fc.property(stream, cuts, (bytes, at) => {
        const whole = readAll(format, [bytes]);
        assert.deepEqual(Buffer.concat(whole.map((event) => event.bytes)), bytes);
        const bytewise = Array.from(bytes, (byte) => Buffer.from([byte]));
        assert.deepEqual(readAll(format, bytewise).map(toPlain), whole.map(toPlain));
        assert.deepEqual(readAll(format, cutAt(bytes, at)).map(toPlain), whole.map(toPlain));
        for (const event of whole) assert.equal(event.applyEdits([]), event.bytes);
      }),
    );
  });

  test(`an edit of a ${format.protocol} event changes that piece and no other`, () => {
    fc.assert(
      fc.property(stream, word, (bytes, replacement) => {
        const events = readAll(format, [bytes]);
        for (const [index, event] of events.entries()) {
          for (const [span, piece] of event.pieces.entries()) {
            const edit = { span, start: 0, end: piece.text.length, replacement };
            const parts = events.map((other) => other.bytes);
            parts[index] = event.applyEdits([edit]);
            const expected = events.map((other) => other.pieces.map(({ text }) => text));
            const isLine = piece.key === null;
            expected[index] = event.pieces.map((other, position) =>
              position === span
                ? isLine
                  ? replacement.replaceAll("\n", " ")
                  : replacement
                : other.text,
            );
            const again = readAll(format, [Buffer.concat(parts)]);
            const found = again.map((other) => other.pieces.map(({ text }) => text));
            // A comment that became blank or begins with a blank is read without it.
            assert.deepEqual(
              isLine ? found.map(trimAll) : found,
              isLine ? expected.map(trimAll) : expected,
            );
          }
        }
      }),
    );
  });
}

function readAll(format: Format, chunks: readonly Buffer[]): readonly StreamEvent[] {
  const decoder = format.openAnswerStream(defaultLimits);
  return [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
}

function cutAt(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const sorted = at.filter((cut) => cut <= bytes.length).sort((a, b) => a - b);
  return [0, ...sorted].map((start, index) => bytes.subarray(start, sorted[index] ?? bytes.length));
}

function toPlain(event: StreamEvent): unknown {
  const { bytes, pieces, ends, usage, finishReason } = event;
  return { bytes: bytes.toString("hex"), pieces, ends, usage, finishReason };
}

function trimAll(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}
