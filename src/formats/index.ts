/**
 * AI wire formats: bytes to texts, edits and refusals back to bytes, content codings undone. All
 * that is not an edited value keeps its bytes. Does not judge texts, nor read the JSON inside tool
 * argument strings. Start with `recognise` and `Format`.
 */
export { bodilessRequest } from "./bodiless-request.ts";
export { decodeCharset } from "./charset.ts";
export { ContentDecoder } from "./content-decoder.ts";
export { areCodingsSupported, decodeContent, parseContentEncoding } from "./content-encoding.ts";
export type {
  AnswerStreamDecoder,
  DecodedAnswer,
  DecodedBody,
  DecodedRequest,
  Format,
  RenderedRefusal,
  StreamEvent,
  StreamPiece,
} from "./format.ts";
export { decodeJsonAnswer } from "./json-answer.ts";
export { isPlainJson, type MediaType, parseMediaType } from "./media-type.ts";
export { decodePlainText } from "./plain-text.ts";
export { mayBeginObject, recogniseBody } from "./recognise-body.ts";
export { renderPlainRefusal } from "./refusal.ts";
export { type Recognition, recognise } from "./registry.ts";
export type { RequestChanges } from "./request-changes.ts";
export { beginsAsEvents } from "./sse.ts";
export { openStreamOrJson } from "./stream-or-json.ts";
