import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { Fault } from "../base/index.ts";
import type { BodyMode } from "./index.ts";

const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const post = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };
const json = { ":status": "200", "content-type": "application/json" };
const sse = { ":status": "200", "content-type": "text/event-stream" };

function chat(content: string, extra: object = {}): string {
  return JSON.stringify({ model: "large", messages: [{ role: "user", content }], ...extra });
}

function answer(content: string): string {
  return JSON.stringify({
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
    usage: { prompt_tokens: 3, completion_tokens: 4 },
  });
}

function delta(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

/** What a client would join from the deltas of a stream. */
function joined(stream: Buffer): string {
  return stream
    .toString("utf8")
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice(6)).choices?.[0]?.delta?.content ?? "")
    .join("");
}

describe("a request", () => {
  for (const mode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    test(`is masked, routed and passed on whole under ${mode}`, () => {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open, { request: mode });
      const body = chat("write to jane@example.org");
      const headers = { ...post, "content-length": String(body.length), "accept-encoding": "gzip" };
      proxy.requestHeaders(headers).requestBody(body);
      const sent = JSON.parse(proxy.request.body.toString("utf8"));
      assert.equal(sent.messages[0].content, "write to [EMAIL]");
      assert.equal(proxy.request.header("x-chancery-model"), "cloud/large");
      assert.equal(proxy.request.header("x-chancery-provider"), "cloud");
      assert.ok(proxy.request.headerEdits.remove.includes("accept-encoding"));
      assert.ok(proxy.request.clearsRoute);
      const length = mode === "BUFFERED" ? String(proxy.request.body.length) : undefined;
      assert.equal(proxy.request.header("content-length"), length);
      assert.equal(stage.records[0]?.verdict, "redact");
      proxy.assertNothingOwed();
    });

    test(`keeps every byte when nothing is to be changed under ${mode}`, () => {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open, { request: mode });
      const body =
        '{ "model":"large",\n "messages" : [ {"role":"user","content":"h\\u00e9llo 1.50"} ] }';
      proxy.requestHeaders(post).requestBody(body);
      assert.equal(proxy.request.body.toString("utf8"), body);
      assert.equal(stage.records[0]?.verdict, "allow");
    });

    test(`with a secret is refused before anything is passed on under ${mode}`, () => {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open, { request: mode });
      proxy.requestHeaders(post).requestBody(chat(`use ${token}`));
      assert.equal(proxy.immediate?.status, 403);
      const body = JSON.parse(proxy.immediate?.body.toString("utf8") ?? "");
      assert.equal(body.error.code, "secret_detected");
      assert.equal(proxy.request.body.length, 0);
      proxy.event({ kind: "peer_ended" });
      assert.deepEqual(
        stage.records.map(({ end, final, kind, verdict }) => ({ end, final, kind, verdict })),
        [{ end: "refused", final: true, kind: "decision", verdict: "deny" }],
      );
    });
  }

  test("in pieces is judged once, when it is whole", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open, { request: "FULL_DUPLEX_STREAMED" });
    proxy.requestHeaders(post);
    for (const byte of Buffer.from(chat("mail jane@example.org"))) {
      proxy.requestBody(Buffer.from([byte]), false);
      assert.equal(proxy.commands.length, 0);
    }
    proxy.requestBody("", true);
    assert.match(proxy.request.body.toString("utf8"), /mail \[EMAIL\]/);
    assert.ok(proxy.request.isEnded);
  });

  test("that ends in trailers is judged there, and its trailers go on", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open, { request: "FULL_DUPLEX_STREAMED" });
    proxy.requestHeaders(post).requestBody(chat("hi"), false).event({ kind: "request_trailers" });
    assert.equal(proxy.request.isEnded, false);
    assert.ok(proxy.request.body.length > 0);
    proxy.assertNothingOwed();
  });

  test("packed with gzip is read, and goes on plain", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    const packed = gzipSync(chat("call jane@example.org"));
    proxy
      .requestHeaders({ ...post, "content-encoding": "gzip", "content-length": `${packed.length}` })
      .requestBody(packed);
    assert.match(proxy.request.body.toString("utf8"), /call \[EMAIL\]/);
    assert.ok(proxy.request.headerEdits.remove.includes("content-encoding"));
    assert.equal(proxy.request.header("content-length"), String(proxy.request.body.length));
  });

  test("for an alias goes to the member by its own name", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post).requestBody(chat("hi").replace("large", "fast"));
    assert.equal(JSON.parse(proxy.request.body.toString("utf8")).model, "small");
    assert.equal(proxy.request.header("x-chancery-provider"), "local");
  });

  test("may not bring our own headers", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders({ ...post, "x-chancery-provider": "local", "x-chancery-x": "1" });
    proxy.requestBody(chat("hi"));
    assert.ok(proxy.request.headerEdits.remove.includes("x-chancery-x"));
    assert.equal(proxy.request.header("x-chancery-provider"), "cloud");
  });

  const refused: readonly (readonly [
    string,
    Record<string, string>,
    string | Buffer,
    number,
    string,
  ])[] = [
    ["of a path nobody knows", { ...post, ":path": "/v1/unknown" }, "{}", 403, "unrecognised"],
    ["that is no JSON", post, "{", 400, "unreadable"],
    [
      "packed in a way nobody knows",
      { ...post, "content-encoding": "compress" },
      "x",
      400,
      "unreadable",
    ],
    ["for a model nobody approved", post, chat("hi").replace("large", "preview"), 403, "no_permit"],
    ["for a model nobody knows", post, chat("hi").replace("large", "x"), 403, "no_eligible_model"],
    ["that asks for another protocol", { ...post, upgrade: "websocket" }, "", 403, "unrecognised"],
  ];
  for (const [what, headers, body, status, code] of refused) {
    test(`${what} is refused with ${status}`, () => {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open);
      proxy.requestHeaders(headers);
      if (!proxy.isOver) proxy.requestBody(body);
      assert.equal(proxy.immediate?.status, status);
      const text = proxy.immediate?.body.toString("utf8") ?? "";
      assert.equal(JSON.parse(text).error.code, code);
      assert.ok(text.includes(String(proxy.metadata["exchange"])));
      proxy.event({ kind: "peer_reset" });
      assert.equal(stage.records.length, 1);
    });
  }

  test("without identity or without policies is refused", () => {
    const nobody = setExchangeStage({ identity: undefined });
    const first = new FakeProxy(nobody.open).requestHeaders(post).requestBody(chat("hi"));
    assert.equal(first.immediate?.status, 401);
    const lawless = setExchangeStage({ snapshot: () => undefined });
    const second = new FakeProxy(lawless.open).requestHeaders(post);
    assert.equal(second.immediate?.status, 503);
    assert.equal(lawless.records[0]?.reason, "policy_unavailable");
  });

  test("larger than the limit is refused, not truncated", () => {
    const stage = setExchangeStage();
    const limits = { ...stage.deps.limits, bodyBytesMax: 100 };
    const small = setExchangeStage({ limits });
    const proxy = new FakeProxy(small.open, { request: "FULL_DUPLEX_STREAMED" });
    proxy.requestHeaders(post).requestBody(Buffer.alloc(60, 0x20), false);
    proxy.requestBody(Buffer.alloc(60, 0x20), false);
    assert.equal(proxy.immediate?.status, 413);
    assert.equal(small.deps.heldBytes.total, 0);
  });

  test("in a message too large to be read is refused in the format of the caller", () => {
    const fault = new Fault("message_too_large", "expected at most 10 bytes, found 11");
    for (const mode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open, { request: mode });
      proxy.requestHeaders(post).event({ kind: "malformed", fault });
      assert.equal(proxy.immediate?.status, 413, mode);
      assert.deepEqual(stage.faults, ["message_too_large"]);
    }
  });

  test("over what the process may hold is refused, and what it held is given back", () => {
    const stage = setExchangeStage();
    const limits = { ...stage.deps.limits, heldBytesMax: 100 };
    const small = setExchangeStage({ limits });
    const first = new FakeProxy(small.open, { request: "FULL_DUPLEX_STREAMED" });
    first.requestHeaders(post).requestBody(Buffer.alloc(60, 0x20), false);
    const second = new FakeProxy(small.open, { request: "FULL_DUPLEX_STREAMED" });
    second.requestHeaders(post).requestBody(Buffer.alloc(60, 0x20), false);
    assert.equal(second.immediate?.status, 503);
    const retry = second.immediate?.headers.find(({ name }) => name === "retry-after");
    assert.equal(retry?.value, "1");
    first.event({ kind: "peer_reset" });
    assert.equal(small.deps.heldBytes.total, 0);
  });
});

