import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../../base/index.ts";
import type { DecodedBody, StreamEvent } from "../format.ts";
import { decodeAnswer, decodeRequest } from "./decode.ts";
import { openAnswerStream } from "./stream.ts";

const value = "jane@example.org";
const mask = "[EMAIL]";

const request = (more: object) => ({ model: "m", max_tokens: 9, messages: [], ...more });
const block = (more: object) => request({ messages: [{ role: "user", content: [more] }] });
const text = { type: "text", text: value };
const cited = (more: object) => ({ type: "text", text: "x", citations: [{ type: "y", ...more }] });
const result = (type: string, content: unknown) => ({ type, tool_use_id: "toolu_1", content });
const document = (source: object, more: object = {}) => ({ type: "document", source, ...more });
const tool = (more: object) => request({ tools: [{ name: "f", ...more }] });
const schema = (more: object) =>
  tool({ input_schema: { type: "object", properties: { mail: { type: "string", ...more } } } });

/** Rows of table 6.1: a request with the value in one position, and the place it is found in. */
const editable: Readonly<Record<string, readonly [object, string]>> = {
  "system prompt": [request({ system: value }), "system"],
  "block of the system prompt": [request({ system: [text] }), "system"],
  "content of a user": [request({ messages: [{ role: "user", content: value }] }), "prompt"],
  "content of an assistant": [
    request({ messages: [{ role: "assistant", content: value }] }),
    "prompt",
  ],
  "content of a system message": [
    request({ messages: [{ role: "system", content: value }] }),
    "system",
  ],
  "text block": [block(text), "prompt"],
  "cited text": [block(cited({ cited_text: value })), "prompt"],
  "title of a cited document": [block(cited({ document_title: value })), "prompt"],
  "title of a citation": [block(cited({ title: value })), "prompt"],
  "source of a citation": [block(cited({ source: value })), "prompt"],
  "link of a citation": [block(cited({ url: value })), "prompt"],
  "link of an image": [block({ type: "image", source: { type: "url", url: value } }), "attachment"],
  "plain document": [
    block(document({ type: "text", media_type: "text/plain", data: value })),
    "attachment",
  ],
  "text where a document should be encoded": [
    block(document({ type: "base64", media_type: "application/pdf", data: value })),
    "attachment",
  ],
  "content of a document": [block(document({ type: "content", content: value })), "attachment"],
  "block of a document": [block(document({ type: "content", content: [text] })), "attachment"],
  "link of a document": [block(document({ type: "url", url: value })), "attachment"],
  "title of a document": [block(document({}, { title: value })), "attachment"],
  "context of a document": [block(document({}, { context: value })), "attachment"],
  "title of a search result": [block({ type: "search_result", title: value }), "tool_result"],
  "source of a search result": [block({ type: "search_result", source: value }), "tool_result"],
  "content of a search result": [block({ type: "search_result", content: [text] }), "tool_result"],
  "input of a tool": [block({ type: "tool_use", name: "f", input: { to: value } }), "tool_args"],
  "name in the input of a tool": [
    block({ type: "tool_use", name: "f", input: { [value]: true } }),
    "tool_args",
  ],
  "input of a server tool": [
    block({ type: "server_tool_use", name: "f", input: { a: { type: value } } }),
    "tool_args",
  ],
  "input of an MCP tool": [block({ type: "mcp_tool_use", input: { id: value } }), "tool_args"],
  "tool result": [block(result("tool_result", value)), "tool_result"],
  "block of a tool result": [block(result("tool_result", [text])), "tool_result"],
  "document in a tool result": [
    block(result("tool_result", [document({ type: "text", data: value })])),
    "tool_result",
  ],
  "search result in a tool result": [
    block(result("tool_result", [{ type: "search_result", title: value }])),
    "tool_result",
  ],
  "tab of a browser state": [
    block(result("tool_result", [{ type: "browser_state", tabs: [{ title: value }] }])),
    "tool_result",
  ],
  "change of a browser state": [
    block(result("tool_result", [{ type: "browser_state", state_changes: [value] }])),
    "tool_result",
  ],
  "result of an MCP tool": [block(result("mcp_tool_result", [text])), "tool_result"],
  "title found on the web": [
    block(result("web_search_tool_result", [{ title: value, encrypted_content: "x" }])),
    "tool_result",
  ],
  "link found on the web": [
    block(result("web_search_tool_result", [{ url: value }])),
    "tool_result",
  ],
  "page from the web": [
    block(
      result("web_fetch_tool_result", {
        type: "web_fetch_result",
        content: document({ type: "text", data: value }),
      }),
    ),
    "tool_result",
  ],
  "address of a page": [block(result("web_fetch_tool_result", { url: value })), "tool_result"],
  "output of code": [
    block(result("code_execution_tool_result", { stdout: value, encrypted_stdout: "x" })),
    "tool_result",
  ],
  "errors of a shell": [
    block(result("bash_code_execution_tool_result", { stderr: value })),
    "tool_result",
  ],
  "file in an editor": [
    block(result("text_editor_code_execution_tool_result", { content: value })),
    "tool_result",
  ],
  "line in an editor": [
    block(result("text_editor_code_execution_tool_result", { lines: [value] })),
    "tool_result",
  ],
  "tools found": [
    block(result("tool_search_tool_result", { tool_references: [{ description: value }] })),
    "tool_result",
  ],
  "advice of a tool": [block(result("advisor_tool_result", { text: value })), "tool_result"],
  "listing of tools": [
    block({ type: "mcp_tool_listing", tools: [{ description: value }] }),
    "prompt",
  ],
  "unsigned thinking": [block({ type: "thinking", thinking: value, signature: "" }), "prompt"],
  "unsigned compaction": [block({ type: "compaction", content: value }), "prompt"],
  "block of an unknown type": [block({ type: "new", deep: [{ er: value }] }), "prompt"],
  "description of a tool": [tool({ description: value }), "prompt"],
  "description in a schema": [schema({ description: value }), "prompt"],
  "enum in a schema": [schema({ enum: [value] }), "prompt"],
  "default in a schema": [schema({ default: value }), "prompt"],
  "example of an input": [tool({ input_examples: [{ to: value }] }), "prompt"],
  "city of a user": [tool({ type: "web_search", user_location: { city: value } }), "prompt"],
  "domain of a search": [tool({ type: "web_search", allowed_domains: [value] }), "prompt"],
  "link of an MCP server": [request({ mcp_servers: [{ type: "url", url: value }] }), "prompt"],
  "name of an MCP server": [request({ mcp_servers: [{ name: value }] }), "prompt"],
  "token of an MCP server": [request({ mcp_servers: [{ authorization_token: value }] }), "prompt"],
  "schema of an answer": [
    request({ output_config: { format: { schema: { description: value } } } }),
    "prompt",
  ],
  "schema of an answer, as it was": [
    request({ output_format: { type: "json_schema", schema: { title: value } } }),
    "prompt",
  ],
  "stop sequence": [request({ stop_sequences: [value] }), "prompt"],
  "instructions of a compaction": [request({ compaction: { instructions: value } }), "prompt"],
  "instructions of an edit": [
    request({ context_management: { edits: [{ instructions: value }] } }),
    "prompt",
  ],
  "id of a user": [request({ metadata: { user_id: value } }), "prompt"],
  "name in metadata": [request({ metadata: { [value]: "x" } }), "prompt"],
  container: [request({ container: value }), "prompt"],
  "unknown member": [request({ surprise: [[value]] }), "prompt"],
};

