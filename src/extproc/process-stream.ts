import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import { Fault } from "../base/index.ts";
import type {
  CommandSink,
  ExchangeCommand,
  ExchangeEvent,
  ExchangeMetadata,
  ExchangeSession,
} from "../exchange/index.ts";
import { CallWriter } from "./call-writer.ts";
import { type AskedEvent, type DecodedRequest, decodeRequest } from "./decode-request.ts";
import type { MessageCommand } from "./encode-response.ts";
import { type Ending, endings } from "./ending.ts";
import { type BufferedBytes, FrameReader } from "./frame-reader.ts";
import type { GrpcStatus } from "./grpc-status.ts";
import type { MessageEvent, StreamEnd } from "./observer.ts";
import { toOpening } from "./opening.ts";
import type { ExtProcServerOptions } from "./options.ts";
import type { ResponseEncoder } from "./response-encoder.ts";
import type { Turn, TurnMember } from "./turn.ts";
import { reportWireFault } from "./wire-fault.ts";

/** What all streams of a server share. */
export interface StreamDeps {
  readonly options: ExtProcServerOptions;
  readonly turn: Turn;
  readonly encoder: ResponseEncoder;
  readonly buffered: BufferedBytes;
  /** Streams that have not closed. Each takes itself in and out. */
  readonly streams: Set<ProcessStream>;
}

/** One call as the server hands it over. */
export interface ProcessCall {
  readonly stream: ServerHttp2Stream;
  readonly headers: IncomingHttpHeaders;
  /** Called when the call was reset before a whole message came: that costs the peer nothing. */
  readonly onEmptyReset: () => void;
}

/**
 * One call of the processing service: messages in, events to the exchange, commands out at the end
 * of the turn, and exactly one ending. Status 0 makes the proxy let everything pass, so it is given
 * only to a peer that has half-closed and is owed nothing; whatever else happens is an error.
 */
export class ProcessStream implements CommandSink, TurnMember {
  readonly #deps: StreamDeps;
  readonly #stream: ServerHttp2Stream;
  readonly #call: ProcessCall;
  readonly #reader: FrameReader;
  readonly #writer: CallWriter;
  #session: ExchangeSession | undefined;
  #isObservability = false;
  /** The message that announced modes, which need not be the first that asks something. */
  #announcement: DecodedRequest | undefined;
  #hasReadMessage = false;
  /** Sent by the exchange and not written yet: an answer each, then perhaps an error status. */
  #outbox: MessageCommand[] = [];
  #errorSent: GrpcStatus | undefined;
  /** Decided by us, not by the exchange; stands before anything the exchange sends. */
  #ending: Ending | undefined;
  #isInTurn = false;
  /** The exchange gets no more events, only closing notices. */
  #isDeaf = false;
  /** The exchange has sent its last command, or lost the right to. */
  #isMute = false;
  /** Nothing leaves before this record is on the disk for good; -1 for none. */
  #heldForSeq = -1;
  #isHeld = false;
  /** An immediate answer was sent: nothing is owed to the proxy any more. */
  #isAnswered = false;
  #hasPeerEnded = false;
  /** Ended or lost: nothing is handed over or written after this. */
  #isOver = false;
  #askedEvent: MessageEvent | undefined;
  #askedMs = 0;

  constructor(deps: StreamDeps, call: ProcessCall) {
    this.#deps = deps;
    this.#call = call;
    this.#stream = call.stream;
    this.#reader = new FrameReader(deps.options.limits.messageBytesMax, deps.buffered);
    this.#writer = new CallWriter(call.stream);
    deps.streams.add(this);
    deps.options.observer.streamOpened();
    this.#stream.on("aborted", this.#onLost);
    this.#stream.on("close", this.#onClose);
    this.#stream.on("end", this.#onEnd);
    this.#stream.on("data", this.#onData);
  }

