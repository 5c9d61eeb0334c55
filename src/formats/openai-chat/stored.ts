import { Fault, type Limits } from "../../base/index.ts";
import { toDecodedRequest } from "../decoded-request.ts";
import type { DecodedRequest, Format } from "../format.ts";
import { scanJson } from "../json-scan.ts";
import { emptyVocabulary } from "../json-vocabulary.ts";
import { SpanReader } from "../span-reader.ts";
import { decodeAnswer } from "./decode.ts";
import { openaiChat } from "./openai-chat.ts";

/**
 * Chat completions kept by the provider (`store: true`): listed, fetched, given new metadata and
 * deleted. Their answers repeat what was said, so they are judged as any other.
 */
export const openaiStoredChat: Format = {
  ...openaiChat,
  action: "llm.read",
  decodeRequest: decodeUpdate,
  // What is read again was counted when it was made.
  decodeAnswer: (body, limits) => ({ ...decodeAnswer(body, limits), usage: undefined }),
};

/**
 * Reads what an update of a stored completion may say: its metadata, and nothing else. A body with
 * more could be a generation in disguise, and those need a model that is permitted.
 * @throws Fault format_unrecognised, and those of `scanJson`
 */
function decodeUpdate(body: Buffer, limits: Limits): DecodedRequest {
  const doc = scanJson(body, { limits, vocabulary: emptyVocabulary });
  if (!doc.isObject(0)) throw new Fault("json_invalid", "expected an object as the update");
  for (let member = doc.first(0); member < doc.after(0); member = doc.after(member)) {
    if (doc.name(member) === "metadata") continue;
    throw new Fault("format_unrecognised", "expected an update of metadata alone");
  }
  const reader = new SpanReader(doc);
  reader.read(0, "prompt", undefined);
  const members = { modelNode: undefined, model: undefined, isStreaming: false, params: noParams };
  const none = { maxTokensParams: [], layout: undefined, readToolResults: () => [] };
  return toDecodedRequest({ doc, members, reader, ...none });
}

const noParams: Readonly<Record<string, number | boolean>> = Object.freeze(Object.create(null));
