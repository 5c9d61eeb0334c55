/** Where texts stand in whole answers of OpenAI Chat Completions (ai-wire-formats 3.2). */
import { MarkedNumber, Members, mark, type PlantedJson } from "../support/planted-json.ts";
import { argumentTexts, type Handling, type Position } from "./position.ts";

type Fields = Readonly<Record<string, PlantedJson>>;
type Row = readonly [name: string, members: Fields, Handling?];

const answerShell: Fields = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_767_225_600,
  model: "large",
};

const call = (members: Fields): PlantedJson => ({
  id: "call_1",
  type: "function",
  function: { name: "mail", arguments: "{}", ...members },
});

function choice(members: Fields, more: Fields = {}): Fields {
  const spoken = { role: "assistant", content: "so", ...members };
  return { choices: [{ index: 0, message: spoken, finish_reason: "stop", ...more }] };
}

const usage: Fields = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
const otherToken: PlantedJson = { token: "so", bytes: [115, 111], logprob: -0.1, top_logprobs: [] };
const plantedToken: PlantedJson = {
  token: mark,
  bytes: null,
  logprob: -0.1,
  top_logprobs: [otherToken],
};
const otherWithPlanted: PlantedJson = {
  token: "so",
  bytes: null,
  logprob: -0.1,
  top_logprobs: [{ token: mark, logprob: -3 }],
};

const answerRows: readonly Row[] = [
  ["choices[].message.content", choice({ content: mark })],
  ["choices[].message.content[].text", choice({ content: [{ type: "text", text: mark }] })],
  ["choices[].message.refusal", choice({ refusal: mark })],
  [
    "a later choice",
    {
      choices: [
        { index: 0, message: { content: "so" } },
        { index: 1, message: { content: mark } },
      ],
    },
  ],
  [
    "choices[].message.tool_calls[].function.name",
    choice({ tool_calls: [call({ name: mark })] }),
    "guarded",
  ],
  ...argumentTexts().map(
    ([how, text]): Row => [
      `choices[].message.tool_calls[].function.arguments: ${how}`,
      choice({ tool_calls: [call({ arguments: text })] }),
    ],
  ),
  [
    "choices[].message.tool_calls[].custom.input",
    choice({ tool_calls: [{ id: "c", custom: { name: "a", input: mark } }] }),
  ],
  ...argumentTexts().map(
    ([how, text]): Row => [
      `choices[].message.function_call.arguments: ${how}`,
      choice({ function_call: { name: "mail", arguments: text } }),
    ],
  ),
  [
    "choices[].message.audio.transcript",
    choice({ audio: { id: "a", data: "AAAA", transcript: mark } }),
  ],
  [
    "annotations[].url_citation.title",
    choice({
      annotations: [
        {
          type: "url_citation",
          url_citation: { title: mark, url: "https://x.example", start_index: 0, end_index: 2 },
        },
      ],
    }),
  ],
  [
    "annotations[].url_citation.url",
    choice({
      annotations: [
        { type: "url_citation", url_citation: { title: "x", url: `https://x.example/?q=${mark}` } },
      ],
    }),
  ],
  ["choices[].message.reasoning_content", choice({ reasoning_content: mark })],
  ["choices[].message.reasoning", choice({ reasoning: mark })],
  [
    "choices[].message.reasoning_details[].text",
    choice({ reasoning_details: [{ type: "reasoning.text", text: mark }] }),
  ],
  [
    "choices[].message.reasoning_details[].text under a signature",
    choice({ reasoning_details: [{ type: "reasoning.text", text: mark, signature: "c2ln" }] }),
    "guarded",
  ],
  [
    "a copy in choices[].logprobs.content[].token",
    choice({ content: mark }, { logprobs: { content: [plantedToken], refusal: null } }),
    "guarded",
  ],
  [
    "choices[].logprobs.content[].token alone",
    choice({}, { logprobs: { content: [plantedToken] } }),
    "guarded",
  ],
  [
    "choices[].logprobs.content[].top_logprobs[].token",
    choice({}, { logprobs: { content: [otherWithPlanted] } }),
    "guarded",
  ],
  [
    "choices[].logprobs.top_logprobs[] name",
    choice({}, { logprobs: { top_logprobs: [{ [mark]: -1 }] } }),
    "guarded",
  ],
  ["system_fingerprint", { ...choice({}), system_fingerprint: mark }, "guarded"],
  ["model", { ...choice({}), model: mark }, "guarded"],
  ["id", { ...choice({}), id: mark }, "guarded"],
  ["a member nobody knows", { ...choice({}), surprise: { deep: [mark] } }],
  ["a name deep in a member nobody knows", { ...choice({}), surprise: { [mark]: 1 } }],
  ["a number in a member nobody knows", { ...choice({}), surprise: [new MarkedNumber()] }],
  ["a member nobody knows in a message", choice({ surprise: mark })],
  [
    "both copies of content",
    { choices: [{ index: 0, message: new Members(["content", mark], ["content", mark]) }] },
    "guarded",
  ],
  [
    "the first copy of content",
    { choices: [{ index: 0, message: new Members(["content", mark], ["content", "x"]) }] },
    "guarded",
  ],
  [
    "content filter results",
    choice({}, { content_filter_results: { custom: { id: mark } } }),
    "guarded",
  ],
];

const errorRows: readonly Row[] = [
  [
    "error.message",
    { error: { message: mark, type: "invalid_request_error", param: null, code: null } },
  ],
  ["error.param", { error: { message: "no", param: mark } }],
  ["error.code", { error: { message: "no", code: mark } }],
  ["error.type", { error: { message: "no", type: mark } }, "guarded"],
  ["error as a string", { error: mark }],
  ["error in a member nobody knows", { error: { message: "no", innererror: { deep: [mark] } } }],
  ["detail[].input", { detail: [{ loc: ["body", 0], msg: "bad", type: "x", input: mark }] }],
];

/** Answer bodies, errors included. */
export const openaiAnswers: readonly Position[] = [
  ...answerRows.map(([name, members, handling = "edited"]) => ({
    name,
    handling,
    body: { ...answerShell, ...members, usage },
  })),
  ...errorRows.map(([name, body, handling = "edited"]) => ({ name, handling, body, status: 400 })),
];
