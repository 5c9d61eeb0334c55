import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutEarlyStripping } from "../support/bootstrap-edits.ts";
import { type ClientAnswer, callOnce } from "../support/client-call.ts";
import { envoyDifferences } from "../support/envoy-differences.ts";
import { assertFilterStatistics } from "../support/filter-statistics.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { chat, contentOf, decisionOf, email, promptOf } from "../support/planted.ts";

const forged = {
  "x-chancery-provider": "local",
  "X-Chancery-Model": "local/small",
  "x-chancery-decision": "mine",
  "x-chancery-anything": "1",
};

for (const requestBodyMode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
  test(`${requestBodyMode}: routing and headers`, async (t) => {
    const stage = await startGovernedEnvoy(t, { bootstrap: { requestBodyMode } });
    const { cloud, local, envoy } = stage;
    const call = (model: string, headers: Record<string, string | readonly string[]> = {}) =>
      callOnce(envoy.baseUrl, { headers, body: chat(`I am ${email}`, { model }) });

    await t.test("the route is chosen again by what the body asks for", async () => {
      local.answerWith({ text: "Locally." });
      const answer = await call("fast");
      assert.equal(contentOf(answer), "Locally.");
      assert.equal(cloud.requests.length, 0);
      const [seen] = local.requests;
      assert.equal(JSON.parse(seen?.body.toString() ?? "").model, "small");
      assert.equal(promptOf(seen?.body ?? Buffer.alloc(0)), "I am [EMAIL]");
      assert.equal(seen?.headers["x-chancery-model"], "local/small");
      const [line] = await stage.accessLog(1);
      assert.equal(line?.cluster, "model_local");
    });

    await t.test("headers of ours that a client sends steer nothing and go nowhere", async () => {
      cloud.answerWith({ text: "Hello." });
      const before = local.requests.length;
      const answer = await call("large", forged);
      assert.equal(contentOf(answer), "Hello.");
      assert.equal(local.requests.length, before);
      const seen = cloud.requests.at(-1)?.headers ?? {};
      const ours = Object.entries(seen).filter(([name]) => name.startsWith("x-chancery-"));
      assert.deepEqual(ours, [["x-chancery-model", "cloud/large"]]);
      assert.notEqual(decisionOf(answer), "mine");
    });

    await t.test("headers of ours that an upstream sends reach no client", async () => {
      cloud.answerWith({ text: "Hello.", headers: { ...forged, "x-chancery-warning": "none" } });
      const answer = await call("large");
      const ours = Object.keys(answer.headers).filter((name) => name.startsWith("x-chancery-"));
      assert.deepEqual(ours, ["x-chancery-decision"]);
      assert.equal((await stage.recordsOf(decisionOf(answer), 2)).length, 2);
    });

    await t.test("other headers pass as they are: repeated, empty, or no UTF-8", async () => {
      cloud.answerWith({ text: "Hello.", headers: { "x-none": "" } });
      const answer = await call("large", { "x-many": ["one", "two"], "x-odd": "caf\u00e9" });
      const seen = cloud.requests.at(-1);
      const rawHeaders = seen?.rawHeaders ?? [];
      const many = rawHeaders.filter((_, index) => rawHeaders[index - 1] === "x-many");
      assert.deepEqual(many, ["one", "two"]);
      assert.equal(seen?.headers["x-odd"], "caf\u00e9");
      assert.equal(answer.headers["x-none"], "");
    });

    await t.test("a call's own credentials reach the upstream untouched", async () => {
      await call("large", { authorization: "Bearer caller-key", "x-api-key": "other-key" });
      const seen = cloud.requests.at(-1);
      assert.equal(seen?.headers.authorization, "Bearer caller-key");
      assert.equal(seen?.headers["x-api-key"], "other-key");
    });

    await stage.quiet();
    await assertFilterStatistics(envoy.adminUrl);
  });
}

