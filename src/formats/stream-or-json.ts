import { Fault, type Limits } from "../base/index.ts";
import type { Edit, Usage } from "../domain/index.ts";
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
export function openStreamOrJson(format: Format, limits: Limits): AnswerStreamDecoder {
  return new StreamOrJson(format, limits);
}

class StreamOrJson implements AnswerStreamDecoder {
  readonly #format: Format;
  readonly #limits: Limits;
  #chosen: AnswerStreamDecoder | undefined;
  #blanks: Buffer = nothing;

  constructor(format: Format, limits: Limits) {
    this.#format = format;
    this.#limits = limits;
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
      ? new JsonAsStream(this.#format, this.#limits)
      : this.#format.openAnswerStream(this.#limits);
    return this.#chosen.push(start);
  }

  end(): readonly StreamEvent[] {
    if (this.#chosen !== undefined) return this.#chosen.end();
    const stream = this.#format.openAnswerStream(this.#limits);
    return [...stream.push(this.#blanks), ...stream.end()];
  }
}

/** A JSON body as a stream of one event, which is there once the body is whole. */
class JsonAsStream implements AnswerStreamDecoder {
  readonly #format: Format;
  readonly #limits: Limits;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(format: Format, limits: Limits) {
    this.#format = format;
    this.#limits = limits;
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
    return [new JsonEvent(bytes, this.#format.decodeAnswer(bytes, this.#limits))];
  }
}

class JsonEvent implements StreamEvent {
  readonly bytes: Buffer;
  readonly pieces: readonly StreamPiece[];
  readonly ends: readonly string[] = [];
  readonly usage: Usage | undefined;
  readonly finishReason: string | undefined;
  readonly #body: DecodedAnswer;

  constructor(bytes: Buffer, body: DecodedAnswer) {
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
