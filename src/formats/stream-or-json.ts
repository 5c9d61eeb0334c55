import { Fault, type Limits } from "../base/index.ts";
import type { Edit, ToolCallPiece, Usage } from "../domain/index.ts";
import type {
  AnswerStreamDecoder,
  DecodedAnswer,
  Format,
  StreamEvent,
  StreamPiece,
} from "./format.ts";
import { skipSpace } from "./json-tokens.ts";

const nothing = Buffer.alloc(0);
const openBracket = 0x5b;
const openBrace = 0x7b;

/** Blanks before anything that decides; no JSON text of a model server begins with more. */
const blanksMax = 1024;

/**
 * Opens an answer that says it is an event stream. Some servers give errors, or everything, as JSON
 * under that name; no event stream begins with a brace or bracket, so the first byte decides.
 */
export function openStreamOrJson(
  format: Format,
  limits: Limits,
  readsCalls = false,
): AnswerStreamDecoder {
  return new StreamOrJson(format, limits, readsCalls);
}

class StreamOrJson implements AnswerStreamDecoder {
  readonly #format: Format;
  readonly #limits: Limits;
  readonly #readsCalls: boolean;
  #chosen: AnswerStreamDecoder | undefined;
  #blanks: Buffer = nothing;

  constructor(format: Format, limits: Limits, readsCalls: boolean) {
    this.#format = format;
    this.#limits = limits;
    this.#readsCalls = readsCalls;
  }

  push(chunk: Buffer): readonly StreamEvent[] {
    if (this.#chosen !== undefined) return this.#chosen.push(chunk);
    const start = this.#blanks.length === 0 ? chunk : Buffer.concat([this.#blanks, chunk]);
    const first = skipSpace(start, 0, start.length);
    if (first === start.length && first < blanksMax) {
      this.#blanks = start;
      return [];
    }
    const isJson = start[first] === openBrace || start[first] === openBracket;
    this.#chosen = isJson
      ? new JsonAsStream(this.#format, this.#limits, this.#readsCalls)
      : this.#format.openAnswerStream(this.#limits, this.#readsCalls);
    return this.#chosen.push(start);
  }

  end(): readonly StreamEvent[] {
    if (this.#chosen !== undefined) return this.#chosen.end();
    const stream = this.#format.openAnswerStream(this.#limits, this.#readsCalls);
    return [...stream.push(this.#blanks), ...stream.end()];
  }
}

/** A JSON body as a stream of one event, which is there once the body is whole. */
class JsonAsStream implements AnswerStreamDecoder {
  readonly #format: Format;
  readonly #limits: Limits;
  readonly #readsCalls: boolean;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(format: Format, limits: Limits, readsCalls: boolean) {
    this.#format = format;
    this.#limits = limits;
    this.#readsCalls = readsCalls;
  }

  push(chunk: Buffer): readonly StreamEvent[] {
    const { bodyBytesMax } = this.#limits;
    this.#bytes += chunk.length;
    if (this.#bytes > bodyBytesMax) {
      throw new Fault("body_too_large", `expected at most ${bodyBytesMax} bytes of JSON`);
    }
    this.#chunks.push(chunk);
    return [];
  }

  end(): readonly StreamEvent[] {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    const body = this.#format.decodeAnswer(bytes, this.#limits);
    const calls = this.#readsCalls ? body.readToolCalls() : [];
    const pieces = calls.map((call, index) => ({ ...call, key: String(index) }));
    return [new JsonEvent(bytes, body, pieces)];
  }
}

class JsonEvent implements StreamEvent {
  readonly bytes: Buffer;
  readonly pieces: readonly StreamPiece[];
  readonly ends: readonly string[] = [];
  readonly usage: Usage | undefined;
  readonly finishReason: string | undefined;
  readonly calls: readonly ToolCallPiece[];
  readonly #body: DecodedAnswer;

  constructor(bytes: Buffer, body: DecodedAnswer, calls: readonly ToolCallPiece[]) {
    this.calls = calls;
    this.bytes = bytes;
    this.pieces = body.spans.map((span) => ({ ...span, key: null }));
    this.usage = body.usage;
    this.finishReason = body.finishReason;
    this.#body = body;
  }

  applyEdits(edits: readonly Edit[]): Buffer {
    return this.#body.applyEdits(edits);
  }
}
