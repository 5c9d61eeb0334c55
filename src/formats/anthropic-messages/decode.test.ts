import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits, Fault } from "../../base/index.ts";
import { decodeAnswer, decodeRequest } from "./decode.ts";

const request = (body: unknown) =>
  decodeRequest(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)), defaultLimits);
const spansOf = (decoded: { spans: readonly { place: string; text: string }[] }) =>
  decoded.spans.map(({ place, text }) => `${place}: ${text}`);
const blocks = (...content: unknown[]) => request({ messages: [{ role: "user", content }] });

test("system, prompts and their blocks get their places", () => {
  const decoded = request({
    system: [{ type: "text", text: "a", cache_control: { type: "ephemeral" } }],
    messages: [
      { content: "b", role: "user" },
      { role: "assistant", content: [{ type: "text", text: "c" }] },
      { content: "d", role: "system" },
    ],
  });
  assert.deepEqual(spansOf(decoded), ["system: a", "prompt: b", "prompt: c", "system: d"]);
  assert.deepEqual(spansOf(request({ system: "s", messages: [] })), ["system: s"]);
});

test("tool input is tool arguments, whatever its members are called", () => {
  const decoded = blocks({
    type: "tool_use",
    id: "toolu_1",
    name: "mail",
    input: { type: "a", id: "b", source: { data: "c" }, encrypted_content: "d" },
  });
  assert.deepEqual(spansOf(decoded), [
    "tool_args: a",
    "tool_args: b",
    "tool_args: c",
    "tool_args: d",
  ]);
});

test("tool results of every kind are tool results, what is nested in them too", () => {
  const decoded = blocks(
    { type: "tool_result", tool_use_id: "toolu_1", content: "a" },
    {
      type: "tool_result",
      content: [
        { type: "text", text: "b" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
      ],
    },
    {
      type: "web_search_tool_result",
      content: [{ type: "web_search_result", title: "c", url: "d", encrypted_content: "e" }],
    },
    {
      type: "web_fetch_tool_result",
      content: {
        type: "web_fetch_result",
        url: "f",
        content: {
          type: "document",
          source: { type: "text", media_type: "text/plain", data: "g" },
        },
      },
    },
    { type: "bash_code_execution_tool_result", content: { stdout: "h", encrypted_stdout: "i" } },
    { type: "search_result", title: "j", source: "k", content: [{ type: "text", text: "l" }] },
  );
  assert.deepEqual(
    spansOf(decoded),
    ["a", "b", "c", "d", "f", "g", "h", "j", "k", "l"].map((text) => `tool_result: ${text}`),
  );
});

test("documents are attachments: readable ones are text, encoded ones are not", () => {
  const decoded = blocks(
    {
      type: "document",
      title: "a",
      context: "b",
      source: { type: "text", media_type: "text/plain", data: "c" },
    },
    {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "JVBERg==" },
    },
    { type: "document", source: { type: "base64", data: "not base64" } },
    { type: "document", source: { type: "content", content: [{ type: "text", text: "d" }] } },
    { type: "image", source: { type: "url", url: "https://example.org/jane" } },
  );
  assert.deepEqual(
    spansOf(decoded),
    ["a", "b", "c", "not base64", "d", "https://example.org/jane"].map(
      (text) => `attachment: ${text}`,
    ),
  );
});

test("what the model signed is judged only, and what it encrypted is not even that", () => {
  const decoded = blocks(
    { type: "thinking", thinking: "a", signature: "sig" },
    { type: "thinking", thinking: "b", signature: "" },
    { type: "thinking", thinking: "c" },
    { type: "redacted_thinking", data: "d" },
    { type: "compaction", content: "e", signature: "sig", encrypted_content: "f" },
    { type: "compaction", content: "g" },
    { type: "text", text: "h", citations: [{ type: "x", cited_text: "i", encrypted_index: "j" }] },
  );
  assert.deepEqual(spansOf(decoded), [
    "prompt: a",
    "prompt: b",
    "prompt: c",
    "prompt: e",
    "prompt: g",
    "prompt: h",
    "prompt: i",
  ]);
  const fixed = decoded.spans.filter(({ isFixed }) => isFixed);
  assert.deepEqual(spansOf({ spans: fixed }), ["prompt: a", "prompt: e"]);
});

test("a block cannot be of two types", () => {
  for (const type of [
    '"type":"compaction","type":"tool_result"',
    '"type":"thinking","Type":"text"',
  ]) {
    const body = `{"messages":[{"role":"user","content":[{${type},"signature":"s","content":"x"}]}]}`;
    assert.throws(() => request(body), { code: "json_ambiguous" });
  }
});

test("every other string is text", () => {
  const decoded = request({
    messages: [],
    tools: [{ name: "f", description: "a", input_schema: { type: "object" } }],
    metadata: { user_id: "jane" },
    stop_sequences: ["s"],
    mcp_servers: [{ type: "url", authorization_token: "t" }],
  });
  assert.deepEqual(
    spansOf(decoded),
    ["a", "jane", "s", "url", "t"].map((text) => `prompt: ${text}`),
  );
  assert.deepEqual(decoded.toolNames, ["f", "url"]);
});

test("a request without messages is refused", () => {
  assert.throws(() => request({ model: "x", max_tokens: 5 }), Fault);
});

test("an answer is read with its usage, cached input counted in", () => {
  const body = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude",
    content: [
      { type: "thinking", thinking: "a", signature: "sig" },
      { type: "redacted_thinking", data: "x" },
      { type: "text", text: "b" },
      { type: "tool_use", id: "t", name: "c", input: { id: "d" } },
    ],
    stop_reason: "tool_use",
    stop_sequence: null,
    usage: { input_tokens: 3, cache_read_input_tokens: 4, output_tokens: 5 },
  };
  const decoded = decodeAnswer(Buffer.from(JSON.stringify(body)), defaultLimits);
  assert.deepEqual(
    spansOf(decoded),
    ["a", "b", "d"].map((text) => `response: ${text}`),
  );
  assert.deepEqual(decoded.usage, { in: 7, out: 5 });
  assert.equal(decoded.finishReason, "tool_use");
});

test("an error body is read like an answer", () => {
  const body =
    '{"type":"error","error":{"type":"invalid_request_error","message":"m"},"request_id":"r"}';
  assert.deepEqual(spansOf(decodeAnswer(Buffer.from(body), defaultLimits)), ["response: m"]);
});
