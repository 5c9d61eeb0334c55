import type { Place } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { lastText, soleText } from "../members.ts";
import { media, type Rule, type Shape, shaped, shapeOf, structure, typedShape } from "../shape.ts";

/** Where a text comes from. */
export const citationShape = shapeOf({
  type: structure,
  file_id: structure,
  encrypted_index: structure,
});

/** Members any block may have that are not text. */
const blockMembers: Readonly<Record<string, Rule>> = {
  type: structure,
  id: structure,
  tool_use_id: structure,
  file_id: structure,
  encrypted_content: structure,
  encrypted_stdout: structure,
  encrypted_index: structure,
  cache_control: shaped(typedShape),
  citations: shaped(citationShape),
};

/** Blocks and the sources of documents hold one another, so these shapes refer to themselves. */
const requestBlockMembers = new Map<string, Rule>(Object.entries(blockMembers));
const answerBlockMembers = new Map<string, Rule>(Object.entries(blockMembers));

/** A content block of an answer: whatever a person can read is text. */
export const answerBlockShape: Shape = { members: answerBlockMembers, refine: refineAnswerBlock };

const requestBlockShape: Shape = {
  members: requestBlockMembers,
  refine: refineRequestBlock,
  placeOf: placeOfBlock,
};
const signedThinkingShape = withMembers({ thinking: structure, signature: structure });
const thinkingShape = withMembers({ signature: structure });
const redactedThinkingShape = withMembers({ data: structure });
const signedCompactionShape = withMembers({ signature: structure, content: structure });

requestBlockMembers.set("source", shaped(sourceOf(requestBlockShape)));
requestBlockMembers.set("content", shaped(requestBlockShape));
answerBlockMembers.set("source", shaped(sourceOf(answerBlockShape)));
answerBlockMembers.set("content", shaped(answerBlockShape));

const messageShape = shapeOf(
  { role: structure, content: shaped(requestBlockShape) },
  { placeOf: placeOfMessage },
);

/** The body of a request. */
export const requestShape = shapeOf({
  model: structure,
  system: shaped(requestBlockShape, { place: "system" }),
  messages: shaped(messageShape),
  tools: shaped(shapeOf({ type: structure, cache_control: shaped(typedShape) })),
  tool_choice: shaped(typedShape),
  thinking: shaped(typedShape),
  cache_control: shaped(typedShape),
});

/** A whole answer, the message of `message_start`, or an error. */
export const answerShape = shapeOf({
  id: structure,
  type: structure,
  role: structure,
  model: structure,
  request_id: structure,
  stop_reason: structure,
  stop_details: shaped(typedShape),
  content: shaped(answerBlockShape),
  error: shaped(typedShape),
});

function sourceOf(block: Shape): Shape {
  const members = { type: structure, media_type: structure, file_id: structure };
  const placeOf = placeOfSource;
  const readable = shapeOf({ ...members, content: shaped(block) }, { placeOf });
  const encoded = shapeOf({ ...members, data: media }, { placeOf });
  const refine = (doc: JsonDocument, source: number) =>
    soleText(doc, source, "type") === "base64" ? encoded : readable;
  return { members: readable.members, refine };
}

function placeOfSource(_doc: JsonDocument, _source: number, around: Place): Place {
  return around === "tool_result" ? around : "attachment";
}

function withMembers(more: Readonly<Record<string, Rule>>): Shape {
  return shapeOf({ ...blockMembers, ...more });
}

/** A block the model signed must come back as it was (its readable text is bound to the signature). */
function refineRequestBlock(doc: JsonDocument, block: number): Shape {
  const isSigned = () => Boolean(lastText(doc, block, "signature"));
  switch (soleText(doc, block, "type")) {
    case "thinking":
      return isSigned() ? signedThinkingShape : thinkingShape;
    case "redacted_thinking":
      return redactedThinkingShape;
    case "compaction":
      return isSigned() ? signedCompactionShape : requestBlockShape;
    default:
      return requestBlockShape;
  }
}

function refineAnswerBlock(doc: JsonDocument, block: number): Shape {
  switch (soleText(doc, block, "type")) {
    case "thinking":
    case "compaction":
      return thinkingShape;
    case "redacted_thinking":
      return redactedThinkingShape;
    default:
      return answerBlockShape;
  }
}

function placeOfBlock(doc: JsonDocument, block: number, around: Place): Place {
  const type = soleText(doc, block, "type") ?? "";
  if (type.endsWith("tool_result") || type === "search_result") return "tool_result";
  if (type.endsWith("tool_use")) return "tool_args";
  return type === "document" && around !== "tool_result" ? "attachment" : around;
}

function placeOfMessage(doc: JsonDocument, message: number): Place {
  return soleText(doc, message, "role") === "system" ? "system" : "prompt";
}
