/** Where texts stand in requests of OpenAI Chat Completions (ai-wire-formats 3.1). */
import {
  JsonInString,
  MarkedNumber,
  Members,
  mark,
  type PlantedJson,
} from "../support/planted-json.ts";
import { argumentTexts, type Handling, type Position } from "./position.ts";

type Row = readonly [name: string, members: Readonly<Record<string, PlantedJson>>, Handling?];

const user: PlantedJson = { role: "user", content: "hi" };

function message(members: Readonly<Record<string, PlantedJson>>): {
  readonly messages: PlantedJson;
} {
  return { messages: [user, { role: "assistant", content: "so", ...members }, user] };
}

function part(value: PlantedJson): { readonly messages: PlantedJson } {
  return { messages: [{ role: "user", content: [{ type: "text", text: "hi" }, value] }] };
}

function tool(members: Readonly<Record<string, PlantedJson>>): { readonly tools: PlantedJson } {
  return { tools: [{ type: "function", function: { name: "mail", ...members } }] };
}

function schema(value: PlantedJson): { readonly tools: PlantedJson } {
  return tool({ parameters: { type: "object", properties: { to: value } } });
}

const call = (members: Readonly<Record<string, PlantedJson>>): PlantedJson => ({
  id: "call_1",
  type: "function",
  function: { name: "mail", arguments: "{}", ...members },
});

