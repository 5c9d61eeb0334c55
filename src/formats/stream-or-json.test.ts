import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../base/index.ts";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";
import { openStreamOrJson } from "./stream-or-json.ts";

const formats = [openaiChat, anthropicMessages] as const;
const event = 'data: {"note":"hi"}\n\n';
const error = '{\n "error": {"message": "not \\"jane@example.org\\"", "n": 1}\n}\n';

function read(format: (typeof formats)[number], text: string, chunkBytes: number) {
  const decoder = openStreamOrJson(format, defaultLimits);
  const bytes = Buffer.from(text);
  const events = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    events.push(...decoder.push(bytes.subarray(at, at + chunkBytes)));
  }
  return [...events, ...decoder.end()];
}

test("a body that begins as JSON is one event, however it is cut, and keeps its bytes", () => {
  for (const format of formats) {
    for (const start of ["", "\n", "\r\n  "]) {
      for (const chunkBytes of [1, 7, 1000]) {
        const events = read(format, start + error, chunkBytes);
        assert.deepEqual(
          events.flatMap(({ pieces }) => pieces.map(({ key, text }) => [key, text])),
          [[null, 'not "jane@example.org"']],
        );
        assert.equal(events.map(({ bytes }) => bytes).join(""), start + error);
        const edit = { span: 0, start: 5, end: 21, replacement: "X" };
        const edited = events[0]?.applyEdits([edit]).toString();
        assert.equal(edited, (start + error).replace("jane@example.org", "X"));
      }
    }
  }
});

test("anything else is read as events, those behind blank lines too", () => {
  for (const format of formats) {
    for (const text of [event, `\n\r\n${event}`, `: {\n\n${event}`, `\uFEFF${event}`, "\n\n", ""]) {
      for (const chunkBytes of [1, 1000]) {
        const events = read(format, text, chunkBytes);
        assert.equal(events.map(({ bytes }) => bytes).join(""), text);
      }
    }
    const blank = "\n".repeat(5000);
    assert.equal(read(format, `${blank}${event}`, 1000).length, 5001);
  }
});

test("what begins as JSON and is none, or is too large, is refused", () => {
  for (const format of formats) {
    assert.throws(() => read(format, "{ broken\n\n", 4), { code: "json_invalid" });
    const limits = { ...defaultLimits, bodyBytesMax: 20 };
    const decoder = openStreamOrJson(format, limits);
    assert.throws(() => decoder.push(Buffer.from(error)), { code: "body_too_large" });
  }
});
