import assert from "node:assert/strict";
import { createHmac, createSecretKey } from "node:crypto";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { Fault } from "../base/index.ts";
import type { BodyMode, ExchangeDeps } from "./index.ts";

const post = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };
const json = { ":status": "200", "content-type": "application/json" };
const sse = { ":status": "200", "content-type": "text/event-stream" };
const secret = createSecretKey(Buffer.alloc(32, 5));
const contentKey: ExchangeDeps["contentKey"] = (tenant) => {
  assert.equal(tenant, "acme");
  return { number: 202611, secret };
};

const question = JSON.stringify({
  model: "large",
  messages: [{ role: "user", content: "write to jane@example.org" }],
});

function digestOf(body: string | Buffer): string {
  return `hmac-sha256:c202611:${createHmac("sha256", secret).update(body).digest("base64url")}`;
}

function delta(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

function digestIn(record: object | undefined, side: "input" | "output"): unknown {
  return (record as Record<string, { digest?: unknown }> | undefined)?.[side]?.digest;
}

describe("digests of content", () => {
  test("tell the request as it was judged: decoded, and before anything was masked", () => {
    for (const encoding of ["identity", "gzip"]) {
      const stage = setExchangeStage({ contentKey });
      const proxy = new FakeProxy(stage.open);
      proxy.requestHeaders({ ...post, "content-encoding": encoding });
      proxy.requestBody(encoding === "gzip" ? gzipSync(question) : question);
      assert.doesNotMatch(proxy.request.body.toString(), /jane@/);
      assert.equal(digestIn(stage.records[0], "input"), digestOf(question));
    }
  });

  test("tell a whole answer as it was sent, after masking", () => {
    const stage = setExchangeStage({ contentKey });
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post).requestBody(question).responseHeaders(json);
    const message = { role: "assistant", content: "ask bob@example.org" };
    proxy.responseBody(JSON.stringify({ choices: [{ index: 0, message, finish_reason: "stop" }] }));
    proxy.event({ kind: "peer_ended" });
    assert.match(proxy.response.body.toString(), /ask \[EMAIL\]/);
    assert.equal(digestIn(stage.records[1], "output"), digestOf(proxy.response.body));
  });

  test("tell a running answer as it was sent, however it came in pieces", () => {
    const stream = `${delta("ask bob@exam")}${delta("ple.org now")}data: [DONE]\n\n`;
    for (const mode of ["FULL_DUPLEX_STREAMED", "STREAMED"] satisfies BodyMode[]) {
      const stage = setExchangeStage({ contentKey });
      const proxy = new FakeProxy(stage.open, { response: mode });
      proxy.requestHeaders(post).requestBody(question).responseHeaders(sse);
      for (const part of stream.match(/[\s\S]{1,7}/g) ?? []) proxy.responseBody(part, false);
      proxy.responseBody("", true).event({ kind: "peer_ended" });
      assert.match(proxy.response.body.toString(), /\[EMAIL\]/);
      assert.equal(digestIn(stage.records[1], "output"), digestOf(proxy.response.body));
    }
  });

  test("are not there unless they are asked for", () => {
    const stage = setExchangeStage();
    new FakeProxy(stage.open).requestHeaders(post).requestBody(question);
    assert.equal(digestIn(stage.records[0], "input"), undefined);
  });

  test("whose key cannot be had let nothing pass", () => {
    const stage = setExchangeStage({
      contentKey: () => {
        throw new Fault("audit_unavailable", "expected a key");
      },
    });
    const proxy = new FakeProxy(stage.open).requestHeaders(post).requestBody(question);
    assert.equal(proxy.immediate?.status, 503);
    assert.equal(proxy.request.body.length, 0);
  });
});