  /** From the exchange: holds a command until the turn ends. After its last command, does nothing. */
  send(command: ExchangeCommand): void {
    if (this.#isOver || this.#isMute) return;
    this.#joinTurn();
    const isLast = command.kind === "immediate" || command.kind === "error";
    if (isLast) {
      this.#isMute = true;
      this.#isDeaf = true;
    }
    if (this.#isObservability) return;
    if (command.kind === "error") {
      this.#errorSent = { name: command.status, message: command.message };
    } else {
      this.#outbox.push(command);
      this.#isAnswered = isLast;
    }
  }

  /** Hands `drained` to the exchange; the stream ends with UNAVAILABLE when the turn does. */
  drain(): void {
    // A peer that has half-closed gets its due ending this turn anyway.
    if (this.#isOver || this.#hasPeerEnded) return;
    this.#isDeaf = true;
    this.#ending ??= endings.drained;
    this.#hand(drainedEvent);
  }

  /** From the exchange, when its records could not be written: takes back what has not left. */
  discard(): void {
    // What has left stays said: after it the exchange remains silent.
    if (!this.#hasUnsent) return;
    this.#heldForSeq = -1;
    this.#outbox = [];
    this.#errorSent = undefined;
    this.#isMute = false;
    this.#isAnswered = false;
  }

  /** From the exchange: what leaves from now on waits for a record to be on the disk for good. */
  holdUntilDurable(seq: number): void {
    this.#heldForSeq = seq;
  }

  /** From the exchange, when its records could not be written: what is told of them is another. */
  retell(metadata: ExchangeMetadata): void {
    this.#heldForSeq = -1;
    this.#outbox = this.#outbox.map((command) =>
      command.metadata === undefined ? command : { ...command, metadata },
    );
  }

  /** For the end of the turn: the exchange decides what leaves although its record was not written. */
  failAudit(): void {
    if (this.#isOver) return;
    const hadUnsent = this.#hasUnsent;
    this.#hand(auditFailedEvent);
    // An exchange that took its answers back and has no other must not leave the proxy waiting.
    if (hadUnsent && !this.#hasUnsent) this.#ending ??= endings.notRecorded;
  }

  /** For the end of the turn: writes what was sent, and ends the stream if that is due. */
  flush(nowMs: number): void {
    this.#isInTurn = false;
    if (this.#isOver || this.#isHeld) return;
    if (this.#heldForSeq >= 0 && this.#hasUnsent) return this.#hold();
    try {
      this.#leaveTurn(nowMs);
    } catch (bug) {
      // Streams that write after this one must not suffer; this one's peer sees a reset: closed.
      this.#deps.options.onBug(bug);
      this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    }
  }

  /** Flushes in a turn of its own, once the record is where it has to be. */
  #hold(): void {
    const seq = this.#heldForSeq;
    this.#isHeld = true;
    this.#deps.options.whenDurable(seq, (isDurable) => {
      this.#isHeld = false;
      // A later record may have come meanwhile: then that is waited for.
      if (this.#heldForSeq === seq) this.#heldForSeq = -1;
      if (this.#isOver) return;
      if (!isDurable) {
        this.#isDeaf = true;
        this.#isMute = true;
        this.#outbox = [];
        this.#errorSent = undefined;
        this.#heldForSeq = -1;
        this.#ending ??= endings.notRecorded;
      }
      this.#joinTurn();
    });
  }

  #leaveTurn(nowMs: number): void {
    if (this.#stream.closed || this.#stream.destroyed) {
      this.#onLost();
    } else if (this.#outbox.length > 0) {
      this.#reportAnswer(nowMs);
      this.#write();
    } else {
      const ending = this.#dueEnding();
      if (ending !== undefined) this.#end(ending, undefined);
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isDeaf || this.#isOver) return;
    try {
      this.#reader.push(chunk);
      for (;;) {
        const message = this.#reader.next();
        if (message === undefined) return;
        this.#take(message);
        if (this.#isDeaf || this.#isOver) return;
      }
    } catch (error) {
      this.#fail(error);
    }
  };

  #take(message: Buffer): void {
    this.#hasReadMessage = true;
    const request = decodeRequest(message, this.#deps.options.limits);
    const { event } = request;
    if (request.protocolConfig !== undefined) this.#announcement ??= request;
    if (event === undefined) return;
    if (this.#session === undefined) this.#open(this.#announcement ?? request);
    if (event.kind === "malformed") {
      this.#isDeaf = true;
      this.#deps.options.observer.limitHit("headers");
    } else if (this.#askedEvent === undefined) {
      this.#askedEvent = toMessageEvent(event.kind);
      this.#askedMs = performance.now();
    }
    this.#hand(event);
  }

  /** Throws the `Fault` of modes that are not accepted; nothing has been opened then. */
  #open(request: DecodedRequest): void {
    const { bodyModes, open } = this.#deps.options;
    const opening = toOpening(request, bodyModes, traceparentOf(this.#call.headers));
    this.#isObservability = opening.isObservability;
    try {
      this.#session = open(opening, this);
    } catch (bug) {
      this.#crash(bug);
    }
  }

  /** The peer half-closed: it can take no answer after this turn, so our side ends with it. */
  readonly #onEnd = (): void => {
    if (this.#isOver) {
      // Reset while our last bytes wait: nobody will take them, and the library goes on waiting.
      if (this.#stream.closed) setImmediate(destroyQuietly, this.#stream);
      return;
    }
    this.#hasPeerEnded = true;
    if (!this.#isDeaf && this.#reader.pendingBytes > 0) {
      this.#deps.options.observer.wireError("truncated");
      this.#fail(new Fault("message_malformed", "expected the rest of a message, found the end"));
      return;
    }
    this.#isDeaf = true;
    this.#hand(peerEndedEvent);
  };

  readonly #onClose = (): void => {
    this.#deps.streams.delete(this);
    this.#onLost();
    // Node's own tables keep closed streams for a while; what they hung on to should not stay.
    this.#session = undefined;
    this.#announcement = undefined;
  };

  /** Reset by the peer or gone with its connection. Envoy ends most exchanges this way. */
  readonly #onLost = (): void => {
    if (this.#isOver) return;
    const isOwedNothing = this.#isAnswered || this.#session?.isSettled === true;
    const isComplete = this.#outbox.length === 0 && isOwedNothing;
    this.#outbox = [];
    const end = isComplete ? (this.#isAnswered ? "refused" : "complete") : "peer_reset";
    this.#close(end);
    if (!this.#hasReadMessage) this.#call.onEmptyReset();
    this.#hand(peerResetEvent);
    // Bytes still unread or unwritten would keep the library from freeing the stream.
    setImmediate(destroyQuietly, this.#stream);
  };

  /** The wire was wrong, or we were: `Fault`s are the peer's doing, the rest is a bug. */
  #fail(error: unknown): void {
    if (!(error instanceof Fault)) {
      this.#crash(error);
      return;
    }
    this.#isDeaf = true;
    this.#reader.release();
    const name = reportWireFault(error, this.#deps.options.observer);
    this.#ending ??= { status: { name, message: error.message }, end: "server_error" };
    this.#hand({ kind: "malformed", fault: error });
  }

  /** Gives the exchange an event. What it throws is a bug: the stream ends, closed. */
  #hand(event: ExchangeEvent): void {
    // Even an event that nothing answers may leave a record to be committed.
    this.#joinTurn();
    try {
      this.#session?.handle(event);
    } catch (bug) {
      this.#crash(bug);
    }
  }

  #crash(bug: unknown): void {
    const session = this.#session;
    this.#session = undefined;
    this.#isDeaf = true;
    this.#isMute = true;
    this.#outbox = [];
    this.#errorSent = undefined;
    this.#ending = endings.crashed;
    this.#joinTurn();
    this.#deps.options.onBug(bug);
    if (this.#isOver) return;
    try {
      // The exchange may hold bytes and reservations that only it can give back.
      session?.handle(peerResetEvent);
    } catch (second) {
      this.#deps.options.onBug(second);
    }
  }

  get #hasUnsent(): boolean {
    return this.#outbox.length > 0 || this.#errorSent !== undefined;
  }

  #joinTurn(): void {
    if (this.#isInTurn) return;
    this.#isInTurn = true;
    this.#deps.turn.add(this);
  }

  #reportAnswer(nowMs: number): void {
    if (this.#askedEvent === undefined) return;
    const seconds = (nowMs - this.#askedMs) / 1000;
    const { observer } = this.#deps.options;
    observer.messageSeconds(this.#askedEvent, seconds, this.#session?.traceId);
    this.#askedEvent = undefined;
  }

  #write(): void {
    let bytes: Buffer | undefined;
    try {
      bytes = this.#deps.encoder.encode(this.#outbox);
    } catch (bug) {
      this.#crash(bug);
    }
    this.#outbox = [];
    const ending = this.#dueEnding();
    if (ending !== undefined) {
      this.#end(ending, bytes);
    } else if (bytes !== undefined) {
      this.#writer.write(bytes);
    }
  }

  /** Status 0 stands in this one place. */
  #dueEnding(): Ending | undefined {
    if (this.#ending !== undefined) return this.#ending;
    if (this.#errorSent !== undefined) return { status: this.#errorSent, end: "server_error" };
    if (!this.#hasPeerEnded) return undefined;
    if (this.#isAnswered) return endings.refused;
    if (this.#session === undefined || this.#isObservability) return endings.complete;
    return this.#session.isSettled ? endings.complete : endings.leftEarly;
  }

  #end(ending: Ending, bytes: Buffer | undefined): void {
    this.#close(ending.end);
    this.#writer.end(ending.status, bytes, this.#hasPeerEnded);
  }

  #close(end: StreamEnd): void {
    this.#isOver = true;
    this.#reader.release();
    this.#deps.options.observer.streamEnded(end);
  }
}

const peerEndedEvent: ExchangeEvent = { kind: "peer_ended" };
const peerResetEvent: ExchangeEvent = { kind: "peer_reset" };
const drainedEvent: ExchangeEvent = { kind: "drained" };
const auditFailedEvent: ExchangeEvent = { kind: "audit_failed" };

function toMessageEvent(kind: Exclude<AskedEvent["kind"], "malformed">): MessageEvent {
  return kind === "request_trailers" || kind === "response_trailers" ? "trailers" : kind;
}

function destroyQuietly(stream: ServerHttp2Stream): void {
  if (!stream.destroyed) stream.destroy();
}

/** W3C Trace Context; a repeated header says nothing that can be trusted. */
function traceparentOf(headers: IncomingHttpHeaders): string | undefined {
  const value = headers["traceparent"];
  return typeof value === "string" ? value : undefined;
}
