import type { ProbeStatus, ProbeStream } from "./client.ts";
import type { WireAnswer, WireImmediateResponse, WirePhase } from "./wire.ts";

/** One message, as it was sent or came. */
export type TranscriptEntry =
  | { readonly kind: "sent"; readonly message: object }
  | { readonly kind: "received"; readonly message: WireAnswer }
  | { readonly kind: "ended"; readonly status: ProbeStatus };

/** The server did what the protocol does not allow; the message says what. */
export class ProtocolBreach extends Error {
  override readonly name = "ProtocolBreach";
}

/** The server ended the stream with an error status, on which a fail-closed proxy refuses. */
export class StreamFailed extends Error {
  override readonly name = "StreamFailed";
  readonly status: ProbeStatus;

  constructor(status: ProbeStatus) {
    super(`The stream ended ${status.name}: ${status.details}`);
    this.status = status;
  }
}

/** The server answers the caller itself, which ends the processing. */
export class AnsweredInstead extends Error {
  override readonly name = "AnsweredInstead";
  readonly response: WireImmediateResponse;

  constructor(response: WireImmediateResponse) {
    super("The server answered instead of the upstream");
    this.response = response;
  }
}

/** What a conversation is held with. */
export interface ConversationOptions {
  readonly stream: ProbeStream;
  /** How long the proxy waits for one answer. */
  readonly deadlineMs: number;
  /** Told of every message both ways, in order. */
  readonly observe: (entry: TranscriptEntry) => void;
}

/** Questions and answers on one stream, judged as Envoy judges them. */
export interface Conversation {
  send(message: object): void;
  /** The next answer, which must be of this phase. Throws for all that ends the processing. */
  expect(phase: WirePhase): Promise<WireAnswer>;
  /** The next answer, of one of these phases. */
  expectOneOf(phases: readonly WirePhase[]): Promise<WireAnswer>;
  /** Half-closes and waits for the server to end; `mayStillAnswer` when Envoy would not look. */
  finish(options: { readonly mayStillAnswer: boolean }): Promise<void>;
}

export function createConversation(options: ConversationOptions): Conversation {
  const { stream, observe } = options;
  const expectOneOf = async (phases: readonly WirePhase[]): Promise<WireAnswer> => {
    const answer = await nextAnswer(options, phases);
    if (answer.response === "immediate_response") {
      throw new AnsweredInstead(answer.immediate_response ?? {});
    }
    const isExpected = phases.some((phase) => phase === answer.response);
    if (isExpected) return answer;
    throw new ProtocolBreach(
      answer.response === undefined
        ? `An answer with nothing in it where ${phases.join(" or ")} was due`
        : `${answer.response} where ${phases.join(" or ")} was due`,
    );
  };
  return {
    send: (message) => {
      observe({ kind: "sent", message });
      stream.send(message);
    },
    expect: (phase) => expectOneOf([phase]),
    expectOneOf,
    finish: async ({ mayStillAnswer }) => {
      stream.halfClose();
      const status = await untilEnded(options, mayStillAnswer);
      if (status.code !== 0) throw new StreamFailed(status);
    },
  };
}

/** The status of a stream that nobody asks anything any more. */
async function untilEnded(
  { stream, deadlineMs, observe }: ConversationOptions,
  mayStillAnswer: boolean,
): Promise<ProbeStatus> {
  for (;;) {
    const event = await stream.next(deadlineMs);
    if (event.kind === "silence") {
      throw new ProtocolBreach(`The stream was not ended within ${deadlineMs} ms`);
    }
    observe(toEntry(event));
    if (event.kind === "ended") return event.status;
    if (mayStillAnswer) continue;
    throw new ProtocolBreach(`${event.answer.response ?? "An answer"} that nobody asked for`);
  }
}

/** The next answer that is one; a wish for more time is none, and the deadline here is our own. */
async function nextAnswer(
  { stream, deadlineMs, observe }: ConversationOptions,
  phases: readonly WirePhase[],
): Promise<WireAnswer> {
  for (;;) {
    const event = await stream.next(deadlineMs);
    if (event.kind === "silence") {
      throw new ProtocolBreach(`No ${phases.join(" or ")} within ${deadlineMs} ms`);
    }
    observe(toEntry(event));
    if (event.kind === "ended") {
      if (event.status.code !== 0) throw new StreamFailed(event.status);
      throw new ProtocolBreach(
        `The stream ended OK while ${phases.join(" or ")} was due: Envoy passes the rest unprocessed`,
      );
    }
    const { answer } = event;
    if (answer.response !== undefined || answer.override_message_timeout === undefined) {
      return answer;
    }
  }
}

function toEntry(
  event:
    | { readonly kind: "answer"; readonly answer: WireAnswer }
    | { readonly kind: "ended"; readonly status: ProbeStatus },
): TranscriptEntry {
  return event.kind === "answer" ? { kind: "received", message: event.answer } : event;
}
