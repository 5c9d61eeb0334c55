import type { Limits } from "../../base/index.ts";
import { refuseOtherFormat } from "../body-marks.ts";
import { toDecodedRequest } from "../decoded-request.ts";
import type { DecodedAnswer, DecodedRequest } from "../format.ts";
import type { JsonDocument } from "../json-document.ts";
import { scanJson } from "../json-scan.ts";
import { lastMember, lastText } from "../members.ts";
import { readRequestMembers } from "../request-members.ts";
import { SpanReader } from "../span-reader.ts";
import { answerShape, requestShape } from "./shapes.ts";
import { TokenCounts } from "./usage.ts";
import { anthropicMessagesVocabulary } from "./vocabulary.ts";

const maxTokensParams = ["max_tokens"];

/** Reads the body of a messages request. */
export function decodeRequest(body: Buffer, limits: Limits): DecodedRequest {
  const doc = scanJson(body, { limits, vocabulary: anthropicMessagesVocabulary });
  const members = readRequestMembers(doc);
  refuseOtherFormat(doc, "anthropic-messages");
  const reader = new SpanReader(doc);
  reader.read(0, "prompt", requestShape);
  return toDecodedRequest({ doc, members, reader, maxTokensParams, toolNames: toolNames(doc) });
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
  };
}

function toolNames(doc: JsonDocument): readonly string[] {
  const tools = lastMember(doc, 0, "tools");
  if (tools === undefined || !doc.isArray(tools)) return [];
  const names: string[] = [];
  for (let tool = doc.first(tools); tool < doc.after(tools); tool = doc.after(tool)) {
    const name = lastText(doc, tool, "name");
    if (name !== undefined) names.push(name);
  }
  return names;
}
