import assert from "node:assert/strict";
import { test } from "node:test";
import { withUpgrades } from "../support/bootstrap-edits.ts";
import { callOnce, sendRaw } from "../support/client-call.ts";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import { startGovernedEnvoy } from "../support/governed-envoy.ts";
import { callHttp2 } from "../support/http2-call.ts";
import { chat, codeOf, decisionOf, email } from "../support/planted.ts";

const websocket = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};
const connectText = "CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n";

test("answers that Envoy gives by itself pass the processor and are on record", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const { baseUrl } = stage.envoy;
  const reached = () => stage.cloud.requests.length + stage.local.requests.length;

  for (const [name, status, call] of [
    ["an escaped slash in the path", 400, { path: "/v1%2Fchat/completions", body: chat(email) }],
    ["an upgrade that no configuration allows", 403, { method: "GET", headers: websocket }],
  ] as const) {
    await t.test(`${name}: ${status}`, async () => {
      const answer = await callOnce(baseUrl, call);
      assert.equal(answer.status, status);
      const [decision, closing] = await stage.recordsOf(decisionOf(answer), 2);
      assert.deepEqual([decision?.outcome, decision?.reason], ["none", "local_reply"]);
      assert.equal(closing?.end, "complete");
      assert.equal(reached(), 0);
    });
  }

  await t.test("a request without a host: 400", async () => {
    const text = await sendRaw(baseUrl, "GET /v1/models HTTP/1.1\r\n\r\n");
    assert.match(text, /^HTTP\/1\.1 400 .*\r\nx-chancery-decision: /s);
    assert.equal(reached(), 0);
  });

  await t.test("CONNECT without a configuration for it: 403 or 404", async () => {
    const text = await sendRaw(baseUrl, connectText, { until: /\r\n\r\n/ });
    assert.match(text, /^HTTP\/1\.1 40[0-9] /);
    assert.equal(reached(), 0);
  });

  await t.test("a model list that no route claims: 503", async () => {
    const answer = await callOnce(baseUrl, { method: "GET", path: "/v1/models" });
    assert.equal(answer.status, 503);
    const [bypass] = await stage.recordsOf(decisionOf(answer), 1);
    assert.equal(bypass?.kind, "bypass");
  });

  await t.test("an upstream that is not there: 503, after the decision", async () => {
    await stage.local.stop();
    for (const stream of [false, true]) {
      const answer = await callOnce(baseUrl, { body: chat("Hi", { model: "fast", stream }) });
      assert.equal(answer.status, 503);
      const [decision, closing] = await stage.recordsOf(decisionOf(answer), 2);
      assert.equal(decision?.outcome, "permit");
      assert.equal(closing?.end, "complete");
    }
  });

  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});

test("traffic of another protocol reaches no upstream", async (t) => {
  for (const requestBodyMode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    const stage = await startGovernedEnvoy(t, {
      bootstrap: { requestBodyMode },
      edit: withUpgrades,
    });
    const { baseUrl } = stage.envoy;
    const reached = () => stage.cloud.requests.length + stage.local.requests.length;

    await t.test(`${requestBodyMode}: an upgrade is refused at its headers`, async () => {
      for (const path of ["/v1/chat/completions", "/v1/models", "/v1/realtime"]) {
        const answer = await callOnce(baseUrl, { method: "GET", path, headers: websocket });
        assert.equal(answer.status, 403);
        assert.equal(codeOf(answer), "unrecognised");
        const [decision] = await stage.recordsOf(decisionOf(answer), 1);
        assert.equal(decision?.reason, "upgrade_refused");
      }
      assert.equal(reached(), 0);
    });

    await t.test(`${requestBodyMode}: CONNECT is refused at its headers`, async () => {
      const text = await sendRaw(baseUrl, connectText, { until: /\}$/ });
      assert.match(text, /^HTTP\/1\.1 403 .*"unrecognised"/s);
      const http2 = await callHttp2(baseUrl, {
        headers: { ":method": "CONNECT", ":authority": "example.org:443" },
        body: "tunnel",
      });
      assert.equal(http2.status, 403);
      assert.equal(reached(), 0);
    });

    await t.test(`${requestBodyMode}: gRPC is refused, in its own terms`, async () => {
      for (const [path, type] of [
        ["/inference.GRPCInferenceService/ModelInfer", "application/grpc"],
        ["/v1/chat/completions", "application/grpc+proto"],
      ]) {
        const answer = await callHttp2(baseUrl, {
          headers: { ":method": "POST", ":path": path, "content-type": type, te: "trailers" },
          body: `\0\0\0\0\x05hello`,
        });
        assert.notEqual(answer.headers["grpc-status"], undefined);
        assert.notEqual(answer.headers["grpc-status"], "0");
      }
      assert.equal(reached(), 0);
    });

    await stage.quiet();
    await assertFilterStatistics(stage.envoy.adminUrl);
  }
});
