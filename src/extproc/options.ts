import type { Limits } from "../base/index.ts";
import type { BodyMode, OpenExchange } from "../exchange/index.ts";
import type { TransportObserver } from "./observer.ts";
import type { ListenTls, TlsMaterial } from "./tls.ts";

/** Body modes one direction accepts. The first stands in where the proxy announces none. */
export interface AcceptedBodyModes {
  readonly request: readonly BodyMode[];
  readonly response: readonly BodyMode[];
}

/** What the transport needs from the rest of the server. */
export interface ExtProcServerOptions {
  /** Opens the exchange of each stream. */
  readonly open: OpenExchange;
  readonly bodyModes: AcceptedBodyModes;
  readonly limits: Limits;
  /**
   * Makes the records of this turn durable. Called once at the end of every turn in which an exchange
   * was handed something, before any frame leaves. A throw means they could
   * not be written: those exchanges then hear `audit_failed` and decide what leaves.
   */
  readonly commit: () => void;
  /** Calls `done` once the record with this `seq` is on the disk for good, or is not known to be. */
  readonly whenDurable: (seq: number, done: (isDurable: boolean) => void) => void;
  readonly observer: TransportObserver;
  /** For the health service: true while exchanges can be judged. */
  readonly isReady: () => boolean;
  /** Told of exceptions that are bugs of ours; the stream they came from has ended, closed. */
  readonly onBug: (error: unknown) => void;
}

/** How to listen on one address. */
export interface ListenOptions {
  /** Permission bits of a Unix socket. */
  readonly socketMode?: number;
  /** Absent: whoever reaches the address may ask. */
  readonly tls?: ListenTls | undefined;
}

/** The running transport. Shutting down goes through its methods from top to bottom. */
export interface ExtProcServer {
  /**
   * Listens on `unix:/path` or `HOST:PORT` (port 0: any free one) and gives the address bound.
   * A Unix socket takes the place of whatever stood at its path, without a gap, and stays there
   * when the server closes: the path belongs to whoever bound it last. May be called again for
   * another address. Throws with what to do when the address cannot be bound.
   */
  listen(address: string, options?: ListenOptions): Promise<string>;
  /**
   * New certificates for connections to come, on every listener with TLS; those there are go on.
   * Throws where the material does not fit together, and the old one stays.
   */
  renewTls(material: TlsMaterial): void;
  /** Streams of the processing service that have not closed. */
  readonly activeStreams: number;
  /** Bytes of messages that have not come in full, over all streams. */
  readonly bufferedBytes: number;
  /** When the last stream was opened, in milliseconds of `performance.now()`; 0 before the first. */
  readonly lastStreamOpenedMs: number;
  /** From now on health answers NOT_SERVING; exchanges are served as before. */
  setNotServing(): void;
  /** Tells those who watch health what `isReady` says now; otherwise they hear within a second. */
  publishHealth(): void;
  /** Stops listening and sends GOAWAY; open streams go on. */
  stopAccepting(): void;
  /** Hands `drained` to every open exchange, then ends its stream with UNAVAILABLE. */
  endStreams(): void;
  /** Ends what is left and frees everything; resolves when all connections are closed. */
  close(): Promise<void>;
}
