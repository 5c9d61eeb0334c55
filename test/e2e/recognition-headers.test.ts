import assert from "node:assert/strict";
import { test } from "node:test";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import {
  describeModes,
  governedModes,
  ModesCaller,
  startModesStage,
} from "../support/modes-stage.ts";
import { chat, codeOf, contentOf, email, streamedContentOf, token } from "../support/planted.ts";

test("values outside of bodies are judged like those inside", async (t) => {
  const stage = await startModesStage(t);
  const { cloud } = stage;
  const detail = { "x-error-detail": `no ${email}`, "x-plain": "plain words" };

  for (const modes of governedModes) {
    const caller = new ModesCaller(stage, modes);
    const under = describeModes(modes);

    await t.test(`${under}: headers of a request`, async () => {
      cloud.answerWith({ text: "Hello." });
      const headers = { "x-user": [email, "nobody"], "user-agent": `bot (${email})` };
      const { answer, seen } = await caller.call({ headers, body: chat("Hi") });
      assert.equal(contentOf(answer), "Hello.");
      assert.equal(seen[0]?.headers["x-user"], "[EMAIL], nobody");
      assert.equal(seen[0]?.headers["user-agent"], "bot ([EMAIL])");
      const secret = await caller.call({ headers: { "x-note": token }, body: chat("Hi") });
      assert.deepEqual([secret.answer.status, secret.seen.length], [403, 0]);
      const own = { authorization: `Bearer ${token}`, cookie: `id=${token}` };
      const credentials = await caller.call({ headers: own, body: chat("Hi") });
      assert.equal(credentials.seen[0]?.headers.authorization, own.authorization);
    });

    await t.test(`${under}: path and query of a request`, async () => {
      const path = `/v1/chat/completions?user=${encodeURIComponent(email)}`;
      const { answer, seen } = await caller.call({ path, body: chat("Hi") });
      assert.deepEqual([answer.status, codeOf(answer)], [403, "obligation_conflict"]);
      assert.equal(seen.length, 0);
    });

    await t.test(`${under}: trailers of a request`, async () => {
      cloud.answerWith({ text: "Hello." });
      for (const value of [email, token]) {
        const { answer, seen } = await caller.call({
          body: [chat("Hi")],
          trailers: { "x-note": value },
        });
        assert.equal(answer.status, 403);
        assert.ok(seen.every(({ isComplete }) => !isComplete));
      }
    });

    await t.test(`${under}: headers of an answer, whole, in error or streamed`, async () => {
      for (const script of [
        { text: "Hello." },
        { status: 400 },
        { status: 500, raw: ['{"error":"oops"}'] },
      ]) {
        cloud.answerWith({ ...script, headers: detail });
        const { answer } = await caller.call({ body: chat("Hi") });
        assert.equal(answer.status, "status" in script ? script.status : 200);
        assert.equal(answer.headers["x-error-detail"], "no [EMAIL]");
        assert.equal(answer.headers["x-plain"], "plain words");
      }
      cloud.answerWith({ text: "Hello.", headers: detail });
      const { answer } = await caller.call({ body: chat("Hi", { stream: true }) });
      assert.equal(streamedContentOf(answer), "Hello.");
      assert.equal(answer.headers["x-error-detail"], "no [EMAIL]");
    });

    await t.test(`${under}: error bodies of the upstream or of a proxy before it`, async () => {
      const bodies = [
        ["application/json", `{"error":{"message":"invalid: ${email}"}}`],
        ["application/problem+json", `{"detail":"${email}"}`],
        ["text/plain", `upstream said: ${email}`],
        ["text/html; charset=utf-8", `<html><body><h1>502</h1>${email}</body></html>`],
      ] as const;
      for (const [type, body] of bodies) {
        cloud.answerWith({ status: 502, raw: [body], headers: { "content-type": type } });
        const { answer } = await caller.call({ body: chat("Hi", { stream: true }) });
        assert.equal(answer.status, 502, type);
        assert.equal(answer.text, body.replace(email, "[EMAIL]"));
      }
    });

    await t.test(`${under}: a secret in a header of an answer`, async () => {
      for (const stream of [false, true]) {
        cloud.answerWith({ text: "Hello.", headers: { location: `/x?t=${token}` } });
        const { answer } = await caller.call({ body: chat("Hi", { stream }) });
        assert.deepEqual([answer.status, codeOf(answer)], [403, "secret_detected"]);
        assert.equal(answer.headers.location, undefined);
      }
    });

    await t.test(`${under}: trailers of an answer`, async () => {
      for (const stream of [false, true]) {
        cloud.answerWith({ text: "Hello.", trailers: { "x-sum": `for ${email}` } });
        const { answer } = await caller.call({ body: chat("Hi", { stream }) });
        // Under STREAMED, trailers behind text that is held end the exchange.
        const isRefused = answer.status !== 200 || !answer.isComplete;
        assert.ok(!isRefused || modes.response === "STREAMED");
        assert.equal(answer.trailers["x-sum"], isRefused ? undefined : "for [EMAIL]");
        cloud.answerWith({ text: "Hello.", trailers: { "x-sum": token } });
        const secret = await caller.call({ body: chat("Hi", { stream }) });
        assert.equal(secret.answer.trailers["x-sum"], undefined);
      }
    });
  }
  await stage.quiet();
  for (const name of ["spurious_msgs_received", "rejected_header_mutations"]) {
    assert.equal(await stage.statistic(`ext_proc.${name}`), 0, name);
  }
});

test("a plain exchange meets no filter error with headers that need no edit", async (t) => {
  const stage = await startModesStage(t);
  const [modes] = governedModes;
  assert.ok(modes !== undefined);
  stage.cloud.answerWith({ text: "Hello.", headers: { "x-request-id": "0af7651916cd43dd" } });
  const { answer } = await new ModesCaller(stage, modes).call({ body: chat("Hi") });
  assert.equal(answer.headers["x-request-id"], "0af7651916cd43dd");
  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});
