import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits } from "../../base/index.ts";
import type { DecodedBody, StreamEvent } from "../format.ts";
import { decodeAnswer, decodeRequest } from "./decode.ts";
import { openAnswerStream } from "./stream.ts";

const value = "jane@example.org";
const mask = "[EMAIL]";
/** The value as a member name, between names that are only names. */
const named = { [value]: 1, plain_name: 1, camelName: 1 };

const request = (more: object) => ({ model: "m", messages: [], ...more });
const message = (more: object) => request({ messages: [{ role: "user", ...more }] });
const part = (more: object) => message({ content: [more] });
const called = (more: object) =>
  message({ role: "assistant", tool_calls: [{ id: "call_1", type: "function", ...more }] });
const tool = (more: object) =>
  request({ tools: [{ type: "function", function: { name: "f", ...more } }] });
const schema = (more: object) =>
  tool({ parameters: { type: "object", properties: { mail: { type: "string", ...more } } } });

/** Rows of table 3.1: a request with the value in one position, and the place it is found in. */
const editable: Readonly<Record<string, readonly [object, string]>> = {
  "content of a system message": [message({ role: "system", content: value }), "system"],
  "content of a developer message": [message({ role: "developer", content: value }), "system"],
  "content of a user message": [message({ content: value }), "prompt"],
  "content of an assistant message": [message({ role: "assistant", content: value }), "prompt"],
  "content of a tool message": [message({ role: "tool", content: value }), "tool_result"],
  "content of a function message": [message({ role: "function", content: value }), "tool_result"],
  "content without a role": [request({ messages: [{ content: value }] }), "prompt"],
  "text part": [part({ type: "text", text: value }), "prompt"],
  "refusal part": [part({ type: "refusal", refusal: value }), "prompt"],
  "part of an unknown type": [part({ type: "new", deep: { er: [value] } }), "prompt"],
  "refusal of a message": [message({ role: "assistant", refusal: value }), "prompt"],
  "name of a message": [message({ name: value, content: "x" }), "prompt"],
  "arguments of a call": [
    called({ function: { name: "f", arguments: `{"to":"${value}"}` } }),
    "tool_args",
  ],
  "input of a custom call": [called({ custom: { name: "f", input: value } }), "tool_args"],
  "arguments of the old function call": [
    message({ function_call: { name: "f", arguments: `{"to":"${value}"}` } }),
    "tool_args",
  ],
  "reasoning content": [message({ reasoning_content: value }), "prompt"],
  reasoning: [message({ reasoning: value }), "prompt"],
  "unsigned reasoning detail": [message({ reasoning_details: [{ text: value }] }), "prompt"],
  "link of an image": [part({ type: "image_url", image_url: { url: value } }), "prompt"],
  "name of a file": [part({ type: "file", file: { filename: value } }), "attachment"],
  "description of a tool": [tool({ description: value }), "prompt"],
  "description in a schema": [schema({ description: value }), "prompt"],
  "title in a schema": [schema({ title: value }), "prompt"],
  "default in a schema": [schema({ default: value }), "prompt"],
  "enum in a schema": [schema({ enum: ["a", value] }), "prompt"],
  "examples in a schema": [schema({ examples: [{ to: value }] }), "prompt"],
  "const in a schema": [schema({ const: value }), "prompt"],
  "deep description in a schema": [
    schema({ anyOf: [{ items: { properties: { a: { description: value } } } }] }),
    "prompt",
  ],
  "description of a custom tool": [
    request({ tools: [{ type: "custom", custom: { name: "f", description: value } }] }),
    "prompt",
  ],
  "grammar of a custom tool": [
    request({
      tools: [{ type: "custom", custom: { format: { grammar: { definition: value } } } }],
    }),
    "prompt",
  ],
  "description of an old function": [
    request({ functions: [{ name: "f", description: value }] }),
    "prompt",
  ],
  "description of an answer format": [
    request({ response_format: { type: "json_schema", json_schema: { description: value } } }),
    "prompt",
  ],
  "schema of an answer format": [
    request({ response_format: { json_schema: { name: "n", schema: { description: value } } } }),
    "prompt",
  ],
  prediction: [request({ prediction: { type: "content", content: value } }), "prompt"],
  "part of a prediction": [
    request({ prediction: { type: "content", content: [{ type: "text", text: value }] } }),
    "prompt",
  ],
  "stop sequence": [request({ stop: value }), "prompt"],
  "one of several stop sequences": [request({ stop: ["a", value] }), "prompt"],
  "city of a web search": [
    request({ web_search_options: { user_location: { approximate: { city: value } } } }),
    "prompt",
  ],
  "value of metadata": [request({ metadata: { a: value } }), "prompt"],
  "name in metadata": [request({ metadata: named }), "prompt"],
  user: [request({ user: value }), "prompt"],
  "safety identifier": [request({ safety_identifier: value }), "prompt"],
  "cache key": [request({ prompt_cache_key: value }), "prompt"],
  "unknown member": [request({ surprise: { deep: [[value]] } }), "prompt"],
  "name of an unknown member": [request({ [value]: true }), "prompt"],
  "name in a message": [message({ [value]: "x" }), "prompt"],
};

