/**
 * A gRPC client of the processing service on bare `node:http2`, for tests and benchmarks: it can
 * send what no gRPC library would, byte by byte, and sees exactly how a call ended.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { connect as connectSocket } from "node:net";
// The codec is private to its folder; a client of the same wire format is the one other user.
import { envoy } from "../../src/extproc/gen/messages.js";

export type WireRequest = envoy.service.ext_proc.v3.ProcessingRequest.$Properties;
export type WireResponse = envoy.service.ext_proc.v3.ProcessingResponse.$Shape;

/** How a call ended for its client. `code` is absent when no status came. */
export interface CallEnd {
  readonly httpStatus: number | undefined;
  readonly code: number | undefined;
  readonly message: string | undefined;
  /** HTTP/2 code of the reset, 0 for none. */
  readonly resetCode: number;
}

const { ProcessingRequest, ProcessingResponse } = envoy.service.ext_proc.v3;

/** One message with its five-byte prefix. */
export function toGrpcFrame(message: Uint8Array, flag = 0): Buffer {
  const frame = Buffer.alloc(5 + message.length);
  frame[0] = flag;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

/** One request as bytes, prefix included. */
export function toRequestFrame(request: WireRequest): Buffer {
  return toGrpcFrame(ProcessingRequest.encode(request).finish());
}

/** One connection to a server under test. */
export class RawGrpcClient {
  readonly session: ClientHttp2Session;
  /** Resolves when the connection has closed. */
  readonly closed: Promise<void>;

  /** `address` as `ExtProcServer.listen` gives it. */
  constructor(address: string) {
    const unixPath = address.startsWith("unix:") ? address.slice("unix:".length) : undefined;
    this.session = connect(
      `http://${unixPath === undefined ? address : "localhost"}`,
      unixPath === undefined
        ? { settings: { enablePush: false } }
        : { createConnection: () => connectSocket(unixPath) },
    );
    // What goes wrong is seen in how calls end.
    this.session.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      this.session.once("close", resolve);
    });
  }

  /** Opens a call; of the processing service unless the headers say otherwise. */
  call(headers: Record<string, string> = {}): RawCall {
    return new RawCall(
      this.session.request(
        {
          ":method": "POST",
          ":path": "/envoy.service.ext_proc.v3.ExternalProcessor/Process",
          "content-type": "application/grpc",
          te: "trailers",
          ...headers,
        },
        { endStream: false, waitForTrailers: true },
      ),
    );
  }

  async close(): Promise<void> {
    this.session.destroy();
    await this.closed;
  }
}

/** One call. Messages are kept until they are asked for. */
export class RawCall {
  readonly stream: ClientHttp2Stream;
  /** How the call ended; resolves once, when its stream has closed. */
  readonly end: Promise<CallEnd>;
  #bytes: Buffer = Buffer.alloc(0);
  readonly #messages: Buffer[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;
  #isReset = false;

  constructor(stream: ClientHttp2Stream) {
    this.stream = stream;
    let code: number | undefined;
    let message: string | undefined;
    let httpStatus: number | undefined;
    const readStatus = (headers: Record<string, unknown>): void => {
      if (headers["grpc-status"] !== undefined) code = Number(headers["grpc-status"]);
      if (headers["grpc-message"] !== undefined) message = String(headers["grpc-message"]);
    };
    stream.on("error", () => undefined);
    stream.on("response", (headers) => {
      httpStatus = Number(headers[":status"]);
      readStatus(headers);
    });
    stream.on("trailers", readStatus);
    // The library half-closes before it resets; a client that goes away does not.
    stream.on("wantTrailers", () => {
      if (!this.#isReset) stream.sendTrailers({});
    });
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
    this.end = new Promise((resolve) => {
      stream.on("close", () => {
        this.#isClosed = true;
        this.#wake?.();
        resolve({ httpStatus, code, message, resetCode: stream.rstCode });
      });
    });
  }

  send(request: WireRequest): void {
    this.stream.write(toRequestFrame(request));
  }

  sendBytes(bytes: Buffer): void {
    this.stream.write(bytes);
  }

  /** Half-closes. */
  finish(): void {
    this.stream.end();
  }

  reset(code: number = constants.NGHTTP2_CANCEL): void {
    this.#isReset = true;
    this.stream.close(code);
  }

  /** The next message undecoded, or undefined if the call ended before one came. */
  async nextBytes(): Promise<Buffer | undefined> {
    while (this.#messages.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#messages.shift();
  }

  /** The next answer, or undefined if the call ended before one came. */
  async next(): Promise<WireResponse | undefined> {
    const bytes = await this.nextBytes();
    return bytes === undefined ? undefined : ProcessingResponse.decode(bytes);
  }

  #take(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#bytes.length >= 5) {
      const end = 5 + this.#bytes.readUInt32BE(1);
      if (this.#bytes.length < end) break;
      this.#messages.push(this.#bytes.subarray(5, end));
      this.#bytes = this.#bytes.subarray(end);
    }
    this.#wake?.();
  }
}
