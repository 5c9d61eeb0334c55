/** Content blocks that both callers and models of Anthropic Messages send (ai-wire-formats 6.1). */
import {
  JsonInString,
  MarkedNumber,
  Members,
  mark,
  type PlantedJson,
} from "../support/planted-json.ts";
import type { Handling } from "./position.ts";

type BlockRow = readonly [name: string, block: PlantedJson, handling?: Handling];

const toolUse = (input: PlantedJson, type = "tool_use"): PlantedJson => ({
  type,
  id: "toolu_1",
  name: "mail",
  input,
});

const inputs: readonly (readonly [string, PlantedJson])[] = [
  ["a member", { to: mark, subject: "hi" }],
  ["deep in it", { list: [{ a: 1 }, { to: [mark] }] }],
  ["the name of a member", { headers: { [mark]: true } }],
  ["JSON text in it", { body: new JsonInString({ to: mark }) }],
  [
    "JSON text in its JSON text",
    { body: new JsonInString({ more: new JsonInString({ to: mark }) }) },
  ],
  ["a number", { card: new MarkedNumber(), n: 1 }],
  ["a member called type", { type: mark, id: mark }],
];

/** Blocks that both callers and models send, by the name of their text. */
export const blockRows: readonly BlockRow[] = [
  ["text", { type: "text", text: mark }],
  ...["cited_text", "document_title", "title", "source", "url"].map(
    (name): BlockRow => [
      `text citations[].${name}`,
      {
        type: "text",
        text: "so",
        citations: [{ type: "char_location", [name]: mark, start_char_index: 0 }],
      },
    ],
  ),
  [
    "text citations[].encrypted_index",
    { type: "text", text: "so", citations: [{ encrypted_index: mark }] },
    "opaque",
  ],
  ...["tool_use", "server_tool_use", "mcp_tool_use"].flatMap((type) =>
    inputs.map(([how, input]): BlockRow => [`${type} input: ${how}`, toolUse(input, type)]),
  ),
  ["tool_use name", { type: "tool_use", id: "toolu_1", name: mark, input: {} }, "guarded"],
  ["tool_use id", { type: "tool_use", id: mark, name: "a", input: {} }, "opaque"],
  [
    "web_search_tool_result content[].title",
    {
      type: "web_search_tool_result",
      tool_use_id: "t",
      content: [{ type: "web_search_result", title: mark, url: "u", encrypted_content: "x" }],
    },
  ],
  [
    "web_search_tool_result content[].url",
    {
      type: "web_search_tool_result",
      tool_use_id: "t",
      content: [{ type: "web_search_result", title: "x", url: mark }],
    },
  ],
  [
    "web_search_tool_result content[].encrypted_content",
    {
      type: "web_search_tool_result",
      tool_use_id: "t",
      content: [{ title: "x", encrypted_content: mark }],
    },
    "opaque",
  ],
  [
    "web_fetch_tool_result content.content",
    {
      type: "web_fetch_tool_result",
      tool_use_id: "t",
      content: {
        type: "web_fetch_result",
        url: "u",
        content: {
          type: "document",
          source: { type: "text", media_type: "text/plain", data: mark },
        },
      },
    },
  ],
  [
    "web_fetch_tool_result content.url",
    {
      type: "web_fetch_tool_result",
      tool_use_id: "t",
      content: { type: "web_fetch_result", url: mark },
    },
  ],
  ...["stdout", "stderr"].flatMap((name) =>
    ["code_execution_tool_result", "bash_code_execution_tool_result"].map(
      (type): BlockRow => [
        `${type} content.${name}`,
        {
          type,
          tool_use_id: "t",
          content: { type: `${type}_block`, [name]: mark, return_code: 0 },
        },
      ],
    ),
  ),
  [
    "code_execution_tool_result encrypted_stdout",
    { type: "code_execution_tool_result", tool_use_id: "t", content: { encrypted_stdout: mark } },
    "opaque",
  ],
  [
    "text_editor_code_execution_tool_result content.content",
    {
      type: "text_editor_code_execution_tool_result",
      tool_use_id: "t",
      content: { content: mark },
    },
  ],
  [
    "text_editor_code_execution_tool_result content.lines[]",
    {
      type: "text_editor_code_execution_tool_result",
      tool_use_id: "t",
      content: { lines: ["a", mark] },
    },
  ],
  ["mcp_tool_result content", { type: "mcp_tool_result", tool_use_id: "t", content: mark }],
  [
    "mcp_tool_result content[].text",
    { type: "mcp_tool_result", tool_use_id: "t", content: [{ type: "text", text: mark }] },
  ],
  ["mcp_tool_listing", { type: "mcp_tool_listing", tools: [{ name: "a", description: mark }] }],
  [
    "tool_search_tool_result",
    {
      type: "tool_search_tool_result",
      tool_use_id: "t",
      content: { tool_references: [{ type: "tool_reference", tool_name: mark }] },
    },
  ],
  [
    "advisor_tool_result content.text",
    { type: "advisor_tool_result", tool_use_id: "t", content: { text: mark } },
  ],
  [
    "advisor_tool_result content.encrypted_content",
    { type: "advisor_tool_result", tool_use_id: "t", content: { encrypted_content: mark } },
    "opaque",
  ],
  ["redacted_thinking data", { type: "redacted_thinking", data: mark }, "opaque"],
  ["a block nobody knows", { type: "hologram", hologram: { deep: [mark] } }],
  ["a member nobody knows in a block", { type: "text", text: "so", surprise: { [mark]: [mark] } }],
  ["a number in a block nobody knows", { type: "hologram", n: [new MarkedNumber()] }],
  ["both copies of text", new Members(["type", "text"], ["text", mark], ["text", mark]), "guarded"],
  [
    "the first copy of text",
    new Members(["type", "text"], ["text", mark], ["text", "x"]),
    "guarded",
  ],
];
