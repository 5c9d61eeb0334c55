import type { HeaderField, Span } from "../domain/index.ts";
import { headerValue, headerValues } from "../domain/index.ts";
import { type MediaType, parseContentEncoding, parseMediaType } from "../formats/index.ts";
import type { ExchangeEvent } from "./events.ts";
import { type HeaderText, textsOf } from "./header-texts.ts";
import { textsOfRequestLine } from "./request-line.ts";

/** What the header block of a request says, as far as the stages need it. */
export interface RequestHead {
  readonly method: string;
  /** With query, as sent. */
  readonly path: string;
  readonly host: string | undefined;
  readonly route: string | undefined;
  readonly requestId: string | undefined;
  readonly traceparent: string | undefined;
  readonly codings: readonly string[];
  readonly mediaType: MediaType;
  /** Names a version of the Anthropic API. */
  readonly isAnthropic: boolean;
  /** Values that are judged together with the body. */
  readonly texts: readonly HeaderText[];
  /** Path and query as texts; nothing in them can be edited. */
  readonly line: readonly Span[];
  /** Asks for another protocol: CONNECT, or an upgrade. */
  readonly isUpgrade: boolean;
  readonly hasContentLength: boolean;
  /** Headers that must not reach the upstream as the caller sent them. */
  readonly remove: readonly string[];
}

type HeadersEvent = Extract<ExchangeEvent, { kind: "request_headers" | "response_headers" }>;

/** Reads a request's header block once. */
export function readRequestHead(event: HeadersEvent): RequestHead {
  const { headers, attributes } = event;
  const method = headerValue(headers, ":method") ?? "";
  const path = headerValue(headers, ":path") ?? "";
  const route = attributes.get("xds.route_name");
  return {
    method,
    path,
    host: headerValue(headers, ":authority") ?? headerValue(headers, "host"),
    route: typeof route === "string" && route !== "" ? route : undefined,
    requestId: headerValue(headers, "x-request-id"),
    traceparent: headerValue(headers, "traceparent"),
    codings: parseContentEncoding(headerValues(headers, "content-encoding")),
    mediaType: parseMediaType(soleContentType(headers)),
    isAnthropic: headerValue(headers, "anthropic-version") !== undefined,
    texts: textsOf(headers, "prompt"),
    line: textsOfRequestLine(path),
    isUpgrade: method === "CONNECT" || headerValue(headers, "upgrade") !== undefined,
    hasContentLength: headerValue(headers, "content-length") !== undefined,
    remove: toRemove(headers),
  };
}

/** Several are taken as one that nobody knows: readers differ in which they believe. */
function soleContentType(headers: readonly HeaderField[]): string | undefined {
  const values = headerValues(headers, "content-type");
  return values.length > 1 ? values.join(",") : values[0];
}

/**
 * Our own headers, which a caller could forge, and `accept-encoding`, so that answers come plain
 * and stream without being packed first.
 */
function toRemove(headers: readonly HeaderField[]): readonly string[] {
  const remove: string[] = [];
  for (const { name } of headers) {
    const isOurs = name.startsWith("x-chancery-");
    if ((isOurs || name === "accept-encoding") && !remove.includes(name)) remove.push(name);
  }
  return remove;
}
