import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { stagePolicies } from "../support/exchange-stage.ts";
import {
  describeModes,
  governedModes,
  ModesCaller,
  startModesStage,
} from "../support/modes-stage.ts";
import { decisionOf, email } from "../support/planted.ts";

/** The policies of the stage under a platform that watches their one app for another hour. */
function watchedPolicies() {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const observe = `{ fallback: deny, observe: [{ apps: [bot], until: "${until}" }] }`;
  return stagePolicies.map((file) => ({
    ...file,
    text: file.text.replace("{ fallback: deny }", observe),
  }));
}

const chat = "/v1/chat/completions";
const secret = "ghp_aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5";
const denied = JSON.stringify({ model: "large", messages: [{ role: "user", content: secret }] });
const packed = { "content-encoding": "gzip" };

test("while an app is watched, everything passes byte by byte and is on record", async (t) => {
  const stage = await startModesStage(t, {
    policies: watchedPolicies(),
    config: ["limits: { bodyBytesMax: 65536 }"],
  });
  for (const modes of governedModes) {
    const caller = new ModesCaller(stage, modes);
    await t.test(describeModes(modes), async () => {
      for (const [reason, path, body, headers] of [
        ["rule", chat, Buffer.from(denied), {}],
        ["json_invalid", chat, Buffer.from(`{ not JSON, ${email}`), {}],
        ["encoding_invalid", chat, Buffer.from("no archive"), packed],
        ["body_too_large", chat, Buffer.alloc(200_000, "x"), {}],
        ["unrecognised", "/v1/files", gzipSync("--a"), packed],
      ] as const) {
        stage.cloud.answerWith({ raw: ["{ one ", email, " two"] });
        const { answer, seen } = await caller.call({ path, body, headers });
        assert.deepEqual([answer.status, answer.text], [200, `{ one ${email} two`], reason);
        assert.deepEqual(seen[0]?.body, body);
        const [decision, closing] = await stage.recordsOf(decisionOf(answer), 2);
        assert.equal(decision?.reason, reason);
        assert.equal(decision?.["mode"], "observe");
        assert.equal(closing?.end, "complete");
      }
    });
  }
  await stage.quiet();
});