/** Positions where a change would break what it says; the value is seen there, and not edited. */
const fixed: Readonly<Record<string, object>> = {
  model: { messages: [], model: value },
  "role of a message": message({ role: value }),
  "id of a call": called({ id: value }),
  "id a result answers": message({ role: "tool", tool_call_id: value, content: "x" }),
  "name of a called tool": called({ function: { name: value, arguments: "{}" } }),
  "name of a tool": tool({ name: value }),
  "name of a property": tool({ parameters: { properties: { [value]: {} } } }),
  "required property": tool({ parameters: { required: [value] } }),
  "reference in a schema": schema({ $ref: `#/$defs/${value}` }),
  "pattern in a schema": schema({ pattern: value }),
  "definition in a schema": tool({ parameters: { $defs: { [value]: {} } } }),
  "tool chosen": request({ tool_choice: { type: "function", function: { name: value } } }),
  "function chosen": request({ function_call: { name: value } }),
  "signed reasoning detail": message({
    reasoning_details: [{ type: "reasoning.text", text: value, signature: "c2ln" }],
  }),
  "type of a part": part({ type: value }),
  "service tier": request({ service_tier: value }),
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
    const found = decoded.spans.filter(({ text }) => text.includes(value));
    assert.deepEqual(
      found.map(({ isFixed }) => isFixed),
      [true],
    );
  });
}

const answer = (more: object) => ({ id: "c", object: "chat.completion", ...more });
const choice = (more: object) => answer({ choices: [{ index: 0, ...more }] });
const reply = (more: object) => choice({ message: { role: "assistant", ...more } });

/** Rows of table 3.2, and what comes in the stead of an answer. */
const answers: Readonly<Record<string, object>> = {
  content: reply({ content: value }),
  refusal: reply({ content: null, refusal: value }),
  arguments: reply({ tool_calls: [{ function: { name: "f", arguments: `{"a":"${value}"}` } }] }),
  "custom input": reply({ tool_calls: [{ custom: { name: "f", input: value } }] }),
  "old arguments": reply({ function_call: { name: "f", arguments: `{"a":"${value}"}` } }),
  transcript: reply({ audio: { id: "a", data: "AAAA", transcript: value } }),
  "title of a citation": reply({ annotations: [{ type: "x", url_citation: { title: value } }] }),
  "link of a citation": reply({ annotations: [{ type: "x", url_citation: { url: value } }] }),
  "reasoning content": reply({ reasoning_content: value }),
  reasoning: reply({ reasoning: value }),
  "second choice": answer({
    choices: [{ message: { content: "x" } }, { message: { content: value } }],
  }),
  "plain text of a choice": choice({ text: value }),
  moderation: answer({ moderation: { input: value } }),
  "unknown member": answer({ surprise: [{ a: value }] }),
  "unknown name": reply({ [value]: "x" }),
  "message of an error": { error: { message: value, type: "t", param: null, code: null } },
  "parameter of an error": { error: { message: "x", param: value } },
};

for (const [name, body] of Object.entries(answers)) {
  test(`an answer is edited at: ${name}`, () => {
    const decoded = decodeAnswer(Buffer.from(JSON.stringify(body)), defaultLimits);
    assert.deepEqual(placesOf(decoded), ["response"]);
    assertMasked(decoded);
  });
}