describe("unjudged traffic", () => {
  test("a list of models passes with a bypass record and no closing", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders({ ":method": "GET", ":path": "/v1/models" }, true);
    proxy.responseHeaders(json).responseBody('{"data":[]}').event({ kind: "peer_ended" });
    assert.equal(proxy.response.body.toString("utf8"), '{"data":[]}');
    assert.deepEqual(
      stage.records.map(({ kind }) => kind),
      ["bypass"],
    );
    proxy.assertNothingOwed();
  });

  test("passes without our own headers, and without the route they may have chosen", () => {
    const stage = setExchangeStage({ content: { unrecognised: "pass", modelList: "pass" } });
    for (const mode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
      const proxy = new FakeProxy(stage.open, { request: mode });
      proxy.requestHeaders({ ...post, ":path": "/v1/audio", "x-chancery-provider": "local" });
      assert.deepEqual(proxy.request.headerEdits.remove, ["x-chancery-provider"]);
      assert.ok(proxy.request.clearsRoute);
    }
  });

  test("passes untouched where the configuration says so, and may be flagged", () => {
    for (const unrecognised of ["pass", "flag"] as const) {
      const stage = setExchangeStage({ content: { unrecognised, modelList: "pass" } });
      const proxy = new FakeProxy(stage.open);
      proxy.requestHeaders({ ...post, ":path": "/v1/audio" }).requestBody("\u0000\u0001", false);
      proxy.event({ kind: "request_trailers" });
      proxy.responseHeaders({ ":status": "200" }).responseBody("sound");
      assert.equal(proxy.response.body.toString("utf8"), "sound");
      const warning = unrecognised === "flag" ? "unrecognised" : undefined;
      assert.equal(proxy.response.header("x-chancery-warning"), warning);
      proxy.assertNothingOwed();
    }
  });
});

