/** What a scrape says after traffic that is known: every counter, and nothing beside. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { stagePolicies } from "../support/exchange-stage.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { type MetricsText, readMetrics } from "../support/read-metrics.ts";

const path = "/chat/completions";
const email = "jane.roe@example.org";
const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;
const iban = "DE89 3704 0044 0532 0130 00";

const chat = (content: string, more: object = {}) => ({
  model: "large",
  messages: [{ role: "user", content }],
  ...more,
});

async function scrape({ server }: GovernedEnvoy): Promise<MetricsText> {
  return readMetrics(await (await fetch(`http://${server.adminAddress}/metrics`)).text());
}

/** Samples of our counters that are not 0, without the prefix they share. */
function countsOf({ families }: MetricsText): Record<string, number> {
  const counters = [...families].filter(
    ([name, { type }]) => name.startsWith("chancery_") && type === "counter",
  );
  const samples = counters.flatMap(([, family]) => [...family.samples]);
  return Object.fromEntries(
    samples
      .filter(([, value]) => value !== 0)
      .map(([sample, value]) => [sample.replace("chancery_", ""), value]),
  );
}

async function send(stage: GovernedEnvoy, body: unknown, status = 200): Promise<string> {
  const answer = await stage.post(path, body);
  const text = await answer.text();
  assert.equal(answer.status, status, text);
  return text;
}

/** Tokens as the client reads them in answers, whole or streamed. */
function tokensIn(answers: readonly string[]): { in: number; out: number } {
  const sum = (name: string) =>
    answers
      .flatMap((text) => [...text.matchAll(new RegExp(`"${name}":(\\d+)`, "g"))])
      .reduce((total, [, count]) => total + Number(count), 0);
  return { in: sum("prompt_tokens"), out: sum("completion_tokens") };
}