/** Positions where a change would break what it says; the value is seen there, and not edited. */
const fixed: Readonly<Record<string, object>> = {
  model: request({ model: value }),
  role: request({ messages: [{ role: value, content: "x" }] }),
  "type of a block": block({ type: value }),
  "id of a call": block({ type: "tool_use", id: value }),
  "id a result answers": block({ type: "tool_result", tool_use_id: value }),
  "name of a called tool": block({ type: "tool_use", name: value }),
  "name of a tool": tool({ name: value }),
  "tool chosen": request({ tool_choice: { type: "tool", name: value } }),
  "name of a property": tool({ input_schema: { properties: { [value]: {} } } }),
  "required property": tool({ input_schema: { required: [value] } }),
  "signed thinking": block({ type: "thinking", thinking: value, signature: "c2ln" }),
  "redacted thinking that is readable": block({ type: "redacted_thinking", data: value }),
  "signed compaction": block({ type: "compaction", content: value, signature: "c2ln" }),
  "tools of a signed compaction": block({
    ...{ type: "compaction", content: "x", signature: "c2ln" },
    tool_changes: [{ description: value }],
  }),
  "encrypted content that is readable": block({ type: "x", encrypted_content: value }),
  "place of inference": request({ inference_geo: value }),
};

for (const [name, [body, place]] of Object.entries(editable)) {
  test(`a request is edited at: ${name}`, () => {
    const decoded = decodeRequest(Buffer.from(JSON.stringify(body)), defaultLimits);
    assert.deepEqual(placesOf(decoded), [place]);
    assertMasked(decoded);
  });
}

