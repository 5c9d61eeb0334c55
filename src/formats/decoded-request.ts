import type { ToolResult } from "../domain/index.ts";
import type { DecodedRequest } from "./format.ts";
import type { JsonDocument } from "./json-document.ts";
import { applyChanges, type RequestLayout } from "./request-changes.ts";
import { largestParam, type RequestMembers } from "./request-members.ts";
import type { SpanReader } from "./span-reader.ts";

/** Puts a scanned request, its steering members and its spans together. */
export function toDecodedRequest(options: {
  readonly doc: JsonDocument;
  readonly members: RequestMembers;
  readonly reader: SpanReader;
  /** Names of the parameters that bound the tokens of the answer. */
  readonly maxTokensParams: readonly string[];
  /** Undefined where nothing but texts and the model can be changed. */
  readonly layout: RequestLayout | undefined;
  readonly readToolResults: () => readonly ToolResult[];
}): DecodedRequest {
  const { doc, layout, members, reader, readToolResults } = options;
  const { model, modelNode } = members;
  const { texts } = reader;
  return {
    spans: texts.items,
    model,
    isStreaming: members.isStreaming,
    maxTokens: largestParam(members.params, options.maxTokensParams),
    toolNames: layout?.tools.map(({ name }) => name) ?? [],
    readToolResults,
    params: members.params,
    textBytes: reader.textBytes,
    applyEdits: (edits) => texts.applyEdits(doc.bytes, edits),
    applyChanges: (changes) => applyChanges({ doc, texts, model, modelNode, layout }, changes),
  };
}