const requestRows: readonly Row[] = [
  ...["developer", "system", "user", "assistant", "tool", "function", "unheard_of"].map(
    (role): Row => [
      `messages[].content of ${role}`,
      { messages: [user, { role, content: mark, tool_call_id: "call_1" }] },
    ],
  ),
  ["messages[].content[].text", part({ type: "text", text: mark })],
  ["messages[].content[].refusal", part({ type: "refusal", refusal: mark })],
  ["messages[].refusal", message({ refusal: mark })],
  ["messages[].name", message({ name: mark })],
  [
    "messages[].tool_calls[].function.name",
    message({ tool_calls: [call({ name: mark })] }),
    "guarded",
  ],
  ...argumentTexts().map(
    ([how, text]): Row => [
      `messages[].tool_calls[].function.arguments: ${how}`,
      message({ tool_calls: [call({ arguments: text })] }),
    ],
  ),
  [
    "messages[].tool_calls[].function.arguments as an object",
    message({ tool_calls: [call({ arguments: { to: mark } })] }),
  ],
  [
    "messages[].tool_calls[].custom.input",
    message({ tool_calls: [{ id: "c", type: "custom", custom: { name: "sh", input: mark } }] }),
  ],
  [
    "messages[].tool_calls[].custom.name",
    message({ tool_calls: [{ id: "c", type: "custom", custom: { name: mark, input: "x" } }] }),
    "guarded",
  ],
  ...argumentTexts().map(
    ([how, text]): Row => [
      `messages[].function_call.arguments: ${how}`,
      message({ function_call: { name: "mail", arguments: text } }),
    ],
  ),
  [
    "messages[].function_call.name",
    message({ function_call: { name: mark, arguments: "{}" } }),
    "guarded",
  ],
  [
    "messages[].tool_calls[].id",
    message({ tool_calls: [{ id: mark, type: "function" }] }),
    "opaque",
  ],
  [
    "messages[].tool_call_id",
    { messages: [user, { role: "tool", tool_call_id: mark, content: "x" }] },
    "opaque",
  ],
  [
    "tool result that is JSON text",
    {
      messages: [
        {
          role: "tool",
          tool_call_id: "c",
          content: new JsonInString({ to: mark, n: new MarkedNumber() }),
        },
      ],
    },
  ],
  ["messages[].reasoning_content", message({ reasoning_content: mark })],
  ["messages[].reasoning", message({ reasoning: mark })],
  [
    "messages[].reasoning_details[].text",
    message({ reasoning_details: [{ type: "reasoning.text", text: mark }] }),
  ],
  [
    "messages[].reasoning_details[].summary",
    message({ reasoning_details: [{ type: "reasoning.summary", summary: mark }] }),
  ],
  [
    "messages[].reasoning_details[].text under a signature",
    message({ reasoning_details: [{ type: "reasoning.text", text: mark, signature: "c2ln" }] }),
    "fixed",
  ],
  [
    "messages[].reasoning_details[].data that is encrypted",
    message({ reasoning_details: [{ type: "reasoning.encrypted", data: mark }] }),
    "opaque",
  ],
  [
    "image_url.url",
    part({ type: "image_url", image_url: { url: `https://x.example/?q=${mark}` } }),
  ],
  [
    "image_url.url as text in a data URI",
    part({ type: "image_url", image_url: { url: `data:text/plain,${mark}` } }),
  ],
  ["file.filename", part({ type: "file", file: { file_id: "f", filename: mark } })],
  ["file.file_data that is text", part({ type: "file", file: { file_data: `${mark} !` } })],
  [
    "input_audio.data that is text",
    part({ type: "input_audio", input_audio: { data: `${mark} !` } }),
  ],
  ["a content part nobody knows", part({ type: "hologram", hologram: { deep: [mark] } })],
  ["tools[].function.name", tool({ name: mark }), "guarded"],
  ["tools[].function.description", tool({ description: mark })],
  ...["description", "title", "default", "const", "$comment"].map(
    (name): Row => [`tools[] schema ${name}`, schema({ type: "string", [name]: mark })],
  ),
  ...["enum", "examples"].map(
    (name): Row => [`tools[] schema ${name}`, schema({ type: "string", [name]: ["a", mark] })],
  ),
  ["tools[] schema default in an object", schema({ type: "object", default: { to: mark } })],
  ["tools[] schema default as a number", schema({ type: "number", default: new MarkedNumber() })],
  ["tools[] schema required", schema({ type: "object", required: [mark] }), "guarded"],
  ["tools[] schema $ref", schema({ $ref: mark }), "guarded"],
  ["tools[] schema pattern", schema({ type: "string", pattern: mark }), "guarded"],
  [
    "tools[] schema property name",
    tool({ parameters: { type: "object", properties: { [mark]: {} } } }),
    "guarded",
  ],
  [
    "tools[].custom.description",
    { tools: [{ type: "custom", custom: { name: "a", description: mark } }] },
  ],
  [
    "tools[].custom.format.grammar.definition",
    {
      tools: [
        {
          type: "custom",
          custom: {
            name: "a",
            format: { type: "grammar", grammar: { syntax: "lark", definition: mark } },
          },
        },
      ],
    },
  ],
  ["functions[].description", { functions: [{ name: "a", description: mark }] }],
  [
    "response_format.json_schema.name",
    { response_format: { type: "json_schema", json_schema: { name: mark } } },
    "guarded",
  ],
  [
    "response_format.json_schema.description",
    { response_format: { type: "json_schema", json_schema: { name: "a", description: mark } } },
  ],
  [
    "response_format.json_schema.schema",
    {
      response_format: {
        type: "json_schema",
        json_schema: { name: "a", schema: { description: mark } },
      },
    },
  ],
  [
    "tool_choice.function.name",
    { tool_choice: { type: "function", function: { name: mark } } },
    "guarded",
  ],
  ["prediction.content", { prediction: { type: "content", content: mark } }],
  [
    "prediction.content[].text",
    { prediction: { type: "content", content: [{ type: "text", text: mark }] } },
  ],
  ["stop", { stop: mark }],
  ["stop[]", { stop: ["a", mark] }],
  ...["city", "region", "country", "timezone"].map(
    (name): Row => [
      `web_search_options.user_location.approximate.${name}`,
      {
        web_search_options: {
          user_location: { type: "approximate", approximate: { [name]: mark } },
        },
      },
    ],
  ),
  ["metadata{}", { metadata: { customer: mark } }],
  ["metadata{} name", { metadata: { [mark]: "x" } }],
  ["metadata{} number", { metadata: { card: new MarkedNumber() } }],
  ["user", { user: mark }],
  ["safety_identifier", { safety_identifier: mark }],
  ["prompt_cache_key", { prompt_cache_key: mark }],
  ["service_tier", { service_tier: mark }, "guarded"],
  ["logit_bias name", { logit_bias: { [mark]: 1 } }, "guarded"],
  ["model", { model: mark }, "guarded"],
  ["role", { messages: [{ role: mark, content: "hi" }] }, "guarded"],
  ["a member nobody knows", { surprise: mark }],
  ["deep in a member nobody knows", { surprise: { deep: [[{ x: mark }]] } }],
  ["a number in a member nobody knows", { surprise: { deep: [new MarkedNumber()] } }],
  ["the name of a member nobody knows", { [mark]: 1 }, "guarded"],
  ["a name deep in a member nobody knows", { surprise: { [mark]: 1 } }],
  ["a member nobody knows in a message", message({ surprise: { text: mark } })],
  [
    "both copies of content",
    { messages: [new Members(["role", "user"], ["content", mark], ["content", mark])] },
    "guarded",
  ],
  [
    "the first copy of content",
    { messages: [new Members(["role", "user"], ["content", mark], ["content", "x"])] },
    "guarded",
  ],
  [
    "the last copy of content",
    { messages: [new Members(["role", "user"], ["content", "x"], ["content", mark])] },
    "guarded",
  ],
  [
    "both copies of a member of metadata",
    { metadata: new Members(["a", mark], ["a", mark]) },
    "guarded",
  ],
  ["content in other letter case", { messages: [{ role: "user", Content: mark }] }, "guarded"],
];

/** Request bodies. */
export const openaiRequests: readonly Position[] = requestRows.map(
  ([name, members, handling = "edited"]) => ({
    name,
    handling,
    body: { model: "large", messages: [user], ...members },
  }),
);
