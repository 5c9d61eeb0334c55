import assert from "node:assert/strict";
import { test } from "node:test";
import { openaiChat } from "../support/model-replies.ts";
import { chat, email, token } from "../support/planted.ts";
import type { WireRequest, WireResponse } from "../support/raw-grpc-client.ts";
import { announce, asks, converse, readToEnd } from "../support/wire-exchange.ts";
import {
  answerableKinds,
  type ExchangeKind,
  eventStream,
  exchangeOf,
  governedKinds,
  reply,
  startWireStage,
} from "../support/wire-stage.ts";

const shipped = {
  request: "BUFFERED",
  response: "FULL_DUPLEX_STREAMED",
  trailers: false,
  isStream: false,
} as const;

function mutationsOf(answer: WireResponse) {
  const common =
    answer.requestHeaders?.response ??
    answer.responseHeaders?.response ??
    answer.requestBody?.response ??
    answer.responseBody?.response;
  return [common?.headerMutation, answer.immediateResponse?.headers].filter((one) => one != null);
}

test("without announced modes the configured stand-ins hold", async (t) => {
  const { client } = await startWireStage(t);
  const [first, ...rest] = exchangeOf(shipped);
  const { answers, end } = await converse(client, [
    { requestHeaders: first?.requestHeaders ?? null },
    ...rest,
  ]);
  assert.equal(end.code, 0);
  const [, body] = answers;
  assert.ok(body?.requestBody?.response?.bodyMutation?.body != null);
  const last = answers.at(-1)?.responseBody?.response?.bodyMutation?.streamedResponse;
  assert.equal(last?.endOfStream, true);
});

test("modes that are not known, or not enforceable, are refused before anything is answered", async (t) => {
  const { client } = await startWireStage(t);
  const modes = ["NONE", "STREAMED", "BUFFERED_PARTIAL", 5, 6, 99, 2 ** 31 - 1] as const;
  for (const mode of modes) {
    for (const first of [
      announce(asks.requestHeaders(), mode),
      ...(mode === "STREAMED" ? [] : [announce(asks.requestHeaders(), "BUFFERED", mode)]),
      announce(asks.responseHeaders(), mode, mode),
    ]) {
      const { answers, end } = await converse(client, [first, asks.requestBody(chat(email))]);
      assert.deepEqual(answers, []);
      assert.equal(end.code, 3);
      assert.match(end.message ?? "", /body mode/);
    }
  }
});

test("the same first message on two streams is two exchanges", async (t) => {
  const { client } = await startWireStage(t);
  const messages = exchangeOf(shipped);
  const said = await Promise.all([converse(client, messages), converse(client, messages)]);
  const ids = said.map(({ answers }) => {
    const edit = answers.find(({ responseHeaders }) => responseHeaders != null)?.responseHeaders;
    const set = edit?.response?.headerMutation?.setHeaders ?? [];
    const id = set.find(({ header }) => header?.key === "x-chancery-decision")?.header?.rawValue;
    return Buffer.from(id ?? []).toString();
  });
  assert.equal(new Set(ids).size, 2);
  for (const id of ids) assert.match(id, /^[0-9a-f-]{36}$/);
});

type HeaderMutation = ReturnType<typeof mutationsOf>[number];

/** Envoy reads `raw_value` alone and ignores `append_action`; others read `append_action`. */
function assertReadAlike(mutation: HeaderMutation): void {
  for (const { append, appendAction, header } of mutation.setHeaders ?? []) {
    assert.match(header?.key ?? "", /^[a-z][a-z-]*$/);
    assert.ok((header?.rawValue?.length ?? 0) > 0);
    assert.equal(header?.value ?? "", "");
    assert.equal(append ?? null, null);
    assert.equal(appendAction, 2);
  }
  for (const name of mutation.removeHeaders ?? []) {
    assert.match(name, /^[a-z][a-z-]*$/);
    assert.notEqual(name, "host");
  }
}

