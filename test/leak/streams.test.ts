import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BodyMode } from "../../src/exchange/index.ts";
import type { Spelling } from "../support/planted-json.ts";
import { plantedValues } from "../support/planted-values.ts";
import { anthropicFrame, anthropicStreams } from "./anthropic-messages-streams.ts";
import { type Cut, chunkCuts, eventCut, textCuts } from "./cuts.ts";
import { Failures } from "./failures.ts";
import { judgeStream, maskedPlanting, plantingOf } from "./judge.ts";
import { openaiFrame, openaiStreams } from "./openai-chat-streams.ts";
import type { StreamPosition } from "./position.ts";
import { renderStream, streamNeedsNumber, textOf } from "./render-stream.ts";
import { type Dialect, dialects, runAnswer } from "./runs.ts";
import { layoutPositions, tailPositions } from "./stream-layouts.ts";

const headers = { "content-type": "text/event-stream" };
const modes: readonly BodyMode[] = ["FULL_DUPLEX_STREAMED", "STREAMED", "BUFFERED"];
const [inOneChunk, byteByByte, inRandomChunks] = chunkCuts as readonly [
  Cut<Buffer>,
  Cut<Buffer>,
  Cut<Buffer>,
];

/** Spellings only matter where text is JSON; a raw line has no escapes of its own. */
function spellingsOf(position: StreamPosition): readonly Spelling[] {
  return "raw" in position.piece ? ["plain"] : ["plain", "escaped"];
}

/** Each mode with some cut of the bytes; the dear one for a single combination. */
function waysOf(isFirst: boolean): readonly (readonly [BodyMode, Cut<Buffer>])[] {
  const ways: (readonly [BodyMode, Cut<Buffer>])[] = [
    ["BUFFERED", inOneChunk],
    ["FULL_DUPLEX_STREAMED", inRandomChunks],
    ["STREAMED", eventCut],
  ];
  if (!isFirst) return ways;
  return [...ways, ...modes.slice(0, 2).map((mode) => [mode, byteByByte] as const)];
}

function tryPosition(dialect: Dialect, position: StreamPosition, seed: number): Failures {
  const failures = new Failures();
  const { handling, isWhole } = position;
  const values = plantedValues(seed).filter(
    ({ digits }) => digits !== undefined || !streamNeedsNumber(position),
  );
  const cuts = isWhole === true ? textCuts.slice(0, 1) : textCuts;
  for (const planted of values) {
    for (const spelling of spellingsOf(position)) {
      for (const cut of cuts) {
        const pieces = cut.pieces(textOf(position, plantingOf(planted, spelling)));
        const original = renderStream(position, plantingOf(planted, spelling), pieces);
        const masked = maskedPlanting(planted, spelling);
        const rest = new Array<string>(pieces.length - 1).fill("");
        const expected = renderStream(position, masked, [textOf(position, masked), ...rest]);
        for (const [mode, chunks] of waysOf(planted === values[0] && spelling === "plain")) {
          const outcome = runAnswer(dialect, chunks.pieces(Buffer.from(original)), {
            mode,
            headers,
            isStreamAsked: true,
          });
          const verdict = judgeStream(outcome, { handling, planted, original, expected });
          const under = [planted.type, spelling, cut.name, mode, chunks.name];
          failures.note(verdict, under, original);
        }
      }
    }
  }
  return failures;
}

function describeStreams(dialect: Dialect, positions: readonly StreamPosition[]): void {
  describe(`streams of ${dialect.name} let no planted value through`, () => {
    for (const [index, position] of positions.entries()) {
      test(`${position.name} (${position.handling})`, () => {
        assert.equal(tryPosition(dialect, position, index).toString(), "");
      });
    }
  });
}

describeStreams(dialects.openai, [
  ...openaiStreams,
  ...layoutPositions(openaiFrame),
  ...tailPositions([...openaiFrame.before, ...openaiFrame.after]),
]);
describeStreams(dialects.anthropic, [
  ...anthropicStreams,
  ...layoutPositions(anthropicFrame),
  ...tailPositions([...anthropicFrame.before, ...anthropicFrame.after]),
]);
