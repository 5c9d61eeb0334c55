import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultLimits, Fault } from "../../base/index.ts";
import { decodeAnswer, decodeRequest } from "./decode.ts";

const request = (body: unknown) =>
  decodeRequest(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)), defaultLimits);
const answer = (body: unknown) => decodeAnswer(Buffer.from(JSON.stringify(body)), defaultLimits);
const spansOf = (decoded: { spans: readonly { place: string; text: string }[] }) =>
  decoded.spans.map(({ place, text }) => `${place}: ${text}`);
const codeOf = (run: () => unknown) => {
  try {
    run();
    return "none";
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
};

test("the role gives the place, also when it comes after the content", () => {
  const decoded = request(
    '{"messages":[{"content":"a","role":"system"},{"content":[{"text":"b","type":"text"}],' +
      '"role":"developer"},{"role":"user","content":"c"},{"role":"assistant","content":"d"},' +
      '{"content":"e","role":"tool","tool_call_id":"call_1"},{"role":"function","content":"f"},' +
      '{"content":"g"}]}',
  );
  assert.deepEqual(spansOf(decoded), [
    "system: a",
    "system: b",
    "prompt: c",
    "prompt: d",
    "tool_result: e",
    "tool_result: f",
    "prompt: g",
  ]);
});

test("tool calls in the history are tool arguments, their ids are not text", () => {
  const decoded = request({
    messages: [
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "mail", arguments: '{"to":"x"}' } },
          { id: "call_2", type: "custom", custom: { name: "shell", input: "ls" } },
        ],
        function_call: { name: "old", arguments: "{}" },
      },
    ],
  });
  assert.deepEqual(spansOf(decoded), ['tool_args: {"to":"x"}', "tool_args: ls", "tool_args: {}"]);
});

test("every other string is text: unknown members, tools, metadata, stop sequences", () => {
  const decoded = request({
    model: "gpt",
    messages: [{ role: "user", name: "jane", content: "hi", surprise: { deep: ["x"] } }],
    tools: [{ type: "function", function: { name: "f", parameters: { type: "object" } } }],
    metadata: { type: "a", id: "b", role: "c" },
    user: "u",
    stop: ["s"],
    prediction: { type: "content", content: [{ type: "text", text: "p" }] },
  });
  assert.deepEqual(
    decoded.spans.map(({ text }) => text),
    ["jane", "hi", "x", "a", "b", "c", "u", "s", "p"],
  );
});

