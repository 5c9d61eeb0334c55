/** Every type of value in every position of an answer, whole and as it streams, through a real Envoy. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { anthropicAnswers } from "../leak/anthropic-messages-answers.ts";
import { anthropicStreams } from "../leak/anthropic-messages-streams.ts";
import { type Conversation, conversationsOf } from "../leak/conversation.ts";
import { chunkCuts, textCuts } from "../leak/cuts.ts";
import { joinEventTexts } from "../leak/event-texts.ts";
import {
  everyMask,
  everySentence,
  everyValue,
  plainMask,
  plainPlanting,
  valueInTurn,
} from "../leak/every-type.ts";
import { openaiAnswers } from "../leak/openai-chat-answers.ts";
import { openaiStreams } from "../leak/openai-chat-streams.ts";
import type { StreamPosition } from "../leak/position.ts";
import { renderStream, streamNeedsNumber, textOf } from "../leak/render-stream.ts";
import { dialects } from "../leak/runs.ts";
import { differencesOf, literalsOf } from "../leak/traces.ts";
import { type GovernedEnvoy, startGovernedEnvoy } from "../support/governed-envoy.ts";
import { MarkedNumber, type Planting } from "../support/planted-json.ts";
import { masksEverything } from "../support/tool-policies.ts";

const formats = [
  { dialect: dialects.openai, answers: openaiAnswers, streams: openaiStreams },
  { dialect: dialects.anthropic, answers: anthropicAnswers, streams: anthropicStreams },
] as const;

/** Of a stream, each position has so many types, cut in ways that take turns. */
const typesPerPosition = 12;

for (const { dialect, answers, streams } of formats) {
  const { name } = dialect;
  const path = dialect.path.replace("/v1", "");

  describe(`values of every type in answers of ${name}`, { timeout: 120_000 }, () => {
    test("stand as their masks, in every position of a whole answer, and no other byte changes", async (t) => {
      const stage = await startGovernedEnvoy(t, { policies: masksEverything });
      const differences: string[] = [];
      const edited = answers.filter(({ handling }) => handling === "edited");
      for (const conversation of conversationsOf(edited)) {
        for (const turn of everyValue.keys()) {
          const ask = () => stage.post(path, dialect.request);
          differences.push(...(await answerWith(stage, { ask, conversation, turn })));
        }
      }
      assert.deepEqual(differences, []);
    });

    test("stand as their masks where all of them stream as one text, however it is cut", async (t) => {
      const stage = await startGovernedEnvoy(t, { policies: masksEverything });
      const [position] = streams as readonly [StreamPosition];
      for (const cut of textCuts) {
        for (const chunks of chunkCuts) {
          const pieces = cut.pieces(everySentence.text);
          // Byte by byte is dear, and says the same of few events as of many.
          if (chunks.name === "byte by byte" && pieces.length > 1) continue;
          const original = renderStream(position, everySentence, pieces);
          const received = await stream(stage, {
            ask: () => stage.post(path, dialect.streamRequest),
            writes: chunks.pieces(Buffer.from(original)),
          });
          const expected = maskedStream(position, everyMask, pieces.length);
          const differences = differentTexts(readingOf(received), readingOf(expected));
          assert.deepEqual(differences, [], `${cut.name}, ${chunks.name}`);
        }
      }
    });

    test("stand as their masks in every position of a stream", async (t) => {
      const stage = await startGovernedEnvoy(t, { policies: masksEverything });
      const edited = streams.filter(({ handling }) => handling === "edited");
      const differences: string[] = [];
      for (const [index, position] of edited.entries()) {
        for (let count = 0; count < typesPerPosition; count += 1) {
          const turn = index * typesPerPosition + count;
          const ask = () => stage.post(path, dialect.streamRequest);
          differences.push(...(await streamAt(stage, { ask, position, turn })));
        }
      }
      assert.deepEqual(differences, []);
    });
  });
}

type Ask = () => Promise<Response>;

async function answerWith(
  stage: GovernedEnvoy,
  given: { readonly ask: Ask; readonly conversation: Conversation; readonly turn: number },
): Promise<readonly string[]> {
  const { ask, conversation, turn } = given;
  const plantedAt = (at: number) => valueInTurn(conversation.positions[at]?.body, turn + at);
  const status = conversation.positions[0]?.status ?? 200;
  stage.cloud.answerWith({
    raw: [conversation.render((at) => plainPlanting(plantedAt(at)))],
    status,
  });
  const answer = await ask();
  const received = await answer.text();
  if (answer.status !== status) return [`turn ${turn} was answered ${answer.status}: ${received}`];
  return differencesOf(
    received,
    conversation.render((at) => plainMask(plantedAt(at))),
  );
}

async function stream(
  stage: GovernedEnvoy,
  given: { readonly ask: Ask; readonly writes: readonly Buffer[] },
): Promise<string> {
  stage.cloud.answerWith({ raw: given.writes, isStream: true });
  return (await given.ask()).text();
}

async function streamAt(
  stage: GovernedEnvoy,
  given: { readonly ask: Ask; readonly position: StreamPosition; readonly turn: number },
): Promise<readonly string[]> {
  const { ask, position, turn } = given;
  const planted = valueInTurn(streamNeedsNumber(position) ? new MarkedNumber() : "", turn);
  const planting = plainPlanting(planted);
  const cut = position.isWhole === true ? textCuts[0] : textCuts[turn % textCuts.length];
  const chunks = chunkCuts[turn % chunkCuts.length];
  const pieces = cut?.pieces(textOf(position, planting)) ?? [];
  const original = renderStream(position, planting, pieces);
  const received = await stream(stage, {
    ask,
    writes: chunks?.pieces(Buffer.from(original)) ?? [],
  });
  const expected = maskedStream(position, plainMask(planted), pieces.length);
  const under = `${position.name}, ${planted.type}, ${cut?.name}, ${chunks?.name}`;
  return differentTexts(readingOf(received), readingOf(expected)).map(
    (difference) => `${under}: ${difference}`,
  );
}

function maskedStream(position: StreamPosition, masked: Planting, pieces: number): string {
  const rest = new Array<string>(pieces - 1).fill("");
  return renderStream(position, masked, [textOf(position, masked), ...rest]);
}

/** The texts of a stream by place; where they are JSON, what they say. */
function readingOf(events: string): ReadonlyMap<string, string> {
  const texts = [...joinEventTexts(events)].filter(([, text]) => text !== "");
  return new Map(texts.map(([place, text]) => [place, saidBy(text)]));
}

function saidBy(text: string): string {
  try {
    return literalsOf(text).join(" ");
  } catch {
    // A text like any other.
    return text;
  }
}

function differentTexts(
  received: ReadonlyMap<string, string>,
  expected: ReadonlyMap<string, string>,
): readonly string[] {
  const places = new Set([...received.keys(), ...expected.keys()]);
  return [...places].flatMap((place) => {
    const [got, wanted] = [received.get(place), expected.get(place)];
    return got === wanted ? [] : [`${place} is ${got}, not ${wanted}`];
  });
}
