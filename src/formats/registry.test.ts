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
  assert.equal(nameOf("DELETE", "/v1/models/ft-1"), "unrecognised");
});

test("what is not known is said to be so", () => {
  const others: [string, string][] = [
    ["POST", "/v1/messages/count_tokens"],
    ["POST", "/v1/messages/batches"],
    ["GET", "/v1/chat/completions"],
    ["GET", "/v1/chat/completions/abc/messages"],
    ["POST", "/v1/threads/t1/messages"],
    ["POST", "/v1/completions"],
    ["POST", "/v1/responses"],
    ["POST", "/v1beta/models/gemini:generateContent"],
    ["GET", "/v1/models/org/name"],
    ["GET", "/v1/files"],
    ["POST", "/"],
    ["POST", ""],
    ["POST", "/v1/chat/%ff"],
  ];
  for (const [method, path] of others) assert.equal(nameOf(method, path), "unrecognised", path);
});
