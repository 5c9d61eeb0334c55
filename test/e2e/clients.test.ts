import assert from "node:assert/strict";
import { describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";

const email = "jane.roe@example.org";
const token = `ghp_${"aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3gH5"}`;

function openai(stage: GovernedEnvoy): OpenAI {
  return new OpenAI({ baseURL: stage.baseUrl, apiKey: "caller-key", maxRetries: 0 });
}

function anthropic(stage: GovernedEnvoy): Anthropic {
  const baseURL = stage.baseUrl.replace(/\/v1$/, "");
  return new Anthropic({ baseURL, apiKey: "caller-key", maxRetries: 0 });
}

const ask = (content: string) => [{ role: "user" as const, content }];

/** The id that the last exchange of the stage was recorded under. */
async function lastExchange(stage: GovernedEnvoy): Promise<string> {
  return String((await stage.records()).at(-1)?.["exchange"]);
}

describe("the official OpenAI client", () => {
  test("sends a masked request and gets a masked answer, without noticing", async (t) => {
    const stage = await startGovernedEnvoy(t);
    stage.cloud.answerWith({ text: `She is ${email}.` });
    const { data, response } = await openai(stage)
      .chat.completions.create({ model: "large", messages: ask(`Who is ${email}?`) })
      .withResponse();
    assert.equal(data.choices[0]?.message.content, "She is [EMAIL].");
    const [seen] = stage.cloud.requests;
    const sent = JSON.parse(seen?.body.toString("utf8") ?? "");
    assert.equal(sent.messages[0].content, "Who is [EMAIL]?");
    assert.equal(sent.model, "large");
    assert.equal(seen?.headers.authorization, "Bearer caller-key");
    assert.equal(seen?.headers["accept-encoding"], undefined);
    const exchange = response.headers.get("x-chancery-decision") ?? "";
    const [decision, closing] = await stage.recordsOf(exchange, 2);
    assert.equal(decision?.verdict, "redact");
    assert.equal(closing?.verdict, "redact");
    assert.equal(closing?.end, "complete");
    const [line] = await stage.accessLog(1);
    assert.equal(line?.decision?.["exchange"], exchange);
    assert.equal(line?.decision?.["seq"], decision?.["seq"]);
    assert.equal(line?.decision?.["log"], decision?.["log"]);
    assert.equal(line?.cluster, "model_cloud");
  });

  test("reads a stream in which a value split over many events is masked", async (t) => {
    const stage = await startGovernedEnvoy(t);
    stage.cloud.answerWith({ text: `You reach her at ${email} or not.`, deltaChars: 3 });
    const stream = await openai(stage).chat.completions.create({
      model: "large",
      messages: ask("How?"),
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let usage: unknown;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, "You reach her at [EMAIL] or not.");
    assert.ok(usage);
    const exchange = await lastExchange(stage);
    const [, closing] = await stage.recordsOf(exchange, 2);
    assert.equal(closing?.end, "complete");
    assert.ok(closing?.["usage"]);
  });

  test("raises its own error for a refused request, which reaches no upstream", async (t) => {
    const stage = await startGovernedEnvoy(t);
    const asked = openai(stage).chat.completions.create({ model: "large", messages: ask(token) });
    await assert.rejects(asked, (error) => {
      assert.ok(error instanceof OpenAI.PermissionDeniedError);
      assert.equal(error.code, "secret_detected");
      return true;
    });
    assert.equal(stage.cloud.requests.length + stage.local.requests.length, 0);
    const records = await stage.recordsOf(await lastExchange(stage), 1);
    assert.deepEqual(
      records.map(({ end, final }) => ({ end, final })),
      [{ end: "refused", final: true }],
    );
  });

  test("raises its own error for a secret in a running answer, none of which it sees", async (t) => {
    const stage = await startGovernedEnvoy(t);
    const said = `The token is ${token} so there. ${"And so on. ".repeat(200)}`;
    stage.cloud.answerWith({ text: said, deltaChars: 5, paceMs: 5 });
    const stream = await openai(stage).chat.completions.create({
      model: "large",
      messages: ask("What was it?"),
      stream: true,
    });
    let text = "";
    await assert.rejects(async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    }, OpenAI.APIError);
    assert.match(text, /^The token /);
    assert.ok(!text.includes("ghp_"));
    const [, closing] = await stage.recordsOf(await lastExchange(stage), 2);
    assert.equal(closing?.end, "cut");
    assert.equal(await stage.cloud.requests[0]?.ended, "cut");
  });

  test("is routed to another cluster by an alias, under the model's own name", async (t) => {
    const stage = await startGovernedEnvoy(t);
    stage.local.answerWith({ text: "Hello." });
    const asked = openai(stage).chat.completions.create({ model: "fast", messages: ask("Hi") });
    assert.equal((await asked).choices[0]?.message.content, "Hello.");
    assert.equal(stage.cloud.requests.length, 0);
    const [seen] = stage.local.requests;
    assert.equal(JSON.parse(seen?.body.toString("utf8") ?? "").model, "small");
    assert.equal(seen?.headers["x-chancery-model"], "local/small");
  });

  test("is refused a model nobody approved", async (t) => {
    const stage = await startGovernedEnvoy(t);
    const asked = openai(stage).chat.completions.create({ model: "preview", messages: ask("Hi") });
    await assert.rejects(asked, OpenAI.PermissionDeniedError);
    assert.equal(stage.cloud.requests.length, 0);
  });

  test("sends tool calls and reads tool calls with their arguments masked", async (t) => {
    const stage = await startGovernedEnvoy(t);
    const args = JSON.stringify({ to: email, subject: "hi" });
    stage.cloud.answerWith({
      text: "",
      toolCalls: [{ name: "mail", arguments: args }],
      deltaChars: 4,
    });
    const stream = openai(stage).chat.completions.stream({
      model: "large",
      messages: ask("Write to her."),
      tools: [{ type: "function", function: { name: "mail", parameters: {} } }],
    });
    const message = (await stream.finalChatCompletion()).choices[0]?.message;
    const [call] = message?.tool_calls ?? [];
    assert.ok(call?.type === "function");
    assert.deepEqual(JSON.parse(call.function.arguments), { to: "[EMAIL]", subject: "hi" });
  });
});

describe("the official Anthropic client", () => {
  const request = { model: "large", max_tokens: 64 };

  test("sends a masked request and gets a masked answer, without noticing", async (t) => {
    const stage = await startGovernedEnvoy(t);
    stage.cloud.answerWith({ text: `She is ${email}.` });
    const message = await anthropic(stage).messages.create({
      ...request,
      system: `Never name ${email}.`,
      messages: ask(`Who is ${email}?`),
    });
    assert.deepEqual(
      message.content.map((block) => block.type === "text" && block.text),
      ["She is [EMAIL]."],
    );
    const sent = JSON.parse(stage.cloud.requests[0]?.body.toString("utf8") ?? "");
    assert.equal(sent.system, "Never name [EMAIL].");
    assert.equal(sent.messages[0].content, "Who is [EMAIL]?");
    const [decision] = await stage.recordsOf(await lastExchange(stage), 2);
    const findings = (decision?.["findings"] ?? []) as readonly { readonly in: string }[];
    const places = findings.map((finding) => finding.in);
    assert.deepEqual(places, ["prompt", "system"]);
  });

  test("reads a stream in which a value split over many events is masked", async (t) => {
    const stage = await startGovernedEnvoy(t);
    stage.cloud.answerWith({ text: `You reach her at ${email} or not.`, deltaChars: 3 });
    const stream = anthropic(stage).messages.stream({ ...request, messages: ask("How?") });
    assert.equal(await stream.finalText(), "You reach her at [EMAIL] or not.");
  });

  test("raises its own error for a refused request and in a running answer", async (t) => {
    const stage = await startGovernedEnvoy(t);
    const refused = anthropic(stage).messages.create({ ...request, messages: ask(token) });
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof Anthropic.PermissionDeniedError);
      assert.equal(error.type, "permission_error");
      return true;
    });
    stage.cloud.answerWith({ text: `The token is ${token} so there.`, deltaChars: 5 });
    const stream = anthropic(stage).messages.stream({ ...request, messages: ask("What was it?") });
    let text = "";
    stream.on("text", (delta) => {
      text += delta;
    });
    await assert.rejects(stream.done(), Anthropic.APIError);
    assert.match(text, /^The token /);
    assert.ok(!text.includes("ghp_"));
  });
});
