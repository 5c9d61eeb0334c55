import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  type ClassifierServer,
  presidioAnswers,
  startClassifierServer,
} from "../support/classifier-server.ts";
import { stagePolicies } from "../support/exchange-stage.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { writeNamesModel } from "../support/onnx-names.ts";
import { readMetrics } from "../support/read-metrics.ts";

const names = `---
apiVersion: chancery/v1alpha1
kind: Classifier
metadata: { name: names, namespace: platform }
spec:
  version: 2.2.360
  endpoint: presidio
  classes: [pii.person]
  map: { PERSON: pii.person }
  in: [prompt, response]
`;

interface Stage extends GovernedEnvoy {
  readonly presidio: ClassifierServer;
}

/** A real Envoy, our server, and a server that speaks as Presidio's analyzer does. */
async function startStage(t: TestContext): Promise<Stage> {
  const presidio = await startClassifierServer(t);
  presidio.answerWith(presidioAnswers("Jane Roe"));
  const policies = stagePolicies.map((file) =>
    file.namespace === "platform" ? { ...file, text: file.text + names } : file,
  );
  const config = [`classifiers: { presidio: { type: presidio, url: "${presidio.url}" } }`];
  const stage = await startGovernedEnvoy(t, { policies, config });
  assert.deepEqual(stage.server.policies.problems, []);
  return { ...stage, presidio };
}

const ask = (content: string, more: object = {}) => ({
  model: "large",
  messages: [{ role: "user", content }],
  ...more,
});

async function faults(stage: GovernedEnvoy, fault: string): Promise<number | undefined> {
  const text = await (await fetch(`http://${stage.server.adminAddress}/metrics`)).text();
  const { families } = readMetrics(text);
  const { samples } = families.get("chancery_classifier_faults_total") ?? {};
  const found = [...(samples ?? [])].find(([labels]) => labels.includes(`fault="${fault}"`));
  return found?.[1];
}

test("a name that a classifier finds never reaches the model, nor the caller", async (t) => {
  const stage = await startStage(t);
  stage.cloud.answerWith({ text: "Jane Roe says hello." });
  const answer = await stage.post(
    "/chat/completions",
    ask("👋 Did Jane Roe write, jane@example.org."),
  );
  assert.equal(answer.status, 200);
  const told = (await answer.json()) as { choices: [{ message: { content: string } }] };
  assert.equal(told.choices[0].message.content, "[PERSON] says hello.");
  const [sent] = stage.cloud.requests;
  assert.ok(sent);
  const body = JSON.parse(sent.body.toString()) as ReturnType<typeof ask>;
  assert.equal(body.messages[0]?.content, "👋 Did [PERSON] write, [EMAIL].");
  const exchange = answer.headers.get("x-chancery-decision") ?? "";
  const [decision, closing] = await stage.recordsOf(exchange, 2);
  const versions = decision?.["versions"] as Record<string, unknown>;
  assert.deepEqual(versions["classifiers"], { "platform/names": "2.2.360" });
  const person = { class: "pii.person", detector: "platform/names@2.2.360", confidencePct: 85 };
  const found = (record: typeof decision) =>
    ((record?.["findings"] ?? []) as readonly { readonly class: string }[]).find(
      (finding) => finding.class === "pii.person",
    );
  assert.deepEqual(found(decision), { ...person, in: "prompt", count: 1 });
  assert.deepEqual(found(closing), { ...person, in: "response", count: 1 });
});

test("a streamed answer is held until it was classified, and arrives whole and masked", async (t) => {
  const stage = await startStage(t);
  stage.cloud.answerWith({ text: "Ask Jane Roe, then Jane Roe again." });
  const answer = await stage.post("/chat/completions", ask("Who?", { stream: true }));
  const events = (await answer.text()).split("\n\n");
  const text = events
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice(6)).choices?.[0]?.delta?.content ?? "")
    .join("");
  assert.equal(text, "Ask [PERSON], then [PERSON] again.");
  assert.ok(events.includes("data: [DONE]"));
});

