import assert from "node:assert/strict";
import { test } from "node:test";
import { callOnce } from "../support/client-call.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import {
  describeModes,
  governedModes,
  ModesCaller,
  startModesStage,
} from "../support/modes-stage.ts";
import { chat, codeOf, contentOf, decisionOf, email, promptOf, token } from "../support/planted.ts";

const nothing = Buffer.alloc(0);

const readers = {
  path: "platform/readers.yaml",
  namespace: "platform",
  text: `apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: readers, namespace: platform }
spec:
  version: 1.0.0
  attach: { layer: global }
  rules:
    - { id: stored, effect: allow, actions: [llm.read] }
`,
};

const spellings = [
  "/v1/chat/completions/",
  "/v1//chat//completions",
  "/v1/x/../chat/completions",
  "/v1/chat/%63ompletions",
  "/V1/Chat/Completions",
  "/v1/chat/completions;a=b",
  "/chat/completions",
  "/gateway/anything/chat/completions?x=1",
];

const refused: readonly (readonly [string, string])[] = [
  ["POST", "/v1/messages/batches"],
  ["GET", "/v1/messages/batches/msgbatch_1/results"],
  ["DELETE", "/v1/chat/completions"],
  ["GET", "/v1/files/models/content"],
  ["PUT", "/v1/chat/completions"],
  ["POST", "/v1/responses"],
];

test("what a request is, by its path or else by its body", async (t) => {
  const stage = await startModesStage(t, { policies: [...stagePolicies, readers] });
  const { cloud } = stage;
  const whole = JSON.stringify({
    choices: [{ message: { role: "assistant", content: "Hello." } }],
  });

  for (const modes of governedModes) {
    const caller = new ModesCaller(stage, modes);
    const under = describeModes(modes);

    await t.test(`${under}: no spelling of a path is a way round`, async () => {
      cloud.answerWith({ raw: [whole] });
      for (const path of spellings) {
        const { answer, seen } = await caller.call({ path, body: chat(`I am ${email}`) });
        assert.equal(answer.status, 200, path);
        assert.equal(promptOf(seen[0]?.body ?? nothing), "I am [EMAIL]", path);
        const secret = await caller.call({ path, body: chat(token) });
        assert.deepEqual([secret.answer.status, secret.seen.length], [403, 0], path);
      }
    });

    await t.test(`${under}: where the path says nothing, the body does`, async () => {
      cloud.answerWith({ raw: [whole] });
      const path = "/gateway/anything";
      const { seen } = await caller.call({ path, body: chat(`I am ${email}`) });
      assert.equal(promptOf(seen[0]?.body ?? nothing), "I am [EMAIL]");
      const anthropic = JSON.stringify({
        ...JSON.parse(chat(email)),
        max_tokens: 9,
        system: email,
      });
      const other = await caller.call({ path, body: anthropic });
      assert.equal(JSON.parse(other.seen[0]?.body.toString() ?? "").system, "[EMAIL]");
      for (const body of ['{"inputs":"hi"}', "sound", ["{", '"a":', "1}"]]) {
        const { answer, seen: none } = await caller.call({ path, body });
        assert.deepEqual([answer.status, codeOf(answer), none.length], [403, "unrecognised", 0]);
      }
    });

    await t.test(`${under}: a body at the other format's path is refused`, async () => {
      const body = chat("hi", { max_tokens: 9, system: "be brief" });
      const { answer, seen } = await caller.call({ body });
      assert.deepEqual([answer.status, codeOf(answer), seen.length], [403, "unrecognised", 0]);
    });

    await t.test(`${under}: counting tokens is governed`, async () => {
      cloud.answerWith({ raw: ['{"input_tokens":12}'] });
      const path = "/v1/messages/count_tokens";
      const { answer, seen } = await caller.call({ path, body: chat(`I am ${email}`) });
      assert.deepEqual([answer.status, answer.text], [200, '{"input_tokens":12}']);
      assert.equal(promptOf(seen[0]?.body ?? nothing), "I am [EMAIL]");
    });

    await t.test(`${under}: stored completions are governed like answers`, async () => {
      const path = "/v1/chat/completions/chatcmpl-1";
      cloud.answerWith({
        raw: [JSON.stringify({ choices: [{ message: { content: `At ${email}.` } }] })],
      });
      for (const method of ["GET", "DELETE"]) {
        const { answer } = await caller.call({ method, path });
        assert.equal(contentOf(answer), "At [EMAIL].", method);
        const [decision] = await stage.recordsOf(decisionOf(answer), 2);
        assert.equal(decision?.["action"], "llm.read");
      }
      const head = await caller.call({ method: "HEAD", path });
      assert.equal(head.answer.status, 200);
      const update = await caller.call({ path, body: `{"metadata":{"to":"${email}"}}` });
      assert.equal(update.seen[0]?.body.toString(), '{"metadata":{"to":"[EMAIL]"}}');
      cloud.answerWith({ raw: [JSON.stringify({ data: [{ role: "user", content: token }] })] });
      const messages = await caller.call({ method: "GET", path: `${path}/messages` });
      // Under STREAMED the headers were answered already, so Envoy answers by itself.
      assert.ok(!messages.answer.text.includes("ghp_"));
      assert.equal(messages.answer.status, modes.response === "STREAMED" ? 503 : 403);
    });

    await t.test(`${under}: everything else of these APIs is refused`, async () => {
      for (const [method, path] of refused) {
        const body = method === "POST" || method === "PUT" ? { body: chat("hi") } : {};
        const { answer, seen } = await caller.call({ method, path, ...body });
        assert.deepEqual([answer.status, seen.length], [403, 0], `${method} ${path}`);
      }
    });
  }
  await stage.quiet();
  await assertFilterStatistics(stage.envoy.adminUrl, {
    // Stored secrets, found after the headers of a STREAMED answer.
    streams_failed: governedModes.filter(({ response }) => response === "STREAMED").length,
  });
});

test("a list of models passes, unless what it asks for holds a value", async (t) => {
  const stage = await startModesStage(t);
  const [modes] = governedModes;
  assert.ok(modes !== undefined);
  const caller = new ModesCaller(stage, modes);
  const list = await caller.call({ method: "GET", path: "/v1/models" });
  assert.equal(JSON.parse(list.answer.text).object, "list");
  const path = `/v1/models?q=${encodeURIComponent(email)}`;
  const { answer, seen } = await caller.call({ method: "GET", path });
  assert.deepEqual([answer.status, seen.length], [403, 0]);
  const none = await callOnce(stage.envoy.baseUrl, {
    method: "GET",
    path: "/v1/chat/completions/x",
  });
  assert.deepEqual([none.status, codeOf(none)], [403, "no_permit"]);
});
