import type { Limits } from "../base/index.ts";
import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import { hasMessages, readMarks } from "./body-marks.ts";
import type { Format } from "./format.ts";
import type { JsonDocument } from "./json-document.ts";
import { scanJson } from "./json-scan.ts";
import { emptyVocabulary } from "./json-vocabulary.ts";
import { lastMember, lastText } from "./members.ts";
import { openaiChat } from "./openai-chat/openai-chat.ts";

const openBrace = 0x7b;

/**
 * The format of a request whose path says nothing (ai-wire-formats 2, body shapes), or undefined
 * where its body does not tell for certain. `isVersioned`: it has an `anthropic-version` header.
 * @throws Fault as `scanJson`
 */
export function recogniseBody(
  body: Buffer,
  isVersioned: boolean,
  limits: Limits,
): Format | undefined {
  const doc = scanJson(body, { limits, vocabulary: emptyVocabulary });
  if (!hasMessages(doc) || lastText(doc, 0, "model") === undefined) return undefined;
  const marks = readMarks(doc);
  if (marks.anthropic && marks.openai) return undefined;
  if (marks.anthropic) return anthropicMessages;
  if (marks.openai) return isVersioned ? undefined : openaiChat;
  if (isVersioned) return anthropicMessages;
  return isBounded(doc) ? undefined : openaiChat;
}

/**
 * False for bytes that cannot begin a JSON object in any charset, so that what is let pass unjudged
 * need not be held until it is whole.
 */
export function mayBeginObject(bytes: Buffer): boolean {
  for (const byte of bytes) {
    const isSpace = byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
    // Zeros and these high bytes are how UTF-16, UTF-32 and byte order marks begin.
    const isPrefix = byte === 0 || byte >= 0xbb;
    if (!isSpace && !isPrefix) return byte === openBrace;
  }
  return true;
}

/** Anthropic asks for a bound in every request, OpenAI in none. */
function isBounded(doc: JsonDocument): boolean {
  return lastMember(doc, 0, "max_tokens") !== undefined;
}
