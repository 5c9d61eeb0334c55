import assert from "node:assert/strict";
import { test } from "node:test";
import {
  setExchangeStage,
  stagePolicies,
  type WrittenRecord,
} from "../../test/support/exchange-stage.ts";
import { FakeProxy } from "../../test/support/fake-proxy.ts";
import { governedStage, policyOf } from "../../test/support/governed-exchange.ts";
import { loadSnapshot } from "../policy/index.ts";

const post = { ":method": "POST", ":path": "/v1/chat/completions", ":authority": "llm" };
const body = JSON.stringify({
  model: "large",
  messages: [{ role: "user", content: "jane@x.org" }],
});

/** The stage's policies with every rule held to what is sent. */
function requestRules() {
  return stagePolicies.map((file) => ({
    ...file,
    text: file.text
      .replaceAll("anyOf: [secret]", "anyOf: [secret], in: [prompt]")
      .replaceAll("anyOf: [financial.iban]", "anyOf: [financial.iban], in: [prompt]")
      .replaceAll("[request, response, log]", "[request, log]"),
  }));
}

function requestRulesOnly() {
  const { snapshot } = loadSnapshot(requestRules(), { engineVersion: "0.0.0" });
  assert.ok(snapshot !== undefined);
  return () => snapshot;
}

function ends(records: readonly WrittenRecord[]) {
  return records.map(({ kind, verdict, end }) => ({ kind, verdict, end }));
}

test("where the proxy keeps answers, a request whose answer a rule would judge is refused", () => {
  const stage = setExchangeStage();
  const proxy = new FakeProxy(stage.open, { response: "NONE" });
  proxy.requestHeaders(post).requestBody(body);
  assert.equal(proxy.immediate?.status, 503);
  assert.deepEqual(stage.faults, ["answer_not_sent"]);
  assert.deepEqual(ends(stage.records), [{ kind: "decision", verdict: "none", end: "refused" }]);
});

test("where the proxy keeps answers, one that no rule judges passes with its decision's id", () => {
  const stage = setExchangeStage({ snapshot: requestRulesOnly() });
  const proxy = new FakeProxy(stage.open, { response: "NONE" });
  proxy.requestHeaders(post).requestBody(body);
  assert.ok(proxy.request.body.includes("[EMAIL]"));
  proxy.responseHeaders({ ":status": "200", "content-type": "text/event-stream" });
  proxy.assertNothingOwed();
  assert.equal(proxy.response.header("x-chancery-decision")?.length, 36);
  assert.equal(proxy.session.isSettled, true);
  proxy.event({ kind: "peer_ended" });
  assert.deepEqual(ends(stage.records), [
    { kind: "decision", verdict: "redact", end: undefined },
    { kind: "closing", verdict: "redact", end: "complete" },
  ]);
});

test("where the proxy keeps answers, tools that policies govern are not offered to a model", () => {
  const tools = [{ type: "function", function: { name: "shell" } }];
  for (const [offered, permitted, status] of [
    [tools, true, 503],
    // What nobody permits is taken out, and then nothing can be called.
    [tools, false, undefined],
    [[], true, undefined],
  ] as const) {
    const effect = permitted ? "allow" : "deny";
    const rule = `{ id: tool, effect: ${effect}, actions: [tool.list, tool.call] }`;
    const files = requestRules().map((file) =>
      file.namespace === "platform"
        ? { ...file, text: `${file.text}---\n${policyOf(rule)}` }
        : file,
    );
    const stage = governedStage(files);
    const proxy = new FakeProxy(stage.open, { response: "NONE" });
    proxy.requestHeaders(post);
    proxy.requestBody(JSON.stringify({ model: "large", messages: [], tools: offered }));
    assert.equal(proxy.immediate?.status, status);
    assert.deepEqual(stage.faults, status === undefined ? [] : ["answer_not_sent"]);
  }
});
