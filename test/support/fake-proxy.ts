import assert from "node:assert/strict";
import type { Direction, HeaderField } from "../../src/domain/index.ts";
import type {
  BodyMode,
  ExchangeCommand,
  ExchangeEvent,
  ExchangeSession,
  HeaderEdit,
  OpenExchange,
} from "../../src/exchange/index.ts";

interface Modes {
  readonly request?: BodyMode;
  readonly response?: BodyMode;
  readonly isObservability?: boolean;
}

/** What one direction of an exchange came to, as the next hop would see it. */
class Side {
  readonly mode: BodyMode;
  headersAsked = false;
  headersAnswered = false;
  /** Body events that came and, outside FULL_DUPLEX_STREAMED, wait for their one answer. */
  bodiesOwed = 0;
  bodyBytes: Buffer[] = [];
  /** Bytes of the body event being asked, which stand when an answer changes nothing. */
  asked: Buffer[] = [];
  isEnded = false;
  trailersOwed = false;
  headerEdits: { set: HeaderField[]; remove: string[] } = { set: [], remove: [] };
  trailerEdit: HeaderEdit | undefined;
  clearsRoute = false;

  constructor(mode: BodyMode) {
    this.mode = mode;
  }

  get body(): Buffer {
    return Buffer.concat(this.bodyBytes);
  }

  header(name: string): string | undefined {
    return this.headerEdits.set.findLast((field) => field.name === name)?.value;
  }
}

/**
 * Plays the proxy against an exchange and refuses every answer that a real one would call spurious.
 * It keeps what the upstream and the caller would have been given.
 */
export class FakeProxy {
  readonly session: ExchangeSession;
  readonly commands: ExchangeCommand[] = [];
  readonly request: Side;
  readonly response: Side;
  readonly metadata: Record<string, string | number> = {};
  immediate: Extract<ExchangeCommand, { kind: "immediate" }> | undefined;
  error: Extract<ExchangeCommand, { kind: "error" }> | undefined;
  #turn: ExchangeCommand[] = [];
  #isHeldBack = false;
  #isLocalReply = false;
  #hasAskedUnread = false;

  constructor(open: OpenExchange, modes: Modes = {}) {
    this.request = new Side(modes.request ?? "BUFFERED");
    this.response = new Side(modes.response ?? "FULL_DUPLEX_STREAMED");
    this.session = open(
      {
        requestBodyMode: this.request.mode,
        responseBodyMode: this.response.mode,
        isObservability: modes.isObservability ?? false,
        traceparent: undefined,
      },
      {
        send: (command) => {
          if (this.#isHeldBack) this.#turn.push(command);
          else this.#apply(command);
        },
        discard: () => {
          this.#turn = [];
        },
        holdUntilDurable: () => undefined,
        retell: (metadata) => {
          this.#turn = this.#turn.map((command) =>
            "metadata" in command ? { ...command, metadata } : command,
          );
        },
      },
    );
  }

  /** True once nothing more may be answered. */
  get isOver(): boolean {
    return this.immediate !== undefined || this.error !== undefined;
  }

  event(event: ExchangeEvent): this {
    this.#ask(event);
    this.session.handle(event);
    return this;
  }

  requestHeaders(headers: Record<string, string>, endOfStream = false): this {
    return this.event({ kind: "request_headers", ...fields(headers), endOfStream });
  }

  requestBody(body: string | Buffer, endOfStream = true): this {
    return this.event({ kind: "request_body", bytes: Buffer.from(body), endOfStream });
  }

  responseHeaders(headers: Record<string, string>, endOfStream = false): this {
    return this.event({ kind: "response_headers", ...fields(headers), endOfStream });
  }

  responseBody(body: string | Buffer, endOfStream = true): this {
    return this.event({ kind: "response_body", bytes: Buffer.from(body), endOfStream });
  }

