/** Where texts stand in streams of OpenAI Chat Completions (ai-wire-formats 3.2). */
import { MarkedNumber, Members, mark, type PlantedJson } from "../support/planted-json.ts";
import { argumentDocuments, type Handling, type StreamPosition } from "./position.ts";

type Fields = Readonly<Record<string, PlantedJson>>;

const shell: Fields = {
  id: "chatcmpl-1",
  object: "chat.completion.chunk",
  created: 1,
  model: "large",
};

function chunk(delta: Fields, more: Fields = {}): Fields {
  return { ...shell, choices: [{ index: 0, delta, finish_reason: null, ...more }] };
}

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

const before = [event(chunk({ role: "assistant", content: "" }))];
const after = [
  event(chunk({}, { finish_reason: "stop" })),
  event({
    ...shell,
    choices: [],
    usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
  }),
  "data: [DONE]\n\n",
];

/** A stream without anything to find in it. */
export const openaiFrame = { before, after };

function inPieces(
  name: string,
  data: PlantedJson,
  more: Partial<StreamPosition> = {},
): StreamPosition {
  return { name, handling: "edited", before, piece: { data }, after, ...more };
}

function whole(name: string, data: PlantedJson, handling: Handling = "edited"): StreamPosition {
  return inPieces(name, data, { handling, isWhole: true });
}

const opened = (called: Fields): string =>
  event(chunk({ tool_calls: [{ index: 0, id: "call_1", type: "function", ...called }] } as Fields));

const called = (members: Fields): Fields => chunk({ tool_calls: [{ index: 0, ...members }] });

const token: PlantedJson = { token: mark, bytes: null, logprob: -0.1, top_logprobs: [] };

/** Positions whose text a model writes piece by piece, and those that come whole. */
export const openaiStreams: readonly StreamPosition[] = [
  inPieces("choices[].delta.content", chunk({ content: mark })),
  inPieces("choices[].delta.refusal", chunk({ refusal: mark })),
  inPieces("choices[].delta.reasoning_content", chunk({ reasoning_content: mark })),
  inPieces("choices[].delta.reasoning", chunk({ reasoning: mark })),
  inPieces("choices[].delta.audio.transcript", chunk({ audio: { transcript: mark } })),
  inPieces("choices[].delta.content of a later choice", {
    ...shell,
    choices: [
      { index: 0, delta: { content: "so " } },
      { index: 1, delta: { content: mark } },
    ],
  }),
  inPieces("choices[].delta.content of two choices at once", {
    ...shell,
    choices: [
      { index: 0, delta: { content: mark } },
      { index: 1, delta: { content: mark } },
    ],
  }),
  inPieces(
    "choices[].delta.content beside its reasoning",
    chunk({ content: mark, reasoning: mark }),
  ),
  inPieces("choices[].delta.content with comments between", chunk({ content: mark }), {
    between: ": keep-alive\n\n",
  }),
  inPieces("choices[].delta.content with another choice between", chunk({ content: mark }), {
    between: event({ ...shell, choices: [{ index: 1, delta: { content: "so " } }] }),
  }),
  inPieces("choices[].delta.content with usage between", chunk({ content: mark }), {
    between: event({ ...shell, choices: [], usage: null }),
  }),
  inPieces("choices[].delta.content of a stream that breaks off", chunk({ content: mark }), {
    after: [],
  }),
  inPieces(
    "the last copy of choices[].delta.content",
    {
      ...shell,
      choices: [{ index: 0, delta: new Members(["content", ""], ["content", mark]) }],
    },
    { handling: "guarded" },
  ),
  whole(
    "both copies of choices[].delta.content",
    {
      ...shell,
      choices: [{ index: 0, delta: new Members(["content", mark], ["content", mark]) }],
    },
    "guarded",
  ),
  whole(
    "the first copy of choices[].delta",
    {
      ...shell,
      choices: [
        new Members(["index", 0], ["delta", { content: mark }], ["delta", { content: "x" }]),
      ],
    },
    "guarded",
  ),
  whole(
    "the first copy of choices",
    new Members(["choices", [{ index: 0, delta: { content: mark } }]], ["choices", []]),
    "guarded",
  ),
  inPieces("choices[].text of a completion", { ...shell, choices: [{ index: 0, text: mark }] }),
  inPieces("choices[].delta of a member nobody knows", chunk({ surprise: mark })),
  ...argumentDocuments().flatMap(([how, inner]) => [
    inPieces(
      `choices[].delta.tool_calls[].function.arguments: ${how}`,
      called({ function: { arguments: mark } }),
      { before: [...before, opened({ function: { name: "mail", arguments: "" } })], inner },
    ),
    inPieces(
      `choices[].delta.function_call.arguments: ${how}`,
      chunk({ function_call: { arguments: mark } }),
      {
        before: [...before, event(chunk({ function_call: { name: "mail", arguments: "" } }))],
        inner,
      },
    ),
  ]),
  inPieces("choices[].delta.tool_calls[].custom.input", called({ custom: { input: mark } }), {
    before: [...before, opened({ type: "custom", custom: { name: "sh", input: "" } })],
  }),
  whole(
    "choices[].delta.tool_calls[].function.name",
    called({ id: "c", function: { name: mark, arguments: "" } }),
    "guarded",
  ),
  whole(
    "annotations[].url_citation.title",
    chunk({ annotations: [{ type: "url_citation", url_citation: { title: mark, url: "u" } }] }),
  ),
  whole(
    "choices[].delta.content and its logprobs",
    chunk({ content: mark }, { logprobs: { content: [token] } }),
    "guarded",
  ),
  inPieces(
    "choices[].delta.content and its logprobs in pieces",
    chunk({ content: mark }, { logprobs: { content: [token] } }),
    { handling: "guarded" },
  ),
  inPieces("choices[].logprobs alone in pieces", chunk({}, { logprobs: { content: [token] } }), {
    handling: "guarded",
  }),
  whole(
    "choices[].logprobs.content[].top_logprobs[].token",
    chunk({}, { logprobs: { content: [{ token: "a", bytes: null, top_logprobs: [token] }] } }),
    "guarded",
  ),
  whole("system_fingerprint", { ...chunk({}), system_fingerprint: mark }, "guarded"),
  whole("a member nobody knows", { ...chunk({}), surprise: { deep: [mark] } }),
  whole("a name in a member nobody knows", { ...chunk({}), surprise: { [mark]: 1 } }),
  whole("a number in a member nobody knows", { ...chunk({}), surprise: [new MarkedNumber()] }),
  whole("an error in mid-stream", { error: { message: mark, type: "server_error", code: null } }),
  whole("an error that is a string", { error: mark }),
  whole("an event that is no object", [mark]),
  whole("an event that is a string", mark),
];
