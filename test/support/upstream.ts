/**
 * A stand-in model server on loopback for end-to-end tests, the demo and trying things out. It
 * speaks OpenAI Chat Completions and Anthropic Messages, streamed or whole, and lists its models; a
 * script says how it answers, down to raw bytes. It remembers every request. Start with
 * `startUpstream`.
 */
import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type Answer, composeAnswer } from "./upstream-answer.ts";
import { encoderFor } from "./upstream-encoding.ts";
import type { Script } from "./upstream-script.ts";

export type { ToolCall } from "./model-replies.ts";
export type { Script } from "./upstream-script.ts";

/** A request as it arrived. Fills up while it arrives. */
export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as on the wire. */
  readonly rawHeaders: readonly string[];
  /** Bytes so far; all of them once `isComplete`. */
  readonly body: Buffer;
  readonly isComplete: boolean;
  /** Those behind the body, once `isComplete`. */
  readonly trailers: NodeJS.Dict<string>;
  /** Settles when its answer was sent whole, or the connection was cut before that. */
  readonly ended: Promise<"answered" | "cut">;
}

/** One script for all requests, or one for each. */
export type Scripting = Script | ((request: SeenRequest) => Script);

/** A running stand-in. */
export interface StubUpstream {
  /** Without a path, such as `http://127.0.0.1:40123`. */
  readonly url: URL;
  /** In order of arrival. */
  readonly requests: readonly SeenRequest[];
  /** Changes how requests from now on are answered. */
  answerWith(scripting: Scripting): void;
  /** Cuts open connections and frees the port. */
  stop(): Promise<void>;
}

/** Starts a stand-in model server on loopback; port 0, the default, lets the system choose. */
export async function startUpstream(
  options: {
    readonly host?: string;
    readonly port?: number;
    readonly models?: readonly string[];
    readonly scripting?: Scripting;
  } = {},
): Promise<StubUpstream> {
  const { host = "127.0.0.1", port = 0, models = ["stub-small", "stub-large"] } = options;
  let scripting = options.scripting ?? {};
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const seen = record(incoming, outgoing);
    requests.push(seen);
    const script = typeof scripting === "function" ? scripting(seen) : scripting;
    answer({ incoming, outgoing, seen, script, models }).catch((error: unknown) => {
      // The other side went away, or the script itself failed: the connection shows it.
      outgoing.destroy(error instanceof Error ? error : undefined);
    });
  });
  // Longer than any client keeps one, so that a connection is never closed under a request.
  server.keepAliveTimeout = 60_000;
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: new URL(`http://${host}:${address.port}`),
    requests,
    answerWith(next) {
      scripting = next;
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

type RecordedRequest = { -readonly [Field in keyof SeenRequest]: SeenRequest[Field] };

function record(incoming: IncomingMessage, outgoing: ServerResponse): RecordedRequest {
  return {
    method: incoming.method ?? "",
    path: incoming.url ?? "",
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    body: Buffer.alloc(0),
    isComplete: false,
    trailers: {},
    ended: new Promise((resolve) => {
      outgoing.once("close", () => resolve(outgoing.writableFinished ? "answered" : "cut"));
    }),
  };
}

interface Call {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly seen: RecordedRequest;
  readonly script: Script;
  readonly models: readonly string[];
}

async function answer(call: Call): Promise<void> {
  const { script, seen, models, outgoing } = call;
  const received = receive(call);
  if (!script.isEarly) await received;
  if (script.delayMs !== undefined) await delay(script.delayMs);
  await send(outgoing, composeAnswer(seen, script, models), script);
  await received;
}

async function receive({ incoming, seen }: Call): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) {
      chunks.push(chunk);
      seen.body = Buffer.concat(chunks);
    }
    seen.trailers = incoming.trailers;
    seen.isComplete = incoming.complete;
  } catch {
    // Cut by the other side: the record says so by not being complete.
  }
}

async function send(outgoing: ServerResponse, answer: Answer, script: Script): Promise<void> {
  const encode = encoderFor(script.encoding);
  const isPlainWhole = answer.pieces.length === 1 && script.encoding === undefined;
  const length =
    isPlainWhole && script.trailers === undefined ? answer.pieces[0]?.length : undefined;
  outgoing.writeHead(answer.status, {
    "content-type": answer.contentType,
    ...(script.encoding === undefined ? {} : { "content-encoding": script.encoding }),
    ...(length === undefined ? {} : { "content-length": length }),
    ...(script.trailers === undefined ? {} : { trailer: Object.keys(script.trailers).join(", ") }),
    ...script.headers,
  });
  outgoing.flushHeaders();
  for (const [index, piece] of answer.pieces.entries()) {
    if (index === script.cutAfterPieces) {
      outgoing.destroy();
      return;
    }
    if (script.paceMs !== undefined && index > 0) await delay(script.paceMs);
    await script.beforePiece?.(index);
    if (outgoing.destroyed) return;
    await write(outgoing, await encode.piece(piece));
  }
  await write(outgoing, await encode.end());
  if (script.trailers !== undefined) outgoing.addTrailers(script.trailers);
  outgoing.end();
}

async function write(outgoing: ServerResponse, bytes: Buffer): Promise<void> {
  if (bytes.length === 0 || outgoing.write(bytes)) return;
  const waited = new AbortController();
  const { signal } = waited;
  await Promise.race([once(outgoing, "drain", { signal }), once(outgoing, "close", { signal })]);
  // Takes the other one's listeners away.
  waited.abort();
}
