import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { BufferedBytes } from "./frame-reader.ts";
import { callProblem, refuseCall } from "./grpc-status.ts";
import { HealthService, healthPaths, processorService } from "./health.ts";
import { http2ServerOptions } from "./http2-options.ts";
import { bind, parseListenAddress } from "./listen.ts";
import type { ExtProcServer, ExtProcServerOptions } from "./options.ts";
import { ProcessStream, type StreamDeps } from "./process-stream.ts";
import { ResponseEncoder } from "./response-encoder.ts";
import { SessionGuard } from "./session-guard.ts";
import { Turn } from "./turn.ts";

const processPath = `/${processorService}/Process`;

/** How long `close` waits for connections to close by themselves. */
const closeGraceMs = 1000;

/** Creates the transport; it listens nowhere yet. */
export function createExtProcServer(options: ExtProcServerOptions): ExtProcServer {
  return new Http2ExtProcServer(options);
}

class Http2ExtProcServer implements ExtProcServer {
  readonly #options: ExtProcServerOptions;
  readonly #deps: StreamDeps;
  readonly #health: HealthService;
  /** Each with what resolves when it and all its connections have closed. */
  readonly #listeners = new Map<Http2Server, Promise<void>>();
  readonly #guards = new Set<SessionGuard>();
  #isServing = true;
  #isAccepting = true;
  #lastStreamOpenedMs = 0;

  constructor(options: ExtProcServerOptions) {
    this.#options = options;
    const buffered: BufferedBytes = { bytes: 0, bytesMax: options.limits.heldBytesMax };
    this.#deps = {
      options,
      turn: new Turn(options.commit),
      encoder: new ResponseEncoder(),
      buffered,
      streams: new Set(),
    };
    this.#health = new HealthService({
      isServing: () => this.#isServing && options.isReady(),
      observer: options.observer,
      buffered,
    });
  }

  get activeStreams(): number {
    return this.#deps.streams.size;
  }

  get bufferedBytes(): number {
    return this.#deps.buffered.bytes;
  }

  get lastStreamOpenedMs(): number {
    return this.#lastStreamOpenedMs;
  }

  async listen(address: string, options?: { readonly socketMode?: number }): Promise<string> {
    const where = parseListenAddress(address);
    const listener = createServer(http2ServerOptions);
    listener.on("session", (session) => this.#accept(session, where.kind === "unix"));
    const bound = await bind(listener, where, options?.socketMode);
    // A connection that cannot be accepted must not end the process.
    listener.on("error", () => this.#options.observer.wireError("session"));
    this.#listeners.set(listener, closedOf(listener));
    return bound;
  }

  setNotServing(): void {
    this.#isServing = false;
    this.#health.publish();
  }

  publishHealth(): void {
    this.#health.publish();
  }

  stopAccepting(): void {
    this.#isAccepting = false;
    for (const listener of this.#listeners.keys()) listener.close();
    for (const guard of this.#guards) guard.drain();
  }

  endStreams(): void {
    this.#health.endWatches();
    for (const stream of this.#deps.streams) stream.drain();
    this.#deps.turn.end();
  }

  async close(): Promise<void> {
    this.setNotServing();
    this.stopAccepting();
    this.endStreams();
    const impatience = setTimeout(() => {
      for (const guard of this.#guards) guard.destroy();
    }, closeGraceMs);
    await Promise.all([...this.#guards].map((guard) => guard.closed));
    await Promise.all(this.#listeners.values());
    clearTimeout(impatience);
  }

  #accept(session: ServerHttp2Session, isTrusted: boolean): void {
    const guard = new SessionGuard(session, { observer: this.#options.observer, isTrusted });
    this.#guards.add(guard);
    session.once("close", () => this.#guards.delete(guard));
    session.on("stream", (stream, headers) => this.#route(stream, headers, guard));
    if (!this.#isAccepting) guard.drain();
  }

  #route(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, guard: SessionGuard): void {
    // First of all: Envoy resets streams it is done with, and an unheard error ends the process.
    stream.on("error", ignoreReset);
    const path = headers[":path"];
    const problem = callProblem(headers);
    if (problem !== undefined) {
      this.#turnAway(guard);
      if (!stream.destroyed) {
        stream.respond({ ":status": problem.httpStatus }, { endStream: true });
      }
    } else if (path === processPath) {
      this.#lastStreamOpenedMs = performance.now();
      new ProcessStream(this.#deps, { stream, headers, onEmptyReset: guard.countEmptyReset });
    } else if (path === healthPaths.check || path === healthPaths.watch) {
      this.#health.handle(stream, path);
      stream.once("close", () => {
        if (!stream.headersSent) guard.countEmptyReset();
      });
    } else {
      this.#turnAway(guard);
      if (!stream.destroyed) {
        refuseCall(stream, { name: "UNIMPLEMENTED", message: `unknown method ${path}` });
      }
    }
  }

  #turnAway(guard: SessionGuard): void {
    this.#options.observer.wireError("request");
    guard.countEmptyReset();
  }
}

/** The reset itself is heard as `aborted` and `close`, with or without an error. */
function ignoreReset(): void {
  // Nothing to do: see above.
}

async function closedOf(listener: Http2Server): Promise<void> {
  await new Promise<void>((resolve) => {
    listener.once("close", resolve);
  });
}
