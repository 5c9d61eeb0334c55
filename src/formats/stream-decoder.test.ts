import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../base/index.ts";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import type { Format } from "./format.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";

const formats: readonly Format[] = [openaiChat, anthropicMessages];

function read(format: Format, text: string) {
  const decoder = format.openAnswerStream(defaultLimits);
  return [...decoder.push(Buffer.from(text)), ...decoder.end()];
}

const textsOf = (format: Format, text: string) =>
  read(format, text).flatMap((event) => event.pieces.map((piece) => piece.text));

const rewritten = (format: Format, text: string) =>
  read(format, text)
    .map((event) =>
      event.applyEdits(
        event.pieces.map((piece, span) => ({
          span,
          start: 0,
          end: piece.text.length,
          replacement: "X",
        })),
      ),
    )
    .join("");

test("data that is no JSON is text; on several lines it is one text that nothing can be masked in", () => {
  for (const format of formats) {
    assert.deepEqual(textsOf(format, "data: keep alive\n\n"), ["keep alive"]);
    assert.equal(rewritten(format, "data: one\n\n"), "data: X\n\n");
    const [event] = read(format, "data: one\ndata:two\n\n");
    assert.deepEqual(event?.pieces, [{ key: null, text: "one\ntwo", isFixed: true }]);
    assert.deepEqual(textsOf(format, "data: [DONE] and more\n\n"), ["[DONE] and more"]);
    assert.deepEqual(textsOf(format, "data: [broken\n\n"), ["[broken"]);
  }
});

test("data with zeros in it, as of UTF-16, is refused", () => {
  for (const format of formats) {
    for (const line of ["data: a\0b", "d\0a\0t\0a\0: x", ": \0"]) {
      assert.throws(() => read(format, `${line}\n\n`), { code: "text_invalid" }, line);
    }
  }
});

test("data that begins as an object and is none is refused, as some reader could see more in it", () => {
  for (const format of formats) {
    for (const data of ['{"a":1', '{"a":1}}', '{"a":1} and more', "{a:1}", '{"a":1} {"b":']) {
      assert.throws(() => read(format, `data: ${data}\n\n`), { code: "json_invalid" }, data);
    }
    assert.throws(() => read(format, 'data: {"a":'), { code: "json_invalid" });
  }
});

test("several JSON texts in one event are each read, on one line or on several", () => {
  const [one, two] = ["a", "b"].map(
    (content) => `{"choices":[{"index":0,"delta":{"content":"${content}"}}]}`,
  );
  for (const data of [`${one}${two}`, `${one} ${two}`, `${one}\ndata: ${two}`]) {
    const [event] = read(openaiChat, `data: ${data}\n\n`);
    assert.deepEqual(
      event?.pieces.map(({ key, text }) => `${key}: ${text}`),
      ["0/content: a", "0/content: b"],
    );
  }
  const usage = (tokens: number) => `{"usage":{"prompt_tokens":${tokens}}}`;
  const [event] = read(openaiChat, `data: ${usage(1)}${usage(2)}\n\n`);
  assert.equal(event?.usage?.in, 2);
});

test("the name of an event is text unless it is a plain word", () => {
  for (const format of formats) {
    for (const name of ["message_start", "response.output_text.delta", ""]) {
      assert.deepEqual(textsOf(format, `event: ${name}\ndata: {}\n\n`), []);
    }
    for (const name of ["4111111111111111", "ghp_aB3dE5gH7jK9", "jane@example.org", "two words"]) {
      assert.deepEqual(textsOf(format, `event: ${name}\ndata: {}\n\n`), [name]);
      assert.equal(rewritten(format, `event: ${name}\n\n`), "event: X\n\n");
    }
    assert.deepEqual(textsOf(format, "event: jane@x.org\nevent: ping\n\n"), ["jane@x.org"]);
  }
});

test("comments and all other fields are text", () => {
  const lines = ":one\n: two\nid: 3\nretry: 4\nnamed: 5\nsix\nid\n\n";
  for (const format of formats) {
    assert.deepEqual(textsOf(format, lines), [
      "one",
      "two",
      "id: 3",
      "retry: 4",
      "named: 5",
      "six",
      "id",
    ]);
  }
});
