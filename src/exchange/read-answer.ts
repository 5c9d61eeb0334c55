import { Fault, type Limits } from "../base/index.ts";
import type { ToolCall, Usage } from "../domain/index.ts";
import {
  beginsAsEvents,
  type DecodedBody,
  decodeJsonAnswer,
  decodePlainText,
  type Format,
} from "../formats/index.ts";
import type { AnswerHead } from "./answer-head.ts";

/** What the bytes of a whole answer turned out to be. */
export type AnswerContent =
  | {
      readonly kind: "body";
      readonly body: DecodedBody;
      readonly usage: Usage | undefined;
      readonly finishReason?: string | undefined;
      /** The tools it calls; absent where the format has no calls. */
      readonly readToolCalls?: () => readonly ToolCall[];
    }
  | { readonly kind: "events"; readonly format: Format };

/**
 * Reads an answer by what it is, not only by what it says it is: an event stream, else JSON, else
 * text. Anything else is not understood.
 * @throws Fault format_unrecognised, and those of the decoders
 */
export function readAnswer(
  plain: Buffer,
  head: AnswerHead,
  format: Format | undefined,
  limits: Limits,
): AnswerContent {
  const isNamed = head.mediaType === "text/event-stream" && !beginsAsJson(plain);
  const isStream = isNamed || beginsAsEvents(plain) === true;
  if (isStream && format !== undefined) return { kind: "events", format };
  if (isJson(head.mediaType) || beginsAsJson(plain)) return readJson(plain, format, limits);
  if (head.mediaType === "" || head.mediaType.startsWith("text/") || plain.length === 0) {
    return { kind: "body", body: decodePlainText(plain, limits), usage: undefined };
  }
  throw new Fault("format_unrecognised", "expected JSON, text or an event stream as answer");
}

function readJson(plain: Buffer, format: Format | undefined, limits: Limits): AnswerContent {
  if (plain.length === 0) {
    return { kind: "body", body: decodePlainText(plain, limits), usage: undefined };
  }
  if (format === undefined) {
    return { kind: "body", body: decodeJsonAnswer(plain, limits), usage: undefined };
  }
  const body = format.decodeAnswer(plain, limits);
  const { finishReason, usage } = body;
  return { kind: "body", body, usage, finishReason, readToolCalls: () => body.readToolCalls() };
}

function isJson(mediaType: string): boolean {
  return mediaType === "application/json" || mediaType.endsWith("+json");
}

function beginsAsJson(plain: Buffer): boolean {
  for (const byte of plain.subarray(0, 64)) {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) continue;
    return byte === 0x7b || byte === 0x5b;
  }
  return false;
}
