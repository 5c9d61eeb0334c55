import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lookAlikeNumbers, lookAlikeTexts } from "../support/look-alikes.ts";
import { type Planting, renderJson, type Spelling } from "../support/planted-json.ts";
import { anthropicAnswers } from "./anthropic-messages-answers.ts";
import { anthropicRequests } from "./anthropic-messages-requests.ts";
import { anthropicStreams } from "./anthropic-messages-streams.ts";
import { type Cut, chunkCuts, textCuts } from "./cuts.ts";
import { openaiAnswers } from "./openai-chat-answers.ts";
import { openaiRequests } from "./openai-chat-requests.ts";
import { openaiStreams } from "./openai-chat-streams.ts";
import { holdsNumber, type Position } from "./position.ts";
import { renderStream, textOf } from "./render-stream.ts";
import { type Dialect, dialects, type Outcome, runAnswer, runRequest } from "./runs.ts";

const [inOneChunk, , inRandomChunks] = chunkCuts as readonly [
  Cut<Buffer>,
  Cut<Buffer>,
  Cut<Buffer>,
];
const spellings: readonly Spelling[] = ["plain", "mixed"];

/** Every text and number there is, in each spelling. */
const plantings: readonly Planting[] = [
  ...lookAlikeTexts.flatMap((text) =>
    spellings.map((spelling) => ({ text: `so ${text} it is`, number: "1", spelling })),
  ),
  ...lookAlikeNumbers.map((number) => ({ text: "so", number, spelling: "plain" as const })),
];

/** Only members that steer have a choice of values, so that any other may be refused there. */
function isFree({ handling }: { readonly handling: string }): boolean {
  return handling !== "guarded";
}

function assertSame(outcome: Outcome, original: Buffer): void {
  assert.equal(outcome.refusal, undefined, `${original}`);
  if (!outcome.passed.equals(original)) {
    assert.equal(outcome.passed.toString("utf8"), original.toString("utf8"));
  }
}

function tryBodies(positions: readonly Position[], run: (body: Buffer) => Outcome): void {
  for (const { body } of positions.filter(isFree)) {
    for (const planting of plantings) {
      if (holdsNumber(body) !== (planting.number !== "1")) continue;
      const original = Buffer.from(renderJson(body, planting));
      assertSame(run(original), original);
    }
  }
}

function describeDialect(
  dialect: Dialect,
  positions: {
    readonly requests: readonly Position[];
    readonly answers: readonly Position[];
    readonly streams: typeof openaiStreams;
  },
): void {
  describe(`look-alikes in ${dialect.name}`, () => {
    test("keep every byte of a request", () => {
      tryBodies(positions.requests, (body) =>
        runRequest(dialect, inRandomChunks.pieces(body), { mode: "FULL_DUPLEX_STREAMED" }),
      );
    });

    test("keep every byte of an answer", () => {
      const headers = { "content-type": "application/json" };
      tryBodies(positions.answers, (body) =>
        runAnswer(dialect, inOneChunk.pieces(body), { mode: "BUFFERED", headers }),
      );
    });

    for (const cut of textCuts) {
      test(`keep every byte of a stream, written ${cut.name}`, () => {
        tryStreams(dialect, positions.streams, cut);
      });
    }
  });
}

function tryStreams(dialect: Dialect, streams: typeof openaiStreams, cut: Cut<string>): void {
  const headers = { "content-type": "text/event-stream" };
  for (const position of streams.filter(isFree)) {
    for (const planting of plantings) {
      if (planting.number !== "1" && position.inner === undefined) continue;
      // Escapes are undone before anything else, as the bodies show.
      if (planting.spelling !== "plain") continue;
      const text = textOf(position, planting);
      const pieces = position.isWhole === true ? [text] : cut.pieces(text);
      const original = Buffer.from(renderStream(position, planting, pieces));
      const outcome = runAnswer(dialect, inRandomChunks.pieces(original), {
        mode: "FULL_DUPLEX_STREAMED",
        headers,
        isStreamAsked: true,
      });
      assertSame(outcome, original);
    }
  }
}

describeDialect(dialects.openai, {
  requests: openaiRequests,
  answers: openaiAnswers,
  streams: openaiStreams,
});
describeDialect(dialects.anthropic, {
  requests: anthropicRequests,
  answers: anthropicAnswers,
  streams: anthropicStreams,
});
