import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setExchangeStage } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import type { HeaderField } from "../domain/index.ts";
import type { BodyMode } from "./index.ts";

const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const email = "jane@example.org";
const post = {
  ":method": "POST",
  ":path": "/v1/chat/completions",
  "content-type": "application/json",
};
const json = { ":status": "200", "content-type": "application/json" };
const body = JSON.stringify({ model: "large", messages: [{ role: "user", content: "hi" }] });
const answer = JSON.stringify({ choices: [{ index: 0, message: { content: "ok" } }] });
const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "ok" } }] })}\n\n`;

function codeOf(proxy: FakeProxy): string {
  return JSON.parse(proxy.immediate?.body.toString("utf8") ?? "").error.code;
}

function fields(list: readonly (readonly [string, string])[]): HeaderField[] {
  return list.map(([name, value]) => ({ name, value }));
}

describe("a request's headers", () => {
  for (const request of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    test(`are masked like its body under ${request}`, () => {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open, { request });
      proxy.requestHeaders({ ...post, "x-user": `for ${email}`, "user-agent": `bot (${email})` });
      proxy.requestBody(body);
      assert.equal(proxy.request.header("x-user"), "for [EMAIL]");
      assert.equal(proxy.request.header("user-agent"), "bot ([EMAIL])");
      assert.equal(proxy.request.body.toString(), body);
      const [decision] = stage.records;
      assert.equal(decision?.verdict, "redact");
      assert.deepEqual(decision?.["applied"], { redactions: "ok", spans: 2 });
      assert.ok(!JSON.stringify(stage.records).includes("jane"));
    });

    test(`are a reason to refuse like its body under ${request}`, () => {
      const proxy = new FakeProxy(setExchangeStage().open, { request });
      proxy.requestHeaders({ ...post, "x-note": `use ${token}` }).requestBody(body);
      assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "secret_detected"]);
      assert.equal(proxy.request.body.length, 0);
    });
  }

  test("with several values of a name are set as the list they are", () => {
    const proxy = new FakeProxy(setExchangeStage().open);
    const headers = [
      ...fields(Object.entries(post)),
      ...fields([
        ["x-user", email],
        ["x-other", "plain words"],
        ["x-user", "nobody"],
        ["x-user", "joe@example.org"],
      ]),
    ];
    proxy.event({ kind: "request_headers", headers, endOfStream: false, attributes: new Map() });
    proxy.requestBody(body);
    assert.equal(proxy.request.header("x-user"), "[EMAIL], nobody, [EMAIL]");
    assert.equal(proxy.request.header("x-other"), undefined);
  });

  test("that carry the caller's credentials are not taken for leaks", () => {
    for (const name of ["authorization", "x-api-key", "api-key", "cookie", "proxy-authorization"]) {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open);
      proxy.requestHeaders({ ...post, [name]: `Bearer ${token}` }).requestBody(body);
      assert.equal(proxy.immediate, undefined, name);
      assert.equal(proxy.request.header(name), undefined);
      assert.equal(stage.records[0]?.verdict, "allow");
    }
  });
});

describe("a request's path and query", () => {
  const paths = [
    `/v1/chat/completions?user=${email}`,
    "/v1/chat/completions?user=jane%40example.org",
    "/v1/chat/completions?user=%6aane%40example%2Eorg",
    `/tenants/${email}/chat/completions`,
    "/v1/chat/completions?note=card+4111+1111+1111+1111",
  ];
  for (const path of paths) {
    test(`cannot be masked, so a value in them is refused: ${path}`, () => {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open);
      proxy.requestHeaders({ ...post, ":path": path }).requestBody(body);
      assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "obligation_conflict"]);
      assert.equal(proxy.request.body.length, 0);
      assert.deepEqual(stage.faults, ["redaction_impossible"]);
      assert.ok(!JSON.stringify(stage.records).includes("jane"));
    });
  }

  test("are a reason to refuse like the body", () => {
    const proxy = new FakeProxy(setExchangeStage().open);
    proxy.requestHeaders({ ...post, ":path": `/v1/chat/completions?key=${token}` });
    proxy.requestBody(body);
    assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "secret_detected"]);
  });

  test("of ordinary calls say nothing", () => {
    for (const path of [
      "/openai/deployments/gpt-4o-2024-08-06/chat/completions?api-version=2024-10-21",
      "/v1/chat/completions?beta=true&trace=0af7651916cd43dd8448eb211c80319c",
      "/v1/chat/completions?bad=%zz%ff",
    ]) {
      const proxy = new FakeProxy(setExchangeStage().open);
      proxy.requestHeaders({ ...post, ":path": path }).requestBody(body);
      assert.equal(proxy.immediate, undefined, path);
    }
  });
});

describe("a request's trailers", () => {
  for (const request of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    test(`pass, or end the exchange where they hold a value, under ${request}`, () => {
      const values = [
        ["plain words", undefined],
        [email, "obligation_conflict"],
        [token, "secret_detected"],
      ] as const;
      for (const [value, code] of values) {
        const stage = setExchangeStage();
        const proxy = new FakeProxy(stage.open, { request });
        proxy.requestHeaders(post).requestBody(body, false);
        proxy.event({ kind: "request_trailers", headers: fields([["x-note", value]]) });
        if (code === undefined) assert.equal(proxy.immediate, undefined);
        else assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, code]);
        proxy.event({ kind: "peer_reset" });
        const decisions = stage.records.filter(({ kind }) => kind === "decision");
        assert.equal(decisions.length, 1);
      }
    });
  }
});

describe("an answer's headers", () => {
  function permitted(response: BodyMode) {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open, { response });
    return { stage, proxy: proxy.requestHeaders(post).requestBody(body) };
  }
  const answers = [
    ["whole", json, answer],
    ["streamed", { ":status": "200", "content-type": "text/event-stream" }, event],
    ["an error", { ":status": "400", "content-type": "application/json" }, '{"error":"no"}'],
    ["text", { ":status": "502", "content-type": "text/plain" }, "bad gateway"],
  ] as const;

  for (const response of ["BUFFERED", "STREAMED", "FULL_DUPLEX_STREAMED"] as const) {
    for (const [what, headers, text] of answers) {
      test(`are masked under ${response}: ${what}`, () => {
        const { proxy, stage } = permitted(response);
        proxy.responseHeaders({ ...headers, "x-error-detail": `no ${email}`, "x-id": "abc" });
        proxy.responseBody(text);
        assert.equal(proxy.response.header("x-error-detail"), "no [EMAIL]");
        assert.equal(proxy.response.header("x-id"), undefined);
        assert.equal(proxy.response.body.toString(), text);
        proxy.assertNothingOwed();
        proxy.event({ kind: "peer_ended" });
        const [, closing] = stage.records;
        assert.equal(closing?.verdict, "redact");
        assert.deepEqual(closing?.["applied"], { redactions: "ok", spans: 1 });
        assert.match(JSON.stringify(closing?.["findings"]), /pii\.email/);
      });

      test(`with a secret end the exchange under ${response}: ${what}`, () => {
        const { proxy, stage } = permitted(response);
        proxy.responseHeaders({ ...headers, location: `/x?t=${token}` });
        assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "secret_detected"]);
        assert.equal(stage.records[1]?.end, "refused");
      });
    }
  }

  test("without a body are masked as well", () => {
    const { proxy, stage } = permitted("FULL_DUPLEX_STREAMED");
    proxy.responseHeaders({ ":status": "204", "x-error-detail": email }, true);
    assert.equal(proxy.response.header("x-error-detail"), "[EMAIL]");
    proxy.event({ kind: "peer_ended" });
    assert.equal(stage.records[1]?.end, "complete");
  });

  test("that a connection brings along are not even classified, unless they say more", () => {
    for (const [value, texts] of [
      ["timeout=60, max=100", []],
      [`timeout=60, x=${email}`, [`timeout=60, x=${email}`]],
    ] as const) {
      const { detector } = setExchangeStage().deps;
      const classified: string[] = [];
      const stage = setExchangeStage({
        classify: (spans) => {
          for (const span of spans) if (span.place === "response") classified.push(span.text);
          return spans.map(({ text }) => detector.scan(text));
        },
      });
      const proxy = new FakeProxy(stage.open).requestHeaders(post).requestBody(body);
      const date = "Tue, 03 Mar 2026 10:00:00 GMT";
      proxy.responseHeaders({ ...json, date, "keep-alive": value }, true);
      assert.deepEqual(classified, texts);
    }
  });

  test("of an answer the proxy gave by itself are masked whatever is found", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open, { request: "FULL_DUPLEX_STREAMED" });
    proxy.requestHeaders(post).requestBody(body.slice(0, 9), false);
    proxy.responseHeaders({ ":status": "413", "x-detail": `${email} ${token}` });
    proxy.responseBody("Payload Too Large");
    assert.equal(proxy.response.header("x-detail"), "[EMAIL] [GITHUB_TOKEN]");
  });

  test("that the proxy lets nobody edit are a reason to refuse", () => {
    const { proxy, stage } = permitted("FULL_DUPLEX_STREAMED");
    proxy.responseHeaders({ ...json, "x-envoy-note": email });
    assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "obligation_conflict"]);
    assert.equal(stage.records[1]?.reason, "redaction_impossible");
  });

  test("are the caller's own cookies and credentials, and stay", () => {
    const { proxy } = permitted("FULL_DUPLEX_STREAMED");
    proxy.responseHeaders({ ...json, "set-cookie": `session=${token}` }).responseBody(answer);
    assert.equal(proxy.immediate, undefined);
  });
});

describe("an answer's trailers", () => {
  function begun(response: BodyMode, type: string) {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open, { response });
    proxy.requestHeaders(post).requestBody(body);
    proxy.responseHeaders({ ":status": "200", "content-type": type });
    return { stage, proxy };
  }
  const trailers = (value: string) =>
    ({ kind: "response_trailers", headers: fields([["x-sum", value]]) }) as const;

  for (const [response, type, text] of [
    ["BUFFERED", "application/json", answer],
    ["FULL_DUPLEX_STREAMED", "application/json", answer],
    ["FULL_DUPLEX_STREAMED", "text/event-stream", event],
    ["STREAMED", "text/event-stream", `${event}data: [DONE]\n\n`],
  ] as const) {
    test(`are masked under ${response}: ${type}`, () => {
      const { proxy, stage } = begun(response, type);
      proxy.responseBody(text, false).event(trailers(`for ${email}`));
      assert.deepEqual(proxy.response.trailerEdit, {
        set: [{ name: "x-sum", value: "for [EMAIL]" }],
        remove: [],
      });
      assert.equal(proxy.response.body.toString(), text);
      proxy.assertNothingOwed();
      proxy.event({ kind: "peer_ended" });
      assert.equal(stage.records[1]?.end, "complete");
    });

    test(`with a secret never reach the caller under ${response}: ${type}`, () => {
      const { proxy, stage } = begun(response, type);
      proxy.responseBody(text, false).event(trailers(token));
      const isRemoved = proxy.response.trailerEdit?.remove.includes("x-sum") === true;
      const isCut = proxy.response.isEnded && proxy.response.trailersOwed;
      assert.ok(isRemoved || isCut || proxy.isOver);
      proxy.event({ kind: "peer_ended" });
      assert.equal(stage.records.length, 2);
    });
  }
});