test("while the classifier hangs nothing passes: refused as unclassified, and recorded so", async (t) => {
  const stage = await startStage(t);
  stage.presidio.answerWith(() => undefined);
  const answer = await stage.post("/chat/completions", ask("Did Jane Roe write?"));
  assert.equal(answer.status, 403);
  const { error } = (await answer.json()) as { error: { code: string } };
  assert.equal(error.code, "unclassified");
  assert.equal(stage.cloud.requests.length, 0);
  const [decision] = await stage.recordsOf(answer.headers.get("x-chancery-decision") ?? "", 1);
  assert.equal(decision?.reason, "unclassified");
  const facts = decision?.["facts"] as Record<string, unknown>;
  assert.equal(facts["data.status"], "timeout");
  const versions = decision?.["versions"] as Record<string, unknown>;
  assert.deepEqual(versions["classifiers"], { "platform/names": "2.2.360" });
  assert.equal(await faults(stage, "timeout"), 1);
});

test("a classifier that keeps failing is left alone, and nothing passes meanwhile either", async (t) => {
  const stage = await startStage(t);
  stage.presidio.answerWith((_, response) => response.writeHead(500).end());
  for (let count = 0; count < 7; count += 1) {
    const answer = await stage.post("/chat/completions", ask("hi"));
    assert.equal(answer.status, 403);
  }
  assert.equal(stage.presidio.calls.length, 5);
  assert.equal(await faults(stage, "failed"), 5);
  assert.equal(await faults(stage, "open"), 2);
  assert.equal(stage.cloud.requests.length, 0);
});

test("a name that a model of ours finds never reaches the model that is asked", async (t) => {
  const onnx = await writeNamesModel(t);
  const ours = names
    .replace("endpoint: presidio", "endpoint: ours")
    .replace("{ PERSON:", "{ PER:")
    .replace(
      "in: [prompt, response]",
      `in: [prompt]\n  timeout: 1s\n  files: { model: "${onnx.model.digest}", tokenizer: "${onnx.tokenizer.digest}" }`,
    );
  const policies = stagePolicies.map((file) =>
    file.namespace === "platform" ? { ...file, text: file.text + ours } : file,
  );
  const config = [
    "deadlines: { classifierMs: 1000 }",
    `classifiers: { ours: { type: onnx, onnx: ${JSON.stringify({ ...onnx, windowTokens: 64 })} } }`,
  ];
  const stage = await startGovernedEnvoy(t, { policies, config });
  assert.deepEqual(stage.server.policies.problems, []);
  const answer = await stage.post(
    "/chat/completions",
    ask("👋 Did Jáne Roe\u00a0write, jane@example.org? \u{1d4d0} Zoë. Bo"),
  );
  assert.equal(answer.status, 200);
  const body = JSON.parse(stage.cloud.requests[0]?.body.toString() ?? "");
  assert.equal(
    body.messages[0].content,
    "👋 Did [PERSON]\u00a0write, [EMAIL]? \u{1d4d0} [PERSON]. [PERSON]",
  );
  const [decision] = await stage.recordsOf(answer.headers.get("x-chancery-decision") ?? "", 1);
  const found = decision?.["findings"] as readonly { readonly class: string }[];
  assert.deepEqual(
    found.find((finding) => finding.class === "pii.person"),
    {
      class: "pii.person",
      detector: "platform/names@2.2.360",
      confidencePct: 100,
      in: "prompt",
      count: 4,
    },
  );
});

test("a server does not start with a model that is another than the one pinned", async (t) => {
  const { model, ...rest } = await writeNamesModel(t);
  const onnx = { ...rest, model: { ...model, digest: rest.tokenizer.digest } };
  const config = [`classifiers: { ours: { type: onnx, onnx: ${JSON.stringify(onnx)} } }`];
  await assert.rejects(startGovernedEnvoy(t, { config }), {
    message:
      /^A model or a file of one cannot be read: classifier ours: names\.onnx is sha256:\w{64}, which is not what is pinned\.$/,
  });
});
