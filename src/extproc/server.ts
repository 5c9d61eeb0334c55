import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import type { BufferedBytes } from "./frame-reader.ts";
import { callProblem, refuseCall } from "./grpc-status.ts";
import { HealthService, healthPaths, processorService } from "./health.ts";
import { http2ServerOptions } from "./http2-options.ts";
import { bind, parseListenAddress } from "./listen.ts";
import type { ExtProcServer, ExtProcServerOptions, ListenOptions } from "./options.ts";
import { isOnList, type PeerAllowList, peerNamesOf } from "./peer-names.ts";
import { ProcessStream, type StreamDeps } from "./process-stream.ts";
import { ResponseEncoder } from "./response-encoder.ts";
import { SessionGuard } from "./session-guard.ts";
import {
  type ListenTls,
  secureContextOptions,
  secureServerOptions,
  type TlsMaterial,
} from "./tls.ts";
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
  readonly #listeners = new Map<Http2Server | Http2SecureServer, Promise<void>>();
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

  async listen(address: string, { socketMode, tls }: ListenOptions = {}): Promise<string> {
    const where = parseListenAddress(address);
    const listener = tls === undefined ? createServer(http2ServerOptions) : this.#secure(tls);
    // Only these two know who is at the other end.
    const isTrusted = where.kind === "unix" || tls !== undefined;
    listener.on("session", (session: ServerHttp2Session) => {
      if (tls === undefined || isPeerOnList(session, tls.allow)) this.#accept(session, isTrusted);
      else this.#turnPeerAway(session);
    });
    const bound = await bind(listener, where, socketMode);
    // A connection that cannot be accepted must not end the process.
    listener.on("error", () => this.#options.observer.wireError("session"));
    this.#listeners.set(listener, closedOf(listener));
    return bound;
  }

  renewTls(material: TlsMaterial): void {
    const context = secureContextOptions(material);
    for (const listener of this.#listeners.keys()) {
      if ("setSecureContext" in listener) listener.setSecureContext(context);
    }
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

  #secure(tls: ListenTls): Http2SecureServer {
    const listener = createSecureServer(secureServerOptions(tls));
    // No certificate, or one that nobody known vouches for; the library has closed the connection.
    listener.on("tlsClientError", () => this.#options.observer.wireError("peer"));
    listener.on("unknownProtocol", (socket) => {
      this.#options.observer.wireError("session");
      socket.destroy();
    });
    return listener;
  }

  #turnPeerAway(session: ServerHttp2Session): void {
    session.on("error", ignoreReset);
    this.#options.observer.wireError("peer");
    session.destroy();
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

/** Before any stream of the connection is heard, so nothing of a stranger's is ever read. */
function isPeerOnList({ socket }: ServerHttp2Session, allow: PeerAllowList): boolean {
  const certificate = (socket as TLSSocket).getPeerX509Certificate();
  return certificate !== undefined && isOnList(peerNamesOf(certificate), allow);
}

/** The reset itself is heard as `aborted` and `close`, with or without an error. */
function ignoreReset(): void {
  // Nothing to do: see above.
}

async function closedOf(listener: Http2Server | Http2SecureServer): Promise<void> {
  await new Promise<void>((resolve) => {
    listener.once("close", resolve);
  });
}
