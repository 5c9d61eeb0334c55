/** Answers that call tools, in both formats, whole and as streams cut into many events. */

/** A call, its arguments as the text of a JSON object. */
export interface CalledTool {
  readonly name: string;
  readonly args: string;
}

/** One format's way to say something and then call tools. */
export interface ToolAnswers {
  readonly format: "openai-chat" | "anthropic-messages";
  whole(text: string, calls: readonly CalledTool[]): string;
  /** Pieces of bytes, one event each. */
  stream(text: string, calls: readonly CalledTool[]): readonly string[];
  /** A request that tells results of calls it holds, each with the name of its tool. */
  requestWith(results: readonly { readonly tool: string; readonly text: string }[]): object;
}

/** Events are cut into pieces of so many characters. */
const pieceLength = 3;

function piecesOf(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${pieceLength}}`, "gu")) ?? [];
}

const chunk = (delta: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const chat: ToolAnswers = {
  format: "openai-chat",
  whole: (content, calls) => {
    const tool_calls = calls.map(({ args, name }, index) => ({
      ...{ id: `call_${index}`, type: "function", function: { name, arguments: args } },
    }));
    const message = { role: "assistant", content, tool_calls };
    return JSON.stringify({ choices: [{ index: 0, finish_reason: "tool_calls", message }] });
  },
  stream: (content, calls) => [
    chunk({ role: "assistant", content: "" }),
    ...piecesOf(content).map((piece) => chunk({ content: piece })),
    ...calls.flatMap(({ args, name }, index) => [
      chunk({
        tool_calls: [
          { index, id: `call_${index}`, type: "function", function: { name, arguments: "" } },
        ],
      }),
      ...piecesOf(args).map((piece) =>
        chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
      ),
    ]),
    chunk({}, "tool_calls"),
    "data: [DONE]\n\n",
  ],
  requestWith: (results) => ({
    model: "large",
    messages: [
      { role: "user", content: "Look it up." },
      {
        role: "assistant",
        tool_calls: results.map(({ tool }, index) => ({
          ...{ id: `call_${index}`, type: "function", function: { name: tool, arguments: "{}" } },
        })),
      },
      ...results.map(({ text }, index) => ({
        ...{ role: "tool", tool_call_id: `call_${index}`, content: text },
      })),
    ],
  }),
};

const event = (data: { readonly type: string } & Readonly<Record<string, unknown>>) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

const messages: ToolAnswers = {
  format: "anthropic-messages",
  whole: (text, calls) =>
    JSON.stringify({
      ...{ type: "message", role: "assistant", stop_reason: "tool_use" },
      content: [
        { type: "text", text },
        ...calls.map(({ args, name }, index) => ({
          ...{ type: "tool_use", id: `call_${index}`, name, input: JSON.parse(args) as unknown },
        })),
      ],
    }),
  stream: (text, calls) => [
    event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    ...piecesOf(text).map((piece) =>
      event({
        ...{ type: "content_block_delta", index: 0 },
        delta: { type: "text_delta", text: piece },
      }),
    ),
    event({ type: "content_block_stop", index: 0 }),
    ...calls.flatMap(({ args, name }, position) => [
      event({
        ...{ type: "content_block_start", index: position + 1 },
        content_block: { type: "tool_use", id: `call_${position}`, name, input: {} },
      }),
      ...piecesOf(args).map((piece) =>
        event({
          ...{ type: "content_block_delta", index: position + 1 },
          delta: { type: "input_json_delta", partial_json: piece },
        }),
      ),
      event({ type: "content_block_stop", index: position + 1 }),
    ]),
    event({ type: "message_stop" }),
  ],
  requestWith: (results) => ({
    ...{ model: "large", max_tokens: 9 },
    messages: [
      { role: "user", content: "Look it up." },
      {
        role: "assistant",
        content: results.map(({ tool }, index) => ({
          ...{ type: "tool_use", id: `call_${index}`, name: tool, input: {} },
        })),
      },
      {
        role: "user",
        content: results.map(({ text }, index) => ({
          ...{ type: "tool_result", tool_use_id: `call_${index}`, content: text },
        })),
      },
    ],
  }),
};

/** Both formats. */
export const toolAnswers: readonly ToolAnswers[] = [chat, messages];

/** The arguments of all calls that a stream or a whole answer holds, joined as clients join them. */
export function argsIn(answer: string): string {
  if (answer.startsWith("{")) return answer.replaceAll('\\"', '"');
  const pieces = answer.matchAll(/"(?:arguments|partial_json)":("(?:[^"\\]|\\.)*")/g);
  return [...pieces].map(([, piece = '""']) => JSON.parse(piece) as string).join("");
}