describe("an answer", () => {
  function permitted(response: BodyMode) {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open, { response });
    proxy.requestHeaders(post).requestBody(chat("hi", { stream: true }));
    return { stage, proxy };
  }

  for (const mode of ["BUFFERED", "STREAMED", "FULL_DUPLEX_STREAMED"] as const) {
    test(`in JSON is masked under ${mode} and its exchange closed`, () => {
      const { proxy, stage } = permitted(mode);
      const body = answer("ask jane@example.org");
      proxy.responseHeaders({ ...json, "content-length": String(body.length) });
      if (mode === "BUFFERED") proxy.responseBody(body);
      else proxy.responseBody(body.slice(0, 30), false).responseBody(body.slice(30));
      const sent = JSON.parse(proxy.response.body.toString("utf8"));
      assert.equal(sent.choices[0].message.content, "ask [EMAIL]");
      const id = String(proxy.metadata["exchange"]);
      assert.equal(proxy.response.header("x-chancery-decision"), id);
      proxy.assertNothingOwed();
      proxy.event({ kind: "peer_ended" });
      const [, closing] = stage.records;
      assert.equal(closing?.end, "complete");
      assert.equal(closing?.verdict, "redact");
      assert.deepEqual(closing?.["usage"], { in: 3, out: 4 });
      assert.equal(stage.records.length, 2);
    });

    test(`in events is masked across events under ${mode}`, () => {
      const { proxy, stage } = permitted(mode);
      const events = ["ask ja", "ne@exa", "mple.o", "rg now"].map(delta).join("");
      const stream = `${events}data: [DONE]\n\n`;
      proxy.responseHeaders(sse);
      if (mode === "BUFFERED") proxy.responseBody(stream);
      else {
        for (const part of stream.match(/[\s\S]{1,7}/g) ?? []) proxy.responseBody(part, false);
        proxy.responseBody("", true);
      }
      assert.equal(joined(proxy.response.body), "ask [EMAIL] now");
      proxy.assertNothingOwed();
      proxy.event({ kind: "peer_ended" });
      assert.equal(stage.records[1]?.end, "complete");
    });
  }

  test("in JSON with a secret is replaced while its headers are held", () => {
    for (const mode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
      const { proxy, stage } = permitted(mode);
      proxy.responseHeaders(json).responseBody(answer(`it is ${token}`));
      assert.equal(proxy.immediate?.status, 403);
      assert.equal(stage.records[1]?.end, "refused");
    }
  });

  test("in JSON with a secret under STREAMED breaks off, since its headers have left", () => {
    const { proxy, stage } = permitted("STREAMED");
    proxy.responseHeaders(json).responseBody(answer(`it is ${token}`));
    assert.equal(proxy.error?.status, "UNAVAILABLE");
    assert.equal(proxy.response.body.length, 0);
    assert.equal(stage.records.length, 2);
  });

  test("in events ends with an error event before a secret", () => {
    for (const mode of ["STREAMED", "FULL_DUPLEX_STREAMED"] as const) {
      const { proxy, stage } = permitted(mode);
      proxy.responseHeaders(sse);
      for (const part of [
        "the key ",
        "here ",
        token.slice(0, 9),
        token.slice(9),
        " ok ",
        "more ",
      ]) {
        proxy.responseBody(delta(part), false);
      }
      const text = proxy.response.body.toString("utf8");
      assert.ok(!text.includes("ghp_") && text.includes('"error"'), mode);
      assert.equal(joined(proxy.response.body).startsWith("the key "), true);
      assert.equal(proxy.response.isEnded, mode === "FULL_DUPLEX_STREAMED");
      assert.deepEqual(
        stage.records.map(({ end }) => end),
        [undefined, "cut"],
      );
      proxy.assertNothingOwed();
    }
  });

  test("in events without findings leaves at once", () => {
    const { proxy } = permitted("FULL_DUPLEX_STREAMED");
    proxy.responseHeaders(sse);
    assert.ok(proxy.response.headersAnswered);
    proxy.responseBody(delta("Hello "), false);
    assert.equal(joined(proxy.response.body), "Hello ");
  });

  test("without a body is passed on with its decision", () => {
    const { proxy, stage } = permitted("FULL_DUPLEX_STREAMED");
    proxy.responseHeaders({ ":status": "204" }, true).event({ kind: "peer_ended" });
    assert.ok(proxy.response.header("x-chancery-decision"));
    assert.equal(stage.records[1]?.end, "complete");
  });

  test("packed with gzip is read, and goes on plain", () => {
    for (const mode of ["BUFFERED", "STREAMED", "FULL_DUPLEX_STREAMED"] as const) {
      const { proxy } = permitted(mode);
      proxy.responseHeaders({ ...json, "content-encoding": "gzip" });
      proxy.responseBody(gzipSync(answer("ask jane@example.org")));
      assert.match(proxy.response.body.toString("utf8"), /ask \[EMAIL\]/);
      assert.ok(proxy.response.headerEdits.remove.includes("content-encoding"), mode);
    }
  });

  test("that ends in trailers is judged there; held STREAMED text ends closed", () => {
    const { proxy } = permitted("FULL_DUPLEX_STREAMED");
    proxy.responseHeaders(json).responseBody(answer("jane@example.org"), false);
    proxy.event({ kind: "response_trailers" });
    assert.match(proxy.response.body.toString("utf8"), /\[EMAIL\]/);
    assert.equal(proxy.response.isEnded, false);
    proxy.assertNothingOwed();
    const streamed = permitted("STREAMED");
    streamed.proxy.responseHeaders(json).responseBody(answer("x"), false);
    streamed.proxy.event({ kind: "response_trailers" });
    assert.ok(streamed.proxy.isOver);
    assert.deepEqual(streamed.stage.faults, ["trailers_after_hold"]);
  });

  test("of a kind nobody can read is refused", () => {
    const { proxy } = permitted("FULL_DUPLEX_STREAMED");
    proxy.responseHeaders({ ":status": "200", "content-type": "image/png" });
    proxy.responseBody(Buffer.from([0x89, 0x50, 0x4e, 0x47]));
    assert.equal(proxy.immediate?.status, 403);
    const broken = permitted("FULL_DUPLEX_STREAMED").proxy;
    broken.responseHeaders(json).responseBody('{"choices":');
    assert.equal(broken.immediate?.status, 403);
    assert.match(broken.immediate?.body.toString("utf8") ?? "", /unrecognised/);
  });

  test("of the proxy itself is recorded as such and masked without a policy", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post);
    proxy.responseHeaders({ ":status": "413", "content-type": "text/plain" });
    proxy.responseBody("too large, said jane@example.org");
    assert.equal(proxy.response.body.toString("utf8"), "too large, said [EMAIL]");
    assert.equal(stage.records[0]?.outcome, "none");
    assert.equal(stage.records[0]?.reason, "local_reply");
    const alone = new FakeProxy(stage.open).responseHeaders({ ":status": "400" }, true);
    alone.assertNothingOwed();
  });
});

