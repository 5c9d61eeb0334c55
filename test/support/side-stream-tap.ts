/**
 * Stands between Envoy and a processor on bare `node:http2`: shows how each side stream ended on the
 * wire, and can change what Envoy sent, message by message.
 */
import { once } from "node:events";
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
// The codec is private to its folder; here it only tells messages apart.
import { envoy } from "../../src/extproc/gen/messages.js";
import type { Cleanup } from "./chancery-process.ts";

const { ProcessingRequest } = envoy.service.ext_proc.v3;

/** What a message of Envoy asks about, such as `requestBody`. */
export type MessageKind = NonNullable<envoy.service.ext_proc.v3.ProcessingRequest["request"]>;

/** What becomes of a message; `frame` holds the five-byte prefix. Called for each message. */
export type Tamper = (frame: Buffer, kind: MessageKind | undefined) => TamperedMessage;

/** What is sent on in its place; with `isLast` the tap half-closes after it. */
export interface TamperedMessage {
  readonly frames: readonly Buffer[];
  readonly isLast?: boolean;
}

/** One side stream as seen on the wire. */
export interface SeenStream {
  /** The processor's grpc-status, once it came. */
  readonly status: number | undefined;
  /** True where status 0 came before the processor was told that no more would come. */
  readonly isEarlyOk: boolean;
}

/** A running tap. */
export interface SideStreamTap {
  /** `HOST:PORT`, for Envoy. */
  readonly address: string;
  /** In the order in which they were opened. */
  readonly streams: readonly SeenStream[];
}

type Writable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Starts one before `target`, a `HOST:PORT`; `tamper` gives each stream its own. */
export async function startSideStreamTap(
  t: Cleanup,
  target: string,
  tamper: () => Tamper = () => (frame) => ({ frames: [frame] }),
): Promise<SideStreamTap> {
  const streams: SeenStream[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const processor = connect(`http://${target}`, { settings: { enablePush: false } });
  processor.on("error", ignore);
  const server = createServer({ settings: { maxConcurrentStreams: 2048 } });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", ignore);
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => {
    const seen = { status: undefined, isEarlyOk: false };
    streams.push(seen);
    relay({ stream, headers, processor, tamper: tamper(), seen });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(async () => {
    processor.destroy();
    const closed = once(server, "close");
    server.close();
    for (const session of sessions) session.destroy();
    await closed;
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, streams };
}

interface Relay {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  readonly processor: ClientHttp2Session;
  readonly tamper: Tamper;
  readonly seen: Writable<SeenStream>;
}

function relay({ stream, headers, processor, tamper, seen }: Relay): void {
  const onward = processor.request(withoutAuthority(headers), { endStream: false });
  let isFinished = false;
  const finish = () => {
    isFinished = true;
    onward.end();
  };
  stream.on("error", ignore);
  onward.on("error", ignore);
  forEachFrame(stream, (frame) => {
    const { frames, isLast } = tamper(frame, ProcessingRequest.decode(frame.subarray(5)).request);
    if (isFinished) return;
    for (const sent of frames) onward.write(sent);
    if (isLast) finish();
  });
  stream.on("end", finish);
  stream.on("aborted", () => onward.close(constants.NGHTTP2_CANCEL));

  const note = (fields: IncomingHttpHeaders) => {
    if (fields["grpc-status"] === undefined) return;
    seen.status = Number(fields["grpc-status"]);
    seen.isEarlyOk = seen.status === 0 && !isFinished;
  };
  let trailers: IncomingHttpHeaders = {};
  onward.on("response", (fields, flags) => {
    note(fields);
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (!stream.destroyed) stream.respond(fields, { endStream, waitForTrailers: !endStream });
  });
  onward.on("trailers", (fields) => {
    note(fields);
    trailers = fields;
  });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  onward.on("data", (bytes: Buffer) => stream.write(bytes));
  onward.on("end", () => {
    if (stream.headersSent && !stream.writableEnded) stream.end();
  });
  onward.on("close", () => {
    if (onward.rstCode !== constants.NGHTTP2_NO_ERROR) stream.close(onward.rstCode);
  });
}

/** Cuts what comes into messages (gRPC "PROTOCOL-HTTP2": one byte flag, four of length). */
function forEachFrame(stream: ServerHttp2Stream, take: (frame: Buffer) => void): void {
  let bytes: Buffer = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 5) {
      const end = 5 + bytes.readUInt32BE(1);
      if (bytes.length < end) return;
      take(bytes.subarray(0, end));
      bytes = bytes.subarray(end);
    }
  });
}

/** The connection onward has an authority of its own. */
function withoutAuthority(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { ":authority": _authority, host: _host, ...others } = headers;
  return others;
}

function ignore(): void {
  // How a stream ended is seen in its status and its reset.
}
