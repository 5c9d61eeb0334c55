import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import {
  answerWith,
  askWith,
  governedStage,
  policiesWith,
  policyOf,
} from "../../test/support/governed-exchange.ts";
import type { ExchangeDeps } from "./index.ts";

const catalog = `apiVersion: chancery/v1alpha1
kind: ToolCatalog
metadata: { name: tools, namespace: platform }
spec: { tools: [{ name: crm/lookup, risk: read }, { name: billing/refund, risk: write }] }
---
`;
const toolRules = policyOf(
  "{ id: read, effect: allow, actions: [tool.list, tool.call], tools: { risk: [read] } }",
  "{ id: refund, effect: allow, actions: [tool.list, tool.call], tools: { names: [billing/refund] } }",
  "{ id: small, effect: deny, actions: [tool.call], tools: { names: [billing/refund] }, conditions: [{ name: amount, expression: 'double(tool.args.amount) > 50.0' }] }",
  "{ id: approve, effect: transform, actions: [tool.call], tools: { names: [mail/*] }, transform: { tools: { requireApproval: { ttl: 10m } } } }",
  '{ id: mail, effect: allow, actions: [tool.call], tools: { names: ["mail/*"] } }',
).replace("[mail/*]", '["mail/*"]');

const governed = policiesWith(catalog + toolRules);
const stageOf = (changes: Partial<ExchangeDeps> = {}) => governedStage(governed, changes);

const offer = (...names: readonly string[]) => ({
  model: "large",
  messages: [{ role: "user", content: "hi" }],
  tools: names.map((name) => ({ type: "function", function: { name, parameters: {} } })),
});

describe("tools that a request offers", () => {
  test("one that nobody permits is taken out, and its decision is on record", () => {
    const stage = stageOf();
    const proxy = askWith(stage, "openai-chat", offer("crm__lookup", "shell", "refund"));
    const sent = JSON.parse(proxy.request.body.toString()) as ReturnType<typeof offer>;
    assert.deepEqual(
      sent.tools.map((one) => one.function.name),
      ["crm__lookup", "refund"],
    );
    assert.deepEqual(stage.records[0]?.["tools"], [
      {
        ...{ point: "tool.list", server: "crm", name: "crm/lookup", risk: "read" },
        ...{ outcome: "permit", verdict: "allow", decidedBy: "platform/more/read" },
      },
      {
        ...{ point: "tool.list", name: "shell", risk: "unknown" },
        ...{ outcome: "deny", verdict: "deny", reason: "no_permit" },
      },
      {
        ...{ point: "tool.list", server: "billing", name: "billing/refund", risk: "write" },
        ...{ outcome: "permit", verdict: "allow", decidedBy: "platform/more/refund" },
      },
    ]);
  });

  test("a listener that says so refuses the request instead", () => {
    const stage = stageOf({ offeredTools: "refuse" });
    const proxy = askWith(stage, "openai-chat", offer("crm__lookup", "shell"));
    assert.equal(proxy.immediate?.status, 403);
    assert.equal(stage.records[0]?.outcome, "deny");
    assert.equal(stage.records[0]?.reason, "no_permit");
  });

  test("where policies say nothing of tools, they pass", () => {
    const stage = governedStage(policiesWith(policyOf("{ id: w, effect: warn }")));
    const body = JSON.stringify(offer("shell"));
    const proxy = askWith(stage, "openai-chat", body.replace('"large"', '"cloud/large"'));
    assert.ok(proxy.request.body.toString().includes('"shell"'));
    assert.equal(stage.records[0]?.["tools"], undefined);
  });
});

const chatAnswer = (name: string, args: string) =>
  JSON.stringify({
    choices: [
      {
        index: 0,
        finish_reason: "tool_calls",
        message: {
          role: "assistant",
          content: "Working.",
          tool_calls: [{ id: "a", type: "function", function: { name, arguments: args } }],
        },
      },
    ],
  });

const chatStream = (name: string, args: string) => [
  'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":"Working."}}]}\n\n',
  `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"${name}","arguments":""}}]}}]}\n\n`,
  ...[...args].map(
    (piece) =>
      `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":${JSON.stringify(piece)}}}]}}]}\n\n`,
  ),
  'data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}\n\n',
  "data: [DONE]\n\n",
];

const messageAnswer = (name: string, args: string) =>
  JSON.stringify({
    ...{ type: "message", role: "assistant", stop_reason: "tool_use" },
    content: [
      { type: "text", text: "Working." },
      { type: "tool_use", id: "a", name, input: JSON.parse(args) as unknown },
    ],
  });

