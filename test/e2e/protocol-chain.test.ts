import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { withSecondProcessor } from "../support/bootstrap-edits.ts";
import { callOnce } from "../support/client-call.ts";
import { makeDirectory, readRecords } from "../support/envoy-stage.ts";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import {
  eventually,
  startGovernedEnvoy,
  startStageServer,
  untilQuiet,
} from "../support/governed-envoy.ts";
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

for (const requestBodyMode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
  test(`two processors in one chain, requests ${requestBodyMode}`, async (t) => {
    const directory = await makeDirectory(t);
    const socket = join(directory, "second.sock");
    const second = await startStageServer(directory, socket, []);
    t.after(() => second.stop(AbortSignal.abort()));
    const stage = await startGovernedEnvoy(t, {
      bootstrap: { requestBodyMode, http1Trailers: true },
      edit: withSecondProcessor(socket),
    });
    const { cloud, local, envoy } = stage;
    const secondRecords = () => readRecords(join(directory, "state"));
    /** What the second wrote since, once it has written so many. */
    const secondSince = (before: number, count: number) =>
      eventually(async () => {
        const since = (await secondRecords()).slice(before);
        return since.length >= count ? since : undefined;
      });

    await t.test("both judge an exchange, and both have it on record", async () => {
      cloud.answerWith({ text: `She is ${email}.` });
      const answer = await callOnce(envoy.baseUrl, { body: chat(`Who is ${email}?`) });
      assert.equal(contentOf(answer), "She is [EMAIL].");
      assert.equal(promptOf(cloud.requests[0]?.body ?? Buffer.alloc(0)), "Who is [EMAIL]?");
      const [first, firstEnd] = await stage.recordsOf(decisionOf(answer), 2);
      assert.deepEqual([first?.verdict, firstEnd?.end], ["redact", "complete"]);
      const [other, otherEnd] = await secondSince(0, 2);
      assert.deepEqual([other?.outcome, otherEnd?.verdict], ["permit", "redact"]);
      assert.notEqual(other?.["exchange"], first?.["exchange"]);
    });

    await t.test("a route that the first chose stays chosen by the second", async () => {
      local.answerWith({ text: "Locally." });
      const answer = await callOnce(envoy.baseUrl, { body: chat("Hi", { model: "fast" }) });
      assert.equal(contentOf(answer), "Locally.");
      assert.equal(JSON.parse(local.requests[0]?.body.toString() ?? "").model, "small");
    });

    await t.test("a stream is masked event by event, with its trailers", async () => {
      cloud.answerWith({ text: `At ${email}.`, deltaChars: 3, trailers: { "x-checksum": "abc" } });
      const answer = await callOnce(envoy.baseUrl, { body: chat("Where?", { stream: true }) });
      assert.equal(streamedContentOf(answer), "At [EMAIL].");
      assert.equal(answer.trailers["x-checksum"], "abc");
    });

    await t.test("what the first refuses is to the second an answer of Envoy's own", async () => {
      const [before, outer] = [(await secondRecords()).length, (await stage.records()).length];
      const answer = await callOnce(envoy.baseUrl, { body: chat(token) });
      assert.equal(codeOf(answer), "secret_detected");
      const [local, end] = await secondSince(before, 2);
      assert.deepEqual(
        [local?.outcome, local?.reason, end?.end],
        ["none", "local_reply", "complete"],
      );
      const [decision] = (await stage.records()).slice(outer);
      assert.deepEqual([decision?.outcome, decision?.end], ["deny", "refused"]);
      assert.match(answer.text, new RegExp(`\\(decision ${decision?.["exchange"]}\\)`));
    });

    await t.test("what the second refuses of an answer reaches no client", async () => {
      cloud.answerWith({ text: token, deltaChars: 5 });
      for (const stream of [false, true]) {
        const [before, outer] = [(await secondRecords()).length, (await stage.records()).length];
        const answer = await callOnce(envoy.baseUrl, { body: chat("What?", { stream }) });
        assert.ok(answer.isComplete && !answer.text.includes("ghp_"));
        assert.match(answer.text, /"secret_detected"/);
        assert.equal(answer.status, stream ? 200 : 403);
        const [, closing] = await secondSince(before, 2);
        assert.equal(closing?.outcome, "deny");
        await stage.quiet();
        const [, outerEnd] = (await stage.records()).slice(outer);
        // Envoy does not show an answer of the inner filter's own to the outer one.
        assert.equal(outerEnd?.end, stream ? "complete" : "peer_reset");
      }
    });

    await t.test("bodies of 5 MB pass both whole", async () => {
      const text = `${"x ".repeat(2_500_000)}${email}`;
      cloud.answerWith({ text });
      const answer = await callOnce(envoy.baseUrl, { body: chat(text) });
      const masked = text.replace(email, "[EMAIL]");
      assert.ok(contentOf(answer) === masked);
      assert.ok(promptOf(cloud.requests.at(-1)?.body ?? Buffer.alloc(0)) === masked);
    });

    await stage.quiet();
    await untilQuiet(second.adminAddress);
    await assertFilterStatistics(envoy.adminUrl);
    await assertFilterStatistics(envoy.adminUrl, {}, "http.llm.ext_proc.second.");
  });
}