const fillers = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-filler-${index}`, "1"]));

test("long lists of headers", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const { baseUrl } = stage.envoy;
  const body = chat("Hi");

  await t.test("eighty of a request and eighty of its answer pass", async () => {
    stage.cloud.answerWith({ text: "Hello.", headers: fillers(80) });
    const answer = await callOnce(baseUrl, { headers: fillers(80), body });
    assert.equal(contentOf(answer), "Hello.");
    assert.equal(stage.cloud.requests[0]?.headers["x-filler-79"], "1");
    assert.equal(answer.headers["x-filler-79"], "1");
  });

  await t.test("one of 64 KiB reaches no upstream", async () => {
    const before = stage.cloud.requests.length;
    const answer = await callOnce(baseUrl, { headers: { "x-long": "x".repeat(65_536) }, body });
    // Envoy has closed the connection by the time its answer was seen by the processor.
    assert.ok(answer.status === undefined || answer.status === 431);
    assert.equal(stage.cloud.requests.length, before);
  });

  await stage.quiet();
  assert.equal(await stage.statistic("ext_proc.spurious_msgs_received"), 0);
});

for (const requestBodyMode of ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const) {
  test(`with as many headers as Envoy takes, a ${requestBodyMode} request ends in an error or passes marked`, async (t) => {
    const stage = await startGovernedEnvoy(t, { bootstrap: { requestBodyMode } });
    stage.cloud.answerWith({ text: "Hello." });
    const answers: ClientAnswer[] = [];
    for (let count = 86; count <= 96; count += 1) {
      const before = stage.cloud.requests.length;
      const body = chat(email);
      const answer = await callOnce(stage.envoy.baseUrl, { headers: fillers(count), body });
      answers.push(answer);
      const seen = stage.cloud.requests.slice(before);
      assert.equal(seen.length === 1, answer.status === 200);
      for (const request of seen) {
        assert.equal(request.headers["x-chancery-model"], "cloud/large");
        assert.equal(promptOf(request.body), "[EMAIL]");
      }
    }
    const { endsOverRequestHeaders } = await envoyDifferences();
    const isDuplex = requestBodyMode === "FULL_DUPLEX_STREAMED";
    await assertErrors(stage, answers, endsOverRequestHeaders && isDuplex);
  });
}

test("with as many headers as Envoy takes, an answer passes marked or not at all", async (t) => {
  const stage = await startGovernedEnvoy(t);
  const answers: ClientAnswer[] = [];
  for (let count = 90; count <= 99; count += 1) {
    stage.cloud.answerWith({ text: email, headers: fillers(count) });
    const answer = await callOnce(stage.envoy.baseUrl, { body: chat("Hi") });
    answers.push(answer);
    assert.ok(!answer.text.includes("jane"));
    if (answer.status === 200) assert.equal(decisionOf(answer).length, 36);
  }
  await assertErrors(stage, answers, (await envoyDifferences()).endsOverAnswerHeaders);
});

/** What is not passed ends in an error, or the proxy itself ends, and what was open with it. */
async function assertErrors(
  stage: GovernedEnvoy,
  answers: readonly ClientAnswer[],
  isEnvoyGone: boolean,
): Promise<void> {
  const failed = answers.filter(({ status }) => status !== 200);
  assert.ok(failed.length > 0);
  await stage.quiet();
  if (isEnvoyGone) {
    for (const { status, text } of failed) assert.deepEqual({ status, text }, nothingCame);
    assert.equal((await stage.envoy.exited).signal, "SIGSEGV");
    return;
  }
  for (const { status = 0 } of failed) assert.ok([431, 502, 503].includes(status));
  assert.equal(await stage.statistic("ext_proc.spurious_msgs_received"), 0);
}

const nothingCame = { status: undefined, text: "" };

test("a client cannot choose its upstream even where Envoy strips no header", async (t) => {
  const stage = await startGovernedEnvoy(t, { edit: withoutEarlyStripping });
  stage.cloud.answerWith({ text: `At ${email}.` });
  const answer = await callOnce(stage.envoy.baseUrl, { headers: forged, body: chat(email) });
  assert.equal(contentOf(answer), "At [EMAIL].");
  assert.equal(stage.local.requests.length, 0);
  const [seen] = stage.cloud.requests;
  assert.equal(promptOf(seen?.body ?? Buffer.alloc(0)), "[EMAIL]");
  assert.equal(seen?.headers["x-chancery-model"], "cloud/large");
  assert.equal(seen?.headers["x-chancery-anything"], undefined);
  assert.equal(seen?.headers["x-chancery-decision"], undefined);
  await assertFilterStatistics(stage.envoy.adminUrl);
});
