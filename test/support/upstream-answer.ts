import {
  anthropicMessages,
  type ModelReply,
  openaiChat,
  type ReplyShape,
} from "./model-replies.ts";
import type { Script } from "./upstream-script.ts";

/** An answer before it is sent: one buffer per write. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly pieces: readonly Buffer[];
}

/** The members of a request that change the answer. */
interface ModelRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
}

/** What the stand-in says to a request under a script. */
export function composeAnswer(
  request: { readonly path: string; readonly body: Buffer },
  script: Script,
  models: readonly string[],
): Answer {
  const status = script.status ?? 200;
  const pathname = request.path.split("?")[0] ?? "";
  if (script.raw !== undefined) return toRaw(script.raw, status, script.isStream ?? false);
  if (pathname.endsWith("/models")) return json(status, modelList(models));
  const shape = shapeFor(pathname);
  if (shape === undefined) return json(404, openaiChat.error(`no such path: ${pathname}`));
  if (status >= 400) return json(status, shape.error("the script says so"));
  const asked = parseRequest(request.body);
  if (asked === undefined && !script.isEarly) {
    return json(400, shape.error("the body is not a JSON object"));
  }
  const reply = toReply(asked ?? {}, script, request.body.length);
  const isStream = script.isStream ?? asked?.stream ?? false;
  return isStream ? eventStream(status, shape.stream(reply)) : json(status, shape.whole(reply));
}

function shapeFor(pathname: string): ReplyShape | undefined {
  if (pathname.endsWith("/chat/completions")) return openaiChat;
  if (pathname.endsWith("/messages")) return anthropicMessages;
  return undefined;
}

function parseRequest(body: Buffer): ModelRequest | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    // Answered with 400, as a model server would.
    return undefined;
  }
}

function toReply(asked: ModelRequest, script: Script, bodyBytes: number): ModelReply {
  return {
    model: asked.model ?? "stub-small",
    text: script.text ?? "Hello from the stub model.",
    toolCalls: script.toolCalls ?? [],
    deltaChars: script.deltaChars ?? 5,
    inputTokens: Math.ceil(bodyBytes / 4),
    includeUsage: asked.stream_options?.include_usage ?? false,
  };
}

function modelList(models: readonly string[]): object {
  const data = models.map((id) => ({ id, object: "model", created: 0, owned_by: "stub" }));
  return { object: "list", data };
}

function json(status: number, body: object): Answer {
  return {
    status,
    contentType: "application/json",
    pieces: [Buffer.from(JSON.stringify(body))],
  };
}

function eventStream(status: number, events: readonly string[]): Answer {
  return {
    status,
    contentType: "text/event-stream; charset=utf-8",
    pieces: events.map((event) => Buffer.from(event)),
  };
}

function toRaw(raw: readonly (string | Buffer)[], status: number, isStream: boolean): Answer {
  return {
    status,
    contentType: isStream ? "text/event-stream" : "application/json",
    pieces: raw.map((piece) => Buffer.from(piece)),
  };
}
