import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { type Script, type StubUpstream, startUpstream } from "./upstream.ts";

async function start(t: TestContext, script: Script = {}): Promise<StubUpstream> {
  const upstream = await startUpstream({ scripting: script });
  t.after(() => upstream.stop());
  return upstream;
}

const openaiFor = ({ url }: StubUpstream) =>
  new OpenAI({ apiKey: "k", baseURL: new URL("/v1", url).href, maxRetries: 0 });
const anthropicFor = ({ url }: StubUpstream) =>
  new Anthropic({ apiKey: "k", baseURL: url.origin, maxRetries: 0 });

const messages = [{ role: "user" as const, content: "Hi" }];
const toolCalls = [{ name: "lookup", arguments: '{"id":7}' }];

function post(upstream: StubUpstream, body: object): Promise<Response> {
  const url = new URL("/v1/chat/completions", upstream.url);
  return fetch(url, { method: "POST", body: JSON.stringify(body) });
}

test("the OpenAI client reads its answers, whole and streamed", async (t) => {
  const client = openaiFor(await start(t, { text: "Grüße, 東京", deltaChars: 2, toolCalls }));
  const options = { model: "stub-small", messages };
  const whole = await client.chat.completions.create(options);
  assert.equal(whole.choices[0]?.message.content, "Grüße, 東京");
  const stream = client.chat.completions.stream({
    ...options,
    stream_options: { include_usage: true },
  });
  const streamed = await stream.finalChatCompletion();
  assert.deepEqual(streamed.usage, whole.usage && { ...whole.usage, ...streamed.usage });
  assert.equal(streamed.choices[0]?.message.content, "Grüße, 東京");
  assert.equal(streamed.choices[0]?.finish_reason, "tool_calls");
  const [call] = streamed.choices[0]?.message.tool_calls ?? [];
  assert.deepEqual(call?.type === "function" && call.function.arguments, '{"id":7}');
});

test("the Anthropic client reads its answers, whole and streamed", async (t) => {
  const client = anthropicFor(await start(t, { text: "Grüße, 東京", deltaChars: 2, toolCalls }));
  const options = { model: "stub-small", max_tokens: 10, messages };
  const whole = await client.messages.create(options);
  const streamed = await client.messages.stream(options).finalMessage();
  assert.deepEqual(
    streamed.content.map((block) => ({ ...block })),
    whole.content,
  );
  assert.equal(whole.stop_reason, "tool_use");
  assert.equal(streamed.stop_reason, "tool_use");
});

test("it lists its models, and knows no other paths", async (t) => {
  const upstream = await start(t);
  const models = await openaiFor(upstream).models.list();
  assert.deepEqual(
    models.data.map(({ id }) => id),
    ["stub-small", "stub-large"],
  );
  assert.equal((await fetch(new URL("/other", upstream.url))).status, 404);
});

test("it remembers each request with its very bytes", async (t) => {
  const upstream = await start(t);
  const url = new URL("/v1/chat/completions?a=b", upstream.url);
  await (await fetch(url, { method: "POST", headers: { "X-One": "1" }, body: '{"a" :1}' })).text();
  const [seen] = upstream.requests;
  assert.equal(seen?.method, "POST");
  assert.equal(seen?.path, "/v1/chat/completions?a=b");
  assert.equal(seen?.headers["x-one"], "1");
  assert.equal(seen?.body.toString(), '{"a" :1}');
  assert.equal(seen?.isComplete, true);
  assert.equal(await seen?.ended, "answered");
});

test("a status from 400 on comes with an error in the shape of the format", async (t) => {
  const upstream = await start(t, { status: 429, headers: { "retry-after": "7" } });
  await assert.rejects(
    openaiFor(upstream).chat.completions.create({ model: "m", messages }),
    (error) => error instanceof OpenAI.RateLimitError && error.headers.get("retry-after") === "7",
  );
  await assert.rejects(
    anthropicFor(upstream).messages.create({ model: "m", max_tokens: 1, messages }),
    (error) => error instanceof Anthropic.RateLimitError && error.type === "invalid_request_error",
  );
});

for (const encoding of ["gzip", "br", "deflate"] as const) {
  test(`${encoding} leaves piece by piece and decodes to the same events`, async (t) => {
    const upstream = await start(t);
    const plain = await (await post(upstream, { stream: true })).text();
    const first = Promise.withResolvers<void>();
    upstream.answerWith({
      encoding,
      beforePiece: (index) => (index > 0 ? first.promise : undefined),
    });
    const response = await post(upstream, { stream: true });
    assert.equal(response.headers.get("content-encoding"), encoding);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let all = (await reader?.read())?.value ?? "";
    assert.match(all, /^data: \{/);
    first.resolve();
    for (let part = await reader?.read(); part?.value; part = await reader?.read())
      all += part.value;
    assert.equal(all, plain);
  });
}

test("raw pieces and trailers go out as they are", async (t) => {
  const upstream = await start(t, {
    raw: ["da", Buffer.from("ta: x")],
    trailers: { "x-sum": "9" },
  });
  const outgoing = request(new URL("/any", upstream.url)).end();
  const [incoming] = await once(outgoing, "response");
  assert.equal(await text(incoming), "data: x");
  assert.deepEqual(incoming.trailers, { "x-sum": "9" });
});

test("an early answer does not wait for the body", async (t) => {
  const upstream = await start(t, { isEarly: true, status: 503 });
  const outgoing = request(new URL("/v1/messages", upstream.url), { method: "POST" });
  outgoing.write("{");
  const [incoming] = await once(outgoing, "response");
  assert.equal(incoming.statusCode, 503);
  assert.equal(upstream.requests[0]?.isComplete, false);
  outgoing.end("}");
  await text(incoming);
});

test("a cut is seen on both sides", async (t) => {
  const upstream = await start(t, { cutAfterPieces: 2 });
  await assert.rejects(async () => (await post(upstream, { stream: true })).text());
  const here = new AbortController();
  upstream.answerWith({
    beforePiece: (index) => (index > 0 ? new Promise(() => undefined) : undefined),
  });
  const url = new URL("/v1/chat/completions", upstream.url);
  const body = JSON.stringify({ stream: true });
  const response = await fetch(url, { method: "POST", body, signal: here.signal });
  assert.equal(response.status, 200);
  here.abort();
  const ends = await Promise.all(upstream.requests.map(({ ended }) => ended));
  assert.deepEqual(ends, ["cut", "cut"]);
});
