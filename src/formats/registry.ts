import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import type { Format } from "./format.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";

/** What a request is, by its method and path. */
export type Recognition =
  | { readonly kind: "format"; readonly format: Format }
  /** A list of models or the description of one: no content. */
  | { readonly kind: "model_list" }
  | { readonly kind: "unrecognised" };

const chatCompletions: Recognition = { kind: "format", format: openaiChat };
const messages: Recognition = { kind: "format", format: anthropicMessages };
const modelList: Recognition = { kind: "model_list" };
const unrecognised: Recognition = { kind: "unrecognised" };

/**
 * Tells the wire format of a request. Any prefix fits, as gateways add their own; spellings of a
 * path that servers take for the same (escapes, letter case, doubled or trailing slashes, dot
 * segments) are recognised as the same, so that none of them is a way round.
 */
export function recognise(request: {
  readonly method: string;
  readonly path: string;
}): Recognition {
  const path = request.path.split(/[?#]/, 1)[0] ?? "";
  if (request.method === "POST") return recogniseCall(toSegments(decodeEscapes(path).split("/")));
  if (request.method !== "GET" && request.method !== "HEAD") return unrecognised;
  // The id of a model may hold an escaped slash, so the path is cut first.
  const segments = toSegments(path.split("/").map(decodeEscapes));
  return segments.slice(-2).includes("models") ? modelList : unrecognised;
}

function recogniseCall(segments: readonly string[]): Recognition {
  const last = segments.at(-1);
  if (last === "completions" && segments.at(-2) === "chat") return chatCompletions;
  // Elsewhere, messages are objects stored in a thread.
  if (last === "messages" && segments.at(-3) !== "threads") return messages;
  return unrecognised;
}

/** Segments as a server would see them (RFC 3986 section 5.2.4), in lower case. */
function toSegments(raw: readonly string[]): readonly string[] {
  const segments: string[] = [];
  for (const segment of raw) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment.toLowerCase());
  }
  return segments;
}

function decodeEscapes(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Escapes that are no UTF-8 stand in no path we know, so the text can stay as it is.
    return text;
  }
}
