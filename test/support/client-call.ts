/**
 * One HTTP/1.1 call as a client makes it, down to the pieces its body leaves in, and all that came
 * back: for tests that care about lengths, codings, trailers and how a connection ended.
 */
import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { setImmediate as turn } from "node:timers/promises";

/** What is sent. */
export interface Call {
  /** Default `POST`. */
  readonly method?: string;
  /** Default `/v1/chat/completions`. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** One text or buffer goes with its length, a list in chunks, a write and a turn for each. */
  readonly body?: string | Buffer | readonly (string | Buffer)[];
  /** Sent after the body, which is chunked then. */
  readonly trailers?: Readonly<Record<string, string>>;
}

/** What came back. */
export interface ClientAnswer {
  /** Undefined: the connection broke before any answer. */
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly trailers: NodeJS.Dict<string>;
  readonly body: Buffer;
  readonly text: string;
  /** False where the connection broke before the end. */
  readonly isComplete: boolean;
}

/** A call under way whose client may go away. */
export interface ClientCall {
  /** Sends a piece of the body; the first sends the headers. */
  write(piece: string | Buffer): void;
  end(): void;
  /** Cuts the connection. */
  leave(): void;
  /** Resolves when so many bytes of an answer's body have come; 0: its headers. */
  received(bytes: number): Promise<void>;
  /** Resolves when it is over, however; never rejects. */
  readonly answer: Promise<ClientAnswer>;
}

/** Makes a call on a connection of its own and waits for its end. */
export async function callOnce(baseUrl: string, call: Call = {}): Promise<ClientAnswer> {
  const { body = [], trailers } = call;
  const isWhole = typeof body === "string" || Buffer.isBuffer(body);
  const length = isWhole && trailers === undefined ? String(Buffer.byteLength(body)) : undefined;
  const outgoing = request(new URL(call.path ?? "/v1/chat/completions", baseUrl), {
    method: call.method ?? "POST",
    agent: false,
    headers: {
      "content-type": "application/json",
      ...(length === undefined ? {} : { "content-length": length }),
      ...(trailers === undefined ? {} : { "transfer-encoding": "chunked" }),
      ...call.headers,
    },
  });
  const answer = readAnswer(outgoing);
  for (const piece of isWhole ? [body] : body) {
    // A text would be joined with the headers, and take them along into UTF-8.
    outgoing.write(Buffer.from(piece as string));
    if (!isWhole) await turn();
  }
  if (trailers !== undefined) outgoing.addTrailers(trailers);
  outgoing.end();
  return answer.whole;
}

/** Opens a POST whose body is chunked, unless its headers give a length, and left to the test. */
export function openCall(baseUrl: string, call: Omit<Call, "body" | "trailers"> = {}): ClientCall {
  const outgoing = request(new URL(call.path ?? "/v1/chat/completions", baseUrl), {
    method: call.method ?? "POST",
    agent: false,
    headers: { "content-type": "application/json", ...call.headers },
  });
  const answer = readAnswer(outgoing);
  return {
    write: (piece) => outgoing.write(piece),
    end: () => outgoing.end(),
    leave: () => outgoing.destroy(),
    received: answer.received,
    answer: answer.whole,
  };
}

/**
 * Sends bytes as they are on a connection of its own, and gives all that came until it was closed;
 * by the other side, unless the client `leaves` at once or `until` enough has come.
 */
export async function sendRaw(
  baseUrl: string,
  bytes: string | Buffer,
  options: { readonly leaves?: boolean; readonly until?: RegExp } = {},
): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    if (options.until?.test(Buffer.concat(chunks).toString("latin1"))) socket.destroy();
  });
  // A broken connection is an outcome here.
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  if (options.leaves === true) socket.end(bytes);
  else socket.write(bytes);
  await closed;
  return Buffer.concat(chunks).toString("latin1");
}

function readAnswer(outgoing: ReturnType<typeof request>): {
  readonly whole: Promise<ClientAnswer>;
  readonly received: (bytes: number) => Promise<void>;
} {
  const whole = Promise.withResolvers<ClientAnswer>();
  const chunks: Buffer[] = [];
  let bytes = -1;
  let incoming: IncomingMessage | undefined;
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const go of waiting.splice(0)) go();
  };
  const finish = (): void => {
    const body = Buffer.concat(chunks);
    whole.resolve({
      status: incoming?.statusCode,
      headers: incoming?.headers ?? {},
      trailers: incoming?.trailers ?? {},
      body,
      text: body.toString("utf8"),
      isComplete: incoming?.complete === true,
    });
    bytes = Number.POSITIVE_INFINITY;
    wake();
  };
  outgoing.on("response", (message) => {
    incoming = message;
    bytes = 0;
    wake();
    message.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      wake();
    });
    // Told by `close` and `complete`.
    message.on("error", () => undefined);
    message.on("close", finish);
  });
  // A broken connection is an outcome; with an answer begun, the answer's own end tells it.
  outgoing.on("error", () => {
    if (incoming === undefined) finish();
  });
  outgoing.on("close", () => {
    if (incoming === undefined) finish();
  });
  const received = async (wanted: number): Promise<void> => {
    while (bytes < wanted) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    }
  };
  return { whole: whole.promise, received };
}
