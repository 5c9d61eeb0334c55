import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { digestOfValue } from "../../src/detect/index.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";

const key = Buffer.alloc(32, 7);
const digests = ["4711 0815 42", "Zoe Quinones"].map((value) => digestOfValue(value, key));

/** A document of the tenant that brings along what is looked for. */
const classifier = (
  name: string,
  dataClass: string,
  source: string,
) => `apiVersion: chancery/v1alpha1
kind: Classifier
metadata: { name: ${name}, namespace: acme }
spec:
  version: "1"
  classes: [${dataClass}]
  in: [system, prompt, tool_result, response]
  ${source}
---
`;
const own = [
  classifier(
    "badges",
    "pii.badge",
    "patterns: [{ id: badge, class: pii.badge, pattern: '\\bB-\\d{5}\\b' }]",
  ),
  classifier(
    "projects",
    "pii.project",
    "terms: { class: pii.project, list: [Project Falcon, 北京计划] }",
  ),
  classifier(
    "customers",
    "pii.customer",
    `values: { class: pii.customer, key: ${key.toString("base64url")}, digests: ${digests.join("")} }`,
  ),
].join("");

async function startStage(t: TestContext): Promise<GovernedEnvoy> {
  const file = { namespace: "acme", path: "acme/own.yaml", text: own };
  const stage = await startGovernedEnvoy(t, { policies: [...stagePolicies, file] });
  assert.deepEqual(stage.server.policies.problems, []);
  return stage;
}

const said =
  "Badge B-12345, project falcon, 北京计划, customer 47110815-42, ZOË QUIÑONES; B-123456.";
const masked = "Badge [BADGE], [PROJECT], [PROJECT], customer [CUSTOMER], [CUSTOMER]; B-123456.";

test("what a tenant looks for itself never reaches the model; all else is as it was", async (t) => {
  const stage = await startStage(t);
  stage.cloud.answerWith({ text: "Fine." });
  const ask = { model: "large", messages: [{ role: "user", content: said }] };
  const answer = await stage.post("/chat/completions", ask);
  assert.equal(answer.status, 200);
  const [sent] = stage.cloud.requests;
  assert.equal(sent?.body.toString(), JSON.stringify(ask).replace(said, masked));
  const [decision] = await stage.recordsOf(answer.headers.get("x-chancery-decision") ?? "", 1);
  const versions = decision?.["versions"] as Record<string, unknown>;
  assert.deepEqual(versions["classifiers"], {
    "acme/badges": "1",
    "acme/customers": "1",
    "acme/projects": "1",
  });
});

test("nor does it reach the caller, while the answer streams", async (t) => {
  const stage = await startStage(t);
  stage.cloud.answerWith({ text: said });
  const ask = { model: "large", stream: true, messages: [{ role: "user", content: "Who?" }] };
  const events = (await (await stage.post("/chat/completions", ask)).text()).split("\n\n");
  const text = events
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice(6)).choices?.[0]?.delta?.content ?? "")
    .join("");
  assert.equal(text, masked);
  assert.ok(events.includes("data: [DONE]"));
});
