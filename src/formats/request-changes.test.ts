import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultLimits } from "../base/index.ts";
import { anthropicMessages, anthropicTokenCount } from "./anthropic-messages/anthropic-messages.ts";
import type { Format } from "./format.ts";
import type { RequestChanges } from "./index.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";

function changed(format: Format, body: string, changes: Partial<RequestChanges>): string {
  const request = format.decodeRequest(Buffer.from(body), defaultLimits);
  const after = request.applyChanges({ edits: [], ...changes }).toString();
  JSON.parse(after);
  return after;
}

const hi = '"messages":[{"role":"user","content":"hi"}]';

describe("parameters", () => {
  test("a value above its cap becomes the cap, and one within it keeps its bytes", () => {
    const cap = { params: { maxTokens: { max: 100 } } };
    assert.equal(
      changed(openaiChat, `{"max_tokens": 500,${hi}}`, cap),
      `{"max_tokens": 100,${hi}}`,
    );
    assert.equal(
      changed(openaiChat, `{"max_tokens": 1e2,${hi}}`, cap),
      `{"max_tokens": 1e2,${hi}}`,
    );
    assert.equal(
      changed(anthropicMessages, `{"max_tokens":101,${hi}}`, cap),
      `{"max_tokens":100,${hi}}`,
    );
  });

  test("both fields of a token limit are capped", () => {
    assert.equal(
      changed(openaiChat, `{"max_tokens":5,"max_completion_tokens":9,${hi}}`, {
        params: { maxTokens: { max: 4 } },
      }),
      `{"max_tokens":4,"max_completion_tokens":4,${hi}}`,
    );
  });

  test("a missing limit is added under the name that its provider takes", () => {
    const params = { maxTokens: { max: 7 } };
    const named = (provider: string) => changed(openaiChat, `{${hi}}`, { params, provider });
    assert.equal(named("openai"), `{"max_completion_tokens":7,${hi}}`);
    assert.equal(named("local"), `{"max_tokens":7,${hi}}`);
  });

  test("what is no number gives way to the bound", () => {
    const params = { temperature: { max: 0.5 } };
    for (const written of ['"0.1"', "null", "true", "[0.1]"]) {
      assert.equal(
        changed(openaiChat, `{"temperature":${written},${hi}}`, { params }),
        `{"temperature":0.5,${hi}}`,
      );
    }
  });

  test("a floor and a fixed value hold as a cap does", () => {
    const at = (bound: object, body: string) =>
      changed(openaiChat, body, { params: { temperature: bound } });
    assert.equal(at({ min: 0.2 }, `{"temperature":0,${hi}}`), `{"temperature":0.2,${hi}}`);
    assert.equal(at({ value: 0 }, `{"temperature":1,${hi}}`), `{"temperature":0,${hi}}`);
    assert.equal(at({ value: 0 }, `{${hi}}`), `{"temperature":0,${hi}}`);
    assert.equal(at({ min: 0.2, max: 0.4 }, `{${hi}}`), `{"temperature":0.4,${hi}}`);
  });

  test("a member that stands there twice, or in another letter case, is refused", () => {
    const params = { temperature: { max: 0.5 } };
    for (const twice of ['"temperature":0,"temperature":2', '"Temperature":2']) {
      assert.throws(() => changed(openaiChat, `{${twice},${hi}}`, { params }), {
        code: "json_ambiguous",
      });
    }
  });

  test("a format without the parameter is left alone", () => {
    assert.equal(changed(openaiChat, `{${hi}}`, { params: { top_k: { max: 5 } } }), `{${hi}}`);
  });

  test("a request that only counts tokens gets nothing added", () => {
    const changes = { params: { maxTokens: { max: 5 } }, prepend: ["Be kind."] };
    assert.equal(changed(anthropicTokenCount, `{${hi}}`, changes), `{${hi}}`);
  });
});

describe("retention", () => {
  test("a request that asks its provider to store it does not any more", () => {
    assert.equal(
      changed(openaiChat, `{"store":true,${hi}}`, { store: false }),
      `{"store":false,${hi}}`,
    );
    assert.equal(changed(openaiChat, `{${hi}}`, { store: false }), `{${hi}}`);
    assert.equal(changed(openaiChat, `{${hi}}`, { store: true }), `{"store":true,${hi}}`);
  });
});

const tool = (name: string) => `{"type":"function","function":{"name":"${name}","parameters":{}}}`;

