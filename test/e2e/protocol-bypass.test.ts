import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { modesHeader, withOverridesAllowed } from "../support/bootstrap-edits.ts";
import { callOnce, openCall } from "../support/client-call.ts";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import { startGovernedEnvoy } from "../support/governed-envoy.ts";
import {
  describeModes,
  governedModes,
  ModesCaller,
  startModesStage,
} from "../support/modes-stage.ts";
import {
  chat,
  contentOf,
  decisionOf,
  email,
  promptOf,
  streamedContentOf,
} from "../support/planted.ts";

const checksum = { "x-checksum": "abc" };
const nothing = Buffer.alloc(0);

test("traffic that is let pass unjudged passes byte by byte", async (t) => {
  const stage = await startModesStage(t, { config: ["content: { unrecognised: flag }"] });
  const { cloud } = stage;
  const packed = gzipSync(email);

  for (const modes of governedModes) {
    const caller = new ModesCaller(stage, modes);
    const path = "/v1/embeddings";

    await t.test(
      `${describeModes(modes)}: of an unknown format, marked and on record`,
      async () => {
        cloud.answerWith({ raw: ["one", email, "two"], trailers: checksum });
        for (const call of [
          { path, body: packed, headers: { "content-encoding": "gzip" } },
          { path, body: ["a", packed, "b"], trailers: checksum },
          { path, body: [] },
        ]) {
          const { answer, seen } = await caller.call(call);
          assert.deepEqual([answer.status, answer.text], [200, `one${email}two`]);
          assert.equal(answer.trailers["x-checksum"], "abc");
          assert.equal(answer.headers["x-chancery-warning"], "unrecognised");
          const sent = Buffer.concat([call.body].flat().map((piece) => Buffer.from(piece)));
          assert.deepEqual(seen[0]?.body, sent);
          const [bypass, ...others] = await stage.recordsOf(decisionOf(answer), 1);
          assert.deepEqual([bypass?.kind, others], ["bypass", []]);
        }
      },
    );

    await t.test(`${describeModes(modes)}: of a known format, unreadable`, async () => {
      cloud.answerWith({ raw: [email] });
      for (const call of [
        { body: `not JSON, ${email}` },
        { body: ["not JSON, ", email], trailers: checksum },
      ]) {
        const { answer, seen } = await caller.call(call);
        assert.deepEqual([answer.status, answer.text], [200, email], JSON.stringify(call));
        assert.deepEqual(seen[0]?.body, Buffer.from([call.body].flat().join("")));
      }
    });

    await t.test(`${describeModes(modes)}: of a known format, without a body`, async () => {
      cloud.answerWith({ raw: [email] });
      for (const call of [
        { headers: { "content-length": "0" } },
        { body: [] },
        { body: [], trailers: checksum },
      ]) {
        const { answer, seen } = await caller.call(call);
        // Passed or refused, but understood by Envoy either way.
        assert.equal(answer.status, seen.length === 0 ? 400 : 200, JSON.stringify(call));
      }
    });

    if (modes.request !== "FULL_DUPLEX_STREAMED") continue;
    await t.test(`${describeModes(modes)}: answered before the request has ended`, async () => {
      cloud.answerWith({ raw: [email], isEarly: true });
      const call = openCall(stage.envoy.baseUrl, { path, headers: modesHeader(modes) });
      call.write("the first half");
      await call.received(email.length);
      call.leave();
      const answer = await call.answer;
      assert.deepEqual([answer.status, answer.text], [200, email]);
      const [bypass] = await stage.recordsOf(decisionOf(answer), 1);
      assert.equal(bypass?.kind, "bypass");
      await stage.quiet();
    });
  }
  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});

for (const responseBodyMode of ["BUFFERED", "STREAMED"] as const) {
  test(`an Envoy that takes orders about modes gets none: ${responseBodyMode} answers`, async (t) => {
    const bootstrap = { requestBodyMode: "BUFFERED", responseBodyMode } as const;
    const stage = await startGovernedEnvoy(t, { bootstrap, edit: withOverridesAllowed });
    stage.cloud.answerWith({ text: `At ${email}.`, deltaChars: 3 });
    const json = await callOnce(stage.envoy.baseUrl, { body: chat(email) });
    assert.equal(contentOf(json), "At [EMAIL].");
    assert.equal(promptOf(stage.cloud.requests[0]?.body ?? nothing), "[EMAIL]");
    const stream = await callOnce(stage.envoy.baseUrl, { body: chat("Hi", { stream: true }) });
    assert.equal(streamedContentOf(stream), "At [EMAIL].");
    await stage.quiet();
    await assertFilterStatistics(stage.envoy.adminUrl);
  });
}
