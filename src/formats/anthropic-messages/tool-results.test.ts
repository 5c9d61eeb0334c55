import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../../base/index.ts";
import { decodeAnswer, decodeRequest } from "./decode.ts";

const called = (id: string, name: string, more: object = {}) => ({
  ...{ type: "tool_use", id, name, input: {} },
  ...more,
});
const result = (id: string, content: unknown, type = "tool_result") => ({
  ...{ type, tool_use_id: id, content },
});

function resultsOf(...contents: readonly unknown[]) {
  const messages = contents.map((content) => ({ role: "user", content }));
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
    "hi",
    [called("a", "crm"), called("b", "kb", { type: "mcp_tool_use", server_name: "docs" })],
    [
      result("b", [{ type: "text", text: "found" }], "mcp_tool_result"),
      { type: "text", text: "between" },
      result("a", "none"),
    ],
    [result("a", [])],
  );
  assert.deepEqual(results, [["docs/kb", "found"], ["crm", "none"], ["crm"]]);
});

test("a result of a call that is not there has no name", () => {
  assert.deepEqual(resultsOf([result("a", "x"), { type: "tool_result", content: "y" }]), [
    [undefined, "x"],
    [undefined, "y"],
  ]);
});

test("one id for calls of two tools is ambiguous", () => {
  assert.throws(() => resultsOf([called("a", "crm"), called("a", "kb")]), {
    code: "json_ambiguous",
  });
});

test("a call has the texts of its input", () => {
  const content = [
    { type: "text", text: "Working." },
    called("a", "crm", { input: { to: "one", deep: { more: ["two"] } } }),
    called("b", "kb"),
  ];
  const answer = decodeAnswer(Buffer.from(JSON.stringify({ content })), defaultLimits);
  const texts = answer
    .readToolCalls()
    .map(({ texts: { after, first } }) => answer.spans.slice(first, after).map(({ text }) => text));
  assert.deepEqual(texts, [["one", "two"], []]);
});
