import assert from "node:assert/strict";
import { test } from "node:test";
import { anthropicMessagesVocabulary } from "./anthropic-messages/vocabulary.ts";
import { openaiChatVocabulary } from "./openai-chat/vocabulary.ts";
import { isLongNumber, isPlainWord, isToken } from "./plain-words.ts";

type Test = (bytes: Buffer, start: number, end: number) => boolean;
const matching = (isIt: Test, texts: readonly string[]) =>
  texts.filter((text) => isIt(Buffer.from(`"${text}"`), 1, Buffer.byteLength(text) + 1));

test("names and discriminators are plain words", () => {
  const plain = [
    ...["", "role", "chat.completion.chunk", "web_search_tool_result", "image/png", "$ref"],
    ...["camelCase", "X-Title", "n12345", "http.status"],
  ];
  assert.deepEqual(matching(isPlainWord, plain), plain);
});

test("what could be a value is no plain word", () => {
  const values = [
    ...["jane@example.org", "jane doe", "4111111111111111", "123-45-6789", "+12025550143"],
    ...["AKIAIOSFODNN7EXAMPLE", "ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5", "José", "a\\u0040b"],
    "a".repeat(65),
  ];
  assert.deepEqual(matching(isPlainWord, values), []);
});

test("every name of a vocabulary is letters alone, so that it need not be looked at", () => {
  for (const { names } of [openaiChatVocabulary, anthropicMessagesVocabulary]) {
    for (const name of names) assert.match(name, /^[A-Za-z_$]*$/);
  }
});

test("ids, signatures and model names are tokens", () => {
  const tokens = [
    ...["", "call_abc123DEF456", "0193a1b2-0000-7000-8000-000000000001", "gpt-4o-2024-08-06"],
    ...["EqQBCkYIBxgCKkA=", "a+b\\/c==", "ft:gpt-4o:org::id", "12345"],
  ];
  assert.deepEqual(matching(isToken, tokens), tokens);
});

test("mere numbers, and more than one word, are no tokens", () => {
  const values = ["4111111111111111", "4111-1111", "123-45-6789", "a@b", "a b", "é", "\\u0061"];
  assert.deepEqual(matching(isToken, values), []);
});

test("a number is long by its whole part", () => {
  const numbers = ["123456", "-123456", "4111111111111111.0", "123456e2"];
  assert.deepEqual(matching(isLongNumber, numbers), numbers);
  assert.deepEqual(matching(isLongNumber, ["12345", "-12345", "0.1234567", "1.5e100"]), []);
});
