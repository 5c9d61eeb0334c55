import assert from "node:assert/strict";
import { describe, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { renderJson } from "../support/planted-json.ts";
import { type PlantedValue, plantedValues } from "../support/planted-values.ts";
import { anthropicAnswers } from "./anthropic-messages-answers.ts";
import { anthropicRequests } from "./anthropic-messages-requests.ts";
import { anthropicStreams } from "./anthropic-messages-streams.ts";
import { textCuts } from "./cuts.ts";
import { Failures } from "./failures.ts";
import { judgeBody, judgeStream, maskedPlanting, plantingOf } from "./judge.ts";
import { openaiAnswers } from "./openai-chat-answers.ts";
import { openaiRequests } from "./openai-chat-requests.ts";
import { openaiStreams } from "./openai-chat-streams.ts";
import { holdsNumber, type Position, type StreamPosition } from "./position.ts";
import { renderStream, streamNeedsNumber, textOf } from "./render-stream.ts";
import type { Outcome } from "./runs.ts";

/** A format through its official client, which must understand whatever comes back. */
interface Client {
  send(body: object): Promise<unknown>;
  stream(): Promise<AsyncIterable<object>>;
  readonly isApiError: (error: unknown) => boolean;
}

function openai(stage: GovernedEnvoy): Client {
  const client = new OpenAI({ baseURL: stage.baseUrl, apiKey: "caller-key", maxRetries: 0 });
  return {
    send: (body) => client.chat.completions.create({ ...ask, ...body, stream: false }),
    stream: async () => client.chat.completions.create({ ...ask, stream: true }),
    isApiError: (error) => error instanceof OpenAI.APIError,
  };
}

function anthropic(stage: GovernedEnvoy): Client {
  const baseURL = stage.baseUrl.replace(/\/v1$/, "");
  const client = new Anthropic({ baseURL, apiKey: "caller-key", maxRetries: 0 });
  return {
    send: (body) => client.messages.create({ max_tokens: 9, ...ask, ...body, stream: false }),
    stream: async () => client.messages.create({ max_tokens: 9, ...ask, stream: true }),
    isApiError: (error) => error instanceof Anthropic.APIError,
  };
}

const ask = { model: "large", messages: [{ role: "user" as const, content: "hi" }] };

/** One value for each position, so that all types have their turn. */
function valueFor(index: number, isNumber: boolean): PlantedValue {
  const values = plantedValues(index).filter(({ digits }) => !isNumber || digits !== undefined);
  return values[index % values.length] as PlantedValue;
}

/** Runs a call; an error of the client's own making is an outcome, any other is a broken answer. */
async function outcomeOf(client: Client, call: () => Promise<unknown>): Promise<Outcome> {
  try {
    const said = JSON.stringify((await call()) ?? null);
    return { passed: Buffer.from(said), refusal: undefined, headers: {} };
  } catch (error) {
    if (!client.isApiError(error)) throw error;
    const refusal = { status: 403, body: String(error) };
    return { passed: Buffer.alloc(0), refusal, headers: {} };
  }
}

async function tryRequests(
  stage: GovernedEnvoy,
  client: Client,
  positions: readonly Position[],
): Promise<Failures> {
  const failures = new Failures();
  stage.cloud.answerWith({ text: "so" });
  for (const [index, { name, body, handling }] of positions.entries()) {
    const planted = valueFor(index, holdsNumber(body));
    const original = renderJson(body, plantingOf(planted, "plain"));
    // No client sends copies of a member.
    if (JSON.stringify(JSON.parse(original)) !== original) continue;
    const before = stage.cloud.requests.length;
    const { refusal } = await outcomeOf(client, () => client.send(JSON.parse(original)));
    const passed = stage.cloud.requests[before]?.body ?? Buffer.alloc(0);
    // What an upstream has seen cannot be refused any more.
    const outcome = { passed, refusal: passed.length > 0 ? undefined : refusal, headers: {} };
    const isOpaque = handling === "opaque";
    const verdict = isOpaque
      ? undefined
      : judgeBody(outcome, { handling: notEdited(handling), planted, original, expected: "" });
    failures.note(verdict, [name, planted.type], original);
  }
  return failures;
}

/** A client writes members in an order of its own, so what it sent is not compared literally. */
function notEdited(handling: Position["handling"]): Position["handling"] {
  return handling === "edited" ? "guarded" : handling;
}

async function tryAnswers(
  stage: GovernedEnvoy,
  client: Client,
  positions: readonly Position[],
): Promise<Failures> {
  const failures = new Failures();
  for (const [index, position] of positions.entries()) {
    const { name, body, masked = body, handling, status = 200 } = position;
    const planted = valueFor(index, holdsNumber(body));
    const original = renderJson(body, plantingOf(planted, "plain"));
    const expected = renderJson(masked, maskedPlanting(planted, "plain"));
    stage.cloud.answerWith({ raw: [original], status });
    const outcome = await outcomeOf(client, () => client.send({}));
    if (handling !== "opaque") {
      // An error is raised by the client whether it is ours or the upstream's.
      const asked = status === 200 ? handling : notEdited(handling);
      const verdict = judgeBody(outcome, { handling: asked, planted, original, expected });
      failures.note(verdict, [name, planted.type], original);
    }
  }
  return failures;
}

async function tryStreams(
  stage: GovernedEnvoy,
  client: Client,
  positions: readonly StreamPosition[],
): Promise<Failures> {
  const failures = new Failures();
  for (const [index, position] of positions.entries()) {
    const { name, handling, isWhole } = position;
    const planted = valueFor(index, streamNeedsNumber(position));
    const planting = plantingOf(planted, "plain");
    const cut = textCuts[isWhole === true ? 0 : 1 + (index % (textCuts.length - 1))];
    const pieces = cut?.pieces(textOf(position, planting)) ?? [];
    const original = renderStream(position, planting, pieces);
    stage.cloud.answerWith({ raw: original.split(/(?<=\n\n)/), isStream: true });
    const outcome = await readStream(client);
    const asked = notEdited(handling);
    const verdict = judgeStream(outcome, { handling: asked, planted, original, expected: "" });
    if (handling !== "opaque") failures.note(verdict, [name, planted.type], original);
  }
  return failures;
}

/** Reads a stream to its end through the client; what came is written as a stream again. */
async function readStream(client: Client): Promise<Outcome> {
  const events: string[] = [];
  const { refusal } = await outcomeOf(client, async () => {
    for await (const event of await client.stream()) {
      events.push(`data: ${JSON.stringify(event)}\n\n`);
    }
  });
  return { passed: Buffer.from(events.join("")), refusal, headers: {} };
}

const formats = [
  {
    name: "OpenAI",
    connect: openai,
    requests: openaiRequests,
    answers: openaiAnswers,
    streams: openaiStreams,
  },
  {
    name: "Anthropic",
    connect: anthropic,
    requests: anthropicRequests,
    answers: anthropicAnswers,
    streams: anthropicStreams,
  },
] as const;

for (const { name, connect, requests, answers, streams } of formats) {
  describe(`through Envoy, the official ${name} client`, { concurrency: 1 }, () => {
    test("sends no planted value to the upstream, from any position", async (t) => {
      const stage = await startGovernedEnvoy(t);
      const failures = await tryRequests(stage, connect(stage), requests);
      assert.equal(failures.toString(), "");
    });

    test("reads every answer, without a planted value in any position", async (t) => {
      const stage = await startGovernedEnvoy(t);
      const failures = await tryAnswers(stage, connect(stage), answers);
      assert.equal(failures.toString(), "");
    });

    test("reads every stream, without a planted value in any position", async (t) => {
      const stage = await startGovernedEnvoy(t);
      const failures = await tryStreams(stage, connect(stage), streams);
      assert.equal(failures.toString(), "");
    });
  });
}
