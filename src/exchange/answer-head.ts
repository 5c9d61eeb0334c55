import { headerValue, headerValues } from "../domain/index.ts";
import { parseContentEncoding } from "../formats/index.ts";
import type { ExchangeEvent } from "./events.ts";

/** What the header block of an answer says, as far as the stages need it. */
export interface AnswerHead {
  readonly status: number;
  /** Media type without parameters, lower case; empty where there is none. */
  readonly mediaType: string;
  /** Those still on the body, in the order they were applied. */
  readonly codings: readonly string[];
  /** The codings named in the headers have been taken off the body. */
  readonly isUnpacked: boolean;
  readonly hasContentLength: boolean;
  readonly hasEtag: boolean;
  /** Names under our prefix that the upstream set; only we may set those. */
  readonly forged: readonly string[];
}

type HeadersEvent = Extract<ExchangeEvent, { kind: "request_headers" | "response_headers" }>;

/** Reads an answer's header block once. */
export function readAnswerHead(event: HeadersEvent): AnswerHead {
  const { headers } = event;
  const contentType = headerValue(headers, "content-type") ?? "";
  const forged: string[] = [];
  for (const { name } of headers) if (name.startsWith("x-chancery-")) forged.push(name);
  return {
    status: Number(headerValue(headers, ":status") ?? 0),
    mediaType: (contentType.split(";", 1)[0] ?? "").trim().toLowerCase(),
    codings: parseContentEncoding(headerValues(headers, "content-encoding")),
    isUnpacked: false,
    hasContentLength: headerValue(headers, "content-length") !== undefined,
    hasEtag: headerValue(headers, "etag") !== undefined,
    forged,
  };
}