const event = (data: { readonly type: string }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

const messageStream = (name: string, args: string) => [
  event({
    type: "content_block_start",
    index: 0,
    content_block: { type: "text", text: "" },
  } as never),
  event({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text: "Working." },
  } as never),
  event({ type: "content_block_stop", index: 0 } as never),
  event({
    type: "content_block_start",
    index: 1,
    content_block: { type: "tool_use", id: "a", name, input: {} },
  } as never),
  ...[...args].map((partial_json) =>
    event({
      type: "content_block_delta",
      index: 1,
      delta: { type: "input_json_delta", partial_json },
    } as never),
  ),
  event({ type: "content_block_stop", index: 1 } as never),
  event({ type: "message_stop" }),
];

const formats = [
  { name: "openai-chat", whole: chatAnswer, stream: chatStream },
  { name: "anthropic-messages", whole: messageAnswer, stream: messageStream },
] as const;

for (const { name: format, stream, whole } of formats) {
  const ask = (changes: Partial<ExchangeDeps> = {}) => {
    const stage = stageOf(changes);
    const proxy = askWith(stage, format, {
      ...{ model: "large", max_tokens: 9 },
      messages: [{ role: "user", content: "hi" }],
    });
    return { proxy, stage };
  };

  describe(`calls in an answer of ${format}`, () => {
    const refund = (amount: number) => ["billing__refund", JSON.stringify({ amount })] as const;

    test("a permitted call passes whole and as it runs, with every byte", () => {
      const json = ask();
      answerWith(json.proxy, "application/json", [whole(...refund(20))]);
      assert.equal(json.proxy.response.body.toString(), whole(...refund(20)));
      assert.deepEqual(json.stage.records[1]?.["tools"], [
        {
          ...{ point: "tool.call", server: "billing", name: "billing/refund", risk: "write" },
          ...{ outcome: "permit", verdict: "allow", decidedBy: "platform/more/refund" },
          at: json.stage.records[1]?.["at"],
        },
      ]);
      const running = ask();
      answerWith(running.proxy, "text/event-stream", stream(...refund(20)));
      assert.equal(running.proxy.response.body.toString(), stream(...refund(20)).join(""));
    });

    test("a call whose arguments a rule denies refuses a whole answer", () => {
      const { proxy, stage } = ask();
      answerWith(proxy, "application/json", [whole(...refund(80))]);
      assert.equal(proxy.immediate?.status, 403);
      const closing = stage.records[1];
      assert.equal(closing?.outcome, "deny");
      assert.equal(closing?.["decidedBy"], "platform/more/small");
      assert.ok(!JSON.stringify(stage.records).includes("80}"));
    });

    test("it ends a running answer before any of the call has left", () => {
      const { proxy, stage } = ask();
      answerWith(proxy, "text/event-stream", stream(...refund(80)));
      const received = proxy.response.body.toString();
      assert.ok(received.includes("Working."));
      assert.ok(!received.includes("billing__refund"));
      assert.ok(received.includes("error"));
      assert.equal(stage.records[1]?.end, "cut");
    });

    test("a call that needs an approval is denied until somebody gives it", () => {
      const { proxy, stage } = ask();
      answerWith(proxy, "application/json", [whole("mail__send", "{}")]);
      assert.equal(proxy.immediate?.status, 403);
      assert.equal(stage.records[1]?.reason, "approval_required");
      assert.match(proxy.immediate?.body.toString() ?? "", /approval_required/);
    });

    test("the outcome does not depend on how the bytes were cut", () => {
      const bytes = Buffer.from(stream(...refund(80)).join(""));
      const results = [1, 7, 64, bytes.length].map((size) => {
        const { proxy } = ask({ createId: () => "01a1fd1e-9060-7266-9625-1b601630ea14" });
        const pieces: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
        answerWith(proxy, "text/event-stream", pieces);
        return proxy.response.body.toString();
      });
      assert.equal(new Set(results).size, 1);
    });
  });
}

test("what decisions on tools warn of reaches the caller while headers can still tell it", () => {
  const warned = policyOf(
    "{ id: tools, effect: allow, actions: [tool.list, tool.call] }",
    "{ id: listed, effect: warn, actions: [tool.list], message: { code: listed } }",
    "{ id: called, effect: warn, actions: [llm.embed, tool.call], message: { code: called } }",
  );
  const answer = chatAnswer("crm__lookup", "{}");
  for (const [mode, expected] of [
    ["FULL_DUPLEX_STREAMED", "called,listed"],
    ["BUFFERED", "called,listed"],
    // Its headers left before the call came.
    ["STREAMED", "listed"],
  ] as const) {
    const stage = governedStage(policiesWith(warned));
    const proxy = new FakeProxy(stage.open, { response: mode });
    proxy.requestHeaders({ ":method": "POST", ":path": "/v1/chat/completions" });
    proxy.requestBody(JSON.stringify(offer("crm__lookup")));
    proxy.responseHeaders({ ":status": "200", "content-type": "application/json" });
    proxy.responseBody(answer);
    assert.equal(proxy.response.header("x-chancery-warning"), expected, mode);
    assert.equal(proxy.response.body.toString(), answer);
  }
});
