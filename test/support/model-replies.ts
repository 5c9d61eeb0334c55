/**
 * The answers of a stand-in model server, in the shapes of OpenAI Chat Completions and Anthropic
 * Messages. Ids and times are fixed, so that the same script gives the same bytes.
 */

/** A tool the model asks to have called. */
export interface ToolCall {
  readonly name: string;
  /** JSON text of the arguments object. */
  readonly arguments: string;
}

/** What the model says, whatever the format. */
export interface ModelReply {
  readonly model: string;
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  /** Length of the pieces a stream is cut into, in UTF-16 code units. */
  readonly deltaChars: number;
  readonly inputTokens: number;
  /** OpenAI only: whether a stream ends with a usage chunk. */
  readonly includeUsage: boolean;
}

/** A format a model server speaks; `stream` gives one text per server-sent event. */
export interface ReplyShape {
  whole(reply: ModelReply): object;
  stream(reply: ModelReply): readonly string[];
  error(message: string): object;
}

const created = 1_767_225_600;

export const openaiChat: ReplyShape = {
  whole(reply) {
    const toolCalls = reply.toolCalls.map(({ name, arguments: text }, index) => ({
      id: `call_${index}`,
      type: "function",
      function: { name, arguments: text },
    }));
    const message = {
      role: "assistant",
      content: reply.text,
      ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
    };
    return {
      id: "chatcmpl-stub",
      object: "chat.completion",
      created,
      model: reply.model,
      choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(reply) }],
      usage: openaiUsage(reply),
    };
  },

  stream(reply) {
    const choice = (delta: object, finish: string | null = null) =>
      openaiChunk(reply, [{ index: 0, delta, logprobs: null, finish_reason: finish }]);
    return [
      choice({ role: "assistant", content: "" }),
      ...cut(reply.text, reply.deltaChars).map((content) => choice({ content })),
      ...reply.toolCalls.flatMap((call, index) =>
        openaiCallDeltas(reply, call, index).map((delta) => choice(delta)),
      ),
      choice({}, finishReason(reply)),
      ...(reply.includeUsage ? [openaiChunk(reply, [], openaiUsage(reply))] : []),
      "data: [DONE]\n\n",
    ];
  },

  error: (message) => ({
    error: { message, type: "invalid_request_error", param: null, code: null },
  }),
};

function openaiChunk(reply: ModelReply, choices: readonly object[], usage: object | null = null) {
  const chunk = {
    id: "chatcmpl-stub",
    object: "chat.completion.chunk",
    created,
    model: reply.model,
    choices,
    ...(reply.includeUsage ? { usage } : {}),
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

function openaiCallDeltas(reply: ModelReply, call: ToolCall, index: number): readonly object[] {
  const opening = { name: call.name, arguments: "" };
  return [
    { tool_calls: [{ index, id: `call_${index}`, type: "function", function: opening }] },
    ...cut(call.arguments, reply.deltaChars).map((text) => ({
      tool_calls: [{ index, function: { arguments: text } }],
    })),
  ];
}

function finishReason(reply: ModelReply): string {
  return reply.toolCalls.length === 0 ? "stop" : "tool_calls";
}

function openaiUsage(reply: ModelReply): object {
  const completion = outputTokens(reply);
  return {
    prompt_tokens: reply.inputTokens,
    completion_tokens: completion,
    total_tokens: reply.inputTokens + completion,
  };
}

export const anthropicMessages: ReplyShape = {
  whole(reply) {
    return {
      ...anthropicShell(reply),
      content: [
        ...(reply.text === "" ? [] : [{ type: "text", text: reply.text }]),
        ...reply.toolCalls.map((call, index) => ({
          ...toolUse(call, index),
          input: JSON.parse(call.arguments),
        })),
      ],
      stop_reason: stopReason(reply),
      usage: { input_tokens: reply.inputTokens, output_tokens: outputTokens(reply) },
    };
  },

  stream(reply) {
    const texts = reply.text === "" ? [] : [reply.text];
    return [
      anthropicEvent("message_start", { message: { ...anthropicShell(reply), content: [] } }),
      anthropicEvent("ping", {}),
      ...texts.flatMap((text) => {
        const deltas = cut(text, reply.deltaChars).map((piece) => ({
          type: "text_delta",
          text: piece,
        }));
        return anthropicBlock(0, { type: "text", text: "" }, deltas);
      }),
      ...reply.toolCalls.flatMap((call, index) => {
        const deltas = cut(call.arguments, reply.deltaChars).map((piece) => ({
          type: "input_json_delta",
          partial_json: piece,
        }));
        return anthropicBlock(texts.length + index, { ...toolUse(call, index), input: {} }, deltas);
      }),
      anthropicEvent("message_delta", {
        delta: { stop_reason: stopReason(reply), stop_sequence: null },
        usage: { output_tokens: outputTokens(reply) },
      }),
      anthropicEvent("message_stop", {}),
    ];
  },

  error: (message) => ({ type: "error", error: { type: "invalid_request_error", message } }),
};

function anthropicShell(reply: ModelReply): object {
  return {
    id: "msg_stub",
    type: "message",
    role: "assistant",
    model: reply.model,
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: reply.inputTokens, output_tokens: 1 },
  };
}

function anthropicBlock(index: number, block: object, deltas: readonly object[]): string[] {
  return [
    anthropicEvent("content_block_start", { index, content_block: block }),
    ...deltas.map((delta) => anthropicEvent("content_block_delta", { index, delta })),
    anthropicEvent("content_block_stop", { index }),
  ];
}

function anthropicEvent(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

function toolUse(call: ToolCall, index: number): object {
  return { type: "tool_use", id: `toolu_${index}`, name: call.name };
}

function stopReason(reply: ModelReply): string {
  return reply.toolCalls.length === 0 ? "end_turn" : "tool_use";
}

/** Pieces of a text, in order; none for the empty text. */
function cut(text: string, chars: number): readonly string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; start += chars) {
    pieces.push(text.slice(start, start + chars));
  }
  return pieces;
}

/** A quarter of the characters, rounded up: steady rather than true. */
function outputTokens(reply: ModelReply): number {
  const calls = reply.toolCalls.reduce((sum, call) => sum + call.arguments.length, 0);
  return Math.ceil((reply.text.length + calls) / 4);
}
