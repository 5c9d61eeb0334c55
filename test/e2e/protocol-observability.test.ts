import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { both, withDefaultRoute, withSoonDeferredClose } from "../support/bootstrap-edits.ts";
import { callOnce, openCall } from "../support/client-call.ts";
import { assertFilterStatistics, readFilterStatistics } from "../support/filter-statistics.ts";
import { eventually, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { chat, contentOf, email, promptOf, streamedContentOf, token } from "../support/planted.ts";

test("an Envoy that only observes changes nothing, and everything is on record", async (t) => {
  const stage = await startGovernedEnvoy(t, {
    bootstrap: { observabilityMode: true, http1Trailers: true },
    edit: both(withDefaultRoute, withSoonDeferredClose),
  });
  const { cloud, envoy } = stage;
  /** The records written since, once there are so many and the last ends an exchange. */
  const since = (before: number, count: number) =>
    eventually(async () => {
      const records = (await stage.records()).slice(before);
      return records.length >= count ? records : undefined;
    });

  await t.test("a JSON exchange passes as it is, judged", async () => {
    cloud.answerWith({ text: `She is ${email}.` });
    const answer = await callOnce(envoy.baseUrl, { body: chat(`Who is ${email}?`) });
    assert.equal(contentOf(answer), `She is ${email}.`);
    assert.equal(answer.headers["x-chancery-decision"], undefined);
    assert.equal(promptOf(cloud.requests[0]?.body ?? Buffer.alloc(0)), `Who is ${email}?`);
    const [decision, closing] = await since(0, 2);
    assert.deepEqual([decision?.["mode"], decision?.verdict], ["observe", "redact"]);
    assert.deepEqual([closing?.verdict, closing?.end], ["redact", "complete"]);
  });

  await t.test("a stream passes as it is, judged", async () => {
    const before = (await stage.records()).length;
    cloud.answerWith({ text: `She is ${email}.`, deltaChars: 3 });
    const answer = await callOnce(envoy.baseUrl, { body: chat("Who?", { stream: true }) });
    assert.equal(streamedContentOf(answer), `She is ${email}.`);
    const [, closing] = await since(before, 2);
    assert.deepEqual([closing?.verdict, closing?.end], ["redact", "complete"]);
  });

  await t.test("what would be refused passes, and the record says it would be", async () => {
    const before = (await stage.records()).length;
    cloud.answerWith({ text: "Thanks." });
    const answer = await callOnce(envoy.baseUrl, { body: chat(token) });
    assert.equal(contentOf(answer), "Thanks.");
    const [decision] = await since(before, 1);
    assert.deepEqual([decision?.["mode"], decision?.outcome], ["observe", "deny"]);
    await stage.quiet();
  });

  await t.test("traffic that is not known, packed, or in pieces passes as it is", async () => {
    cloud.answerWith({ text: "Hello." });
    const packed = gzipSync(chat(email));
    await callOnce(envoy.baseUrl, { body: packed, headers: { "content-encoding": "gzip" } });
    assert.deepEqual(cloud.requests.at(-1)?.body, packed);
    assert.equal(cloud.requests.at(-1)?.headers["content-encoding"], "gzip");
    await callOnce(envoy.baseUrl, { path: "/v1/embeddings", body: email });
    assert.equal(cloud.requests.at(-1)?.body.toString(), email);
    const pieces = [...chat(email)];
    const answer = await callOnce(envoy.baseUrl, { body: pieces, trailers: { "x-sum": "1" } });
    assert.equal(contentOf(answer), "Hello.");
    assert.equal(promptOf(cloud.requests.at(-1)?.body ?? Buffer.alloc(0)), email);
  });

  await t.test("a client that goes away leaves nothing open", async () => {
    const call = openCall(envoy.baseUrl);
    call.write(chat(email).slice(0, -1));
    await eventually(async () => {
      const started = (await readFilterStatistics(envoy.adminUrl)).get("streams_started") ?? 0;
      return started >= 7 || undefined;
    });
    call.leave();
    await stage.quiet();
  });

  await stage.quiet();
  const exchanges = new Set((await stage.records()).map((record) => record["exchange"]));
  const started = (await readFilterStatistics(envoy.adminUrl)).get("streams_started");
  assert.equal(exchanges.size, started);
  await assertFilterStatistics(envoy.adminUrl);
});
