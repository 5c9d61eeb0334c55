/** The official clients asking for a running answer, alike for tests that care about the stream. */
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

/** One client and what is particular to its format. */
export interface StreamedClient {
  readonly name: string;
  readonly path: string;
  /** A request body that asks for a stream. */
  readonly request: object;
  /** The class of what it raises when a stream turns into an error. */
  readonly errorClass: typeof OpenAI.APIError | typeof Anthropic.APIError;
  /** Asks, and gives the texts of the answer as the client yields them. */
  texts(baseUrl: string): AsyncIterable<string>;
  /** A stream that says these texts, one event for each. */
  events(texts: readonly string[]): readonly string[];
}

const messages = [{ role: "user" as const, content: "Go on." }];

export const openaiClient: StreamedClient = {
  name: "the OpenAI client",
  path: "/v1/chat/completions",
  request: { model: "large", messages, stream: true },
  errorClass: OpenAI.APIError,
  async *texts(baseUrl) {
    const client = new OpenAI({ baseURL: baseUrl, apiKey: "caller-key", maxRetries: 0 });
    const stream = await client.chat.completions.create({ model: "large", messages, stream: true });
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta.content;
      if (text) yield text;
    }
  },
  events: (texts) => [
    ...texts.map(
      (content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`,
    ),
    'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n',
    "data: [DONE]\n\n",
  ],
};

export const anthropicClient: StreamedClient = {
  name: "the Anthropic client",
  path: "/v1/messages",
  request: { model: "large", max_tokens: 64, messages, stream: true },
  errorClass: Anthropic.APIError,
  async *texts(baseUrl) {
    const baseURL = baseUrl.replace(/\/v1$/, "");
    const client = new Anthropic({ baseURL, apiKey: "caller-key", maxRetries: 0 });
    const request = { model: "large", max_tokens: 64, messages, stream: true as const };
    for await (const event of await client.messages.create(request)) {
      if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
        yield event.delta.text;
      }
    }
  },
  events: (texts) =>
    [
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      ...texts.map((text) => ({
        type: "content_block_delta",
        index: 0,
        delta: { type: "text_delta", text },
      })),
      { type: "content_block_stop", index: 0 },
      { type: "message_stop" },
    ].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
};

export const streamedClients = [openaiClient, anthropicClient] as const;
