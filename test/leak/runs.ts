/** Runs one exchange in memory, up to the bytes that leave. */
import { setTimeout as delay } from "node:timers/promises";
import type { BodyMode, ExchangeCommand } from "../../src/exchange/index.ts";
import { setExchangeStage } from "../support/exchange-stage.ts";
import { FakeProxy } from "../support/fake-proxy.ts";

/** A format as its callers speak it. */
export interface Dialect {
  readonly name: string;
  readonly path: string;
  /** An ordinary request, which every answer follows. */
  readonly request: string;
  readonly streamRequest: string;
}

export const dialects = {
  openai: {
    name: "OpenAI Chat",
    path: "/v1/chat/completions",
    request: '{"model":"large","messages":[{"role":"user","content":"hi"}]}',
    streamRequest: '{"model":"large","stream":true,"messages":[{"role":"user","content":"hi"}]}',
  },
  anthropic: {
    name: "Anthropic Messages",
    path: "/v1/messages",
    request: '{"model":"large","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}',
    streamRequest:
      '{"model":"large","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"hi"}]}',
  },
} satisfies Readonly<Record<string, Dialect>>;

/** What one direction of an exchange came to. */
export interface Outcome {
  /** Everything that went on to the next hop. */
  readonly passed: Buffer;
  /** An answer of ours in place of it. */
  readonly refusal: { readonly status: number; readonly body: string } | undefined;
  /** Headers that were set or left, as the next hop has them. */
  readonly headers: Readonly<Record<string, string>>;
}

type HeaderEdit = NonNullable<Extract<ExchangeCommand, { kind: "headers" }>["edit"]>;

const stage = setExchangeStage();

/** Sends a request in chunks, and gives what the upstream gets. */
export function runRequest(
  dialect: Dialect,
  chunks: readonly Buffer[],
  options: { readonly mode: BodyMode; readonly headers?: Readonly<Record<string, string>> },
): Outcome {
  const proxy = new FakeProxy(stage.open, { request: options.mode });
  const headers = {
    ":method": "POST",
    ":path": dialect.path,
    "content-type": "application/json",
    ...options.headers,
  };
  proxy.requestHeaders(headers);
  chunks.forEach((chunk, index) => {
    if (!proxy.isOver) proxy.requestBody(chunk, index === chunks.length - 1);
  });
  return outcomeOf(proxy, "request", headers);
}

/** How an answer comes. */
export interface AnswerOptions {
  readonly mode: BodyMode;
  readonly headers: Readonly<Record<string, string>>;
  readonly isStreamAsked?: boolean;
}

/** Sends an answer in chunks after an ordinary request, and gives what the caller gets. */
export function runAnswer(
  dialect: Dialect,
  chunks: readonly Buffer[],
  options: AnswerOptions,
): Outcome {
  return outcomeOf(sendAnswer(dialect, chunks, options), "response", headersOf(options));
}

const pollMs = 1;
const waitMs = 5_000;

/** As `runAnswer`, for what is not judged at once: packed streams are unpacked on other threads. */
export async function runPackedAnswer(
  dialect: Dialect,
  chunks: readonly Buffer[],
  options: AnswerOptions,
): Promise<Outcome> {
  const proxy = sendAnswer(dialect, chunks, options);
  const deadline = performance.now() + waitMs;
  while (!isAnswered(proxy) && performance.now() < deadline) await delay(pollMs);
  return outcomeOf(proxy, "response", headersOf(options));
}

function isAnswered({ isOver, response }: FakeProxy): boolean {
  const isEnded = response.isEnded || response.mode !== "FULL_DUPLEX_STREAMED";
  return isOver || (response.headersAnswered && response.bodiesOwed === 0 && isEnded);
}

function sendAnswer(
  dialect: Dialect,
  chunks: readonly Buffer[],
  options: AnswerOptions,
): FakeProxy {
  const proxy = new FakeProxy(stage.open, { response: options.mode });
  proxy.requestHeaders({ ":method": "POST", ":path": dialect.path });
  proxy.requestBody(options.isStreamAsked === true ? dialect.streamRequest : dialect.request);
  proxy.responseHeaders(headersOf(options));
  chunks.forEach((chunk, index) => {
    if (!proxy.isOver) proxy.responseBody(chunk, index === chunks.length - 1);
  });
  return proxy;
}

function headersOf({ headers }: AnswerOptions): Record<string, string> {
  return { ":status": "200", ...headers };
}

/** Sends trailers behind an ordinary body, and gives what they are when they go on. */
export function runTrailers(
  dialect: Dialect,
  direction: "request" | "response",
  options: {
    readonly mode: BodyMode;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: { readonly type: string; readonly text: string };
  },
): Outcome {
  const { body, headers, mode } = options;
  const proxy = new FakeProxy(stage.open, { [direction]: mode });
  proxy.requestHeaders({ ":method": "POST", ":path": dialect.path });
  const isRequest = direction === "request";
  proxy.requestBody(isRequest ? body.text : dialect.streamRequest, !isRequest);
  if (!isRequest) {
    proxy.responseHeaders({ ":status": "200", "content-type": body.type });
    proxy.responseBody(body.text, false);
  }
  const fields = Object.entries(headers).map(([name, value]) => ({ name, value }));
  if (!proxy.isOver) proxy.event({ kind: `${direction}_trailers`, headers: fields });
  const edits = proxy.commands.flatMap((command) =>
    command.kind === "trailers" && command.edit !== undefined ? [command.edit] : [],
  );
  const outcome = outcomeOf(proxy, direction, {});
  // Trailers of an exchange that ended before them go nowhere.
  const areDropped = proxy[direction].trailersOwed;
  return { ...outcome, headers: areDropped ? {} : headersAfter(headers, ...edits) };
}

function outcomeOf(
  proxy: FakeProxy,
  direction: "request" | "response",
  original: Readonly<Record<string, string>>,
): Outcome {
  proxy.assertNothingOwed();
  stage.loseTurn();
  const side = proxy[direction];
  const { immediate, error } = proxy;
  const refusal =
    immediate !== undefined
      ? { status: immediate.status, body: immediate.body.toString("utf8") }
      : error === undefined
        ? undefined
        : { status: 500, body: error.message };
  return {
    passed: side.body,
    refusal,
    headers: headersAfter(original, side.headerEdits),
  };
}

function headersAfter(
  original: Readonly<Record<string, string>>,
  ...edits: readonly HeaderEdit[]
): Record<string, string> {
  const headers: Record<string, string> = { ...original };
  for (const { remove, set } of edits) {
    for (const name of remove) delete headers[name];
    for (const { name, value } of set) headers[name] = value;
  }
  return headers;
}