describe("tools", () => {
  const without = (body: string, removed: readonly number[], format: Format = openaiChat) =>
    changed(format, body, { removedTools: new Set(removed) });
  const body = `{${hi}, "tools": [ ${tool("a")} , ${tool("b")},${tool("c")} ], "seed": 1}`;

  test("a tool leaves with one comma, wherever it stands", () => {
    const names = (text: string) =>
      (JSON.parse(text) as { tools: { function: { name: string } }[] }).tools
        .map((one) => one.function.name)
        .join("");
    assert.equal(names(without(body, [0])), "bc");
    assert.equal(names(without(body, [1])), "ac");
    assert.equal(names(without(body, [2])), "ab");
    assert.equal(names(without(body, [0, 1])), "c");
    assert.equal(names(without(body, [0, 2])), "b");
    assert.equal(names(without(body, [1, 2])), "a");
  });

  test("the list leaves with its last tool, and with it all that speaks of tools", () => {
    const text = `{"tool_choice":"auto",${hi},"tools":[${tool("a")}],"parallel_tool_calls":true}`;
    assert.equal(without(text, [0]), `{${hi}}`);
  });

  test("a choice of tools leaves with the tool it names, and with no other", () => {
    const text = `{${hi},"tools":[${tool("a")},${tool("b")}],"tool_choice":${tool("a")}}`;
    assert.equal(without(text, [0]), `{${hi},"tools":[${tool("b")}]}`);
    assert.equal(JSON.parse(without(text, [1])).tool_choice.function.name, "a");
  });

  test("a server that the provider asks by itself leaves with the set of its tools", () => {
    const text = `{${hi},"mcp_servers":[{"name":"crm","url":"https://crm.example"}],"tools":[{"type":"mcp_toolset","mcp_server_name":"crm"},{"name":"own","input_schema":{}}]}`;
    const { toolNames } = anthropicMessages.decodeRequest(Buffer.from(text), defaultLimits);
    assert.deepEqual(toolNames, ["crm/*", "own", "crm/*"]);
    assert.equal(
      without(text, [0, 2], anthropicMessages),
      `{${hi},"tools":[{"name":"own","input_schema":{}}]}`,
    );
  });

  test("a value masked inside of a tool that leaves needs no edit", () => {
    const text = `{${hi},"tools":[{"type":"function","function":{"name":"a","description":"ask jane"}},${tool("b")}]}`;
    const request = openaiChat.decodeRequest(Buffer.from(text), defaultLimits);
    const span = request.spans.findIndex((one) => one.text === "ask jane");
    const after = request.applyChanges({
      edits: [{ span, start: 4, end: 8, replacement: "[NAME]" }],
      removedTools: new Set([0]),
    });
    assert.equal(after.toString(), `{${hi},"tools":[${tool("b")}]}`);
  });
});

describe("a text put first", () => {
  const first = { prepend: ['Say "yes".', "Be kind."] };
  const text = String.raw`Say \"yes\".\n\nBe kind.`;

  test("in a chat it is a system message of its own, or the beginning of the one that leads", () => {
    assert.equal(
      changed(openaiChat, `{${hi}}`, first),
      `{"messages":[{"role":"system","content":"${text}"},{"role":"user","content":"hi"}]}`,
    );
    assert.equal(
      changed(openaiChat, '{"messages":[]}', first),
      `{"messages":[{"role":"system","content":"${text}"}]}`,
    );
    for (const role of ["system", "developer"]) {
      assert.equal(
        changed(openaiChat, `{"messages":[{"role":"${role}","content":"old"}]}`, first),
        String.raw`{"messages":[{"role":"${role}","content":"${text}\n\nold"}]}`,
      );
    }
    assert.equal(
      changed(
        openaiChat,
        '{"messages":[{"role":"system","content":[{"type":"text","text":"o"}]}]}',
        first,
      ),
      `{"messages":[{"role":"system","content":[{"type":"text","text":"${text}"},{"type":"text","text":"o"}]}]}`,
    );
  });

  test("in a message it begins `system`, as a text or a block", () => {
    assert.equal(changed(anthropicMessages, `{${hi}}`, first), `{"system":"${text}",${hi}}`);
    assert.equal(
      changed(anthropicMessages, `{"system":"old",${hi}}`, first),
      String.raw`{"system":"${text}\n\nold",${hi}}`,
    );
    assert.equal(
      changed(anthropicMessages, `{"system":[],${hi}}`, first),
      `{"system":[{"type":"text","text":"${text}"}],${hi}}`,
    );
    assert.equal(
      changed(anthropicMessages, `{"system":null,${hi}}`, first),
      `{"system":"${text}",${hi}}`,
    );
    assert.throws(() => changed(anthropicMessages, `{"system":7,${hi}}`, first), {
      code: "obligation_impossible",
    });
  });
});
