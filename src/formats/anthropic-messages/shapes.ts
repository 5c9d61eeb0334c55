import type { Place } from "../../domain/index.ts";
import type { JsonDocument } from "../json-document.ts";
import { schemaShape } from "../json-schema.ts";
import { lastText, soleText } from "../members.ts";
import {
  count,
  each,
  fixed,
  media,
  opaque,
  type Rule,
  type Shape,
  shaped,
  shapeOf,
  structure,
  text,
  typedShape,
} from "../shape.ts";

/** Where a text comes from. */
export const citationShape = shapeOf({
  type: structure,
  file_id: opaque,
  encrypted_index: opaque,
  ...each(["document_index", "search_result_index"], count),
  ...each(["start_char_index", "end_char_index"], count),
  ...each(["start_page_number", "end_page_number"], count),
  ...each(["start_block_index", "end_block_index"], count),
});

/** Members any block may have that are not text. */
const blockMembers: Readonly<Record<string, Rule>> = {
  type: structure,
  ...each(["id", "tool_use_id", "file_id"], opaque),
  ...each(["encrypted_content", "encrypted_stdout", "encrypted_index"], opaque),
  cache_control: shaped(shapeOf({ type: structure, ttl: structure })),
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
const signedThinkingShape = withMembers({ thinking: fixed, signature: opaque });
const unsignedThinkingShape = withMembers({ signature: opaque });
const redactedThinkingShape = withMembers({ data: opaque });
const signedCompactionShape = withMembers({
  signature: opaque,
  content: fixed,
  tool_changes: fixed,
});
/** A call names a tool that was offered. */
const requestCallShape: Shape = {
  members: new Map([...requestBlockMembers, ["name", structure], ["input", text]]),
  placeOf: placeOfBlock,
};
const answerCallShape = withMembers({ name: structure, input: text });

requestBlockMembers.set("source", shaped(sourceOf(requestBlockShape)));
requestBlockMembers.set("content", shaped(requestBlockShape));
answerBlockMembers.set("source", shaped(sourceOf(answerBlockShape)));
answerBlockMembers.set("content", shaped(answerBlockShape));

const messageShape = shapeOf(
  { role: structure, content: shaped(requestBlockShape) },
  { placeOf: placeOfMessage },
);

const toolShape = shapeOf({
  type: structure,
  name: structure,
  input_schema: shaped(schemaShape),
  cache_control: shaped(typedShape),
  ...each(["max_uses", "max_content_tokens", "max_characters"], count),
  ...each(["display_width_px", "display_height_px", "display_number"], count),
});
const answerFormat = shaped(shapeOf({ type: structure, schema: shaped(schemaShape) }));

/** The body of a request. */
export const requestShape = shapeOf({
  model: opaque,
  system: shaped(requestBlockShape, { place: "system" }),
  messages: shaped(messageShape),
  tools: shaped(toolShape),
  tool_choice: shaped(shapeOf({ type: structure, name: structure })),
  thinking: shaped(shapeOf({ type: structure, display: structure, budget_tokens: count })),
  cache_control: shaped(typedShape),
  output_config: shaped(shapeOf({ effort: structure, format: answerFormat })),
  output_format: answerFormat,
  ...each(["service_tier", "inference_geo", "speed"], structure),
  ...each(["max_tokens", "temperature", "top_p", "top_k"], count),
});

/** A whole answer, the message of `message_start`, or an error. */
export const answerShape = shapeOf({
  id: opaque,
  type: structure,
  role: structure,
  model: opaque,
  request_id: opaque,
  stop_reason: structure,
  stop_details: shaped(shapeOf({ type: structure, category: structure })),
  usage: count,
  content: shaped(answerBlockShape),
  error: shaped(typedShape),
});

function sourceOf(block: Shape): Shape {
  const members = { type: structure, media_type: structure, file_id: opaque };
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

/** A block the model signed comes back as it was: its readable text is bound to the signature. */
function refineRequestBlock(doc: JsonDocument, block: number): Shape {
  const type = soleText(doc, block, "type") ?? "";
  const own = type.endsWith("tool_use") ? requestCallShape : requestBlockShape;
  return signedShape(doc, block, type) ?? own;
}

function refineAnswerBlock(doc: JsonDocument, block: number): Shape {
  const type = soleText(doc, block, "type") ?? "";
  const own = type.endsWith("tool_use") ? answerCallShape : answerBlockShape;
  return signedShape(doc, block, type) ?? own;
}

function signedShape(doc: JsonDocument, block: number, type: string): Shape | undefined {
  const isSigned = () => Boolean(lastText(doc, block, "signature"));
  switch (type) {
    case "thinking":
      return isSigned() ? signedThinkingShape : unsignedThinkingShape;
    case "redacted_thinking":
      return redactedThinkingShape;
    case "compaction":
      return isSigned() ? signedCompactionShape : undefined;
    default:
      return undefined;
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
