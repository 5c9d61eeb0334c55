import type { Limits } from "../../base/index.ts";
import { refuseOtherFormat } from "../body-marks.ts";
import { toDecodedRequest } from "../decoded-request.ts";
import type { DecodedAnswer, DecodedRequest } from "../format.ts";
import { scanJson } from "../json-scan.ts";
import { lastText } from "../members.ts";
import { readRequestMembers } from "../request-members.ts";
import { SpanReader } from "../span-reader.ts";
import { layoutOf } from "./layout.ts";
import { answerShape, requestShape } from "./shapes.ts";
import { callsIn } from "./tool-calls.ts";
import { toolResults } from "./tool-results.ts";
import { TokenCounts } from "./usage.ts";
import { anthropicMessagesVocabulary } from "./vocabulary.ts";

const maxTokensParams = ["max_tokens"];

/** Reads the body of a messages request. */
export function decodeRequest(body: Buffer, limits: Limits): DecodedRequest {
  return decode(body, limits, true);
}

/** Reads the body of a request that counts the tokens of another. */
export function decodeCountRequest(body: Buffer, limits: Limits): DecodedRequest {
  return decode(body, limits, false);
}

function decode(body: Buffer, limits: Limits, mayAdd: boolean): DecodedRequest {
  const doc = scanJson(body, { limits, vocabulary: anthropicMessagesVocabulary });
  const members = readRequestMembers(doc);
  refuseOtherFormat(doc, "anthropic-messages");
  const reader = new SpanReader(doc);
  reader.read(0, "prompt", requestShape);
  const layout = layoutOf(doc, mayAdd);
  const readToolResults = () => toolResults(doc, reader.texts);
  return toDecodedRequest({ doc, members, reader, maxTokensParams, layout, readToolResults });
}

/** Reads a message, or whatever JSON came in its stead. */
export function decodeAnswer(body: Buffer, limits: Limits): DecodedAnswer {
  const doc = scanJson(body, { limits, vocabulary: anthropicMessagesVocabulary });
  const reader = new SpanReader(doc, "response");
  reader.read(0, "response", answerShape);
  const { texts } = reader;
  return {
    spans: texts.items,
    usage: new TokenCounts().read(doc, 0),
    finishReason: lastText(doc, 0, "stop_reason"),
    applyEdits: (edits) => texts.applyEdits(body, edits),
    readToolCalls: () => callsIn(doc, 0, texts),
  };
}
