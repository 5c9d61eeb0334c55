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
  return toDecodedRequest({ doc, members, reader, maxTokensParams, toolNames: toolNames(doc) });
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
  };
}

/** Names under `tools`, nested by kind or flat, and under the older `functions`. */
function toolNames(doc: JsonDocument): readonly string[] {
  const names: string[] = [];
  for (const list of [lastMember(doc, 0, "tools"), lastMember(doc, 0, "functions")]) {
    if (list === undefined || !doc.isArray(list)) continue;
    for (let tool = doc.first(list); tool < doc.after(list); tool = doc.after(tool)) {
      const name = toolName(doc, tool);
      if (name !== undefined) names.push(name);
    }
  }
  return names;
}

function toolName(doc: JsonDocument, tool: number): string | undefined {
  const inner = lastMember(doc, tool, "function") ?? lastMember(doc, tool, "custom");
  return lastText(doc, inner ?? tool, "name");
}

function finishReason(doc: JsonDocument): string | undefined {
  const choices = lastMember(doc, 0, "choices");
  if (choices === undefined || !doc.isArray(choices)) return undefined;
  const first = doc.first(choices);
  return first < doc.after(choices) ? lastText(doc, first, "finish_reason") : undefined;
}
