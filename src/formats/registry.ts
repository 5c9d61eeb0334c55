import { anthropicMessages, anthropicTokenCount } from "./anthropic-messages/anthropic-messages.ts";
import type { Format } from "./format.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";
import { openaiStoredChat } from "./openai-chat/stored.ts";
import { toPathSegments } from "./path-segments.ts";

/** What a request is, by its method and path. */
export type Recognition =
  | {
      readonly kind: "format";
      readonly format: Format;
      /** False: everything is said by method, path and headers, and a body does not belong. */
      readonly hasBody: boolean;
    }
  /** A list of models or the description of one: no content. */
  | { readonly kind: "model_list" }
  /** A path that says nothing: what the body is decides, see `recogniseBody`. */
  | { readonly kind: "by_body" }
  | { readonly kind: "unrecognised" };

const chatCompletions: Recognition = { kind: "format", format: openaiChat, hasBody: true };
const messages: Recognition = { kind: "format", format: anthropicMessages, hasBody: true };
const tokenCount: Recognition = { kind: "format", format: anthropicTokenCount, hasBody: true };
const storedRead: Recognition = { kind: "format", format: openaiStoredChat, hasBody: false };
const storedUpdate: Recognition = { kind: "format", format: openaiStoredChat, hasBody: true };
const modelList: Recognition = { kind: "model_list" };
const byBody: Recognition = { kind: "by_body" };
const unrecognised: Recognition = { kind: "unrecognised" };

/** Spellings that nearly every request has, so that they need no taking apart. */
const plainCalls: ReadonlyMap<string, Recognition> = new Map([
  ["/v1/chat/completions", chatCompletions],
  ["/v1/messages", messages],
]);

/**
 * Segments of endpoints that are something else, of these providers or of others. Bodies there can
 * look like a conversation and be read and answered in another way, so they decide nothing.
 */
const otherEndpoints: ReadonlySet<string> = new Set(
  (
    "agents assistants audio batches chat completions containers conversations converse " +
    "converse-stream embed embeddings files fim fine_tuning generate generate_stream images " +
    "interactions invocations invoke invoke-with-response-stream live mcp messages models " +
    "moderations ocr realtime rerank responses runs sessions skills threads tokenize uploads v2 " +
    "vector_stores videos"
  ).split(" "),
);

/**
 * Tells the wire format of a request. Any prefix fits, as gateways add their own; spellings of a
 * path that servers take for the same (escapes, letter case, doubled or trailing slashes, dot
 * segments, path parameters) are recognised as the same, so that none of them is a way round.
 */
export function recognise(request: {
  readonly method: string;
  readonly path: string;
}): Recognition {
  if (request.method === "POST") {
    return plainCalls.get(request.path) ?? recogniseCall(toPathSegments(request.path, "decoded"));
  }
  if (!["GET", "HEAD", "DELETE"].includes(request.method)) return unrecognised;
  return recogniseRead(request.method, request.path);
}

function recogniseCall(segments: readonly string[]): Recognition {
  const [last, second, third] = segments.toReversed();
  if (last === "completions" && second === "chat") return chatCompletions;
  if (second === "completions" && third === "chat") return storedUpdate;
  // Elsewhere, messages are objects stored in a thread or a conversation.
  const isStored = third === "threads" || third === "completions" || third === "conversations";
  if (last === "messages") return isStored ? unrecognised : messages;
  if (last === "count_tokens" && second === "messages") return tokenCount;
  return segments.some(isElsewhere) ? unrecognised : byBody;
}

/** A verb behind a colon is Google's way of naming calls. */
function isElsewhere(segment: string): boolean {
  return otherEndpoints.has(segment) || segment.includes(":");
}

function recogniseRead(method: string, path: string): Recognition {
  const [last, second, third, fourth] = toPathSegments(path, "decoded").toReversed();
  if (second === "completions" && third === "chat") return storedRead;
  if (method === "DELETE") return unrecognised;
  if (last === "completions" && second === "chat") return storedRead;
  if (last === "messages" && third === "completions" && fourth === "chat") return storedRead;
  // The id of a model may hold an escaped slash, so the path is cut first.
  const segments = toPathSegments(path, "cut");
  const at = segments.at(-1) === "models" ? segments.length - 1 : segments.length - 2;
  if (segments[at] !== "models") return unrecognised;
  // An object that is called `models` in a collection with content is no list of them.
  return segments.slice(0, at).some(isElsewhere) ? unrecognised : modelList;
}
