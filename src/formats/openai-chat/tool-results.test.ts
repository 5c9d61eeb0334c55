import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../../base/index.ts";
import { decodeAnswer, decodeRequest } from "./decode.ts";

const called = (id: string, name: string) => ({ id, type: "function", function: { name } });

function resultsOf(...messages: readonly object[]) {
  const request = decodeRequest(Buffer.from(JSON.stringify({ messages })), defaultLimits);
  return request
    .readToolResults()
    .map(({ name, texts: { after, first } }) => [
      name,
      ...request.spans.slice(first, after).map(({ text }) => text),
    ]);
}

test("a result has the name of the tool whose call it answers, and its own texts", () => {
  const results = resultsOf(
    { role: "user", content: "hi" },
    { role: "assistant", tool_calls: [called("a", "crm"), called("b", "kb")] },
    { role: "tool", tool_call_id: "b", content: [{ type: "text", text: "found" }] },
    { role: "tool", tool_call_id: "a", content: "none" },
    { role: "user", content: "so?" },
    { role: "function", name: "old", content: "1" },
    { role: "tool", tool_call_id: "a", content: "" },
  );
  assert.deepEqual(results, [["kb", "found"], ["crm", "none"], ["old", "old", "1"], ["crm"]]);
});

test("a result of a call that is not there, or comes later, has no name", () => {
  const results = resultsOf(
    { role: "tool", tool_call_id: "a", content: "x" },
    { role: "assistant", tool_calls: [called("a", "crm")] },
    { role: "tool", content: "y" },
  );
  assert.deepEqual(results, [
    [undefined, "x"],
    [undefined, "y"],
  ]);
});

test("one id for calls of two tools is ambiguous", () => {
  const twice = { role: "assistant", tool_calls: [called("a", "crm"), called("a", "kb")] };
  assert.throws(() => resultsOf(twice), { code: "json_ambiguous" });
});

test("a call has the texts of its arguments, wherever a copy of the answer's text stands", () => {
  const body = {
    choices: [
      {
        logprobs: { content: [{ token: "Wor" }, { token: "king" }] },
        message: {
          content: "Working",
          tool_calls: [
            { ...called("a", "crm"), function: { name: "crm", arguments: '{"id":"one"}' } },
            { ...called("b", "kb"), function: { name: "kb", arguments: { to: ["two", "three"] } } },
            called("c", "none"),
          ],
        },
      },
    ],
  };
  const answer = decodeAnswer(Buffer.from(JSON.stringify(body)), defaultLimits);
  const texts = answer
    .readToolCalls()
    .map(({ texts: { after, first } }) => answer.spans.slice(first, after).map(({ text }) => text));
  assert.deepEqual(texts, [['{"id":"one"}'], ["two", "three"], []]);
});
