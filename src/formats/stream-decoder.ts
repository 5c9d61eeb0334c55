import { isUtf8 } from "node:buffer";
import { Fault, type Limits } from "../base/index.ts";
import type { Edit, Usage } from "../domain/index.ts";
import type { AnswerStreamDecoder, StreamEvent, StreamPiece } from "./format.ts";
import type { JsonDocument } from "./json-document.ts";
import { scanJson } from "./json-scan.ts";
import { skipSpace } from "./json-tokens.ts";
import type { Vocabulary } from "./json-vocabulary.ts";
import { PieceReader } from "./piece-reader.ts";
import { type ByteRange, parseSseFields, type SseFields, SseFramer } from "./sse.ts";
import { TextIndex } from "./text-index.ts";
import { textStyles } from "./text-style.ts";

/** What an event says beside its texts. */
export interface EventFacts {
  readonly ends: readonly string[];
  readonly usage?: Usage | undefined;
  readonly finishReason?: string | undefined;
}

/** The part of a stream that differs between formats; one for each stream. */
export interface EventReader {
  readonly vocabulary: Vocabulary;
  /** The data that is no JSON and ends the stream, if the format has one. */
  readonly terminator?: string;
  /** Reads the data of one event; texts go to `pieces`. `name` is that of the `event` field. */
  read(doc: JsonDocument, pieces: PieceReader, name: string): EventFacts;
}

/** A word that tells events apart; anything else in its place is looked at as text. */
const eventName = /^[A-Za-z0-9_.-]{0,64}$/;
const nothing: EventFacts = { ends: [] };
const allEnds: EventFacts = { ends: [""] };

/** Reads server-sent events whose data is JSON. */
export class SseAnswerDecoder implements AnswerStreamDecoder {
  readonly #limits: Limits;
  readonly #reader: EventReader;
  readonly #framer: SseFramer;
  #isFirst = true;

  constructor(limits: Limits, reader: EventReader) {
    this.#limits = limits;
    this.#reader = reader;
    this.#framer = new SseFramer(limits.bodyBytesMax);
  }

  push(chunk: Buffer): readonly StreamEvent[] {
    return this.#framer.push(chunk).map((bytes) => this.#readEvent(bytes));
  }

  end(): readonly StreamEvent[] {
    const rest = this.#framer.end();
    return rest === undefined ? [] : [this.#readEvent(rest)];
  }

  #readEvent(bytes: Buffer): StreamEvent {
    const fields = parseSseFields(bytes, this.#isFirst);
    this.#isFirst = false;
    const texts = new TextIndex<StreamPiece>();
    for (const line of fields.others) addLine(texts, bytes, line);
    const name = fields.event === undefined ? "" : textOf(bytes, fields.event);
    if (fields.event !== undefined && !eventName.test(name)) addLine(texts, bytes, fields.event);
    return new TextEvent(bytes, texts, this.#readData(bytes, fields, texts, name));
  }

  #readData(
    bytes: Buffer,
    fields: SseFields,
    texts: TextIndex<StreamPiece>,
    name: string,
  ): EventFacts {
    const [first, ...more] = fields.data;
    if (first === undefined) return nothing;
    const isOne = more.length === 0;
    const source = isOne ? bytes : blankAllBut(bytes, fields.data);
    const start = skipSpace(source, first.start, isOne ? first.end : source.length);
    const end = isOne ? first.end : source.length;
    if (start === end) return nothing;
    const { terminator, vocabulary } = this.#reader;
    if (terminator !== undefined && isWord(source, start, end, terminator)) return allEnds;
    const doc = scanJson(source, { limits: this.#limits, vocabulary, start, end });
    return this.#reader.read(doc, new PieceReader(doc, texts), name);
  }
}

/** An event whose texts are known by place. */
class TextEvent implements StreamEvent {
  readonly bytes: Buffer;
  readonly pieces: readonly StreamPiece[];
  readonly ends: readonly string[];
  readonly usage: Usage | undefined;
  readonly finishReason: string | undefined;
  readonly #texts: TextIndex<StreamPiece>;

  constructor(bytes: Buffer, texts: TextIndex<StreamPiece>, facts: EventFacts) {
    this.bytes = bytes;
    this.pieces = texts.items;
    this.ends = facts.ends;
    this.usage = facts.usage;
    this.finishReason = facts.finishReason;
    this.#texts = texts;
  }

  applyEdits(edits: readonly Edit[]): Buffer {
    return this.#texts.applyEdits(this.bytes, edits);
  }
}

function addLine(texts: TextIndex<StreamPiece>, bytes: Buffer, line: ByteRange): void {
  if (line.start === line.end) return;
  if (!isUtf8(bytes.subarray(line.start, line.end))) {
    throw new Fault("text_invalid", "expected lines of UTF-8 in an event stream");
  }
  const piece: StreamPiece = { key: null, text: textOf(bytes, line) };
  texts.add(piece, line.start, line.end, textStyles.line);
}

function textOf(bytes: Buffer, range: ByteRange): string {
  return bytes.toString("utf8", range.start, range.end);
}

/**
 * Data of several lines as one JSON text in which every byte keeps its place: all that is not data
 * becomes blank, and lines still end, so that no string can run across them.
 */
function blankAllBut(bytes: Buffer, data: readonly ByteRange[]): Buffer {
  const blanked = Buffer.alloc(bytes.length, 0x20);
  for (const { start, end } of data) {
    bytes.copy(blanked, start, start, end);
    if (end < blanked.length) blanked[end] = 0x0a;
  }
  return blanked;
}

function isWord(bytes: Buffer, start: number, end: number, word: string): boolean {
  return end - start < word.length + 16 && bytes.toString("latin1", start, end).trim() === word;
}