  /** Runs events whose answers do not leave, because the turn's records could not be written. */
  failingTurn(run: () => void): this {
    this.#isHeldBack = true;
    run();
    this.session.handle({ kind: "audit_failed" });
    this.#isHeldBack = false;
    for (const command of this.#turn.splice(0)) this.#apply(command);
    return this;
  }

  /** Fails where the exchange still owes an answer. */
  assertNothingOwed(): void {
    if (this.isOver) return;
    for (const [name, side] of [
      ["request", this.request],
      ["response", this.response],
    ] as const) {
      if (name === "request" && this.#isLocalReply) continue;
      assert.ok(!side.headersAsked || side.headersAnswered, `${name} headers are unanswered`);
      assert.equal(side.bodiesOwed, 0, `${name} body is unanswered`);
      // An early end of ours drops the trailers of a FULL_DUPLEX_STREAMED body.
      assert.ok(!side.trailersOwed || side.isEnded, `${name} trailers are unanswered`);
    }
  }

  #ask(event: ExchangeEvent): void {
    switch (event.kind) {
      case "request_headers":
        this.request.headersAsked = true;
        return;
      case "response_headers":
        this.response.headersAsked = true;
        // A reply of the proxy itself: it no longer waits for what it asked about the request.
        this.#isLocalReply = !this.request.headersAnswered || this.request.bodiesOwed > 0;
        return;
      case "request_body":
      case "response_body": {
        const side = this.#side(event.kind);
        if (side.mode !== "FULL_DUPLEX_STREAMED") {
          side.bodiesOwed += 1;
          side.asked.push(event.bytes);
        }
        return;
      }
      case "request_trailers":
      case "response_trailers":
        this.#side(event.kind).trailersOwed = true;
        return;
      case "malformed":
        // Whatever it was, it asked something.
        this.#hasAskedUnread = true;
        return;
      default:
    }
  }

  #side(kind: string): Side {
    return kind.startsWith("request") ? this.request : this.response;
  }

  #apply(command: ExchangeCommand): void {
    assert.equal(this.error, undefined, `nothing follows an error status, but ${command.kind} did`);
    // A stream that the proxy leaves open after an answer of ours may still be ended.
    const mayFollow = this.immediate === undefined || command.kind === "error";
    assert.ok(mayFollow, `nothing follows an answer of our own, but ${command.kind} did`);
    this.commands.push(command);
    if ("metadata" in command) Object.assign(this.metadata, command.metadata);
    switch (command.kind) {
      case "headers":
        this.#headers(this[command.direction], command);
        return;
      case "body":
        this.#body(this[command.direction], command);
        return;
      case "piece":
        this.#piece(this[command.direction], command);
        return;
      case "trailers":
        assert.ok(this[command.direction].trailersOwed, "an answer to trailers that never came");
        this[command.direction].trailersOwed = false;
        this[command.direction].trailerEdit = command.edit;
        return;
      case "immediate":
        this.#immediate(command);
        return;
      case "error":
        this.error = command;
    }
  }

  #headers(side: Side, command: Extract<ExchangeCommand, { kind: "headers" }>): void {
    assert.ok(side.headersAsked && !side.headersAnswered, "headers are answered once, when asked");
    side.headersAnswered = true;
    this.#edit(side, command.direction, command);
  }

  #body(side: Side, command: Extract<ExchangeCommand, { kind: "body" }>): void {
    assert.notEqual(side.mode, "FULL_DUPLEX_STREAMED", "this mode takes pieces");
    assert.ok(side.headersAnswered && side.bodiesOwed > 0, "a body answer without its question");
    side.bodiesOwed -= 1;
    const original = side.asked.shift() ?? Buffer.alloc(0);
    side.bodyBytes.push(command.bytes ?? original);
    this.#edit(side, command.direction, command);
  }

  #piece(side: Side, command: Extract<ExchangeCommand, { kind: "piece" }>): void {
    assert.equal(side.mode, "FULL_DUPLEX_STREAMED", "pieces fit no other mode");
    assert.ok(side.headersAnswered, "a piece before the headers answer");
    assert.ok(!side.isEnded, "a piece after the end");
    side.bodyBytes.push(command.bytes);
    side.isEnded = command.endOfStream;
  }

  #immediate(command: Extract<ExchangeCommand, { kind: "immediate" }>): void {
    const { request, response } = this;
    const isOwed =
      this.#hasAskedUnread ||
      [request, response].some(
        (side) =>
          (side.headersAsked && !side.headersAnswered) || side.bodiesOwed > 0 || side.trailersOwed,
      );
    const canStillAnswer = !response.headersAnswered || response.mode === "BUFFERED";
    assert.ok(isOwed && canStillAnswer, "an immediate response that nothing asked for");
    this.immediate = command;
  }

  #edit(
    side: Side,
    direction: Direction,
    command: {
      readonly edit?: { set: readonly HeaderField[]; remove: readonly string[] };
      readonly clearRouteCache?: boolean;
    },
  ): void {
    side.headerEdits.set.push(...(command.edit?.set ?? []));
    side.headerEdits.remove.push(...(command.edit?.remove ?? []));
    if (command.clearRouteCache === true) {
      assert.equal(direction, "request", "routes are chosen in the request direction");
      side.clearsRoute = true;
    }
  }
}

function fields(headers: Record<string, string>): {
  headers: HeaderField[];
  attributes: Map<string, string>;
} {
  const list = Object.entries(headers).map(([name, value]) => ({ name, value }));
  return { headers: list, attributes: new Map() };
}
