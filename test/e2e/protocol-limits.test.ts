import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { callOnce, sendRaw } from "../support/client-call.ts";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import { eventually, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { ModesCaller, startModesStage } from "../support/modes-stage.ts";
import {
  chat,
  codeOf,
  decisionOf,
  email,
  promptOf,
  streamedContentOf,
} from "../support/planted.ts";

const mebibyte = 1024 * 1024;
const nothing = Buffer.alloc(0);

/** A chat request of about so many bytes, personal data at its end. */
const large = (bytes: number) => chat(`${"x ".repeat(bytes / 2)}${email}`);

test("bodies at and beyond the limits", async (t) => {
  const stage = await startModesStage(t);
  const { cloud } = stage;
  const modes = { request: "BUFFERED", response: "FULL_DUPLEX_STREAMED", trailers: true } as const;
  const buffered = new ModesCaller(stage, modes);
  const duplex = new ModesCaller(stage, { ...modes, request: "FULL_DUPLEX_STREAMED" });
  const whole = new ModesCaller(stage, { ...modes, response: "BUFFERED" });
  const streamed = new ModesCaller(stage, { ...modes, response: "STREAMED" });
  let failed = 0;

  for (const caller of [buffered, duplex]) {
    const { request } = caller.modes;

    await t.test(`a ${request} request of 7 MiB is masked`, async () => {
      cloud.answerWith({ text: "Hello." });
      const { answer, seen } = await caller.call({ body: large(7 * mebibyte) });
      assert.equal(answer.status, 200);
      assert.match(promptOf(seen[0]?.body ?? nothing), /x \[EMAIL\]$/);
    });

    await t.test(`a ${request} request above our limit is refused as too large`, async () => {
      const { answer, seen } = await caller.call({ body: large(9 * mebibyte) });
      assert.equal(answer.status, 413);
      assert.equal(codeOf(answer), "too_large");
      assert.deepEqual(seen, []);
      const [decision] = await stage.recordsOf(decisionOf(answer), 1);
      assert.equal(decision?.reason, "body_too_large");
    });
  }

  await t.test("a request in one message above our limit is refused unread", async () => {
    const { answer, seen } = await buffered.call({ body: large(11 * mebibyte) });
    assert.equal(answer.status, 413);
    assert.equal(codeOf(answer), "too_large");
    assert.deepEqual(seen, []);
    const [decision] = await stage.recordsOf(decisionOf(answer), 1);
    assert.equal(decision?.reason, "message_too_large");
  });

  await t.test("a request above Envoy's own limit is refused, and that is on record", async () => {
    const { answer, seen } = await buffered.call({ body: large(17 * mebibyte) });
    assert.equal(answer.status, 413);
    assert.deepEqual(seen, []);
    const [decision, closing] = await stage.recordsOf(decisionOf(answer), 2);
    assert.deepEqual([decision?.outcome, decision?.reason], ["none", "local_reply"]);
    assert.equal(closing?.end, "complete");
  });

  for (const caller of [buffered, whole, streamed]) {
    await t.test(
      `of a ${caller.modes.response} answer above our limit nothing passes`,
      async () => {
        cloud.answerWith({ text: `${"x ".repeat(4.5 * mebibyte)}${email}` });
        const { answer } = await caller.call({ body: chat("Long?") });
        if (caller === streamed) failed += 1;
        assert.ok(!answer.text.includes("x x x"));
        assert.ok(!answer.isComplete || (answer.status ?? 0) >= 400);
      },
    );
  }

  await t.test("of a BUFFERED answer above Envoy's limit nothing passes", async () => {
    cloud.answerWith({ text: "x ".repeat(9 * mebibyte) });
    const { answer } = await whole.call({ body: chat("Long?") });
    assert.equal(answer.status, 500);
    assert.ok(!answer.text.includes("x x x"));
  });

  await t.test("a stream may be longer than any body, since little of it is held", async () => {
    const text = `At ${email}. `.repeat(mebibyte / 2);
    cloud.answerWith({ text, deltaChars: 64 * 1024 });
    const { answer } = await buffered.call({ body: chat("Long?", { stream: true }) });
    assert.ok(text.length > 8 * mebibyte);
    assert.equal(streamedContentOf(answer), text.replaceAll(email, "[EMAIL]"));
  });

  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl, { streams_failed: failed });
});