const chunk = (delta: object, more: object = {}) => ({
  choices: [{ index: 0, delta, ...more }],
});

/** The chunks in which a value is cut in two, and the key under which it is joined. */
const cut: Readonly<Record<string, readonly [(piece: string) => object, string]>> = {
  content: [(content) => chunk({ content }), "0/content"],
  "content of the third choice": [
    (content) => ({ choices: [{ index: 2, delta: { content } }] }),
    "2/content",
  ],
  refusal: [(refusal) => chunk({ refusal }), "0/refusal"],
  arguments: [
    (piece) => chunk({ tool_calls: [{ index: 3, function: { arguments: piece } }] }),
    "0/tool/3/arguments",
  ],
  "custom input": [
    (input) => chunk({ tool_calls: [{ index: 1, custom: { input } }] }),
    "0/tool/1/custom/input",
  ],
  "old arguments": [
    (piece) => chunk({ function_call: { arguments: piece } }),
    "0/function_call/arguments",
  ],
  transcript: [(transcript) => chunk({ audio: { transcript } }), "0/audio/transcript"],
  "reasoning content": [(piece) => chunk({ reasoning_content: piece }), "0/reasoning_content"],
  reasoning: [(reasoning) => chunk({ reasoning }), "0/reasoning"],
  "reasoning detail": [
    (piece) => chunk({ reasoning_details: [{ type: "reasoning.text", text: piece }] }),
    "0/reasoning_details/0/text",
  ],
  "unknown member": [(piece) => chunk({ new: { text: piece } }), "0/new/text"],
  "plain text of a choice": [(text) => ({ choices: [{ index: 0, text }] }), "0/text"],
  "unknown event": [(delta) => ({ type: "new.delta", delta }), "unknown1/delta"],
};

for (const [name, [event, key]] of Object.entries(cut)) {
  test(`a value cut over chunks is one text: ${name}`, () => {
    const pieces = read(event("jane@exa"), event("mple.org")).flatMap((one) => one.pieces);
    assert.deepEqual(pieces, [
      { key, text: "jane@exa" },
      { key, text: "mple.org" },
    ]);
  });
}

test("what comes whole in a chunk stands alone", () => {
  const [first] = read(
    chunk({ annotations: [{ type: "url_citation", url_citation: { title: "a b", [value]: 1 } }] }),
  );
  assert.deepEqual(first?.pieces, [
    { key: null, text: "a b" },
    { key: null, text: value },
  ]);
});

test("a token list goes with its text, whole or in a chunk", () => {
  const logprobs = { content: [{ token: value, bytes: [106], top_logprobs: [{ token: "x" }] }] };
  const whole = decodeAnswer(
    Buffer.from(JSON.stringify(choice({ message: { content: value }, logprobs }))),
    defaultLimits,
  );
  assertMasked(whole);
  const [event] = read(chunk({ content: value }, { logprobs }));
  const edit = { span: 0, start: 0, end: value.length, replacement: mask };
  assert.ok(!event?.applyEdits([edit]).toString().includes(value));
});

test("a token list is judged by itself: in pieces, by its alternatives, and by its names", () => {
  const list = (...tokens: object[]) => chunk({}, { logprobs: { content: tokens } });
  const events = read(
    list({ token: "jane@" }, { token: "exa", top_logprobs: [{ token: value }] }),
    list({ token: "mple.org" }),
    chunk({}, { logprobs: { top_logprobs: [{ [value]: -0.1 }] } }),
  );
  assert.deepEqual(
    events.map(({ pieces }) => pieces),
    [
      [
        { key: "0/mirror0/content", text: "jane@exa" },
        { key: null, text: value },
      ],
      [{ key: "0/mirror0/content", text: "mple.org" }],
      [{ key: null, text: value }],
    ],
  );
  const edit = { span: 0, start: 0, end: 1, replacement: mask };
  for (const event of events) {
    const edited = JSON.parse(event.applyEdits([edit]).toString().slice(6));
    assert.equal(edited.choices[0].logprobs, null);
  }
});

