import assert from "node:assert/strict";
import { test } from "node:test";
import { recognise } from "./registry.ts";

const nameOf = (method: string, path: string) => {
  const found = recognise({ method, path });
  return found.kind === "format" ? found.format.protocol : found.kind;
};

test("chat completions are known under any prefix", () => {
  for (const path of [
    "/v1/chat/completions",
    "/chat/completions",
    "/openai/deployments/gpt/chat/completions?api-version=2024-10-21",
    "/v1beta/openai/chat/completions",
  ]) {
    assert.equal(nameOf("POST", path), "openai-chat", path);
  }
});

test("messages are known under any prefix", () => {
  for (const path of [
    "/v1/messages",
    "/v1/messages?beta=true",
    "/anthropic/v1/messages",
    "/messages",
  ]) {
    assert.equal(nameOf("POST", path), "anthropic-messages", path);
  }
});

test("another spelling of a known path is no way round", () => {
  for (const path of [
    "/v1/chat/completions/",
    "//v1//chat//completions",
    "/v1/chat/./completions",
    "/v1/x/../chat/completions",
    "/v1/chat/%63ompletions",
    "/v1/chat%2Fcompletions",
    "/V1/Chat/Completions",
    "/v1/chat/completions#x",
    "/v1/chat/completions;jsessionid=1",
    "/v1/chat;a/completions",
    "/v1\\chat\\completions",
  ]) {
    assert.equal(nameOf("POST", path), "openai-chat", path);
  }
});

test("lists and descriptions of models are told apart from content", () => {
  for (const path of ["/v1/models", "/models", "/v1/models/gpt-4o", "/v1/models/org%2Fname"]) {
    assert.equal(nameOf("GET", path), "model_list", path);
    assert.equal(nameOf("HEAD", path), "model_list", path);
  }
  assert.equal(nameOf("POST", "/v1/models"), "unrecognised");
  for (const path of ["/v1/files/models/content", "/v1/batches/models", "/v1/files/models"]) {
    assert.equal(nameOf("GET", path), "unrecognised", path);
  }
  assert.equal(nameOf("DELETE", "/v1/models/ft-1"), "unrecognised");
});

test("counting the tokens of a request is a request", () => {
  for (const path of [
    "/v1/messages/count_tokens",
    "/anthropic/v1/messages/count_tokens?beta=true",
  ]) {
    const found = recognise({ method: "POST", path });
    assert.equal(found.kind === "format" && found.format.protocol, "anthropic-messages", path);
    assert.equal(found.kind === "format" && found.format.action, "llm.generate", path);
  }
});

test("stored completions are read, updated and deleted without a model", () => {
  const calls: [string, string, boolean][] = [
    ["GET", "/v1/chat/completions", false],
    ["GET", "/v1/chat/completions?limit=2", false],
    ["HEAD", "/v1/chat/completions", false],
    ["GET", "/v1/chat/completions/chatcmpl-1", false],
    ["GET", "/v1/chat/completions/models", false],
    ["GET", "/V1/chat//completions/chatcmpl-1/messages/", false],
    ["GET", "/v1/chat/completions/models/messages", false],
    ["DELETE", "/v1/chat/completions/chatcmpl-1", false],
    ["POST", "/v1/chat/completions/chatcmpl-1", true],
  ];
  for (const [method, path, hasBody] of calls) {
    const found = recognise({ method, path });
    assert.ok(found.kind === "format", path);
    assert.equal(found.format.action, "llm.read", path);
    assert.equal(found.hasBody, hasBody, path);
  }
});

test("where the path says nothing, the body is to", () => {
  for (const path of ["/", "", "/api/llm", "/v1/gateway", "/v1/chat%ff", "/v1/x/../proxy"]) {
    assert.equal(nameOf("POST", path), "by_body", path);
  }
});

test("what is not known is said to be so", () => {
  const others: [string, string][] = [
    ["GET", "/v1/messages/count_tokens"],
    ["POST", "/v1/messages/batches"],
    ["GET", "/v1/messages/batches"],
    ["GET", "/v1/messages/batches/msgbatch_1"],
    ["GET", "/v1/messages/batches/msgbatch_1/results"],
    ["DELETE", "/v1/messages/batches/msgbatch_1"],
    ["DELETE", "/v1/chat/completions"],
    ["DELETE", "/v1/chat/completions/chatcmpl-1/messages"],
    ["POST", "/v1/chat/completions/chatcmpl-1/messages"],
    ["GET", "/v1/chat/completions/chatcmpl-1/other"],
    ["PUT", "/v1/chat/completions"],
    ["PATCH", "/v1/chat/completions/chatcmpl-1"],
    ["post", "/v1/chat/completions"],
    ["POST", "/v1/threads/t1/messages"],
    ["POST", "/v1/conversations/c1/messages"],
    ["POST", "/v1/messages/anything"],
    ["POST", "/v1/completions"],
    ["POST", "/v1/responses"],
    ["POST", "/api/chat"],
    ["POST", "/v2/chat"],
    ["POST", "/v1beta/models/gemini:generateContent"],
    ["POST", "/model/anthropic.claude/converse"],
    ["GET", "/v1/models/org/name"],
    ["GET", "/v1/files"],
    ["GET", "/"],
  ];
  for (const [method, path] of others) assert.equal(nameOf(method, path), "unrecognised", path);
});
