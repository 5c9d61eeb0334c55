import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setExchangeStage, stagePolicies } from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { loadSnapshot } from "../policy/index.ts";

const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const json = { ":status": "200", "content-type": "application/json" };
const messages = [{ role: "user", content: "mail jane@example.org" }];

const readers = `apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: readers, namespace: platform }
spec:
  version: 1.0.0
  attach: { layer: global }
  rules:
    - { id: stored, effect: allow, actions: [llm.read] }
`;

function readable() {
  const files = [...stagePolicies, { path: "r.yaml", namespace: "platform", text: readers }];
  const { problems, snapshot } = loadSnapshot(files, { engineVersion: "0.0.0" });
  assert.deepEqual(problems, []);
  return setExchangeStage({ snapshot: () => snapshot });
}

function asked(method: string, path: string, more: Record<string, string> = {}) {
  return { ":method": method, ":path": path, ":authority": "llm", ...more };
}

function codeOf(proxy: FakeProxy): string {
  return JSON.parse(proxy.immediate?.body.toString("utf8") ?? "").error.code;
}

describe("a request whose path says nothing", () => {
  for (const mode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    test(`is governed as what its body is under ${mode}`, () => {
      const stage = setExchangeStage();
      const openai = new FakeProxy(stage.open, { request: mode });
      openai.requestHeaders(asked("POST", "/gateway"));
      openai.requestBody(JSON.stringify({ model: "large", messages }));
      assert.match(openai.request.body.toString(), /mail \[EMAIL\]/);
      const anthropic = new FakeProxy(stage.open, { request: mode });
      anthropic.requestHeaders(asked("POST", "/gateway", { "anthropic-version": "2023-06-01" }));
      anthropic.requestBody(JSON.stringify({ model: "large", max_tokens: 9, messages }));
      assert.match(anthropic.request.body.toString(), /mail \[EMAIL\]/);
      const facts = stage.records.map(({ facts }) => facts as Record<string, unknown>);
      const protocols = facts.map((found) => found["request.protocol"]);
      assert.deepEqual(protocols, ["openai-chat", "anthropic-messages"]);
    });

    for (const unrecognised of ["refuse", "flag"] as const) {
      test(`and whose body neither is left to the configuration: ${mode}, ${unrecognised}`, () => {
        const stage = setExchangeStage({ content: { unrecognised, modelList: "pass" } });
        const bodies = ['{"inputs":"hi"}', '{"broken', "sound", `{"messages":[],"n":1,"system":2}`];
        for (const body of bodies) {
          const proxy = new FakeProxy(stage.open, { request: mode });
          proxy.requestHeaders(asked("POST", "/gateway", { "x-chancery-provider": "local" }));
          proxy.requestBody(body);
          if (unrecognised === "refuse") {
            assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "unrecognised"]);
            assert.equal(proxy.request.body.length, 0);
            continue;
          }
          assert.equal(proxy.request.body.toString(), body);
          assert.ok(proxy.request.headerEdits.remove.includes("x-chancery-provider"));
          proxy.responseHeaders(json).responseBody("anything");
          assert.equal(proxy.response.header("x-chancery-warning"), "unrecognised");
          proxy.assertNothingOwed();
        }
        assert.equal(stage.deps.heldBytes.total, 0);
        const kind = unrecognised === "refuse" ? "decision" : "bypass";
        assert.ok(stage.records.every((record) => record.kind === kind));
      });
    }
  }

  test("and whose body is none passes piece by piece, not held until it is whole", () => {
    const stage = setExchangeStage({ content: { unrecognised: "pass", modelList: "pass" } });
    const proxy = new FakeProxy(stage.open, { request: "FULL_DUPLEX_STREAMED" });
    proxy.requestHeaders(asked("POST", "/upload")).requestBody("one", false);
    assert.equal(proxy.request.body.toString(), "one");
    proxy.requestBody("two", false).requestBody("three", true);
    assert.equal(proxy.request.body.toString(), "onetwothree");
    assert.ok(proxy.request.isEnded);
  });

  test("is governed even where what is not understood may pass", () => {
    const stage = setExchangeStage({ content: { unrecognised: "pass", modelList: "pass" } });
    const proxy = new FakeProxy(stage.open, { request: "FULL_DUPLEX_STREAMED" });
    proxy.requestHeaders(asked("POST", "/gateway"));
    const body = JSON.stringify({
      model: "large",
      messages: [{ role: "user", content: `use ${token}` }],
    });
    for (const byte of Buffer.from(body)) proxy.requestBody(Buffer.from([byte]), false);
    proxy.requestBody("", true);
    assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "secret_detected"]);
  });

  test("that is only observed is recorded once, refused or not", () => {
    for (const body of ["sound", '{"inputs":"hi"}', JSON.stringify({ model: "large", messages })]) {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open, { isObservability: true });
      proxy.requestHeaders(asked("POST", "/gateway"));
      proxy.requestBody(body.slice(0, 3), false).requestBody(body.slice(3), true);
      assert.deepEqual(
        stage.records.map(({ kind }) => kind),
        ["decision"],
        body,
      );
      assert.deepEqual(stage.faults, []);
    }
  });
});

