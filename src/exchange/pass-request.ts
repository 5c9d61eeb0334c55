import type { Decision } from "../domain/index.ts";
import type { HeaderEdit } from "./commands.ts";
import type { ExchangeCore } from "./core.ts";
import { requestEdit } from "./request-edit.ts";
import type { RequestEdits } from "./request-texts.ts";

/**
 * How the end of a request came: with its headers, with the body, or in trailers behind it; or that
 * it has not come yet.
 */
export type RequestEnd = "headers" | "end" | "trailers" | "open";

/** A body as it came, to be passed on once it is judged. */
export interface HeldBody {
  readonly raw: Buffer;
  readonly end: RequestEnd;
}

/** Passes a judged request on: `bytes` is its body with the edits made. */
export function passJudged(
  core: ExchangeCore,
  decision: Decision,
  { bytes, edits, end, raw }: HeldBody & { readonly bytes: Buffer; readonly edits: RequestEdits },
): void {
  const isChanged = bytes !== raw;
  const isDuplex = core.requestMode === "FULL_DUPLEX_STREAMED";
  const hasBody = end !== "headers";
  const contentLength = isChanged && !isDuplex ? bytes.length : undefined;
  const edit = requestEdit(core, decision, { masks: edits.headers, hasBody, contentLength });
  const told = core.evidence.takeMetadata();
  const common = { direction: "request", edit, clearRouteCache: true, ...told } as const;
  if (isDuplex || !hasBody) core.send({ kind: "headers", ...common });
  else core.send({ kind: "body", ...common, ...(isChanged ? { bytes } : {}) });
  if (isDuplex && hasBody) sendBody(core, bytes, end);
}

/** Passes on what has come of a request that nobody judged; its record is written. */
export function passUnjudged(
  core: ExchangeCore,
  { end, raw }: HeldBody,
  areHeadersAnswered: boolean,
): void {
  const told = { ...strip(core), ...core.evidence.takeMetadata() };
  core.send({ kind: areHeadersAnswered ? "body" : "headers", direction: "request", ...told });
  if (core.requestMode === "FULL_DUPLEX_STREAMED" && end !== "headers") sendBody(core, raw, end);
}

/** Passes on a further piece of such a request. */
export function passPiece(core: ExchangeCore, bytes: Buffer, endOfStream: boolean): void {
  if (core.requestMode === "FULL_DUPLEX_STREAMED") {
    core.send({ kind: "piece", direction: "request", bytes, endOfStream });
  } else {
    core.send({ kind: "body", direction: "request" });
  }
}

/** Takes our own headers off, and the route that they may have chosen. */
function strip({ knowledge }: ExchangeCore): { edit?: HeaderEdit; clearRouteCache?: boolean } {
  const remove = knowledge.head?.remove ?? [];
  return remove.length === 0 ? {} : { edit: { set: [], remove }, clearRouteCache: true };
}

function sendBody(core: ExchangeCore, bytes: Buffer, end: RequestEnd): void {
  const endOfStream = end === "end";
  // Where trailers follow the headers at once, the proxy has asked about no body.
  if (endOfStream || bytes.length > 0) {
    core.send({ kind: "piece", direction: "request", bytes, endOfStream });
  }
  if (end === "trailers") core.send({ kind: "trailers", direction: "request" });
}