for (const [name, body] of Object.entries(fixed)) {
  test(`a request is judged and not edited at: ${name}`, () => {
    const decoded = decodeRequest(Buffer.from(JSON.stringify(body)), defaultLimits);
    const found = decoded.spans.filter((span) => span.text.includes(value));
    assert.deepEqual(
      found.map(({ isFixed }) => isFixed),
      [true],
    );
  });
}

const answer = (more: object) => ({ id: "msg_1", type: "message", role: "assistant", ...more });
const reply = (more: object) => answer({ content: [more] });

/** The reply of section 6.2, and what comes in its stead. */
const answers: Readonly<Record<string, object>> = {
  text: reply(text),
  "cited text": reply(cited({ cited_text: value })),
  "input of a tool": reply({ type: "tool_use", name: "f", input: { to: value } }),
  "name in the input of a tool": reply({ type: "tool_use", name: "f", input: { [value]: 1 } }),
  "whole result": reply(result("web_search_tool_result", [{ title: value }])),
  "unsigned thinking": reply({ type: "thinking", thinking: value }),
  "block of an unknown type": reply({ type: "new", a: { b: value } }),
  explanation: answer({ stop_details: { type: "refusal", category: "x", explanation: value } }),
  "stop sequence": answer({ stop_sequence: value }),
  "message of an error": { type: "error", error: { type: "x", message: value } },
  "unknown member": answer({ surprise: value }),
};

for (const [name, body] of Object.entries(answers)) {
  test(`an answer is edited at: ${name}`, () => {
    const decoded = decodeAnswer(Buffer.from(JSON.stringify(body)), defaultLimits);
    assert.deepEqual(placesOf(decoded), ["response"]);
    assertMasked(decoded);
  });
}

test("signed thinking of an answer is judged and not edited", () => {
  for (const signed of [
    { type: "thinking", thinking: value },
    { type: "compaction", content: value },
  ]) {
    const body = Buffer.from(JSON.stringify(reply({ ...signed, signature: "c2ln" })));
    assert.deepEqual(decodeAnswer(body, defaultLimits).spans, [
      { place: "response", text: value, isFixed: true },
    ]);
  }
});

const delta = (more: object) => ({ type: "content_block_delta", index: 4, delta: more });

/** The events in which a value is cut in two, and what its pieces are. */
const cut: Readonly<Record<string, readonly [(piece: string) => object, object]>> = {
  text: [(piece) => delta({ type: "text_delta", text: piece }), { key: "4/text_delta" }],
  input: [
    (piece) => delta({ type: "input_json_delta", partial_json: piece }),
    { key: "4/input_json_delta" },
  ],
  thinking: [
    (piece) => delta({ type: "thinking_delta", thinking: piece }),
    { key: "4/thinking_delta", isFixed: true },
  ],
  compaction: [
    (piece) => delta({ type: "compaction_delta", content: piece }),
    { key: "4/compaction_delta", isFixed: true },
  ],
  "delta of an unknown type": [(piece) => delta({ type: "new", a: piece }), { key: "4/new/a" }],
  "unknown event": [(piece) => ({ type: "new", a: [piece] }), { key: "unknown1/a/0" }],
};

