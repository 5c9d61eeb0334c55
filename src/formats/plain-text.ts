import { isUtf8 } from "node:buffer";
import { Fault, type Limits } from "../base/index.ts";
import type { Span } from "../domain/index.ts";
import type { DecodedBody } from "./format.ts";
import { TextIndex } from "./text-index.ts";
import { textStyles } from "./text-style.ts";

/**
 * Reads an answer that is text and nothing else, as one span with place `response`.
 * @throws Fault text_invalid, body_too_large
 */
export function decodePlainText(body: Buffer, limits: Limits): DecodedBody {
  if (body.length > limits.bodyBytesMax) {
    throw new Fault("body_too_large", `expected at most ${limits.bodyBytesMax} bytes of text`);
  }
  // Text of another encoding, such as UTF-16, is full of zeros that would hide what it says.
  if (!isUtf8(body) || body.includes(0)) {
    throw new Fault("text_invalid", "expected a body of UTF-8 text");
  }
  const texts = new TextIndex<Span>();
  if (body.length > 0) {
    const span: Span = { place: "response", text: body.toString("utf8") };
    texts.add(span, 0, body.length, textStyles.plain);
  }
  return { spans: texts.items, applyEdits: (edits) => texts.applyEdits(body, edits) };
}