describe("an exchange", () => {
  test("that waits too long for a stage ends by its own deadline", async () => {
    const stage = setExchangeStage({ classify: () => new Promise(() => {}) });
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post).requestBody(chat("hi"));
    assert.equal(proxy.session.isSettled, false);
    stage.clock.advance(2001);
    assert.equal(proxy.immediate?.status, 503);
    assert.equal(stage.records[0]?.end, "deadline");
  });

  test("whose proxy leaves while a stage is waited for is recorded at once", () => {
    for (const kind of ["peer_ended", "peer_reset"] as const) {
      const stage = setExchangeStage({ classify: () => new Promise(() => {}) });
      const proxy = new FakeProxy(stage.open);
      proxy.requestHeaders(post).requestBody(chat("hi")).event({ kind });
      assert.equal(stage.records[0]?.end, "peer_reset", kind);
    }
  });

  test("goes on when a late stage answers, in the order events came", async () => {
    const { promise, resolve } = Promise.withResolvers<[]>();
    const stage = setExchangeStage({ classify: () => promise });
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post).requestBody(chat("hi"), false).event({ kind: "request_trailers" });
    assert.equal(proxy.request.body.length, 0);
    resolve([]);
    await promise;
    await Promise.resolve();
    assert.ok(proxy.request.body.length > 0);
    proxy.assertNothingOwed();
  });

  test("ends closed when a stage fails", async () => {
    const failure = Promise.reject(new Error("classifier broke"));
    const stage = setExchangeStage({ classify: () => failure });
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post).requestBody(chat("hi"));
    await failure.catch(() => {});
    await Promise.resolve();
    assert.equal(proxy.immediate?.status, 503);
  });

  test("nobody asks anything of is ended by its own deadline, wherever it stands", () => {
    const steps: ((proxy: FakeProxy) => void)[] = [
      (proxy) => proxy.requestHeaders(post),
      (proxy) => proxy.requestBody(chat("hi", { stream: true })),
      (proxy) => proxy.responseHeaders(sse),
      (proxy) => proxy.responseBody(delta("Hello "), false),
    ];
    for (let taken = 1; taken <= steps.length; taken += 1) {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open);
      for (const step of steps.slice(0, taken)) step(proxy);
      stage.clock.advance(600_001);
      assert.ok(proxy.isOver || proxy.response.isEnded, `after step ${taken}`);
      assert.match(String(stage.records.at(-1)?.end), /deadline|cut/);
      assert.equal(stage.records.length, taken === 1 ? 1 : 2);
    }
  });

  test("that cannot be recorded passes nothing on", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post);
    proxy.failingTurn(() => {
      proxy.requestBody(chat("hi"));
      stage.loseTurn();
    });
    assert.equal(proxy.immediate?.status, 503);
    assert.equal(proxy.request.body.length, 0);
    assert.deepEqual(stage.records, []);
  });

  test("that cannot be recorded goes on where its route says so, and names no record", () => {
    let unrecorded = 0;
    const base = setExchangeStage();
    const observer = { ...base.deps.observer, wentUnrecorded: () => (unrecorded += 1) };
    const stage = setExchangeStage({
      observer,
      auditRules: () => ({ wait: "written", onFailure: "continue" }),
    });
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post);
    proxy.failingTurn(() => {
      proxy.requestBody(chat("hi"));
      stage.loseTurn();
    });
    assert.equal(proxy.immediate, undefined);
    assert.equal(proxy.error, undefined);
    assert.equal(unrecorded, 1);
    const told = proxy.commands.map((command) =>
      "metadata" in command ? Object.keys(command.metadata ?? {}) : [],
    );
    assert.ok(told.flat().includes("verdict"));
    assert.ok(!told.flat().includes("seq"));
  });

  test("of a route that waits for the disk holds each answer for its record", () => {
    const held: number[] = [];
    const stage = setExchangeStage({
      auditRules: (route) => ({
        wait: route === "slow" ? "committed" : "written",
        onFailure: "refuse",
      }),
    });
    const proxy = new FakeProxy((opening, sink) => {
      const session = stage.open(opening, {
        send: (command) => sink.send(command),
        discard: () => sink.discard(),
        retell: (metadata) => sink.retell(metadata),
        holdUntilDurable: (seq) => held.push(seq),
      });
      return session;
    });
    proxy.event({
      kind: "request_headers",
      headers: Object.entries(post).map(([name, value]) => ({ name, value })),
      attributes: new Map([["xds.route_name", "slow"]]),
      endOfStream: false,
    });
    proxy.requestBody(chat("hi")).responseHeaders(json).responseBody(answer("ok"));
    assert.deepEqual(held, [0, 1]);
  });

  test("told to drain ends in an error status and says so", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post).requestBody(chat("hi")).event({ kind: "drained" });
    assert.equal(proxy.error?.status, "UNAVAILABLE");
    assert.deepEqual(
      stage.records.map(({ end }) => end),
      [undefined, "drained"],
    );
  });

  test("the proxy leaves is closed as left, and its timers are freed", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post).requestBody(chat("hi")).event({ kind: "peer_reset" });
    assert.deepEqual(
      stage.records.map(({ end }) => end),
      [undefined, "peer_reset"],
    );
    assert.equal(stage.clock.pending, 0);
  });

  test("that is only observed is judged and recorded, and answers nothing", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open, { isObservability: true });
    proxy.requestHeaders(post).requestBody(chat(`use ${token}`));
    proxy.responseHeaders(json).responseBody(answer("ok")).event({ kind: "peer_ended" });
    assert.deepEqual(proxy.commands, []);
    assert.equal(stage.records[0]?.["mode"], "observe");
    assert.equal(stage.records[0]?.verdict, "deny");
    assert.equal(stage.records[1]?.end, "complete");
  });

  test("with events in an order the protocol does not know ends in an error status", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(post).requestHeaders(post);
    assert.equal(proxy.error?.status, "INVALID_ARGUMENT");
    assert.deepEqual(stage.faults, ["message_out_of_order"]);
  });
});