describe("a body at the other format's path", () => {
  test("is refused, even where what is not understood may pass", () => {
    const stage = setExchangeStage({ content: { unrecognised: "pass", modelList: "pass" } });
    const calls = [
      ["/v1/chat/completions", { model: "large", max_tokens: 9, system: "x", messages }],
      ["/v1/messages", { model: "large", response_format: {}, messages }],
    ] as const;
    for (const [path, body] of calls) {
      const proxy = new FakeProxy(stage.open).requestHeaders(asked("POST", path));
      proxy.requestBody(JSON.stringify(body));
      assert.equal(proxy.immediate?.status, 403, path);
      assert.match(proxy.immediate?.body.toString() ?? "", /unrecognised/);
    }
  });
});

describe("counting tokens", () => {
  test("is judged as the request it counts, and its answer as an answer", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open);
    proxy.requestHeaders(asked("POST", "/v1/messages/count_tokens"));
    proxy.requestBody(JSON.stringify({ model: "large", messages }));
    assert.match(proxy.request.body.toString(), /mail \[EMAIL\]/);
    assert.equal(proxy.request.header("x-chancery-provider"), "cloud");
    proxy.responseHeaders(json).responseBody('{"input_tokens":7}').event({ kind: "peer_ended" });
    assert.equal(proxy.response.body.toString(), '{"input_tokens":7}');
    assert.equal(stage.records[0]?.["action"], "llm.generate");
    assert.equal(stage.records[1]?.end, "complete");
  });
});

describe("a stored completion", () => {
  const path = "/v1/chat/completions/chatcmpl-1";
  const stored = JSON.stringify({
    object: "list",
    data: [{ choices: [{ message: { role: "assistant", content: "ask jane@example.org" } }] }],
  });

  for (const mode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    for (const method of ["GET", "DELETE"]) {
      test(`is decided on at the headers under ${mode}: ${method}`, () => {
        const stage = readable();
        const proxy = new FakeProxy(stage.open, { request: mode });
        proxy.requestHeaders(asked(method, path, { "x-chancery-provider": "local" }), true);
        assert.ok(proxy.request.headersAnswered);
        assert.ok(proxy.request.headerEdits.remove.includes("x-chancery-provider"));
        assert.equal(proxy.request.header("content-type"), undefined);
        proxy.responseHeaders(json).responseBody(stored).event({ kind: "peer_ended" });
        assert.match(proxy.response.body.toString(), /ask \[EMAIL\]/);
        proxy.assertNothingOwed();
        const [decision, closing] = stage.records;
        assert.deepEqual([decision?.["action"], decision?.outcome], ["llm.read", "permit"]);
        assert.deepEqual([closing?.verdict, closing?.end], ["redact", "complete"]);
      });
    }
  }

  test("with a secret in it is not handed out", () => {
    const proxy = new FakeProxy(readable().open);
    proxy.requestHeaders(asked("GET", `${path}/messages?limit=2`), true);
    proxy.responseHeaders(json).responseBody(JSON.stringify({ data: [{ content: token }] }));
    assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "secret_detected"]);
  });

  test("is not read without a policy that permits reading", () => {
    const stage = setExchangeStage();
    const proxy = new FakeProxy(stage.open).requestHeaders(asked("GET", path), true);
    assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "no_permit"]);
    assert.equal(stage.records[0]?.["action"], "llm.read");
  });

  test("is not read by nobody", () => {
    const stage = setExchangeStage({ identity: undefined, snapshot: readable().deps.snapshot });
    const proxy = new FakeProxy(stage.open).requestHeaders(asked("GET", path), true);
    assert.equal(proxy.immediate?.status, 401);
  });

  test("is given new metadata, which is judged", () => {
    const stage = readable();
    const proxy = new FakeProxy(stage.open).requestHeaders(asked("POST", path));
    proxy.requestBody('{"metadata":{"owner":"jane@example.org"}}');
    assert.equal(proxy.request.body.toString(), '{"metadata":{"owner":"[EMAIL]"}}');
    assert.equal(stage.records[0]?.["action"], "llm.read");
  });

  test("is no way round the rules for generating", () => {
    const proxy = new FakeProxy(readable().open).requestHeaders(asked("POST", path));
    proxy.requestBody(JSON.stringify({ model: "preview", messages }));
    assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "unrecognised"]);
  });

  test("is not fetched with a body", () => {
    const proxy = new FakeProxy(readable().open).requestHeaders(asked("GET", path));
    assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "unrecognised"]);
  });
});

describe("a list of models", () => {
  test("whose query holds a value is not let pass as one", () => {
    for (const query of ["?q=jane@example.org", "?q=jane%40example.org", `?key=${token}`]) {
      const stage = setExchangeStage();
      const proxy = new FakeProxy(stage.open);
      proxy.requestHeaders(asked("GET", `/v1/models${query}`), true);
      assert.deepEqual([proxy.immediate?.status, codeOf(proxy)], [403, "unrecognised"], query);
    }
  });
});
