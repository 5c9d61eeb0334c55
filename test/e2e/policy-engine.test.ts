import assert from "node:assert/strict";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { PolicyFile } from "../../src/policy/index.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { eventually, type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { readMetrics } from "../support/read-metrics.ts";

const listener = "identity: null, stripsHeaders: [x-user, x-tenant, x-app, x-groups]";

/** The policies of the stage with identity headers as the source, and with documents of a test. */
function policiesWith(documents: string): readonly PolicyFile[] {
  const [baseline, ...others] = stagePolicies.map((file) => ({
    ...file,
    text: file.text.replace(
      "{ fallback: deny }",
      "{ fallback: deny, identity: [{ source: header }] }",
    ),
  }));
  assert.ok(baseline);
  const more = { path: "platform/more.yaml", namespace: "platform", text: documents };
  return [baseline, ...others, more];
}

async function startStage(t: TestContext, documents: string): Promise<GovernedEnvoy> {
  const policies = policiesWith(documents);
  const stage = await startGovernedEnvoy(t, { policies, listener });
  stage.cloud.answerWith({ text: "Hello." });
  return stage;
}

/** Puts other documents in the place of the test's own, and waits until they serve. */
async function edit(stage: GovernedEnvoy, documents: string): Promise<void> {
  const file = join(stage.directory, "policies", "platform", "more.yaml");
  await writeFile(`${file}.draft`, documents);
  await rename(`${file}.draft`, file);
  await stage.server.reload();
  assert.deepEqual(stage.server.policies.problems, []);
}

async function statusFor(stage: GovernedEnvoy, user: string, content = "hi"): Promise<number> {
  const body = { model: "large", messages: [{ role: "user", content }] };
  const headers = { "x-user": user, "x-tenant": "acme", "x-app": "bot" };
  const answer = await stage.post("/chat/completions", body, headers);
  await answer.arrayBuffer();
  return answer.status;
}

const screen = (version: string, rules: string) => `---
apiVersion: chancery/v1alpha1
kind: Policy
metadata: { name: screen, namespace: platform }
spec:
  version: ${version}
  attach: { layer: global }
  rules: [${rules}]
`;

const noMail = screen(
  "1.0.0",
  "{ id: no-mail, effect: deny, dataClasses: { anyOf: [pii.email] } }",
);

function grantUntil(end: Date): string {
  return `---
apiVersion: chancery/v1alpha1
kind: Grant
metadata: { name: review, namespace: platform }
spec:
  ticket: EXC-1
  reason: Quality review of mail texts.
  activeFrom: "${new Date(end.getTime() - 3_600_000).toISOString()}"
  expiresAt: "${end.toISOString()}"
  approvedBy: [dpo@example.org]
  scope: { tenants: [acme], apps: [bot], subjects: { principals: [ann] } }
  lifts: [platform/screen/no-mail]
`;
}

test("a grant lifts a rule for whom it names until its time, and not a moment longer", async (t) => {
  const stage = await startStage(t, noMail);
  const mail = "Who is jane.roe@example.org?";
  assert.equal(await statusFor(stage, "ann", mail), 403);
  await edit(stage, noMail + grantUntil(new Date(Date.now() + 3_000)));
  assert.equal(await statusFor(stage, "ann", mail), 200);
  assert.equal(await statusFor(stage, "bob", mail), 403);
  const serving = stage.server.policies.snapshot;
  await eventually(async () => (await statusFor(stage, "ann", mail)) === 403 || undefined);
  // Nothing was loaded for it to end.
  assert.equal(stage.server.policies.snapshot, serving);
  const lifted = (await stage.records()).flatMap((record) => record["lifted"] ?? []);
  assert.deepEqual(lifted[0], { rule: "platform/screen/no-mail", by: "platform/review" });
});

function rampAt(percent: number, more = ""): string {
  return [
    screen("1.0.0", "{ id: look, effect: warn, message: { code: looked } }"),
    screen("2.0.0", "{ id: stop, effect: deny, models: { ids: [cloud/large] } }"),
    `---
apiVersion: chancery/v1alpha1
kind: Rollout
metadata: { name: screen-2, namespace: platform }
spec:
  { policy: screen, stable: 1.0.0, candidate: 2.0.0, seed: ramp, step: { percent: ${percent} }${more} }
`,
  ].join("");
}

