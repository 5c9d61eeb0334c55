import assert from "node:assert/strict";
import { test } from "node:test";
import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import {
  describeModes,
  governedModes,
  ModesCaller,
  startModesStage,
} from "../support/modes-stage.ts";
import { chat, codeOf, email, promptOf, token } from "../support/planted.ts";

const nothing = Buffer.alloc(0);
const utf16 = (text: string) => Buffer.from(text, "utf16le");

const written: readonly (readonly [string, Record<string, string>, (text: string) => Buffer])[] = [
  ["gzip", { "content-encoding": "gzip" }, (text) => gzipSync(text)],
  ["deflate", { "content-encoding": "deflate" }, (text) => deflateSync(text)],
  ["deflate without zlib", { "content-encoding": "deflate" }, (text) => deflateRawSync(text)],
  ["br", { "content-encoding": "br" }, (text) => brotliCompressSync(text)],
  ["zstd", { "content-encoding": "zstd" }, (text) => zstdCompressSync(text)],
  ["stacked", { "content-encoding": "br, gzip" }, (text) => gzipSync(brotliCompressSync(text))],
  ["UTF-16 LE", {}, utf16],
  ["UTF-16 BE, marked", {}, (text) => utf16(`\ufeff${text}`).swap16()],
  ["UTF-16 in gzip", { "content-encoding": "gzip" }, (text) => gzipSync(utf16(text))],
  ["as a form", { "content-type": "application/x-www-form-urlencoded" }, Buffer.from],
];

const unreadable: readonly (readonly [string, Record<string, string>, Buffer])[] = [
  ["plain said to be gzip", { "content-encoding": "gzip" }, Buffer.from(chat(email))],
  ["gzip said to be nothing", {}, gzipSync(chat(email))],
  ["an unknown coding", { "content-encoding": "compress" }, Buffer.from(chat(email))],
  ["a form", { "content-type": "application/x-www-form-urlencoded" }, Buffer.from(`a=${email}`)],
  [
    "another charset",
    { "content-type": "application/json; charset=utf-7" },
    Buffer.from(chat("+")),
  ],
];

test("requests in other encodings are read or refused", async (t) => {
  const stage = await startModesStage(t);
  stage.cloud.answerWith({ text: "Hello." });

  for (const modes of governedModes.filter(({ response }) => response !== "STREAMED")) {
    const caller = new ModesCaller(stage, modes);
    for (const [name, headers, write] of written) {
      await t.test(`${describeModes(modes)}: ${name} arrives as plain JSON`, async () => {
        for (const content of [`I am ${email}, naïve`, "nobody, naïve"]) {
          const { answer, seen } = await caller.call({ headers, body: write(chat(content)) });
          assert.equal(answer.status, 200);
          const [request] = seen;
          assert.equal(promptOf(request?.body ?? nothing), content.replace(email, "[EMAIL]"));
          assert.equal(request?.headers["content-encoding"], undefined);
          assert.equal(request?.headers["content-type"], "application/json");
        }
        const { answer, seen } = await caller.call({ headers, body: write(chat(token)) });
        assert.deepEqual([answer.status, codeOf(answer), seen.length], [403, "secret_detected", 0]);
      });
    }

    for (const [name, headers, body] of unreadable) {
      await t.test(`${describeModes(modes)}: ${name} is refused`, async () => {
        const { answer, seen } = await caller.call({ headers, body });
        assert.deepEqual([answer.status, codeOf(answer), seen.length], [400, "unreadable", 0]);
      });
    }
  }
  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl);
});