test("media is not text, but text in its stead is", () => {
  const part = (url: string) => ({ type: "image_url", image_url: { url } });
  const decoded = request({
    messages: [
      {
        role: "user",
        content: [
          part("data:image/png;base64,iVBORw0KGgo="),
          part("https://example.org/?q=jane"),
          part("data:text/plain,hello jane"),
          { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
          { type: "input_audio", input_audio: { data: "not base64 at all" } },
          { type: "file", file: { file_id: "file-1", file_data: "aGk=", filename: "jane.pdf" } },
        ],
      },
    ],
  });
  assert.deepEqual(spansOf(decoded), [
    "prompt: https://example.org/?q=jane",
    "prompt: data:text/plain,hello jane",
    "prompt: not base64 at all",
    "attachment: jane.pdf",
  ]);
});

test("a structural name above something that is no string hides nothing", () => {
  const decoded = request({ messages: [{ role: ["a b"], content: [{ type: { x: "c d" } }] }] });
  assert.deepEqual(spansOf(decoded), ["prompt: a b", "prompt: c d"]);
});

test("reasoning that is signed is judged only, reasoning that is not is edited as well", () => {
  const decoded = request({
    messages: [
      {
        role: "assistant",
        reasoning_content: "a",
        reasoning_details: [
          { type: "reasoning.text", text: "b", signature: "sig" },
          { type: "reasoning.text", text: "c", signature: null },
          { type: "reasoning.encrypted", data: "xyz" },
        ],
      },
    ],
  });
  assert.deepEqual(decoded.spans, [
    { place: "prompt", text: "a" },
    { place: "prompt", text: "b", isFixed: true },
    { place: "prompt", text: "c" },
  ]);
});

test("copies of a member are each a span", () => {
  const decoded = request(
    '{"messages":[{"role":"user","content":"a","content":"b"}],"user":"c","user":"d"}',
  );
  assert.deepEqual(
    decoded.spans.map(({ text }) => text),
    ["a", "b", "c", "d"],
  );
});

test("members that steer are refused when readers could disagree on them", () => {
  const ambiguous = [
    '{"model":"a","model":"b","messages":[]}',
    '{"Model":"a","messages":[]}',
    '{"messages":[],"\\u006dessages":[]}',
    '{"messages":[],"me\u017f\u017fages":[]}',
    '{"messages":[],"stream":true,"STREAM":false}',
    '{"messages":[],"system":"a","system":"b"}',
    '{"messages":[{"role":"user","role":"tool","content":"x"}]}',
    '{"messages":[{"role":"tool","Role":"user","content":"x"}]}',
  ];
  for (const body of ambiguous)
    assert.equal(
      codeOf(() => request(body)),
      "json_ambiguous",
      body,
    );
});

test("a body that is no request is refused", () => {
  const wrong = [
    "[]",
    '"x"',
    "{}",
    '{"messages":{}}',
    '{"messages":"hi"}',
    '{"messages":[],"model":1}',
    '{"messages":[],"model":null}',
    '{"messages":[],"stream":"true"}',
    '{"messages":[],"stream":1}',
    '{"messages":[],"seed":1e999}',
  ];
  for (const body of wrong)
    assert.equal(
      codeOf(() => request(body)),
      "json_invalid",
      body,
    );
});

test("what a request says about itself is read", () => {
  const decoded = request({
    model: "gpt-4o",
    messages: [{ role: "user", content: "é\n" }],
    stream: true,
    temperature: 0.2,
    n: 2,
    store: false,
    max_tokens: 10,
    max_completion_tokens: 20,
    tools: [
      { type: "function", function: { name: "a" } },
      { type: "custom", custom: { name: "b" } },
      { type: "function", name: "c" },
      "odd",
    ],
    functions: [{ name: "d" }],
  });
  assert.equal(decoded.model, "gpt-4o");
  assert.equal(decoded.isStreaming, true);
  assert.equal(decoded.maxTokens, 20);
  assert.deepEqual(decoded.toolNames, ["a", "b", "c", "unnamed", "d"]);
  assert.deepEqual(
    { ...decoded.params },
    {
      stream: true,
      temperature: 0.2,
      n: 2,
      store: false,
      max_tokens: 10,
      max_completion_tokens: 20,
    },
  );
  assert.equal(decoded.textBytes, Buffer.byteLength("é\n" + "odd"));
});

test("a null stream means false, and nothing said means nothing", () => {
  const decoded = request('{"messages":[],"stream":null}');
  assert.equal(decoded.isStreaming, false);
  assert.equal(decoded.model, undefined);
  assert.equal(decoded.maxTokens, undefined);
});

test("names of parameters cannot carry data or reach a prototype", () => {
  const decoded = request('{"messages":[],"__proto__":1,"jane@x.org":2,"top_p":1}');
  assert.deepEqual(Object.entries(decoded.params), [
    ["__proto__", 1],
    ["top_p", 1],
  ]);
  assert.equal(Object.getPrototypeOf(decoded.params), null);
});

test("more parameters than a request can have are refused", () => {
  const many = Array.from({ length: 65 }, (_, index) => `"p${index}":0`).join(",");
  assert.equal(
    codeOf(() => request(`{"messages":[],${many}}`)),
    "json_too_many_keys",
  );
});

test("the model is set in place, or added where there is none", () => {
  const body = Buffer.from('{ "model" : "a" , "messages":[{"content":"x"}]}');
  const decoded = decodeRequest(body, defaultLimits);
  const edits = [{ span: 0, start: 0, end: 1, replacement: "y" }];
  assert.equal(
    decoded.applyChanges({ edits, model: 'b"' }).toString(),
    '{ "model" : "b\\"" , "messages":[{"content":"y"}]}',
  );
  assert.equal(decoded.applyChanges({ edits: [], model: "a" }), body);
  assert.equal(
    request('{"messages":[]}').applyChanges({ edits: [], model: "m" }).toString(),
    '{"model":"m","messages":[]}',
  );
});

const choice = (index: number, content: string, logprobs: unknown) => ({
  index,
  message: { role: "assistant", content, refusal: null },
  logprobs,
  finish_reason: index === 0 ? "stop" : "length",
});

test("an answer is read with its usage and the reason of its first choice", () => {
  const decoded = answer({
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "gpt-4o",
    choices: [choice(0, "hi", null), choice(1, "ho", null)],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  });
  assert.deepEqual(spansOf(decoded), ["response: hi", "response: ho"]);
  assert.deepEqual(decoded.usage, { in: 7, out: 3 });
  assert.equal(decoded.finishReason, "stop");
});

test("everything in an answer has the place of answers, tool arguments too", () => {
  const decoded = answer({
    choices: [
      {
        message: {
          tool_calls: [{ id: "1", type: "function", function: { name: "f", arguments: "{}" } }],
          audio: { id: "a", data: "AAAA", transcript: "t" },
          reasoning_details: [{ type: "reasoning.text", text: "r", signature: "s" }],
        },
      },
    ],
  });
  assert.deepEqual(spansOf(decoded), ["response: {}", "response: t", "response: r"]);
});

test("an edit of a choice empties its token list and no other", () => {
  const tokens = { content: [{ token: "jane", bytes: [106], top_logprobs: [] }] };
  const decoded = answer({ choices: [choice(0, "jane", tokens), choice(1, "jill", tokens)] });
  // After each text what its token list says, which is judged by itself too.
  assert.deepEqual(
    spansOf(decoded),
    ["jane", "jane", "jill", "jane"].map((text) => `response: ${text}`),
  );
  const edited = [0, 2].map((span) =>
    JSON.parse(decoded.applyEdits([{ span, start: 0, end: 4, replacement: "X" }]).toString()),
  );
  assert.deepEqual(edited, [
    { choices: [choice(0, "X", null), choice(1, "jill", tokens)] },
    { choices: [choice(0, "jane", tokens), choice(1, "X", null)] },
  ]);
});

test("an error body is read like an answer", () => {
  const decoded = answer({
    error: { message: "bad jane", type: "invalid", param: null, code: "c" },
  });
  assert.deepEqual(spansOf(decoded), ["response: bad jane", "response: c"]);
  assert.equal(decoded.usage, undefined);
  assert.equal(decoded.finishReason, undefined);
});

test("an answer that is not an object is read all the same", () => {
  assert.deepEqual(spansOf(answer(["a", ["b"]])), ["response: a", "response: b"]);
  assert.deepEqual(spansOf(answer("a")), ["response: a"]);
});
