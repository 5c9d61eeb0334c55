import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BodyMode } from "../../src/exchange/index.ts";
import { renderJson, type Spelling } from "../support/planted-json.ts";
import { type PlantedValue, plantedValues } from "../support/planted-values.ts";
import { anthropicAnswers } from "./anthropic-messages-answers.ts";
import { anthropicRequests } from "./anthropic-messages-requests.ts";
import { type Cut, chunkCuts } from "./cuts.ts";
import { Failures } from "./failures.ts";
import { judgeBody, maskedPlanting, plantingOf } from "./judge.ts";
import { openaiAnswers } from "./openai-chat-answers.ts";
import { openaiRequests } from "./openai-chat-requests.ts";
import { holdsNumber, type Position } from "./position.ts";
import { type Dialect, dialects, type Outcome, runAnswer, runRequest } from "./runs.ts";

const spellings: readonly Spelling[] = ["plain", "escaped", "mixed"];
const [inOneChunk, byteByByte, inRandomChunks] = chunkCuts as readonly [
  Cut<Buffer>,
  Cut<Buffer>,
  Cut<Buffer>,
];

/** Byte by byte is dear and adds nothing to what stays the same for every value. */
const ways: readonly (readonly [mode: BodyMode, cut: Cut<Buffer>, isDear: boolean])[] = [
  ["BUFFERED", inOneChunk, false],
  ["FULL_DUPLEX_STREAMED", inRandomChunks, false],
  ["FULL_DUPLEX_STREAMED", byteByByte, true],
];
const answerWays = [...ways, ["STREAMED", inRandomChunks, false] as const];

function valuesFor(position: Position, seed: number): readonly PlantedValue[] {
  const values = plantedValues(seed);
  return holdsNumber(position.body) ? values.filter(({ digits }) => digits !== undefined) : values;
}

/** Plants every value at a position, in every spelling, mode and cut. */
function tryPosition(
  position: Position,
  seed: number,
  modes: typeof ways,
  run: (body: readonly Buffer[], mode: BodyMode) => Outcome,
): Failures {
  const failures = new Failures();
  const { body, handling, masked = body } = position;
  for (const planted of valuesFor(position, seed)) {
    for (const spelling of spellings) {
      const original = renderJson(body, plantingOf(planted, spelling));
      const expected = renderJson(masked, maskedPlanting(planted, spelling));
      for (const [mode, cut, isDear] of modes) {
        if (isDear && (spelling !== "plain" || planted.type !== "EMAIL")) continue;
        const outcome = run(cut.pieces(Buffer.from(original)), mode);
        const verdict = judgeBody(outcome, { handling, planted, original, expected });
        failures.note(verdict, [planted.type, spelling, mode, cut.name], original);
      }
    }
  }
  return failures;
}

function describeRequests(dialect: Dialect, positions: readonly Position[]): void {
  describe(`requests of ${dialect.name} let no planted value through`, () => {
    for (const [index, position] of positions.entries()) {
      test(`${position.name} (${position.handling})`, () => {
        const failures = tryPosition(position, index, ways, (chunks, mode) =>
          runRequest(dialect, chunks, { mode }),
        );
        assert.equal(failures.toString(), "");
      });
    }
  });
}

function describeAnswers(dialect: Dialect, positions: readonly Position[]): void {
  describe(`answers of ${dialect.name} let no planted value through`, () => {
    for (const [index, position] of positions.entries()) {
      test(`${position.name} (${position.handling})`, () => {
        const headers = {
          ":status": String(position.status ?? 200),
          "content-type": "application/json",
        };
        const failures = tryPosition(position, index, answerWays, (chunks, mode) =>
          runAnswer(dialect, chunks, { mode, headers }),
        );
        assert.equal(failures.toString(), "");
      });
    }
  });
}

describeRequests(dialects.openai, openaiRequests);
describeRequests(dialects.anthropic, anthropicRequests);
describeAnswers(dialects.openai, openaiAnswers);
describeAnswers(dialects.anthropic, anthropicAnswers);
