import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import {
  describeModes,
  governedModes,
  ModesCaller,
  refusedModes,
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

test("body modes that cannot be enforced end in an error, and nothing passes", async (t) => {
  const stage = await startModesStage(t);
  stage.cloud.answerWith({ text: `She is ${email}.` });
  assert.equal(refusedModes.length, 19);
  const calls = [
    { body: chat(`I am ${email}`) },
    { body: [chat(`I am ${email}`, { stream: true })], trailers: { "x-sum": "1" } },
    { method: "GET", path: "/v1/models" },
  ];
  for (const modes of refusedModes) {
    await t.test(describeModes(modes), async () => {
      const caller = new ModesCaller(stage, modes);
      for (const call of calls) {
        const { answer, seen } = await caller.call(call);
        assert.equal(answer.status, 503);
        assert.equal(answer.text, "");
        assert.deepEqual(seen, []);
      }
    });
  }
  await stage.quiet();
  const failed = refusedModes.length * calls.length;
  await assertFilterStatistics(stage.envoy.adminUrl, { streams_failed: failed });
});

test("requests and answers are governed in each body mode that can be", async (t) => {
  const stage = await startModesStage(t);
  let cutByError = 0;
  for (const modes of governedModes) {
    const caller = new ModesCaller(stage, modes);
    const isStreamed = modes.response === "STREAMED";

    await t.test(`${describeModes(modes)}: a JSON answer is masked like its request`, async () => {
      stage.cloud.answerWith({ text: `She is ${email}.` });
      const { answer, seen } = await caller.call({ body: chat(`Who is ${email}?`) });
      assert.equal(answer.status, 200);
      assert.equal(contentOf(answer), "She is [EMAIL].");
      assert.equal(seen.length, 1);
      assert.equal(promptOf(seen[0]?.body ?? Buffer.alloc(0)), "Who is [EMAIL]?");
      const [decision, closing] = await stage.recordsOf(decisionOf(answer), 2);
      assert.deepEqual([decision?.verdict, closing?.verdict], ["redact", "redact"]);
      assert.equal(closing?.end, "complete");
    });

    await t.test(`${describeModes(modes)}: a value split over many events is masked`, async () => {
      stage.cloud.answerWith({ text: `You reach her at ${email} or not.`, deltaChars: 3 });
      const { answer } = await caller.call({ body: chat("How?", { stream: true }) });
      assert.equal(streamedContentOf(answer), "You reach her at [EMAIL] or not.");
      const [, closing] = await stage.recordsOf(decisionOf(answer), 2);
      assert.equal(closing?.end, "complete");
    });

    await t.test(
      `${describeModes(modes)}: a secret is refused and reaches no upstream`,
      async () => {
        const { answer, seen } = await caller.call({ body: chat(`Use ${token}`) });
        assert.equal(answer.status, 403);
        assert.equal(codeOf(answer), "secret_detected");
        assert.deepEqual(seen, []);
        const [decision, ...others] = await stage.recordsOf(decisionOf(answer), 1);
        assert.equal(decision?.end, "refused");
        assert.deepEqual(others, []);
      },
    );

    await t.test(`${describeModes(modes)}: an answer with a secret reaches no client`, async () => {
      stage.cloud.answerWith({ text: `It is ${token}.` });
      const { answer } = await caller.call({ body: chat("What is it?") });
      assert.ok(!answer.text.includes("ghp_"));
      if (isStreamed) {
        // Its headers have left, so there is no place for another answer.
        assert.ok(!answer.isComplete || answer.status === 503);
        cutByError += 1;
      } else {
        assert.equal(answer.status, 403);
        assert.equal(codeOf(answer), "secret_detected");
        const [, closing] = await stage.recordsOf(decisionOf(answer), 2);
        assert.equal(closing?.outcome, "deny");
      }
    });

    await t.test(`${describeModes(modes)}: a stream ends before the secret in it`, async () => {
      stage.cloud.answerWith({ text: `It is ${token} I think.`, deltaChars: 4 });
      const { answer } = await caller.call({ body: chat("What is it?", { stream: true }) });
      assert.ok(!answer.text.includes("ghp_"));
      assert.ok(answer.isComplete);
      assert.match(answer.text, /"code":"secret_detected"/);
      if (modes.response === "BUFFERED") assert.equal(answer.status, 403);
      else assert.match(answer.text, /data: \[DONE\]\n\n$/);
      const [, closing] = await stage.recordsOf(decisionOf(answer), 2);
      assert.equal(closing?.outcome, "deny");
      assert.equal(closing?.end, modes.response === "BUFFERED" ? "refused" : "cut");
    });

    await t.test(`${describeModes(modes)}: a list of models passes, with a record`, async () => {
      stage.cloud.answerWith({});
      const { answer, seen } = await caller.call({ method: "GET", path: "/v1/models" });
      assert.equal(answer.status, 200);
      assert.equal(JSON.parse(answer.text).data[0].id, "stub-small");
      assert.equal(seen[0]?.path, "/v1/models");
      const [bypass, ...others] = await stage.recordsOf(decisionOf(answer), 1);
      assert.equal(bypass?.kind, "bypass");
      assert.deepEqual(others, []);
    });

    await t.test(
      `${describeModes(modes)}: what is not known is refused by its headers`,
      async () => {
        const { answer, seen } = await caller.call({ path: "/v1/embeddings", body: chat(email) });
        assert.equal(answer.status, 403);
        assert.equal(codeOf(answer), "unrecognised");
        assert.deepEqual(seen, []);
      },
    );
  }
  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl, { streams_failed: cutByError });
});
