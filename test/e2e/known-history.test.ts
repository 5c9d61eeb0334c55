/** A conversation that goes on: what was scanned once is known, and masked as before. */
import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { presidioAnswers, startClassifierServer } from "../support/classifier-server.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { readMetrics } from "../support/read-metrics.ts";

const filler = "The committee met twice and put off the decision until all figures are complete. ";

async function ask(stage: GovernedEnvoy, messages: readonly object[]): Promise<string> {
  const answer = await stage.post("/chat/completions", { model: "large", messages });
  assert.equal(answer.status, 200, await answer.text());
  return stage.cloud.requests.at(-1)?.body.toString() ?? "";
}

async function scrape({ server }: GovernedEnvoy) {
  const { value } = readMetrics(
    await (await fetch(`http://${server.adminAddress}/metrics`)).text(),
  );
  return {
    hits: value('chancery_detect_cache_lookups_total{result="hit"}'),
    misses: value('chancery_detect_cache_lookups_total{result="miss"}'),
    bytes: value("chancery_detect_cache_bytes") ?? 0,
    falsePositives: value('chancery_feedback_total{kind="false_positive"}'),
  };
}

const turn = (role: string, number: number) => ({
  role,
  content: `Turn ${number}: write to jane.roe@example.org. ${filler.repeat(4)}`,
});
const conversation = [turn("user", 1), turn("assistant", 2), turn("user", 3)];

test("the history of a conversation is scanned once, and masked each time", async (t) => {
  const stage = await startGovernedEnvoy(t);
  stage.cloud.answerWith({ text: "Fine." });
  const first = await ask(stage, conversation.slice(0, 1));
  assert.ok(first.includes("Turn 1: write to [EMAIL]."));
  // Rules and threats are looked up one by one.
  const { misses: perText = 0 } = await scrape(stage);
  assert.ok(perText > 0);
  const second = await ask(stage, conversation);
  for (const number of [1, 2, 3]) assert.ok(second.includes(`Turn ${number}: write to [EMAIL].`));
  assert.ok(!second.includes("jane.roe"));
  const { bytes, hits, misses } = await scrape(stage);
  assert.deepEqual([hits, misses], [perText, 3 * perText]);
  assert.ok(bytes > 0);
  const [, , again] = await stage.records();
  const findings = again?.["findings"] as readonly { class: string; count: number; in: string }[];
  assert.deepEqual(
    findings.map(({ class: name, count, in: place }) => [name, count, place]),
    [["pii.email", 3, "prompt"]],
  );
});

test("nothing is kept where there is no room for it, and marks of reviewers are counted", async (t) => {
  const stage = await startGovernedEnvoy(t, {
    config: ["stores: { findings: { bytesMax: 0 } }"],
  });
  stage.cloud.answerWith({ text: "Fine." });
  await ask(stage, conversation);
  assert.ok((await ask(stage, conversation)).includes("[EMAIL]"));
  const mark = { at: "2026-03-02T10:00:00Z", decision: "d", kind: "false_positive" };
  await appendFile(join(stage.directory, "state/feedback.jsonl"), `${JSON.stringify(mark)}\n`);
  assert.deepEqual(await scrape(stage), { hits: 0, misses: 0, bytes: 0, falsePositives: 1 });
});

const classifier = `---
apiVersion: chancery/v1alpha1
kind: Classifier
metadata: { name: names, namespace: platform }
spec: { version: "1", endpoint: presidio, classes: [pii.codename], map: { PERSON: pii.codename }, in: [prompt] }
`;

test("a classifier is asked about each turn once, and what it found is masked each time", async (t) => {
  const presidio = await startClassifierServer(t);
  presidio.answerWith(presidioAnswers("operation umbrella"));
  const policies = stagePolicies.map((file) =>
    file.namespace === "platform" ? { ...file, text: file.text + classifier } : file,
  );
  const config = [`classifiers: { presidio: { type: presidio, url: "${presidio.url}" } }`];
  const stage = await startGovernedEnvoy(t, { policies, config });
  assert.deepEqual(stage.server.policies.problems, []);
  stage.cloud.answerWith({ text: "Fine." });
  const turns = [
    { role: "user", content: "tell me of operation umbrella" },
    { role: "user", content: "when does it begin?" },
  ];
  for (const count of [1, 2, 2]) {
    const sent = await ask(stage, turns.slice(0, count));
    assert.ok(sent.includes("tell me of [CODENAME]"));
  }
  assert.equal(presidio.calls.length, 2);
  assert.ok(!JSON.stringify(presidio.calls[1]?.body).includes("umbrella"));
});
