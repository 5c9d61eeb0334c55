import { constants, type ServerHttp2Stream } from "node:http2";
import { type GrpcStatus, refuseCall, respond, toTrailers } from "./grpc-status.ts";

/** The writing side of one call: messages with back-pressure, then one status. */
export class CallWriter {
  readonly #stream: ServerHttp2Stream;
  #status: GrpcStatus | undefined;
  #hasPeerEnded = false;
  #isPaused = false;

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream;
    stream.on("wantTrailers", this.#onWantTrailers);
  }

  /** Writes messages. A peer that does not take them is not read from until it does. */
  write(bytes: Buffer): void {
    respond(this.#stream);
    if (this.#stream.write(bytes) || this.#isPaused) return;
    this.#isPaused = true;
    this.#stream.pause();
    this.#stream.once("drain", this.#onDrain);
  }

  /** Writes the last messages, if any, and the status. Nothing may be written after it. */
  end(status: GrpcStatus, bytes: Buffer | undefined, hasPeerEnded: boolean): void {
    this.#status = status;
    this.#hasPeerEnded = hasPeerEnded;
    // What the peer still sends is thrown away, so that its end or its reset is seen.
    this.#stream.resume();
    if (!this.#stream.headersSent && bytes === undefined) {
      refuseCall(this.#stream, status);
      this.#stopPeer();
      return;
    }
    respond(this.#stream);
    if (bytes === undefined) this.#stream.end();
    else this.#stream.end(bytes);
  }

  readonly #onWantTrailers = (): void => {
    // The library asks only for what was ended by `end`, or has gone away meanwhile.
    if (this.#status === undefined) return;
    this.#stream.sendTrailers(toTrailers(this.#status));
    this.#stopPeer();
  };

  /** A peer that could still send is told to stop (RFC 9113, 8.1). */
  #stopPeer(): void {
    // A reset in the same turn would overtake the trailers.
    if (!this.#hasPeerEnded) setImmediate(closeQuietly, this.#stream);
  }

  readonly #onDrain = (): void => {
    this.#isPaused = false;
    this.#stream.resume();
  };
}

function closeQuietly(stream: ServerHttp2Stream): void {
  if (!stream.closed) stream.close(constants.NGHTTP2_NO_ERROR);
}
