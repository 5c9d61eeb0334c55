import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import { openaiChat } from "../support/model-replies.ts";
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
import type { SeenRequest } from "../support/upstream.ts";

const codings = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync } as const;
const codingNames = Object.keys(codings) as (keyof typeof codings)[];

/** Characters of one to four bytes around a value that is masked. */
const wide = { said: `Größe 😀 ${email} ✓`, passed: "Größe 😀 [EMAIL] ✓" };

function reply(text: string) {
  const common = { model: "large", toolCalls: [], inputTokens: 1, includeUsage: false };
  return { ...common, text, deltaChars: 7 };
}

function bytesOf(text: string): readonly Buffer[] {
  return [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
}

function only(seen: readonly SeenRequest[]): SeenRequest {
  const [first, ...others] = seen;
  assert.ok(first !== undefined && others.length === 0, `${seen.length} requests upstream`);
  return first;
}

/** What says where a body ends must be there once, and true. */
function assertFramed(request: SeenRequest): void {
  const { headers, body } = request;
  assert.ok(request.isComplete);
  if (headers["transfer-encoding"] === undefined) {
    assert.equal(headers["content-length"], String(body.length));
  } else {
    assert.equal(headers["content-length"], undefined);
  }
}

for (const modes of governedModes) {
  const isDuplexRequest = modes.request === "FULL_DUPLEX_STREAMED";
  const isStreamedAnswer = modes.response === "STREAMED";

  test(`${describeModes(modes)}: bodies of every kind`, async (t) => {
    const stage = await startModesStage(t);
    const caller = new ModesCaller(stage, modes);
    let failed = 0;

    await t.test("a request that changes has the length of what it became", async () => {
      stage.cloud.answerWith({ text: "Hello." });
      for (const [said, passed] of [
        [email, "[EMAIL]"],
        ["a@b.example", "[EMAIL]"],
        ["nothing", "nothing"],
      ] as const) {
        const { answer, seen } = await caller.call({ body: chat(said) });
        assert.equal(contentOf(answer), "Hello.");
        const request = only(seen);
        assert.equal(promptOf(request.body), passed);
        assertFramed(request);
        assert.equal(request.headers["transfer-encoding"] !== undefined, isDuplexRequest);
      }
    });

    await t.test("an answer that changes has the length of what it became", async () => {
      for (const [said, passed] of [
        [`At ${email}.`, "At [EMAIL]."],
        ["At a@b.example.", "At [EMAIL]."],
        ["Nowhere.", "Nowhere."],
      ] as const) {
        stage.cloud.answerWith({ text: said, headers: { etag: '"one"' } });
        const { answer } = await caller.call({ body: chat("Where?") });
        assert.ok(answer.isComplete);
        assert.equal(contentOf(answer), passed);
        const length = answer.headers["content-length"];
        if (modes.response === "BUFFERED") assert.equal(length, String(answer.body.length));
        else assert.equal(length, undefined);
        if (said !== passed) assert.equal(answer.headers.etag, undefined);
      }
    });

    await t.test("a request in pieces with trailers is masked and keeps them", async () => {
      stage.cloud.answerWith({ text: "Hello." });
      const { answer, seen } = await caller.call({
        body: [chat(`I am ${email}`).slice(0, 60), chat(`I am ${email}`).slice(60)],
        trailers: { "x-checksum": "abc" },
      });
      assert.equal(contentOf(answer), "Hello.");
      const request = only(seen);
      assert.equal(promptOf(request.body), "I am [EMAIL]");
      assertFramed(request);
      assert.equal(request.trailers["x-checksum"], "abc");
    });

    await t.test(
      "an answer with trailers is masked and keeps them, or nothing passes",
      async () => {
        stage.cloud.answerWith({ text: `At ${email}.`, trailers: { "x-checksum": "abc" } });
        const { answer } = await caller.call({ body: chat("Where?") });
        if (isStreamedAnswer) {
          // The end is told by the trailers, and behind them no body can follow.
          assert.ok(!answer.isComplete || answer.status === 503);
          assert.ok(!answer.text.includes("jane"));
          failed += 1;
          return;
        }
        assert.ok(answer.isComplete);
        assert.equal(contentOf(answer), "At [EMAIL].");
        assert.equal(answer.trailers["x-checksum"], "abc");
      },
    );

    await t.test("a stream with trailers is masked and keeps them", async () => {
      stage.cloud.answerWith({ text: `At ${email}.`, trailers: { "x-checksum": "abc" } });
      const { answer } = await caller.call({ body: chat("Where?", { stream: true }) });
      assert.equal(streamedContentOf(answer), "At [EMAIL].");
      assert.equal(answer.trailers["x-checksum"], "abc");
    });

    await t.test("a request without a body is refused and reaches no upstream", async () => {
      for (const call of [
        { headers: { "content-length": "0" } },
        { body: [] },
        { body: [], trailers: { "x-checksum": "abc" } },
      ]) {
        const { answer, seen } = await caller.call(call);
        assert.deepEqual(seen, [], JSON.stringify(call));
        assert.equal(answer.status, 400);
      }
    });

    await t.test("answers without a body pass as they are, with a record", async () => {
      for (const script of [
        { status: 204, raw: [] },
        { status: 304, raw: [] },
        { status: 200, raw: [], headers: { "content-length": "0" } },
        { status: 200, raw: [] },
      ]) {
        stage.cloud.answerWith(script);
        const { answer } = await caller.call({ body: chat("Hi") });
        assert.ok(answer.isComplete);
        assert.deepEqual([answer.status, answer.text], [script.status, ""]);
        const [, closing] = await stage.recordsOf(decisionOf(answer), 2);
        assert.equal(closing?.end, "complete");
      }
    });

    await t.test("a HEAD request passes as a GET would", async () => {
      stage.cloud.answerWith({});
      const { answer } = await caller.call({ method: "HEAD", path: "/v1/models" });
      assert.deepEqual([answer.status, answer.text], [200, ""]);
      const [bypass] = await stage.recordsOf(decisionOf(answer), 1);
      assert.equal(bypass?.kind, "bypass");
    });

    for (const coding of codingNames) {
      await t.test(`a request in ${coding} is decoded, masked and sent on plain`, async () => {
        stage.cloud.answerWith({ text: "Hello." });
        for (const said of [`I am ${email}`, "I am nobody"]) {
          const { answer, seen } = await caller.call({
            headers: { "content-encoding": coding, "accept-encoding": "gzip, br" },
            body: codings[coding](chat(said)),
          });
          assert.equal(answer.status, 200);
          const request = only(seen);
          assert.equal(promptOf(request.body), said.replace(email, "[EMAIL]"));
          assert.equal(request.headers["content-encoding"], undefined);
          assert.equal(request.headers["accept-encoding"], undefined);
          assertFramed(request);
        }
      });

      await t.test(`an answer in ${coding} is masked, whole or streamed`, async () => {
        for (const stream of [false, true]) {
          stage.cloud.answerWith({ text: `At ${email}.`, encoding: coding });
          const { answer } = await caller.call({ body: chat("Where?", { stream }) });
          assert.equal(answer.status, 200);
          assert.equal(answer.headers["content-encoding"], undefined);
          const content = stream ? streamedContentOf(answer) : contentOf(answer);
          assert.equal(content, "At [EMAIL].");
        }
      });
    }

    await t.test("an answer that cannot be decoded reaches no client", async () => {
      for (const coding of ["compress", "gzip"]) {
        stage.cloud.answerWith({
          raw: [JSON.stringify(openaiChat.whole(reply(email)))],
          headers: { "content-encoding": coding },
        });
        const { answer } = await caller.call({ body: chat("Where?") });
        assert.ok(!answer.text.includes("jane"));
        assert.ok(!answer.isComplete || (answer.status ?? 0) >= 400);
        if (isStreamedAnswer) failed += 1;
      }
    });

    await t.test("a request that comes byte by byte is masked", async () => {
      stage.cloud.answerWith({ text: "Hello." });
      const { answer, seen } = await caller.call({ body: bytesOf(chat(wide.said)) });
      assert.equal(contentOf(answer), "Hello.");
      assert.equal(promptOf(only(seen).body), wide.passed);
    });

    await t.test("JSON that comes byte by byte is masked", async () => {
      stage.cloud.answerWith({ raw: bytesOf(JSON.stringify(openaiChat.whole(reply(wide.said)))) });
      const { answer } = await caller.call({ body: chat("Where?") });
      assert.equal(contentOf(answer), wide.passed);
    });

    await t.test("a stream that comes byte by byte is masked", async () => {
      const raw = bytesOf(openaiChat.stream(reply(wide.said)).join(""));
      stage.cloud.answerWith({ raw, isStream: true });
      const { answer } = await caller.call({ body: chat("Where?", { stream: true }) });
      assert.equal(streamedContentOf(answer), wide.passed);
    });

    await t.test("an upstream that answers before it has read the request is heard", async () => {
      stage.cloud.answerWith({ text: `At ${email}.`, isEarly: true });
      const { answer } = await caller.call({ body: chat(`${"x".repeat(3_000_000)} ${email}`) });
      assert.equal(answer.status, 200);
      assert.equal(contentOf(answer), "At [EMAIL].");
    });

    await stage.quiet();
    await assertFilterStatistics(stage.envoy.adminUrl, { streams_failed: failed });
  });
}
