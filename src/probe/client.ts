import { Client, type ClientDuplexStream, credentials, Metadata, status } from "@grpc/grpc-js";
import { loadProcessMethod, type ProcessMethod } from "./service.ts";
import type { WireAnswer } from "./wire.ts";

/** How a stream ended: the gRPC status, by number and name. */
export interface ProbeStatus {
  readonly code: number;
  readonly name: string;
  readonly details: string;
}

/** What came next on a stream. */
type ProbeEvent =
  | { readonly kind: "answer"; readonly answer: WireAnswer }
  | { readonly kind: "ended"; readonly status: ProbeStatus }
  /** Nothing, until the deadline. */
  | { readonly kind: "silence" };

/** One stream to the server; the caller says what to send and when to stop. */
export interface ProbeStream {
  /** Sends a ProcessingRequest as an object, or as the bytes of any message. */
  send(message: object | Buffer): void;
  /** The next answer in the order they came, else the end, for ever after it came. */
  next(deadlineMs: number): Promise<ProbeEvent>;
  /** Says that nothing more will be asked. */
  halfClose(): void;
  /** Resets the stream; its status becomes CANCELLED. */
  cancel(): void;
  /** Settles when the stream has ended; never rejects. */
  readonly status: Promise<ProbeStatus>;
}

/** A connection to a server of the external-processing protocol. */
export interface Probe {
  /** Opens a stream, with gRPC metadata such as `traceparent`. */
  open(metadata?: Readonly<Record<string, string>>): ProbeStream;
  /** Lets the connection go; streams still open are cancelled by the peer's loss. */
  close(): void;
}

/** Messages the server may send: larger than any body it may hold. */
const answerBytesMax = 64 * 1024 * 1024;

/**
 * A client of the protocol on grpc-js and proto-loader. `address` is `HOST:PORT` or `unix:PATH`.
 * Connects with the first stream; a server that is not there ends that stream UNAVAILABLE.
 */
export function openProbe(options: { readonly address: string }): Probe {
  const method = loadProcessMethod();
  const client = new Client(options.address, credentials.createInsecure(), {
    "grpc.max_receive_message_length": answerBytesMax,
    "grpc.max_send_message_length": -1,
    // A proxy meant for the world outside has no business between us and a local server.
    "grpc.enable_http_proxy": 0,
    // Connections of two probes are two connections.
    "grpc.use_local_subchannel_pool": 1,
  });
  return {
    open: (metadata = {}) => openStream(client, method, metadata),
    close: () => client.close(),
  };
}

function openStream(
  client: Client,
  method: ProcessMethod,
  fields: Readonly<Record<string, string>>,
): ProbeStream {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(fields)) metadata.set(name, value);
  const call: ClientDuplexStream<object | Buffer, WireAnswer> = client.makeBidiStreamRequest(
    method.path,
    (message) => (Buffer.isBuffer(message) ? message : method.requestSerialize(message)),
    (bytes) => method.responseDeserialize(bytes) as WireAnswer,
    metadata,
  );
  const inbox = createInbox();
  const ended = Promise.withResolvers<ProbeStatus>();
  call.on("data", (answer) => inbox.put({ kind: "answer", answer }));
  call.on("status", ({ code, details }) => {
    const end = { code, name: status[code] ?? String(code), details };
    inbox.put({ kind: "ended", status: end });
    ended.resolve(end);
  });
  // Every error comes as a status too; without a listener it would end the process.
  call.on("error", () => {});
  return {
    send: (message) => void call.write(message),
    next: (deadlineMs) => inbox.take(deadlineMs),
    halfClose: () => void call.end(),
    cancel: () => call.cancel(),
    status: ended.promise,
  };
}

interface Inbox {
  put(event: ProbeEvent): void;
  take(deadlineMs: number): Promise<ProbeEvent>;
}

/** Holds what came until somebody asks, and whoever asks until something comes. */
function createInbox(): Inbox {
  const events: ProbeEvent[] = [];
  const takers: ((event: ProbeEvent) => void)[] = [];
  const deliver = (): void => {
    while (takers.length > 0) {
      const [event] = events;
      if (event === undefined) return;
      // The end stays, so that whoever asks again is told again.
      if (event.kind !== "ended") events.shift();
      takers.shift()?.(event);
    }
  };
  return {
    put: (event) => {
      events.push(event);
      deliver();
    },
    take: (deadlineMs) => {
      const { promise, resolve } = Promise.withResolvers<ProbeEvent>();
      const timer = setTimeout(() => {
        takers.splice(takers.indexOf(taker), 1);
        resolve({ kind: "silence" });
      }, deadlineMs);
      const taker = (event: ProbeEvent): void => {
        clearTimeout(timer);
        resolve(event);
      };
      takers.push(taker);
      deliver();
      return promise;
    },
  };
}