for (const [name, [event, more]] of Object.entries(cut)) {
  test(`a value cut over events is one text: ${name}`, () => {
    const pieces = read(event("jane@exa"), event("mple.org")).flatMap((one) => one.pieces);
    assert.deepEqual(pieces, [
      { text: "jane@exa", ...more },
      { text: "mple.org", ...more },
    ]);
  });
}

/** Events whose texts come whole. */
const whole: Readonly<Record<string, object>> = {
  "block that is a result": {
    type: "content_block_start",
    content_block: result("web_search_tool_result", [{ title: value, encrypted_content: "x" }]),
  },
  "input of a block": {
    type: "content_block_start",
    content_block: { type: "tool_use", id: "toolu_1", name: "f", input: { to: value } },
  },
  citation: delta({ type: "citations_delta", citation: { type: "x", cited_text: value } }),
  explanation: { type: "message_delta", delta: { stop_details: { explanation: value } } },
  "stop sequence": { type: "message_delta", delta: { stop_sequence: value } },
  "message of an error": { type: "error", error: { type: "x", message: value } },
  "unknown member": { type: "ping", a: value },
  "unknown name": { type: "ping", [value]: 1 },
};

for (const [name, event] of Object.entries(whole)) {
  test(`what comes whole in an event stands alone: ${name}`, () => {
    const [first] = read(event);
    const found = first?.pieces.filter((piece) => piece.text.includes(value));
    assert.deepEqual(found, [{ key: null, text: value }]);
  });
}

test("an unknown event holds nothing back once another kind comes", () => {
  const events = read(
    { type: "new", a: "b" },
    { type: "new", a: "c" },
    { type: "newer", a: "d" },
    { type: "ping" },
    { type: "new", a: "e" },
  );
  assert.deepEqual(
    events.map(({ ends }) => ends),
    [[], [], ["unknown1/"], ["unknown2/"], []],
  );
  assert.deepEqual(events[4]?.pieces, [{ key: "unknown3/a", text: "e" }]);
});

test("numbers that are data are texts, numbers that count are not", () => {
  const body = {
    ...{ model: "m", max_tokens: 1_000_000 },
    thinking: { type: "enabled", budget_tokens: 1_000_000 },
    messages: [
      {
        role: "assistant",
        content: [{ type: "tool_use", name: "f", input: { card: 4_111_111_111_111_111, n: 3 } }],
      },
    ],
  };
  const decoded = decodeRequest(Buffer.from(JSON.stringify(body)), defaultLimits);
  assert.deepEqual(decoded.spans, [{ place: "tool_args", text: "4111111111111111" }]);
  const edited = decoded.applyEdits([{ span: 0, start: 0, end: 16, replacement: "" }]);
  assert.deepEqual(JSON.parse(edited.toString()).messages[0].content[0].input, { card: "", n: 3 });
  const [event] = read({
    ...{ type: "message_delta", usage: { output_tokens: 1_234_567, service_tier: "standard" } },
    delta: { stop_reason: "end_turn" },
  });
  assert.deepEqual(event?.pieces, []);
});

function placesOf(decoded: DecodedBody): readonly string[] {
  return decoded.spans.filter((span) => span.text.includes(value)).map(({ place }) => place);
}

/** Masks the value wherever it was found; nothing of it may be left, and all must parse. */
function assertMasked(decoded: DecodedBody): void {
  const edits = decoded.spans.flatMap((span, index) => {
    const start = span.text.indexOf(value);
    assert.ok(start < 0 || span.isFixed === undefined);
    const end = start + value.length;
    return start < 0 ? [] : [{ span: index, start, end, replacement: mask }];
  });
  const edited = decoded.applyEdits(edits).toString();
  JSON.parse(edited);
  assert.ok(!edited.includes(value) && edited.includes(mask), edited);
}

function read(...events: object[]): readonly StreamEvent[] {
  const lines = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  return openAnswerStream(defaultLimits).push(Buffer.from(lines));
}
