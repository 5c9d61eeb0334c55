import type { Limits } from "../base/index.ts";
import type {
  Action,
  Edit,
  HeaderField,
  Refusal,
  Span,
  ToolCall,
  ToolCallPiece,
  ToolResult,
  Usage,
} from "../domain/index.ts";
import type { RequestChanges } from "./request-changes.ts";

/** One AI wire format: bytes to texts and back, and refusals its clients understand. */
export interface Format {
  readonly protocol: "openai-chat" | "anthropic-messages";
  readonly action: Action;
  /** Reads a whole request body. Throws Fault when it is not a request of this format. */
  decodeRequest(body: Buffer, limits: Limits): DecodedRequest;
  /** Reads a whole JSON answer, error bodies included. Throws Fault when it is not JSON. */
  decodeAnswer(body: Buffer, limits: Limits): DecodedAnswer;
  /** Reads an answer that comes as server-sent events; its calls only where `readsCalls`. */
  openAnswerStream(limits: Limits, readsCalls?: boolean): AnswerStreamDecoder;
  renderRefusal(refusal: Refusal): RenderedRefusal;
  /** The error event for a stream already running, then the clean end of that stream. */
  renderStreamRefusal(refusal: Refusal): Buffer;
}

/** A body whose texts are known by place. The decoder keeps the buffer; nobody may write to it. */
export interface DecodedBody {
  /**
   * Every string that is text and not empty, every long number that is data, and every name of a
   * member that is more than a name, in the order of the bytes.
   */
  readonly spans: readonly Span[];
  /**
   * The body with these edits applied, in any order; those of one span must not overlap. Bytes
   * outside the edited values stay as they are; the very same Buffer when nothing changes. An edit
   * that cuts a character outside the basic plane in two takes all of it. A number becomes a string,
   * in JSON inside a text as well.
   */
  applyEdits(edits: readonly Edit[]): Buffer;
}

export interface DecodedRequest extends DecodedBody {
  readonly model: string | undefined;
  readonly isStreaming: boolean;
  /** Tokens the answer may have; the largest of all members that say so. */
  readonly maxTokens: number | undefined;
  /**
   * All tools offered, in order, by their names; those without one by their type, and all tools of a
   * server that the provider asks by itself as `<server>/*`.
   */
  readonly toolNames: readonly string[];
  /**
   * What it tells the model of the results of tools, in order.
   * @throws Fault json_ambiguous where readers could disagree on which tool it was
   */
  readToolResults(): readonly ToolResult[];
  /** Top-level members with a numeric or boolean value, such as `temperature`. No prototype. */
  readonly params: Readonly<Record<string, number | boolean>>;
  /** UTF-8 bytes of the texts of all spans. */
  readonly textBytes: number;
  /**
   * As `applyEdits`, with everything else that a policy changes in a request.
   * @throws Fault json_ambiguous, obligation_impossible
   */
  applyChanges(changes: RequestChanges): Buffer;
}

export interface DecodedAnswer extends DecodedBody {
  readonly usage: Usage | undefined;
  /** Why the model stopped, in the format's own word; that of the first choice. */
  readonly finishReason: string | undefined;
  /**
   * The tools it calls, in order.
   * @throws Fault json_ambiguous where readers could disagree on a call
   */
  readToolCalls(): readonly ToolCall[];
}

/** Cuts a stream into events. Takes ownership of the chunks given. */
export interface AnswerStreamDecoder {
  /**
   * The events this chunk completes. Throws Fault on what is not of the format or too large, and
   * where events stand before it in the chunk, gives those and throws at the next call.
   */
  push(chunk: Buffer): readonly StreamEvent[];
  /** The last event, if the stream ended without its blank line. Every key is over after this. */
  end(): readonly StreamEvent[];
}

/** One event of a stream, ready to be passed on or edited. */
export interface StreamEvent {
  /**
   * This event as received, terminator included; all events of a stream in a row are the stream.
   */
  readonly bytes: Buffer;
  readonly pieces: readonly StreamPiece[];
  /** Keys that get no more text: those that equal or start with one of these; `[""]` means all. */
  readonly ends: readonly string[];
  /** What this event says of usage; a member said again later replaces the earlier one. */
  readonly usage: Usage | undefined;
  readonly finishReason: string | undefined;
  /** What it adds to calls of tools; none where they were not asked for. */
  readonly calls: readonly ToolCallPiece[];
  /**
   * The bytes with edits applied, `Edit.span` being an index into `pieces`; as DecodedBody. Asked of
   * every event in order, as a value that goes on from an earlier one may have become a string.
   */
  applyEdits(edits: readonly Edit[]): Buffer;
}

/** A part of a text that may go on in later events. Never empty. */
export interface StreamPiece {
  /** Pieces of one key, in order, are one text; null stands alone. */
  readonly key: string | null;
  /** The key of a text that was over, which this one goes on behind, as a client joins them. */
  readonly after?: string;
  readonly text: string;
  /** As `Span.isFixed`. */
  readonly isFixed?: true;
}

/** A refusal as an HTTP body, with the headers that describe that body. */
export interface RenderedRefusal {
  readonly headers: readonly HeaderField[];
  readonly body: Buffer;
}