test("a ramp that is widened takes people in and lets nobody out", async (t) => {
  const users = Array.from({ length: 300 }, (_, index) => `user-${index}`);
  const stage = await startStage(t, rampAt(10));
  const stopped = async () => {
    const statuses = await Promise.all(users.map((user) => statusFor(stage, user)));
    assert.ok(statuses.every((status) => status === 200 || status === 403));
    return users.filter((_, index) => statuses[index] === 403);
  };
  const atTen = await stopped();
  await edit(stage, rampAt(50));
  const atFifty = await stopped();
  assert.ok(atTen.length > 0 && atTen.length < atFifty.length && atFifty.length < users.length);
  assert.deepEqual(
    atTen.filter((user) => !atFifty.includes(user)),
    [],
  );
  // Whoever is not in the ramp is told apart in the record by what the candidate would have said.
  const [outside] = (await stage.records()).filter(
    ({ kind, outcome }) => kind === "decision" && outcome === "permit",
  );
  const shadow = outside?.["shadow"] as { verdict: string; changed: boolean } | undefined;
  assert.deepEqual([shadow?.verdict, shadow?.changed], ["deny", true]);
});

test("a ramp at nobody enforces nothing and shows what it would do", async (t) => {
  const stage = await startStage(t, rampAt(0));
  assert.equal(await statusFor(stage, "ann"), 200);
  const [record] = await stage.records();
  const shadow = record?.["shadow"] as { verdict: string; rules: readonly string[] } | undefined;
  assert.equal(shadow?.verdict, "deny");
  assert.deepEqual(shadow?.rules, ["platform/screen/stop"]);
  assert.equal("changes" in (shadow ?? {}), false);
  // The request and its answer are a decision each, and the candidate denies both.
  await stage.quiet();
  const scraped = await (await fetch(`http://${stage.server.adminAddress}/metrics`)).text();
  const changes = readMetrics(scraped).families.get("chancery_shadow_changes_total");
  assert.deepEqual([...(changes?.samples.values() ?? [])], [2, 0, 0, 0]);
});

interface RolloutShown {
  readonly name: string;
  readonly state: string;
  readonly counted: { readonly requests: { readonly samples: number } };
}

async function rolloutOf(stage: GovernedEnvoy): Promise<RolloutShown | undefined> {
  const response = await fetch(`http://${stage.server.adminAddress}/status`);
  const { rollouts } = (await response.json()) as { readonly rollouts: readonly RolloutShown[] };
  return rollouts[0];
}

test("a ramp whose candidate denies too much falls back by itself, until its document changes", async (t) => {
  const guarded = (samples: number) =>
    rampAt(100, `, guards: { maxNewDenyRate: 0.5, minSamples: ${samples} }`);
  const stage = await startStage(t, guarded(5));
  const statuses: number[] = [];
  for (let index = 0; index < 7; index += 1) statuses.push(await statusFor(stage, "ann"));
  assert.deepEqual(statuses, [403, 403, 403, 403, 403, 200, 200]);
  assert.equal((await rolloutOf(stage))?.state, "suspended");
  const decisions = (await stage.records()).filter(({ kind }) => kind === "decision");
  assert.deepEqual(
    decisions.map(({ suspended }) => suspended),
    [...Array.from({ length: 5 }, () => undefined), ["platform/screen-2"], ["platform/screen-2"]],
  );
  // Another policy that changes has nothing to do with it.
  await edit(stage, guarded(5) + noMail.replace("name: screen", "name: mail"));
  assert.equal(await statusFor(stage, "ann"), 200);
  await edit(stage, guarded(50));
  assert.equal(await statusFor(stage, "ann"), 403);
  const { counted, state } = (await rolloutOf(stage)) ?? {};
  assert.deepEqual([state, counted?.requests.samples], ["within", 1]);
});
