/** A server of ours without an Envoy in front, and whole exchanges with it, message by message. */
import { join } from "node:path";
import type { Cleanup } from "./chancery-process.ts";
import { makeDirectory } from "./envoy-stage.ts";
import { startStageServer, untilQuiet } from "./governed-envoy.ts";
import { openaiChat } from "./model-replies.ts";
import { chat, email } from "./planted.ts";
import { RawGrpcClient, type WireRequest } from "./raw-grpc-client.ts";
import { announce, asks, type WireMode } from "./wire-exchange.ts";

/** What the model says in these exchanges: characters of one to four bytes around a masked value. */
export const reply = {
  model: "large",
  text: `Größe 😀 ${email} ✓`,
  toolCalls: [],
  deltaChars: 7,
  inputTokens: 1,
  includeUsage: false,
};
export const jsonReply = JSON.stringify(openaiChat.whole(reply));
export const streamReply = openaiChat.stream(reply).join("");
export const eventStream = { "content-type": "text/event-stream" };

/** A running server with a client of its own. */
export interface WireStage {
  readonly client: RawGrpcClient;
  /** Resolves when the server has no open stream and holds no byte any more. */
  quiet(): Promise<void>;
}

/** Starts it under the stage's policies. */
export async function startWireStage(t: Cleanup): Promise<WireStage> {
  const directory = await makeDirectory(t);
  const server = await startStageServer(directory, join(directory, "p.sock"), []);
  t.after(() => server.stop(AbortSignal.abort()));
  const client = new RawGrpcClient(server.addresses[0] ?? "");
  t.after(() => client.close());
  return { client, quiet: () => untilQuiet(server.adminAddress) };
}

/** How an exchange is put. */
export interface ExchangeKind {
  readonly request: WireMode;
  readonly response: WireMode;
  readonly trailers: boolean;
  readonly isStream: boolean;
}

/** All messages of an exchange, bodies in two pieces where their mode allows it. */
export function exchangeOf(kind: ExchangeKind): readonly WireRequest[] {
  const { request, response, trailers, isStream } = kind;
  const asked = chat(email, { stream: isStream });
  const said = isStream ? streamReply : jsonReply;
  const cuts = { asked: asked.length >> 1, said: 200 };
  return [
    announce(asks.requestHeaders(), request, response),
    ...(request === "BUFFERED"
      ? [asks.requestBody(asked, !trailers)]
      : [
          asks.requestBody(asked.slice(0, cuts.asked), false),
          asks.requestBody(asked.slice(cuts.asked), !trailers),
        ]),
    ...(trailers ? [asks.requestTrailers()] : []),
    asks.responseHeaders(isStream ? eventStream : {}),
    ...(response === "BUFFERED"
      ? [asks.responseBody(said, !trailers)]
      : [
          asks.responseBody(said.slice(0, cuts.said), false),
          asks.responseBody(said.slice(cuts.said), !trailers),
        ]),
    ...(trailers ? [asks.responseTrailers()] : []),
  ];
}

/** Every kind in modes that are governed. */
export const governedKinds: readonly ExchangeKind[] = (
  ["BUFFERED", "FULL_DUPLEX_STREAMED"] as const
).flatMap((request) =>
  (["FULL_DUPLEX_STREAMED", "BUFFERED", "STREAMED"] as const).flatMap((response) =>
    [false, true].flatMap((trailers) =>
      [false, true].map((isStream) => ({ request, response, trailers, isStream })),
    ),
  ),
);

/** Those whose answer can be given: held JSON has no place behind trailers in STREAMED. */
export const answerableKinds = governedKinds.filter(
  ({ response, trailers, isStream }) => !(response === "STREAMED" && trailers && !isStream),
);
