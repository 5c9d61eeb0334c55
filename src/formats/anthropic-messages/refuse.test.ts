import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import type { Refusal } from "../../domain/index.ts";
import { renderRefusal, renderStreamRefusal } from "./refuse.ts";

const decisionId = "0193a1b2-0000-7000-8000-000000000001";
const refusalOf = (status: number, code = "no_secrets"): Refusal => ({
  status,
  code,
  message: "Secrets must not leave the company.",
  decisionId,
});
const message = `Secrets must not leave the company. (decision ${decisionId})`;
const piece =
  'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,' +
  '"delta":{"type":"text_delta","text":"hi"}}\n\n';

let server: Server;
let client: Anthropic;
let refusal = refusalOf(403);
let isRunning = false;

before(async () => {
  server = createServer((request, response) => {
    request.resume();
    if (isRunning) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(Buffer.concat([Buffer.from(piece), renderStreamRefusal(refusal)]));
      return;
    }
    const { headers, body } = renderRefusal(refusal);
    const fields = headers.map(({ name, value }): [string, string] => [name, value]);
    response.writeHead(refusal.status, Object.fromEntries(fields)).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = new Anthropic({ apiKey: "x", baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const ask = { model: "m", max_tokens: 5, messages: [{ role: "user" as const, content: "hi" }] };

test("the official client raises the class of the status, with type, code and message", async () => {
  const cases = [
    { status: 400, error: Anthropic.BadRequestError, type: "invalid_request_error" },
    { status: 401, error: Anthropic.AuthenticationError, type: "authentication_error" },
    { status: 403, error: Anthropic.PermissionDeniedError, type: "permission_error" },
    { status: 413, error: Anthropic.APIError, type: "invalid_request_error" },
    { status: 429, error: Anthropic.RateLimitError, type: "rate_limit_error" },
    { status: 503, error: Anthropic.InternalServerError, type: "api_error" },
  ];
  isRunning = false;
  for (const expected of cases) {
    refusal = refusalOf(expected.status);
    await assert.rejects(client.messages.create(ask), (error) => {
      assert.ok(error instanceof expected.error);
      assert.equal(error.status, expected.status);
      assert.equal(error.type, expected.type);
      assert.equal(error.errorCode, "no_secrets");
      assert.equal(error.apiMessage, message);
      return true;
    });
  }
});

test("inside a stream the official client raises an error after what came before", async () => {
  isRunning = true;
  refusal = refusalOf(403);
  const stream = await client.messages.create({ ...ask, stream: true });
  const seen: string[] = [];
  await assert.rejects(
    async () => {
      for await (const event of stream) seen.push(event.type);
    },
    (error) => {
      assert.ok(error instanceof Anthropic.APIError);
      assert.equal(error.type, "permission_error");
      assert.equal(error.apiMessage, message);
      return true;
    },
  );
  assert.deepEqual(seen, ["content_block_delta"]);
});

test("being busy is told apart from being broken", () => {
  const typeOf = (code: string) =>
    JSON.parse(renderRefusal(refusalOf(503, code)).body.toString()).error.type;
  assert.equal(typeOf("overloaded"), "overloaded_error");
  assert.equal(typeOf("fault"), "api_error");
});

test("the body has the members the format's clients know, and the code beside them", () => {
  assert.deepEqual(JSON.parse(renderRefusal(refusalOf(403)).body.toString()), {
    type: "error",
    error: {
      type: "permission_error",
      message,
      code: "no_secrets",
      details: { error_code: "no_secrets" },
    },
    request_id: decisionId,
  });
});
