import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import { startGovernedEnvoy } from "../support/governed-envoy.ts";
import { callHttp2 } from "../support/http2-call.ts";
import {
  describeModes,
  governedModes,
  ModesCaller,
  startModesStage,
} from "../support/modes-stage.ts";
import {
  chat,
  codeOf,
  contentOf,
  decisionOf,
  email,
  promptOf,
  streamedContentOf,
  token,
} from "../support/planted.ts";

const checksum = { "x-checksum": "abc" };
const nothing = Buffer.alloc(0);

test("trailers without a body in front of them", async (t) => {
  const stage = await startModesStage(t);
  for (const modes of governedModes) {
    const caller = new ModesCaller(stage, modes);

    await t.test(`${describeModes(modes)}: make no request`, async () => {
      const { answer, seen } = await caller.call({ body: [], trailers: checksum });
      assert.deepEqual(seen, []);
      assert.equal(answer.status, 400);
    });

    await t.test(`${describeModes(modes)}: make an answer that passes`, async () => {
      stage.cloud.answerWith({ raw: [], trailers: checksum });
      const { answer } = await caller.call({ body: chat("Hi") });
      assert.ok(answer.isComplete);
      assert.deepEqual([answer.status, answer.text], [200, ""]);
      assert.equal(answer.trailers["x-checksum"], "abc");
      const [, closing] = await stage.recordsOf(decisionOf(answer), 2);
      assert.equal(closing?.end, "complete");
    });
  }

  for (const request of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    const modes = { request, response: "FULL_DUPLEX_STREAMED", trailers: true } as const;
    const caller = new ModesCaller(stage, modes);

    await t.test(`${request}: a secret in front of them is refused`, async () => {
      const { answer, seen } = await caller.call({ body: [chat(token)], trailers: checksum });
      assert.deepEqual([answer.status, codeOf(answer)], [403, "secret_detected"]);
      assert.deepEqual(seen, []);
      stage.cloud.answerWith({ text: token, trailers: checksum });
      const json = await caller.call({ body: [chat("What?")], trailers: checksum });
      assert.deepEqual([json.answer.status, codeOf(json.answer)], [403, "secret_detected"]);
      const stream = await caller.call({ body: chat("What?", { stream: true }) });
      assert.ok(stream.answer.isComplete && !stream.answer.text.includes("ghp_"));
      assert.match(stream.answer.text, /"secret_detected"/);
    });
  }
  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});

test("the shipped configuration lets no request through that has trailers only", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const path = "/v1/chat/completions";
  const headers = { ":method": "POST", ":path": path, "content-type": "application/json" };
  const answer = await callHttp2(stage.envoy.baseUrl, { headers, trailers: checksum });
  assert.equal(answer.status, 400);
  assert.deepEqual([...stage.cloud.requests, ...stage.local.requests], []);
  const masked = await callHttp2(stage.envoy.baseUrl, {
    headers,
    body: chat(email),
    trailers: checksum,
  });
  assert.equal(masked.status, 200);
  assert.equal(promptOf(stage.cloud.requests[0]?.body ?? nothing), "[EMAIL]");
  await assertFilterStatistics(stage.envoy.adminUrl);
});

test("trailers that Envoy does not send to the processor", async (t) => {
  const stage = await startModesStage(t);

  for (const response of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
    const caller = new ModesCaller(stage, { request: "BUFFERED", response, trailers: false });

    await t.test(`leave a request and its ${response} answer masked and whole`, async () => {
      stage.cloud.answerWith({ text: `At ${email}.`, trailers: checksum });
      const { answer, seen } = await caller.call({ body: chat(email), trailers: checksum });
      assert.equal(contentOf(answer), "At [EMAIL].");
      assert.equal(answer.trailers["x-checksum"], "abc");
      assert.equal(promptOf(seen[0]?.body ?? nothing), "[EMAIL]");
      assert.equal(seen[0]?.trailers["x-checksum"], "abc");
      const [, closing] = await stage.recordsOf(decisionOf(answer), 2);
      assert.equal(closing?.end, "complete");
    });
  }

  await t.test("hide a request without a body, whose answer is masked all the same", async () => {
    const modes = { request: "BUFFERED", response: "BUFFERED", trailers: false } as const;
    stage.cloud.answerWith({ raw: [JSON.stringify({ error: { message: `No ${email}.` } })] });
    const { answer } = await new ModesCaller(stage, modes).call({ body: [], trailers: checksum });
    assert.equal(JSON.parse(answer.text).error.message, "No [EMAIL].");
    const [decision] = await stage.recordsOf(decisionOf(answer), 2);
    assert.equal(decision?.outcome, "none");
  });

  await t.test("let no byte of a STREAMED answer pass that was not judged", async () => {
    const modes = { request: "BUFFERED", response: "STREAMED", trailers: false } as const;
    const caller = new ModesCaller(stage, modes);
    stage.cloud.answerWith({ text: `At ${email}.`, trailers: checksum });
    const json = await caller.call({ body: chat("Where?") });
    assert.equal(json.answer.text, "");
    const stream = await caller.call({ body: chat("Where?", { stream: true }) });
    assert.equal(streamedContentOf(stream.answer), "At [EMAIL].");
  });

  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});