test("bodies that could be read in two ways", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const { baseUrl } = stage.envoy;
  const reached = () => stage.cloud.requests.length + stage.local.requests.length;
  const body = chat(email);

  for (const [name, call] of Object.entries({
    "the same key twice": { body: body.replace("{", '{"model":"fast",') },
    "the messages twice": { body: body.replace("{", '{"messages":[],') },
    "something behind the JSON": { body: `${body} {"model":"fast"}` },
    "half of UTF-16": { body: Buffer.from(body, "utf16le").subarray(0, -1) },
    "bytes that are no UTF-8": { body: Buffer.from(body.replace("jane", "j\u00e4ne"), "latin1") },
    "an unknown coding": { body, headers: { "content-encoding": "compress" } },
    "a coding that it does not have": { body, headers: { "content-encoding": "gzip" } },
    "half of a coding": {
      body: gzipSync(body).subarray(0, 30),
      headers: { "content-encoding": "gzip" },
    },
    "three codings": { body, headers: { "content-encoding": "gzip, br, gzip" } },
    "a bomb": { body: gzipSync(large(7 * mebibyte)), headers: { "content-encoding": "gzip" } },
  })) {
    await t.test(`${name}: refused`, async () => {
      const answer = await callOnce(baseUrl, call);
      assert.equal(answer.status, 400);
      assert.equal(codeOf(answer), "unreadable");
      const [decision] = await stage.recordsOf(decisionOf(answer), 1);
      assert.equal(decision?.end, "refused");
      assert.equal(reached(), 0);
    });
  }

  await t.test("a byte order mark hides nothing", async () => {
    const before = reached();
    await callOnce(baseUrl, { body: `\uFEFF${body}` });
    for (const { body: seen } of stage.cloud.requests.slice(before)) {
      assert.ok(!seen.includes("jane"));
    }
  });

  await t.test("two codings, in one header or two, are both undone", async () => {
    const packed = brotliCompressSync(gzipSync(body));
    for (const coding of [["gzip, br"], ["gzip", "br"]]) {
      const before = stage.cloud.requests.length;
      const headers = { "content-encoding": coding };
      const answer = await callOnce(baseUrl, { headers, body: packed });
      assert.equal(answer.status, 200);
      assert.equal(promptOf(stage.cloud.requests[before]?.body ?? nothing), "[EMAIL]");
    }
  });

  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});

test("lengths that are not those of the body", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const { baseUrl } = stage.envoy;
  const reached = () => stage.cloud.requests.length + stage.local.requests.length;
  const body = chat(email);
  const head =
    "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";

  await t.test("more than was sent: nothing reaches an upstream", async () => {
    const text = await sendRaw(
      baseUrl,
      `${head}content-length: ${body.length + 1}\r\n\r\n${body}`,
      { leaves: true },
    );
    assert.ok(!text.startsWith("HTTP/1.1 200"));
    assert.equal(reached(), 0);
    const [record] = await eventually(async () => {
      const records = await stage.records();
      return records.length > 0 ? records : undefined;
    });
    assert.deepEqual([record?.outcome, record?.end], ["none", "peer_reset"]);
  });

  await t.test("less than was sent: what is cut off is refused, the rest no request", async () => {
    const text = await sendRaw(baseUrl, `${head}content-length: ${body.length - 1}\r\n\r\n${body}`);
    assert.match(text, /^HTTP\/1\.1 400 /);
    assert.equal(reached(), 0);
  });

  await t.test(
    "two, a list, a sign, an exponent, or chunks beside it: nothing passes",
    async () => {
      const lengths = [
        `content-length: ${body.length}\r\ncontent-length: 5`,
        `content-length: ${body.length}, 5`,
        "content-length: -1",
        "content-length: 1e2",
        "content-length: 5\r\ntransfer-encoding: chunked",
      ];
      const chunks = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      const texts = await Promise.all(
        lengths.map((length, index) =>
          sendRaw(baseUrl, `${head}${length}\r\n\r\n${index === 4 ? chunks : body}`),
        ),
      );
      // Envoy has closed the connection by the time its answer was seen by the processor.
      for (const text of texts) assert.ok(text === "" || text.startsWith("HTTP/1.1 400 "), text);
      assert.equal(reached(), 0);
    },
  );

  await t.test("an answer shorter than its length reaches no client as if whole", async () => {
    stage.cloud.answerWith({
      raw: [`{"said":"${email}"}`, ""],
      headers: { "content-length": "500" },
      cutAfterPieces: 1,
    });
    const answer = await callOnce(baseUrl, { body });
    assert.ok(!answer.text.includes("jane"));
    assert.ok(!answer.isComplete || (answer.status ?? 0) >= 500);
  });

  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});
