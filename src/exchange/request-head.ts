import type { HeaderField } from "../domain/index.ts";
import { headerValue, headerValues } from "../domain/index.ts";
import { parseContentEncoding } from "../formats/index.ts";
import type { ExchangeEvent } from "./events.ts";

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
  const route = attributes.get("xds.route_name");
  return {
    method,
    path: headerValue(headers, ":path") ?? "",
    host: headerValue(headers, ":authority") ?? headerValue(headers, "host"),
    route: typeof route === "string" && route !== "" ? route : undefined,
    requestId: headerValue(headers, "x-request-id"),
    traceparent: headerValue(headers, "traceparent"),
    codings: parseContentEncoding(headerValues(headers, "content-encoding")),
    isUpgrade: method === "CONNECT" || headerValue(headers, "upgrade") !== undefined,
    hasContentLength: headerValue(headers, "content-length") !== undefined,
    remove: toRemove(headers),
  };
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
