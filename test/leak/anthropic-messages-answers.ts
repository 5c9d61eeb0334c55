/** Where texts stand in whole answers of Anthropic Messages (ai-wire-formats 6.2). */
import { mark, type PlantedJson } from "../support/planted-json.ts";
import { blockRows } from "./anthropic-messages-blocks.ts";
import type { Handling, Position } from "./position.ts";

type Fields = Readonly<Record<string, PlantedJson>>;
type Row = readonly [name: string, members: Fields, Handling?];

const shell: Fields = { id: "msg_1", type: "message", role: "assistant", model: "large" };
const ending: Fields = {
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 4 },
};

const answerRows: readonly Row[] = [
  ...blockRows.map(
    ([name, value, handling = "edited"]): Row => [
      name,
      { content: [{ type: "text", text: "so" }, value] },
      handling,
    ],
  ),
  ["thinking", { content: [{ type: "thinking", thinking: mark, signature: "c2ln" }] }, "guarded"],
  ["stop_sequence", { content: [], stop_sequence: mark }],
  [
    "stop_details.explanation",
    { content: [], stop_details: { type: "refusal", explanation: mark } },
  ],
  ["model", { content: [], model: mark }, "guarded"],
  ["id", { content: [], id: mark }, "guarded"],
  ["a member nobody knows", { content: [], surprise: { deep: [mark] } }],
  ["a name in a member nobody knows", { content: [], surprise: { [mark]: 1 } }],
];

const errorRows: readonly Row[] = [
  [
    "error.message",
    { type: "error", error: { type: "invalid_request_error", message: mark }, request_id: "r" },
  ],
  ["error.type", { type: "error", error: { type: mark, message: "no" } }, "guarded"],
  [
    "error in a member nobody knows",
    { type: "error", error: { type: "x", message: "no", details: [{ got: mark }] } },
  ],
];

/** Answer bodies, errors included. */
export const anthropicAnswers: readonly Position[] = [
  ...answerRows.map(([name, members, handling = "edited"]) => ({
    name,
    handling,
    body: { ...shell, ...ending, ...members },
  })),
  ...errorRows.map(([name, body, handling = "edited"]) => ({ name, handling, body, status: 400 })),
];
