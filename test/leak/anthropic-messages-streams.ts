/** Where texts stand in streams of Anthropic Messages (ai-wire-formats 6.2). */
import { MarkedNumber, Members, mark, type PlantedJson } from "../support/planted-json.ts";
import { argumentDocuments, type Handling, type StreamPosition } from "./position.ts";

type Fields = Readonly<Record<string, PlantedJson>>;

function event(data: Fields & { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

const start = event({
  type: "message_start",
  message: {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "large",
    content: [],
    usage: { input_tokens: 3, output_tokens: 1 },
  },
});
const end = [
  event({
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    usage: { output_tokens: 4 },
  }),
  event({ type: "message_stop" }),
];

/** A stream without anything to find in it. */
export const anthropicFrame = { before: [start], after: end };

/** A block whose deltas carry the text. */
function inDeltas(
  name: string,
  block: Fields,
  delta: Fields,
  more: Partial<StreamPosition> = {},
): StreamPosition {
  return {
    name,
    handling: "edited",
    before: [start, event({ type: "content_block_start", index: 0, content_block: block })],
    piece: {
      event: "content_block_delta",
      data: { type: "content_block_delta", index: 0, delta },
    },
    after: [event({ type: "content_block_stop", index: 0 }), ...end],
    ...more,
  };
}

function whole(
  name: string,
  data: Fields & { readonly type: string },
  handling: Handling = "edited",
): StreamPosition {
  return {
    name,
    handling,
    before: [start],
    piece: { event: data.type, data },
    after: end,
    isWhole: true,
  };
}

function block(
  name: string,
  content_block: PlantedJson,
  handling: Handling = "edited",
): StreamPosition {
  return whole(
    `content_block_start ${name}`,
    { type: "content_block_start", index: 0, content_block },
    handling,
  );
}

const text: Fields = { type: "text", text: "" };
const tool: Fields = { type: "tool_use", id: "toolu_1", name: "mail", input: {} };

/** Positions whose text a model writes piece by piece, and those that come whole. */
export const anthropicStreams: readonly StreamPosition[] = [
  inDeltas("text_delta.text", text, { type: "text_delta", text: mark }),
  inDeltas(
    "text_delta.text with pings between",
    text,
    { type: "text_delta", text: mark },
    {
      between: event({ type: "ping" }),
    },
  ),
  inDeltas(
    "text_delta.text with comments between",
    text,
    { type: "text_delta", text: mark },
    {
      between: ": keep-alive\n\n",
    },
  ),
  inDeltas(
    "text_delta.text of a stream that breaks off",
    text,
    { type: "text_delta", text: mark },
    {
      after: [],
    },
  ),
  inDeltas(
    "text_delta.text of a block that never started",
    text,
    { type: "text_delta", text: mark },
    {
      before: [],
    },
  ),
  whole(
    "both copies of text_delta.text",
    {
      type: "content_block_delta",
      index: 0,
      delta: new Members(["type", "text_delta"], ["text", mark], ["text", mark]),
    },
    "guarded",
  ),
  inDeltas(
    "thinking_delta.thinking",
    { type: "thinking", thinking: "", signature: "" },
    { type: "thinking_delta", thinking: mark },
    { handling: "guarded" },
  ),
  inDeltas(
    "compaction_delta.content",
    { type: "compaction", content: "" },
    { type: "compaction_delta", content: mark },
    { handling: "guarded" },
  ),
  inDeltas("a delta nobody knows", { type: "hologram" }, { type: "hologram_delta", light: mark }),
  ...argumentDocuments().map(([how, inner]) =>
    inDeltas(
      `input_json_delta.partial_json: ${how}`,
      tool,
      { type: "input_json_delta", partial_json: mark },
      { inner },
    ),
  ),
  inDeltas(
    "signature_delta.signature",
    { type: "thinking", thinking: "" },
    { type: "signature_delta", signature: mark },
    { handling: "opaque", isWhole: true },
  ),
  ...["cited_text", "document_title", "title", "url"].map((name) =>
    inDeltas(
      `citations_delta.citation.${name}`,
      text,
      { type: "citations_delta", citation: { type: "char_location", [name]: mark } },
      { isWhole: true },
    ),
  ),
  block("text that is not empty", { type: "text", text: mark }),
  block(
    "thinking that is not empty",
    { type: "thinking", thinking: mark, signature: "" },
    "guarded",
  ),
  block("tool_use input", { ...tool, input: { to: mark } }),
  block("tool_use input name", { ...tool, input: { [mark]: 1 } }),
  block("tool_use input number", { ...tool, input: { card: new MarkedNumber() } }),
  block("tool_use name", { ...tool, name: mark }, "guarded"),
  block("web_search_tool_result title", {
    type: "web_search_tool_result",
    tool_use_id: "t",
    content: [{ type: "web_search_result", title: mark, url: "u" }],
  }),
  block("web_fetch_tool_result document", {
    type: "web_fetch_tool_result",
    tool_use_id: "t",
    content: { content: { type: "document", source: { type: "text", data: mark } } },
  }),
  block("code_execution_tool_result stdout", {
    type: "code_execution_tool_result",
    tool_use_id: "t",
    content: { stdout: mark },
  }),
  block("mcp_tool_result text", {
    type: "mcp_tool_result",
    tool_use_id: "t",
    content: [{ type: "text", text: mark }],
  }),
  block("redacted_thinking data", { type: "redacted_thinking", data: mark }, "opaque"),
  block("nobody knows", { type: "hologram", deep: [mark] }),
  whole("message_start content", {
    type: "message_start",
    message: { id: "m", content: [{ type: "text", text: mark }] },
  }),
  whole("message_delta stop_sequence", {
    type: "message_delta",
    delta: { stop_reason: "stop_sequence", stop_sequence: mark },
  }),
  whole("message_delta stop_details.explanation", {
    type: "message_delta",
    delta: { stop_reason: "refusal", stop_details: { explanation: mark } },
  }),
  whole("an error in mid-stream", {
    type: "error",
    error: { type: "overloaded_error", message: mark },
  }),
  whole("an event nobody knows", { type: "news", deep: { x: [mark] } }),
  whole("a name in an event nobody knows", { type: "news", [mark]: 1 }),
  whole("a number in an event nobody knows", { type: "news", n: [new MarkedNumber()] }),
  whole("ping with text", { type: "ping", note: mark }),
];
