import assert from "node:assert/strict";
import { test } from "node:test";
import { chat, email, promptOf } from "../support/planted.ts";
import { toGrpcFrame, toRequestFrame } from "../support/raw-grpc-client.ts";
import { announce, asks, bodyOf, converse, kindsOf } from "../support/wire-exchange.ts";
import {
  answerableKinds,
  eventStream,
  exchangeOf,
  jsonReply,
  startWireStage,
  streamReply,
} from "../support/wire-stage.ts";

const duplex = {
  request: "FULL_DUPLEX_STREAMED",
  response: "FULL_DUPLEX_STREAMED",
  trailers: false,
  isStream: false,
} as const;

test("in every mode each question gets its one answer, in order, in the form of its mode", async (t) => {
  const { client } = await startWireStage(t);
  for (const one of answerableKinds) {
    const { response, trailers, isStream } = one;
    const messages = exchangeOf(one);
    const { answers, end } = await converse(client, messages);
    const name = JSON.stringify(one);
    assert.equal(end.code, 0, name);
    const pieces = answers.filter(({ responseBody }) => responseBody != null);
    const ends = pieces.map(
      (piece) => piece.responseBody?.response?.bodyMutation?.streamedResponse,
    );
    assert.deepEqual(
      [...new Set(kindsOf(answers))],
      [
        ...["requestHeaders", "requestBody"],
        ...(trailers ? ["requestTrailers"] : []),
        ...["responseHeaders", "responseBody"],
        ...(trailers ? ["responseTrailers"] : []),
      ],
      name,
    );
    if (response === "FULL_DUPLEX_STREAMED") {
      assert.ok(
        ends.every((piece) => piece != null),
        name,
      );
      assert.deepEqual(
        ends.map((piece) => piece?.endOfStream === true),
        ends.map((_, index) => !trailers && index === ends.length - 1),
        name,
      );
    } else {
      assert.ok(
        ends.every((piece) => piece == null),
        name,
      );
      assert.equal(pieces.length, response === "BUFFERED" ? 1 : 2, name);
    }
    assert.equal(promptOf(bodyOf(answers, "requestBody")), "[EMAIL]", name);
    const passed = bodyOf(answers, "responseBody").toString("utf8");
    assert.ok(!passed.includes("jane"), name);
    if (!isStream) assert.equal(passed, jsonReply.replace(email, "[EMAIL]"), name);
  }
});

test("a body cut in two at any byte comes out the same", async (t) => {
  const { client } = await startWireStage(t);
  for (const [said, headers] of [
    [jsonReply, {}],
    [streamReply, eventStream],
  ] as const) {
    const bytes = Buffer.from(said);
    const ask = announce(asks.requestHeaders(), "BUFFERED", "FULL_DUPLEX_STREAMED");
    const outputs = await Promise.all(
      Array.from({ length: bytes.length + 1 }, async (_, cut) => {
        const { answers, end } = await converse(client, [
          ask,
          asks.requestBody(chat("Hi")),
          asks.responseHeaders(headers),
          asks.responseBody(bytes.subarray(0, cut), false),
          asks.responseBody(bytes.subarray(cut)),
        ]);
        assert.equal(end.code, 0);
        return bodyOf(answers, "responseBody").toString("utf8");
      }),
    );
    const [first] = outputs;
    assert.ok(first?.includes("[EMAIL]") && !first.includes("jane"));
    assert.deepEqual([...new Set(outputs)], [first]);
  }
  const asked = Buffer.from(chat(`Größe 😀 ${email} ✓`));
  const prompts = await Promise.all(
    Array.from({ length: asked.length + 1 }, async (_, cut) => {
      const { answers } = await converse(client, [
        announce(asks.requestHeaders(), "FULL_DUPLEX_STREAMED"),
        asks.requestBody(asked.subarray(0, cut), false),
        asks.requestBody(asked.subarray(cut)),
      ]);
      return promptOf(bodyOf(answers, "requestBody"));
    }),
  );
  assert.deepEqual([...new Set(prompts)], ["Größe 😀 [EMAIL] ✓"]);
});

test("an end that is told twice, as some Envoys do, changes nothing", async (t) => {
  const { client } = await startWireStage(t);
  const messages = exchangeOf(duplex);
  const twice = messages.flatMap((message) => {
    if (message.requestBody?.endOfStream === true) return [message, asks.requestBody("")];
    if (message.responseBody?.endOfStream === true) return [message, asks.responseBody("")];
    return [message];
  });
  assert.equal(twice.length, messages.length + 2);
  const [once, again] = await Promise.all([converse(client, messages), converse(client, twice)]);
  assert.deepEqual(kindsOf(again.answers), kindsOf(once.answers));
  assert.deepEqual(bodyOf(again.answers, "responseBody"), bodyOf(once.answers, "responseBody"));
  assert.equal(again.end.code, 0);
});

