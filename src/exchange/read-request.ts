import { Fault } from "../base/index.ts";
import {
  type DecodedRequest,
  decodeCharset,
  decodeContent,
  type Format,
  recogniseBody,
} from "../formats/index.ts";
import type { ExchangeDeps } from "./deps.ts";
import { reasonOf } from "./refusals.ts";
import type { RequestHead } from "./request-head.ts";

/** A request whose body was understood. */
export interface ReadRequest {
  readonly format: Format;
  /** Its body without codings, in UTF-8; the very same buffer where it came so. */
  readonly plain: Buffer;
  readonly request: DecodedRequest;
}

/**
 * Reads a whole body by the format its path told, else by what it is. Undefined where it is not
 * understood and `content.unrecognised` has the say over it.
 * @throws Fault those of the decoders, where the path told the format and nothing unread may pass
 */
export function readRequest(
  raw: Buffer,
  head: RequestHead,
  known: Format | undefined,
  { content, limits }: Pick<ExchangeDeps, "content" | "limits">,
): ReadRequest | undefined {
  let format = known;
  try {
    const plain = decodeCharset(decodeContent(raw, head.codings, limits), head.mediaType.charset);
    format ??= recogniseBody(plain, head.isAnthropic, limits);
    if (format === undefined) return undefined;
    return { format, plain, request: format.decodeRequest(plain, limits) };
  } catch (error) {
    const isUnreadable = error instanceof Fault && reasonOf(error.code) === "unreadable";
    const mayPass = format === undefined || content.unrecognised !== "refuse";
    if (isUnreadable && mayPass) return undefined;
    throw error;
  }
}