test("a token list ends with the text that it repeats", () => {
  const logprobs = { content: [{ token: "a" }] };
  const events = read(
    chunk({ content: "a" }, { logprobs }),
    chunk({ tool_calls: [{ index: 0, function: { arguments: "{" } }] }, { logprobs }),
  );
  assert.deepEqual(events[1]?.ends, ["0/content", "0/mirror0/"]);
  assert.deepEqual(events[1]?.pieces[1], { key: "0/mirror1/content", text: "a" });
});

test("arguments that are a lone number stay JSON, content that is one stays text", () => {
  const call = { function: { name: "f", arguments: "4111111111111111" } };
  const body = {
    messages: [{ role: "assistant", tool_calls: [call], content: "4111111111111111" }],
  };
  const decoded = decodeRequest(Buffer.from(JSON.stringify(body)), defaultLimits);
  const edits = [0, 1].map((span) => ({ span, start: 0, end: 16, replacement: mask }));
  const [message] = JSON.parse(decoded.applyEdits(edits).toString()).messages;
  assert.equal(message.tool_calls[0].function.arguments, `"${mask}"`);
  assert.equal(message.content, mask);
});

test("text that hides in escapes where media should stand is found", () => {
  const url = "jane\u0040example\u002eorg";
  const body = `{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"${url}"}}]}]}`;
  assert.deepEqual(decodeRequest(Buffer.from(body), defaultLimits).spans, [
    { place: "prompt", text: value },
  ]);
});

test("every copy of a member is judged, and so is a name written with escapes", () => {
  const decoded = decodeRequest(
    Buffer.from('{"messages":[],"user":"a b","user":"c d","jane\\u0040example.org":1}'),
    defaultLimits,
  );
  assert.deepEqual(
    decoded.spans.map(({ text }) => text),
    ["a b", "c d", value],
  );
});

test("numbers that are data are texts, numbers that count are not", () => {
  const body = {
    ...{ model: "m", max_tokens: 1_000_000, seed: 123_456_789, logit_bias: { "50256": -100 } },
    messages: [{ role: "user", content: "x", card: 4_111_111_111_111_111, small: 12_345 }],
    metadata: { ids: [1, 123_456_789, -987_654_321.5], share: 0.123_456_789 },
    tools: [{ function: { parameters: { properties: { a: { maximum: 10_000_000_000 } } } } }],
  };
  const decoded = decodeRequest(Buffer.from(JSON.stringify(body)), defaultLimits);
  assert.deepEqual(
    decoded.spans.map(({ text }) => text),
    ["x", "4111111111111111", "123456789", "-987654321.5"],
  );
  const edited = JSON.parse(
    decoded
      .applyEdits([
        { span: 1, start: 0, end: 16, replacement: "[CARD]" },
        { span: 3, start: 1, end: 10, replacement: "" },
      ])
      .toString(),
  );
  assert.equal(edited.messages[0].card, "[CARD]");
  assert.deepEqual(edited.metadata.ids, [1, 123_456_789, "-.5"]);
  const usage = { prompt_tokens: 1_234_567, completion_tokens: 7_654_321 };
  const counted = decodeAnswer(
    Buffer.from(JSON.stringify(answer({ created: 1_700_000_000, usage }))),
    defaultLimits,
  );
  assert.deepEqual(counted.spans, []);
});

function placesOf(decoded: DecodedBody): readonly string[] {
  return decoded.spans.filter(({ text }) => text.includes(value)).map(({ place }) => place);
}

/** Masks the value wherever it was found; nothing of it may be left, and all must parse. */
function assertMasked(decoded: DecodedBody): void {
  const edits = decoded.spans.flatMap(({ isFixed, text }, span) => {
    const start = text.indexOf(value);
    assert.ok(start < 0 || isFixed === undefined);
    return start < 0 ? [] : [{ span, start, end: start + value.length, replacement: mask }];
  });
  const edited = decoded.applyEdits(edits).toString();
  JSON.parse(edited);
  assert.ok(!edited.includes(value) && edited.includes(mask), edited);
}

function read(...events: object[]): readonly StreamEvent[] {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  return openAnswerStream(defaultLimits).push(Buffer.from(text));
}
