import type { DecodedRequest } from "./format.ts";
import type { JsonDocument } from "./json-document.ts";
import { largestParam, type RequestMembers } from "./request-members.ts";
import type { SpanReader } from "./span-reader.ts";
import { applySplices, type Splice } from "./splice.ts";

/** Puts a scanned request, its steering members and its spans together. */
export function toDecodedRequest(options: {
  readonly doc: JsonDocument;
  readonly members: RequestMembers;
  readonly reader: SpanReader;
  /** Names of the parameters that bound the tokens of the answer. */
  readonly maxTokensParams: readonly string[];
  readonly toolNames: readonly string[];
}): DecodedRequest {
  const { doc, members, reader } = options;
  const { texts } = reader;
  return {
    spans: texts.items,
    model: members.model,
    isStreaming: members.isStreaming,
    maxTokens: largestParam(members.params, options.maxTokensParams),
    toolNames: options.toolNames,
    params: members.params,
    textBytes: reader.textBytes,
    applyEdits: (edits) => texts.applyEdits(doc.bytes, edits),
    applyEditsAndModel: (edits, model) => {
      const splices = texts.toSplices(doc.bytes, edits);
      const change = modelSplice(doc, members, model);
      if (change !== undefined) splices.push(change);
      return applySplices(doc.bytes, splices);
    },
  };
}

function modelSplice(
  doc: JsonDocument,
  members: RequestMembers,
  model: string,
): Splice | undefined {
  if (members.model === model) return undefined;
  const value = JSON.stringify(model);
  const { modelNode } = members;
  if (modelNode !== undefined) {
    return { start: doc.start(modelNode), end: doc.end(modelNode), bytes: Buffer.from(value) };
  }
  // A request has at least `messages`, so a comma follows.
  const start = doc.start(0) + 1;
  return { start, end: start, bytes: Buffer.from(`"model":${value},`) };
}