test("messages out of order end in an error, never in status 0", async (t) => {
  const { client, quiet } = await startWireStage(t);
  const head = announce(asks.requestHeaders());
  const duplex = announce(asks.requestHeaders(), "FULL_DUPLEX_STREAMED");
  const body = asks.requestBody(chat(email));
  const answerHead = asks.responseHeaders();
  const answer = asks.responseBody(jsonReply);
  for (const [name, messages] of Object.entries({
    "a request body first": [announce(body)],
    "a response body first": [announce(answer)],
    "request trailers first": [announce(asks.requestTrailers())],
    "response trailers first": [announce(asks.responseTrailers())],
    "request headers twice": [head, asks.requestHeaders()],
    "a request body after headers that were all": [announce(asks.requestHeaders({}, true)), body],
    "a BUFFERED request body twice": [head, body, body],
    "more of a request behind its end": [duplex, body, body],
    "request trailers behind the end": [duplex, body, asks.requestTrailers()],
    "response headers twice": [head, body, answerHead, answerHead],
    "a response body before its headers": [head, body, answer],
    "request headers in the answer": [head, body, answerHead, asks.requestHeaders()],
    "more of an answer behind its end": [head, body, answerHead, answer, answer],
    "response trailers behind the end": [head, body, answerHead, answer, asks.responseTrailers()],
  })) {
    const { end } = await converse(client, messages);
    const isRefused = name === "a request body after headers that were all";
    // An empty request was refused by then, and nothing is owed for what comes behind it.
    if (isRefused) assert.equal(end.code, 0, name);
    else assert.equal(end.code, 3, name);
  }
  await quiet();
});

test("a peer that half-closes or resets after any message is never told that all is well too early", async (t) => {
  const { client, quiet } = await startWireStage(t);
  for (const one of answerableKinds) {
    const messages = exchangeOf(one);
    for (let sent = 1; sent < messages.length; sent += 1) {
      const prefix = messages.slice(0, sent);
      const last = prefix.at(-1);
      const { answers, end } = await converse(client, prefix);
      const isRequestOver = prefix.some(
        ({ requestBody, requestTrailers }) =>
          requestBody?.endOfStream === true ||
          (requestBody != null && one.request === "BUFFERED") ||
          requestTrailers != null,
      );
      const name = `${JSON.stringify(one)} after ${Object.keys(last ?? {}).join()}`;
      if (end.code === 0) {
        assert.ok(isRequestOver && last?.responseHeaders == null, name);
        assert.ok(answers.length > 0, name);
      } else {
        assert.ok(end.code !== undefined, name);
      }
      const call = client.call();
      call.sendBytes(Buffer.concat(prefix.map(toRequestFrame)));
      call.reset();
      await call.end;
    }
  }
  await quiet();
});

test("fields and messages that are not known are skipped, wherever they stand", async (t) => {
  const { client } = await startWireStage(t);
  // Field 100, length-delimited; flow_control_init (12) and client_window_update (13) of a later API.
  const unknown = Buffer.from("a2060568656c6c6f", "hex");
  const flowControl = Buffer.from("620808800110800118016a04080110ff", "hex");
  const window = toGrpcFrame(Buffer.from("6a0408011002", "hex"));
  const empty = toGrpcFrame(Buffer.alloc(0));
  for (const one of answerableKinds) {
    const messages = exchangeOf(one);
    const plain = await converse(client, messages);
    const decorated = await converse(
      client,
      messages.flatMap((message, index) => {
        const bytes = toRequestFrame(message).subarray(5);
        const extra = index === 0 ? flowControl.subarray(0, 10) : Buffer.alloc(0);
        return [
          ...(index === 0 ? [] : [window, empty]),
          toGrpcFrame(Buffer.concat([unknown, bytes, extra, unknown])),
        ];
      }),
    );
    assert.deepEqual(kindsOf(decorated.answers), kindsOf(plain.answers));
    assert.deepEqual(
      bodyOf(decorated.answers, "responseBody"),
      bodyOf(plain.answers, "responseBody"),
    );
    assert.equal(decorated.end.code, 0);
  }
  const alone = await converse(client, [empty, window]);
  assert.deepEqual(alone.answers, []);
  assert.equal(alone.end.code, 0);
});
