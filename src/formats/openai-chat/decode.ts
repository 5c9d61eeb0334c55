import type { Limits } from "../../base/index.ts";
import type { ToolCall } from "../../domain/index.ts";
import { refuseOtherFormat } from "../body-marks.ts";
import { toDecodedRequest } from "../decoded-request.ts";
import type { DecodedAnswer, DecodedRequest } from "../format.ts";
import type { JsonDocument } from "../json-document.ts";
import { scanJson } from "../json-scan.ts";
import { lastMember, lastText, soleMember } from "../members.ts";
import { readRequestMembers } from "../request-members.ts";
import { SpanReader } from "../span-reader.ts";
import { layoutOf } from "./layout.ts";
import { answerShape, requestShape } from "./shapes.ts";
import { callsOf } from "./tool-calls.ts";
import { toolResults } from "./tool-results.ts";
import { readUsage } from "./usage.ts";
import { openaiChatVocabulary } from "./vocabulary.ts";

const maxTokensParams = ["max_completion_tokens", "max_tokens"];

/** Reads the body of a chat completions request. */
export function decodeRequest(body: Buffer, limits: Limits): DecodedRequest {
  const doc = scanJson(body, { limits, vocabulary: openaiChatVocabulary });
  const members = readRequestMembers(doc);
  refuseOtherFormat(doc, "openai-chat");
  const reader = new SpanReader(doc);
  reader.read(0, "prompt", requestShape);
  const layout = layoutOf(doc);
  const readToolResults = () => toolResults(doc, reader.texts);
  return toDecodedRequest({ doc, members, reader, maxTokensParams, layout, readToolResults });
}

/** Reads a `chat.completion`, or whatever JSON came in its stead. */
export function decodeAnswer(body: Buffer, limits: Limits): DecodedAnswer {
  const doc = scanJson(body, { limits, vocabulary: openaiChatVocabulary });
  const reader = new SpanReader(doc, "response");
  reader.read(0, "response", answerShape);
  const { texts } = reader;
  return {
    spans: texts.items,
    usage: readUsage(doc),
    finishReason: finishReason(doc),
    applyEdits: (edits) => texts.applyEdits(body, edits),
    readToolCalls: () => toolCalls(doc, texts),
  };
}

function finishReason(doc: JsonDocument): string | undefined {
  const choices = lastMember(doc, 0, "choices");
  if (choices === undefined || !doc.isArray(choices)) return undefined;
  const first = doc.first(choices);
  return first < doc.after(choices) ? lastText(doc, first, "finish_reason") : undefined;
}

/** Calls of all choices. */
function toolCalls(doc: JsonDocument, texts: SpanReader["texts"]): readonly ToolCall[] {
  const choices = soleMember(doc, 0, "choices");
  if (choices === undefined) return [];
  const calls: ToolCall[] = [];
  for (let choice = doc.first(choices); choice < doc.after(choices); choice = doc.after(choice)) {
    const message = soleMember(doc, choice, "message");
    if (message === undefined) continue;
    for (const { name, args, texts: own } of callsOf(doc, message, texts)) {
      calls.push({ name: name ?? "unnamed", args: args ?? "", texts: own });
    }
  }
  return calls;
}
