import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import type { Refusal } from "../../domain/index.ts";
import { renderRefusal, renderStreamRefusal } from "./refuse.ts";

const decisionId = "0193a1b2-0000-7000-8000-000000000001";
const refusalOf = (status: number): Refusal => ({
  status,
  code: "no_secrets",
  message: "Secrets must not leave the company.",
  decisionId,
});
const message = `Secrets must not leave the company. (decision ${decisionId})`;
const piece = 'data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}\n\n';

let server: Server;
let client: OpenAI;
let status = 403;

before(async () => {
  server = createServer((request, response) => {
    request.resume();
    if (status === 200) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(Buffer.concat([Buffer.from(piece), renderStreamRefusal(refusalOf(403))]));
      return;
    }
    const { headers, body } = renderRefusal(refusalOf(status));
    const fields = headers.map(({ name, value }): [string, string] => [name, value]);
    response.writeHead(status, Object.fromEntries(fields)).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  client = new OpenAI({ apiKey: "x", baseURL: `http://127.0.0.1:${port}/v1`, maxRetries: 0 });
});

after(() => {
  server.closeAllConnections();
  server.close();
});

const ask = { model: "m", messages: [{ role: "user", content: "hi" }] } as const;

test("the official client raises the class of the status, with type, code and message", async () => {
  const cases = [
    { status: 400, error: OpenAI.BadRequestError, type: "invalid_request_error" },
    { status: 401, error: OpenAI.AuthenticationError, type: "authentication_error" },
    { status: 403, error: OpenAI.PermissionDeniedError, type: "permission_error" },
    { status: 413, error: OpenAI.APIError, type: "invalid_request_error" },
    { status: 429, error: OpenAI.RateLimitError, type: "rate_limit_error" },
    { status: 503, error: OpenAI.InternalServerError, type: "server_error" },
  ];
  for (const expected of cases) {
    status = expected.status;
    await assert.rejects(
      client.chat.completions.create({ ...ask, messages: [...ask.messages] }),
      (error) => {
        assert.ok(error instanceof expected.error);
        assert.equal(error.status, expected.status);
        assert.equal(error.type, expected.type);
        assert.equal(error.code, "no_secrets");
        assert.equal(error.param, null);
        assert.equal(error.message, `${expected.status} ${message}`);
        return true;
      },
    );
  }
});

test("inside a stream the official client raises an error after what came before", async () => {
  status = 200;
  const stream = await client.chat.completions.create({
    ...ask,
    messages: [...ask.messages],
    stream: true,
  });
  const seen: unknown[] = [];
  await assert.rejects(
    async () => {
      for await (const chunk of stream) seen.push(chunk.choices[0]?.delta.content);
    },
    (error) => {
      assert.ok(error instanceof OpenAI.APIError);
      assert.equal(error.code, "no_secrets");
      assert.equal(error.type, "permission_error");
      assert.equal(error.message, message);
      return true;
    },
  );
  assert.deepEqual(seen, ["hi"]);
});

test("a refused stream ends as every stream of the format does", () => {
  assert.ok(renderStreamRefusal(refusalOf(403)).toString().endsWith("}\n\ndata: [DONE]\n\n"));
});
