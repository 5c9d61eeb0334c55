import type { IncomingMessage, ServerResponse } from "node:http";

/** What the admin server shows, each asked when a request comes. */
export interface AdminOptions {
  /** Whether a restart would not help; absent: it answers, so it lives. */
  readonly isLive?: () => boolean;
  readonly isReady: () => boolean;
  /** Shown as JSON on `/status`; versions, digests, ages and levels, never traffic. */
  readonly status: () => object;
  /** The text of `/metrics`. */
  readonly metrics: () => Promise<string>;
  readonly metricsContentType: string;
  /** The same in OpenMetrics, where `Accept` asks for it; absent: there is one form only. */
  readonly openMetrics?: () => Promise<string>;
  /** How long `/metrics` may take, in milliseconds. */
  readonly metricsTimeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly allow?: string;
}

type Page = (options: AdminOptions, accept: string) => Answer | Promise<Answer>;

const plainText = "text/plain; charset=utf-8";
const openMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const metricsTimeoutMsDefault = 5_000;

const pages: ReadonlyMap<string, Page> = new Map<string, Page>([
  ["/livez", ({ isLive = () => true }) => probe(isLive(), "live")],
  ["/readyz", ({ isReady }) => probe(isReady(), "ready")],
  ["/status", showStatus],
  ["/metrics", showMetrics],
]);

const pageNames = [...pages.keys()].join(" ");

/** Answers one request; never throws, and says nothing of why something failed. */
export async function respond(
  options: AdminOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await answerTo(options, request).catch(failed);
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, {
    "content-type": answer.type,
    "content-length": body.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(answer.allow !== undefined && { allow: answer.allow }),
    // A body nobody asked for is not read, so the connection cannot go on behind it.
    ...(hasBody(request) && { connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

async function answerTo(options: AdminOptions, request: IncomingMessage): Promise<Answer> {
  const [path = ""] = (request.url ?? "").split("?", 1);
  const page = pages.get(path);
  if (page === undefined) return text(404, `Not found. There are ${pageNames}.`);
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { ...text(405, `${path} is for GET and HEAD.`), allow: "GET, HEAD" };
  }
  return page(options, request.headers.accept ?? "");
}

function showStatus({ status }: AdminOptions): Answer {
  const body = `${JSON.stringify(status(), null, 2)}\n`;
  return { status: 200, type: "application/json", body };
}

async function showMetrics(options: AdminOptions, accept: string): Promise<Answer> {
  const { metricsTimeoutMs = metricsTimeoutMsDefault, openMetrics } = options;
  const isOpen = openMetrics !== undefined && accept.includes("application/openmetrics-text");
  const metrics = isOpen ? openMetrics : options.metrics;
  const type = isOpen ? openMetricsType : options.metricsContentType;
  const late = Promise.withResolvers<"late">();
  const timeout = setTimeout(() => late.resolve("late"), metricsTimeoutMs);
  try {
    const body = await Promise.race([metrics(), late.promise]);
    if (body === "late") return text(503, "The metrics took too long.");
    return { status: 200, type, body };
  } finally {
    clearTimeout(timeout);
  }
}

function probe(isSo: boolean, word: string): Answer {
  return isSo ? text(200, word) : text(503, `not ${word}`);
}

function failed(): Answer {
  return text(500, "This page could not be made.");
}

function text(status: number, line: string): Answer {
  return { status, type: plainText, body: `${line}\n` };
}

function hasBody(request: IncomingMessage): boolean {
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  return encoding !== undefined || length !== "0";
}
