import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultLimits, Fault } from "../base/index.ts";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import type { Format } from "./format.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";
import { openaiStoredChat } from "./openai-chat/stored.ts";
import { mayBeginObject, recogniseBody } from "./recognise-body.ts";

const messages = [{ role: "user", content: "hi" }];

function protocolOf(body: unknown, isVersioned = false): string | undefined {
  const bytes = Buffer.from(JSON.stringify(body));
  return recogniseBody(bytes, isVersioned, defaultLimits)?.protocol;
}

describe("a body whose path says nothing", () => {
  test("is OpenAI Chat where only that has such a body", () => {
    assert.equal(protocolOf({ model: "m", messages }), "openai-chat");
    assert.equal(protocolOf({ model: "m", messages, max_completion_tokens: 9 }), "openai-chat");
    assert.equal(protocolOf({ model: "m", messages, max_tokens: 9, n: 2 }), "openai-chat");
  });

  test("is Anthropic Messages where only that has such a body, or its header says so", () => {
    const base = { model: "m", messages, max_tokens: 9 };
    assert.equal(protocolOf({ ...base, system: "be brief" }), "anthropic-messages");
    assert.equal(protocolOf({ ...base, stop_sequences: [] }), "anthropic-messages");
    assert.equal(protocolOf(base, true), "anthropic-messages");
  });

  test("is nothing for certain where it could be either, or neither", () => {
    const base = { model: "m", messages, max_tokens: 9 };
    assert.equal(protocolOf(base), undefined);
    assert.equal(protocolOf({ ...base, system: "x", n: 1 }), undefined);
    assert.equal(protocolOf({ ...base, n: 1 }, true), undefined);
    for (const other of [
      {},
      [],
      "x",
      { model: "m", messages: {} },
      { messages },
      { inputs: "x" },
    ]) {
      assert.equal(protocolOf(other), undefined, JSON.stringify(other));
    }
  });

  test("can be told from its first bytes to be no object", () => {
    for (const begin of ['{"a":1}', " \n\t{", "\ufeff{", ""]) {
      assert.ok(mayBeginObject(Buffer.from(begin)), begin);
    }
    assert.ok(mayBeginObject(Buffer.from("\ufeff{", "utf16le")));
    assert.ok(mayBeginObject(Buffer.from("{", "utf16le").swap16()));
    for (const begin of ["[1]", "--boundary", "model=x", "\u001f\u008b", "RIFF"]) {
      assert.ok(!mayBeginObject(Buffer.from(begin, "latin1")), begin);
    }
  });
});

describe("a body at the other format's path", () => {
  function faultOf(format: Format, body: unknown): string | undefined {
    try {
      format.decodeRequest(Buffer.from(JSON.stringify(body)), defaultLimits);
    } catch (error) {
      if (error instanceof Fault) return error.code;
      throw error;
    }
    return undefined;
  }

  test("is refused, not read by shapes that are not its own", () => {
    const anthropic = { model: "m", messages, max_tokens: 9, system: "x" };
    const openai = { model: "m", messages, response_format: { type: "text" } };
    assert.equal(faultOf(openaiChat, anthropic), "format_unrecognised");
    assert.equal(faultOf(anthropicMessages, openai), "format_unrecognised");
    assert.equal(faultOf(openaiChat, openai), undefined);
    assert.equal(faultOf(anthropicMessages, anthropic), undefined);
    // What marks both is read as the path says: every text of it is found either way.
    assert.equal(faultOf(openaiChat, { ...anthropic, ...openai }), undefined);
  });

  test("an update of a stored completion can say nothing but metadata", () => {
    assert.equal(faultOf(openaiStoredChat, { metadata: { a: "b" } }), undefined);
    assert.equal(faultOf(openaiStoredChat, { metadata: {}, messages }), "format_unrecognised");
    assert.equal(faultOf(openaiStoredChat, { model: "m", messages }), "format_unrecognised");
    assert.equal(faultOf(openaiStoredChat, []), "json_invalid");
  });
});

describe("a stored completion", () => {
  test("is judged like any answer, and counts no tokens again", () => {
    const stored = {
      object: "list",
      data: [{ choices: [{ message: { content: "hello" } }] }],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    };
    const answer = openaiStoredChat.decodeAnswer(
      Buffer.from(JSON.stringify(stored)),
      defaultLimits,
    );
    assert.ok(answer.spans.some(({ text }) => text === "hello"));
    assert.equal(answer.usage, undefined);
  });
});
