/**
 * An HTTP/1.1 client on bare `node:http` for tests: light enough for thousands of requests, able to
 * stop in the middle of one, and it tells how a call ended instead of throwing.
 */
import { Agent, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";

/** How a call ended for its caller. */
export interface CallAnswer {
  /** Undefined: the connection broke before any answer. */
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** False where the connection broke before the end of the body. */
  readonly isComplete: boolean;
}

/** A call under way. */
export interface OpenCall {
  /** Sends a piece of the body. */
  write(text: string): void;
  /** Ends the body. */
  end(text?: string): void;
  /** Resolves when the answer's headers have come; rejects when the call ends before. */
  begun(): Promise<void>;
  /** Resolves when the text received so far matches; rejects when the call ends before. */
  received(pattern: RegExp): Promise<void>;
  /** Resolves when the call is over, however; never rejects. */
  readonly answer: Promise<CallAnswer>;
}

/** Keeps connections open between calls. */
export class HttpCaller {
  readonly #agent: Agent;
  readonly #baseUrl: string;

  /** `baseUrl` without a final slash, such as `http://127.0.0.1:10000/v1`. */
  constructor(baseUrl: string, options: { readonly socketsMax?: number } = {}) {
    this.#baseUrl = baseUrl;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: options.socketsMax ?? Number.POSITIVE_INFINITY,
    });
  }

  /** Sends JSON and waits for the end. */
  post(path: string, body: object): Promise<CallAnswer> {
    const text = JSON.stringify(body);
    const call = this.open(path, { "content-length": String(Buffer.byteLength(text)) });
    call.end(text);
    return call.answer;
  }

  /** Sends the headers of a POST at once, and leaves the body to the test. */
  open(path: string, headers: Readonly<Record<string, string>> = {}): OpenCall {
    const outgoing = request(`${this.#baseUrl}${path}`, {
      method: "POST",
      agent: this.#agent,
      headers: { "content-type": "application/json", ...headers },
    });
    const reading = new Reading();
    outgoing.on("response", (incoming) => reading.take(incoming));
    // A broken connection is an outcome here; with an answer begun, the answer's own end tells it.
    outgoing.on("error", () => reading.lose());
    outgoing.flushHeaders();
    return {
      write: (text) => outgoing.write(text),
      end: (text) => outgoing.end(text),
      begun: () => reading.until(() => reading.hasBegun, "an answer"),
      received: (pattern) => reading.until(() => pattern.test(reading.text), String(pattern)),
      answer: reading.answer,
    };
  }

  /** Closes idle connections. */
  close(): void {
    this.#agent.destroy();
  }
}

/** An answer while it comes in. */
class Reading {
  readonly answer: Promise<CallAnswer>;
  readonly #settle: (answer: CallAnswer) => void;
  #incoming: IncomingMessage | undefined;
  /** What has come of the body. */
  text = "";
  #isOver = false;
  #waiting: (() => void)[] = [];

  constructor() {
    const { promise, resolve } = Promise.withResolvers<CallAnswer>();
    this.answer = promise;
    this.#settle = resolve;
  }

  take(incoming: IncomingMessage): void {
    this.#incoming = incoming;
    this.#wake();
    incoming.setEncoding("utf8");
    incoming.on("data", (text: string) => {
      this.text += text;
      this.#wake();
    });
    // Told by `close` and `complete`.
    incoming.on("error", () => undefined);
    incoming.on("close", () => this.#end());
  }

  lose(): void {
    if (this.#incoming === undefined) this.#end();
  }

  get hasBegun(): boolean {
    return this.#incoming !== undefined;
  }

  async until(isThere: () => boolean, what: string): Promise<void> {
    while (!isThere()) {
      if (this.#isOver) throw new Error(`the call ended without ${what}: ${this.text}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #end(): void {
    this.#isOver = true;
    const incoming = this.#incoming;
    this.#settle({
      status: incoming?.statusCode,
      headers: incoming?.headers ?? {},
      text: this.text,
      isComplete: incoming?.complete === true,
    });
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
