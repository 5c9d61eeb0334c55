import { constants, type ServerHttp2Session } from "node:http2";
import type { SessionClose, TransportObserver } from "./observer.ts";

/** Times of one connection (audit-and-operations 8.2). */
const pingEveryMs = 30_000;
const pingTimeoutMs = 10_000;
const sessionWindowBytes = 16 * 1024 * 1024;

/** Streams opened and reset without a message, per second and untrusted connection. */
const emptyResetsMax = 20_000;
const emptyResetsWindowMs = 1000;

/** What a session's guard needs to know. */
export interface GuardOptions {
  readonly observer: TransportObserver;
  /** A Unix socket, where the file's mode says who may connect, or a peer that proved who it is. */
  readonly isTrusted: boolean;
}

/** Watches one connection: opens its window, pings it, bounds what a hostile peer can do with it. */
export class SessionGuard {
  readonly #session: ServerHttp2Session;
  readonly #options: GuardOptions;
  /** Resolves when the connection has closed. */
  readonly closed: Promise<void>;
  readonly #pings: NodeJS.Timeout;
  #pingTimeout: NodeJS.Timeout | undefined;
  #emptyResets = 0;
  #windowStartMs = 0;
  #reason: SessionClose = "peer";

  constructor(session: ServerHttp2Session, options: GuardOptions) {
    this.#session = session;
    this.#options = options;
    options.observer.sessionOpened();
    session.setLocalWindowSize(sessionWindowBytes);
    session.on("error", this.#onError);
    this.closed = new Promise((resolve) => {
      session.once("close", () => {
        this.#onClose();
        resolve();
      });
    });
    this.#pings = setInterval(this.#ping, pingEveryMs).unref();
  }

  /** Sends GOAWAY; the connection closes when its streams have. */
  drain(): void {
    this.#reason = "drain";
    this.#session.close();
  }

  /** Closes the connection now. */
  destroy(): void {
    this.#session.destroy();
  }

  /**
   * Counts a stream that was opened and reset without a message. The library's own limit is raised
   * for Envoy, which resets every stream it is done with, so the flood is stopped here.
   */
  readonly countEmptyReset = (): void => {
    if (this.#options.isTrusted) return;
    const nowMs = performance.now();
    if (nowMs - this.#windowStartMs >= emptyResetsWindowMs) {
      this.#windowStartMs = nowMs;
      this.#emptyResets = 0;
    }
    this.#emptyResets += 1;
    if (this.#emptyResets <= emptyResetsMax || this.#reason === "limit") return;
    this.#reason = "limit";
    this.#options.observer.limitHit("stream_resets");
    const reason = new Error("too many streams were opened and reset without a message");
    this.#session.destroy(reason, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  };

  readonly #ping = (): void => {
    if (this.#session.destroyed || this.#pingTimeout !== undefined) return;
    this.#pingTimeout = setTimeout(this.#onPingTimeout, pingTimeoutMs).unref();
    this.#session.ping(this.#onPong);
  };

  readonly #onPong = (): void => {
    clearTimeout(this.#pingTimeout);
    this.#pingTimeout = undefined;
  };

  /** After a stall of ours the timer is due before the answer was read: one more look at the wire. */
  readonly #onPingTimeout = (): void => {
    setImmediate(() => {
      if (this.#pingTimeout === undefined || this.#session.destroyed) return;
      this.#reason = "ping";
      this.#session.destroy();
    });
  };

  readonly #onError = (): void => {
    if (this.#reason !== "peer") return;
    this.#reason = "error";
    this.#options.observer.wireError("session");
  };

  #onClose(): void {
    clearInterval(this.#pings);
    clearTimeout(this.#pingTimeout);
    this.#options.observer.sessionClosed(this.#reason);
  }
}
