/** Where texts stand in requests of Anthropic Messages (ai-wire-formats 6.1). */
import { JsonInString, MarkedNumber, mark, type PlantedJson } from "../support/planted-json.ts";
import { blockRows } from "./anthropic-messages-blocks.ts";
import type { Handling, Position } from "./position.ts";

type Fields = Readonly<Record<string, PlantedJson>>;
type Row = readonly [name: string, members: Fields, Handling?];

const user: PlantedJson = { role: "user", content: "hi" };

function blockOf(role: string, value: PlantedJson): Fields {
  return { messages: [user, { role, content: [{ type: "text", text: "so" }, value] }] };
}

function document(source: Fields, more: Fields = {}): Fields {
  return blockOf("user", { type: "document", source, ...more });
}

function result(content: PlantedJson): Fields {
  return blockOf("user", { type: "tool_result", tool_use_id: "toolu_1", content });
}

const requestRows: readonly Row[] = [
  ["system", { system: mark }],
  [
    "system[].text",
    { system: [{ type: "text", text: mark, cache_control: { type: "ephemeral" } }] },
  ],
  ...["user", "assistant", "system"].map(
    (role): Row => [`messages[].content of ${role}`, { messages: [user, { role, content: mark }] }],
  ),
  ...blockRows.map(
    ([name, value, handling = "edited"]): Row => [name, blockOf("assistant", value), handling],
  ),
  [
    "image source.url",
    blockOf("user", {
      type: "image",
      source: { type: "url", url: `https://x.example/?q=${mark}` },
    }),
  ],
  [
    "image source.data that is text",
    blockOf("user", {
      type: "image",
      source: { type: "base64", media_type: "image/png", data: `${mark} !` },
    }),
  ],
  [
    "document source.data of text",
    document({ type: "text", media_type: "text/plain", data: mark }),
  ],
  ["document source.content", document({ type: "content", content: mark })],
  [
    "document source.content[].text",
    document({ type: "content", content: [{ type: "text", text: mark }] }),
  ],
  ["document source.url", document({ type: "url", url: `https://x.example/?q=${mark}` })],
  ["document title", document({ type: "file", file_id: "f" }, { title: mark })],
  ["document context", document({ type: "file", file_id: "f" }, { context: mark })],
  [
    "search_result title",
    blockOf("user", { type: "search_result", title: mark, source: "s", content: [] }),
  ],
  [
    "search_result source",
    blockOf("user", { type: "search_result", title: "t", source: mark, content: [] }),
  ],
  [
    "search_result content[].text",
    blockOf("user", {
      type: "search_result",
      title: "t",
      source: "s",
      content: [{ type: "text", text: mark }],
    }),
  ],
  ["tool_result content", result(mark)],
  [
    "tool_result content as JSON text",
    result(new JsonInString({ to: mark, n: new MarkedNumber() })),
  ],
  ["tool_result content[].text", result([{ type: "text", text: mark }])],
  [
    "tool_result content[] of a search result",
    result([
      { type: "search_result", title: "t", source: "s", content: [{ type: "text", text: mark }] },
    ]),
  ],
  [
    "tool_result content[] of a document",
    result([{ type: "document", source: { type: "text", media_type: "text/plain", data: mark } }]),
  ],
  [
    "tool_result content[] of a browser",
    result([{ type: "browser_state", tabs: [{ title: mark, url: "u" }], state_changes: [] }]),
  ],
  [
    "tool_result tool_use_id",
    blockOf("user", { type: "tool_result", tool_use_id: mark, content: "x" }),
    "opaque",
  ],
  ["thinking that is not signed", blockOf("assistant", { type: "thinking", thinking: mark })],
  [
    "thinking under a signature",
    blockOf("assistant", { type: "thinking", thinking: mark, signature: "c2ln" }),
    "fixed",
  ],
  [
    "compaction under a signature",
    blockOf("assistant", { type: "compaction", content: mark, signature: "c2ln" }),
    "fixed",
  ],
  [
    "compaction encrypted_content",
    blockOf("assistant", { type: "compaction", content: "x", encrypted_content: mark }),
    "opaque",
  ],
  ["tools[].name", { tools: [{ name: mark, input_schema: { type: "object" } }] }, "guarded"],
  [
    "tools[].description",
    { tools: [{ name: "a", description: mark, input_schema: { type: "object" } }] },
  ],
  [
    "tools[].input_schema description",
    {
      tools: [
        { name: "a", input_schema: { type: "object", properties: { to: { description: mark } } } },
      ],
    },
  ],
  [
    "tools[].input_schema enum",
    { tools: [{ name: "a", input_schema: { type: "string", enum: ["a", mark] } }] },
  ],
  [
    "tools[].input_examples[]",
    { tools: [{ name: "a", input_schema: { type: "object" }, input_examples: [{ to: mark }] }] },
  ],
  [
    "tools[].user_location.city",
    {
      tools: [
        {
          type: "web_search_20250305",
          name: "web_search",
          user_location: { type: "approximate", city: mark },
        },
      ],
    },
  ],
  [
    "tools[].allowed_domains[]",
    { tools: [{ type: "web_search_20250305", name: "web_search", allowed_domains: [mark] }] },
  ],
  [
    "mcp_servers[].url",
    { mcp_servers: [{ type: "url", url: `https://x.example/?q=${mark}`, name: "a" }] },
  ],
  [
    "mcp_servers[].name",
    { mcp_servers: [{ type: "url", url: "https://x.example", name: mark }] },
    "guarded",
  ],
  [
    "mcp_servers[].authorization_token",
    {
      mcp_servers: [
        { type: "url", url: "https://x.example", name: "a", authorization_token: mark },
      ],
    },
    "guarded",
  ],
  [
    "output_config.format.schema",
    { output_config: { format: { type: "json_schema", schema: { description: mark } } } },
  ],
  [
    "output_format.schema",
    { output_format: { type: "json_schema", schema: { description: mark } } },
  ],
  ["stop_sequences[]", { stop_sequences: ["a", mark] }],
  ["compaction.instructions", { compaction: { instructions: mark } }],
  [
    "context_management.edits[].instructions",
    { context_management: { edits: [{ type: "clear", instructions: mark }] } },
  ],
  ["metadata.user_id", { metadata: { user_id: mark } }],
  ["metadata.user_id as a number", { metadata: { user_id: new MarkedNumber() } }],
  ["inference_geo", { inference_geo: mark }, "guarded"],
  ["service_tier", { service_tier: mark }, "guarded"],
  ["container", { container: mark }, "guarded"],
  ["diagnostics.previous_message_id", { diagnostics: { previous_message_id: mark } }, "guarded"],
  ["model", { model: mark }, "guarded"],
  ["a member nobody knows", { surprise: { deep: [[mark]] } }],
  ["the name of a member nobody knows", { [mark]: 1 }, "guarded"],
  ["a number in a member nobody knows", { surprise: [new MarkedNumber()] }],
];

/** Request bodies. */
export const anthropicRequests: readonly Position[] = requestRows.map(
  ([name, members, handling = "edited"]) => ({
    name,
    handling,
    body: { model: "large", max_tokens: 64, messages: [user], ...members },
  }),
);