/** The exchange with headers in it that must be replaced or removed, in both directions. */
function withForgedHeaders(kind: ExchangeKind): readonly WireRequest[] {
  const forged = { "x-chancery-model": "mine", "accept-encoding": "br", "content-length": "1" };
  return exchangeOf(kind).map((message) => {
    if (message.requestHeaders != null) return { ...message, ...asks.requestHeaders(forged) };
    if (message.responseHeaders == null) return message;
    return asks.responseHeaders(kind.isStream ? { ...forged, ...eventStream } : forged);
  });
}

test("every header edit is one that all proxies read alike", async (t) => {
  const { client } = await startWireStage(t);
  for (const kind of answerableKinds) {
    const { answers } = await converse(client, withForgedHeaders(kind));
    const mutations = answers.flatMap(mutationsOf);
    assert.ok(mutations.length > 1);
    for (const mutation of mutations) assertReadAlike(mutation);
  }
});

test("a BUFFERED body that changes comes with its length in the same answer", async (t) => {
  const { client } = await startWireStage(t);
  for (const kind of answerableKinds.filter(({ request }) => request === "BUFFERED")) {
    const { answers } = await converse(client, withForgedHeaders(kind));
    const answer = answers.find(({ requestBody }) => requestBody != null)?.requestBody?.response;
    const set = answer?.headerMutation?.setHeaders ?? [];
    const length = set.find(({ header }) => header?.key === "content-length")?.header?.rawValue;
    assert.equal(Buffer.from(length ?? []).toString(), String(answer?.bodyMutation?.body?.length));
  }
});

test("no answer changes a mode or a timeout, in whatever mode it is given", async (t) => {
  const { client } = await startWireStage(t);
  for (const one of governedKinds) {
    const { answers } = await converse(client, exchangeOf(one));
    for (const answer of answers) {
      assert.equal(answer.modeOverride ?? null, null);
      assert.equal(answer.overrideMessageTimeout ?? null, null);
      assert.equal(answer.requestDrain ?? false, false);
      assert.notEqual(answer.response, undefined);
    }
  }
});

test("a refusal is given in whatever phase its reason is found", async (t) => {
  const { client } = await startWireStage(t);
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`x-filler-${n}`, "1"]));
  const secret = JSON.stringify(openaiChat.whole({ ...reply, text: token }));
  const duplex = "FULL_DUPLEX_STREAMED";
  const ask = [announce(asks.requestHeaders(), duplex, duplex), asks.requestBody(chat("Hi"))];
  for (const [name, status, messages] of [
    ["request headers", 403, [announce(asks.requestHeaders({ ":path": "/v1/embeddings" }))]],
    ["too many request headers", 413, [announce(asks.requestHeaders(many))]],
    ["a BUFFERED request", 403, [announce(asks.requestHeaders()), asks.requestBody(chat(token))]],
    ["a duplex request", 403, [ask[0], asks.requestBody(chat(token))]],
    [
      "request trailers",
      403,
      [ask[0], asks.requestBody(chat(token), false), asks.requestTrailers()],
    ],
    ["too many response headers", 413, [...ask, asks.responseHeaders(many)]],
    ["an answer", 403, [...ask, asks.responseHeaders(), asks.responseBody(secret)]],
    [
      "response trailers",
      403,
      [...ask, asks.responseHeaders(), asks.responseBody(secret, false), asks.responseTrailers()],
    ],
  ] as const) {
    const { answers, end } = await converse(
      client,
      messages.filter((message) => message !== undefined),
    );
    const last = answers.at(-1);
    assert.equal(last?.response, "immediateResponse", name);
    assert.equal(last?.immediateResponse?.status?.code, status, name);
    assert.equal(end.code, 0, name);
  }
});

test("in observability mode the server hears everything and says nothing", async (t) => {
  const { client, quiet } = await startWireStage(t);
  const call = client.call();
  for (const message of exchangeOf({ ...shipped, request: "FULL_DUPLEX_STREAMED" })) {
    call.send({ ...message, protocolConfig: null, observabilityMode: true });
  }
  call.finish();
  const { answers, end } = await readToEnd(call);
  assert.deepEqual(answers, []);
  assert.equal(end.code, 0);
  await quiet();
});