test("a scrape counts exactly what was sent", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const { cloud, local } = stage;
  const ofCloud: string[] = [];

  cloud.answerWith({ text: "Fine." });
  for (const content of ["How are you?", "How are they?", "How is it?"]) {
    ofCloud.push(await send(stage, chat(content)));
  }
  ofCloud.push(await send(stage, chat(`Write to ${email}.`)));
  ofCloud.push(await send(stage, chat(`Write to ${email} again.`)));
  ofCloud.push(await send(stage, chat(`Pay to ${iban}.`)));
  cloud.answerWith({ text: `Write to ${email}.` });
  ofCloud.push(await send(stage, chat("Whom do I write to?")));
  cloud.answerWith({ text: `It is ${token}, and so on.`, deltaChars: 200 });
  await send(stage, chat("What is the key?", { stream: true }));
  local.answerWith({ text: "Fine as well." });
  const usage = { stream: true, stream_options: { include_usage: true } };
  const ofLocal = await send(stage, { ...chat("And you?", usage), model: "fast" });

  await send(stage, chat(`Use ${token}.`), 403);
  await send(stage, { ...chat("Who are you?"), model: "m".repeat(300) }, 403);
  await send(stage, '{"model":"large","messages":[', 400);
  await send(stage, `{"model":"large","messages":${"[".repeat(2_000)}`, 400);
  // Passes unjudged, so no provider was chosen, and this Envoy has no route without one.
  assert.equal((await fetch(`${stage.baseUrl}/models`)).status, 503);
  await stage.quiet();

  const metrics = await scrape(stage);
  const [cloudTokens, localTokens] = [tokensIn(ofCloud), tokensIn([ofLocal])];
  assert.deepEqual(countsOf(metrics), {
    'exchanges_total{result="evaluated"}': 11,
    'exchanges_total{result="refused_input"}': 2,
    'exchanges_total{result="bypassed"}': 1,
    'decisions_total{point="request",verdict="allow"}': 6,
    'decisions_total{point="request",verdict="redact"}': 3,
    'decisions_total{point="request",verdict="deny"}': 2,
    'decisions_total{point="request",verdict="none"}': 2,
    // What a request had found in it stays a fact of its answer.
    'decisions_total{point="response",verdict="allow"}': 4,
    'decisions_total{point="response",verdict="redact"}': 4,
    'decisions_total{point="response",verdict="deny"}': 1,
    // Once for each of the two decisions on an exchange.
    'rule_hits_total{rule="platform/baseline/approved"}': 18,
    'rule_hits_total{rule="platform/baseline/mask"}': 19,
    'rule_hits_total{rule="platform/baseline/no-secrets"}': 2,
    'rule_hits_total{rule="platform/baseline/note-iban"}': 2,
    'rule_matches_total{layer="global",effect="allow"}': 18,
    'rule_matches_total{layer="global",effect="redact"}': 19,
    'rule_matches_total{layer="global",effect="deny"}': 2,
    'rule_matches_total{layer="global",effect="warn"}': 2,
    'enforcement_total{effect="refuse",result="applied"}': 3,
    'enforcement_total{effect="redact",result="applied"}': 4,
    'enforcement_total{effect="redact",result="not_needed"}': 13,
    'enforcement_total{effect="route",result="applied"}': 9,
    'redactions_total{class="pii",result="ok"}': 3,
    'redactions_total{class="financial",result="ok"}': 1,
    'faults_total{code="json_invalid",answer="closed"}': 1,
    'faults_total{code="json_too_deep",answer="closed"}': 1,
    'limits_hit_total{limit="json_depth"}': 1,
    'bypass_total{reason="route"}': 1,
    'streams_total{end="complete"}': 8,
    'streams_total{end="refused"}': 4,
    'streams_total{end="cut"}': 1,
    'tokens_total{direction="in",provider="cloud"}': cloudTokens.in,
    'tokens_total{direction="out",provider="cloud"}': cloudTokens.out,
    'tokens_total{direction="in",provider="local"}': localTokens.in,
    'tokens_total{direction="out",provider="local"}': localTokens.out,
    'audit_records_total{kind="decision"}': 13,
    'audit_records_total{kind="closing"}': 9,
    'audit_records_total{kind="bypass"}': 1,
    'audit_records_total{kind="open"}': 1,
    'audit_records_total{kind="policy"}': 1,
    'audit_incomplete_total{field="model"}': 1,
    'policy_loads_total{layer="platform",result="active"}': 1,
    'policy_loads_total{layer="acme",result="active"}': 1,
  });

  const histograms = {
    'decision_seconds_count{point="request"}': 13,
    'decision_seconds_count{point="response"}': 9,
    'message_seconds_count{event="request_headers"}': 14,
    'message_seconds_count{event="request_body"}': 13,
    'message_seconds_count{event="response_headers"}': 10,
  };
  for (const [sample, count] of Object.entries(histograms)) {
    assert.equal(metrics.value(`chancery_${sample}`), count, sample);
  }
  const free = metrics.value("chancery_audit_disk_free_ratio") ?? -1;
  assert.ok(free >= 0 && free <= 1, `a share of the disk: ${free}`);
});

test("rules go on counting over a reload, new ones are shown at 0, gone ones no more", async (t) => {
  const stage = await startGovernedEnvoy(t);
  stage.cloud.answerWith({ text: "Fine." });
  await send(stage, chat(`Use ${token}.`), 403);
  await send(stage, chat(`Use ${token}.`), 403);

  const [platform] = stagePolicies;
  const text = (platform?.text ?? "")
    .replace(/^ {4}- \{ id: note-iban.*\n/m, "")
    .replace(
      "  rules:\n    - { id: mask",
      "  rules:\n    - { id: brief, effect: warn }\n    - { id: mask",
    );
  await writeFile(join(stage.directory, "policies", platform?.path ?? ""), text);
  await stage.server.reload();
  const hits = async () => {
    const { families } = await scrape(stage);
    return Object.fromEntries(
      [...(families.get("chancery_rule_hits_total")?.samples ?? [])].map(([sample, value]) => [
        sample.replace(/.*"(.*)".*/, "$1").replace("platform/baseline/", ""),
        value,
      ]),
    );
  };
  assert.deepEqual(await hits(), { "no-secrets": 2, approved: 0, brief: 0, mask: 2, other: 0 });
  await send(stage, chat(`Use ${token}.`), 403);
  await stage.quiet();
  assert.deepEqual(await hits(), {
    "no-secrets": 3,
    approved: 0,
    brief: 1,
    mask: 3,
    other: 0,
  });
});
