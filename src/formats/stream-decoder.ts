import { isUtf8 } from "node:buffer";
import { Fault, type Limits } from "../base/index.ts";
import type { Edit, ToolCallPiece, Usage } from "../domain/index.ts";
import { EventTemplate } from "./event-template.ts";
import type { AnswerStreamDecoder, StreamEvent, StreamPiece } from "./format.ts";
import type { JsonDocument } from "./json-document.ts";
import { scanJson } from "./json-scan.ts";
import { skipSpace } from "./json-tokens.ts";
import { splitJsonValues } from "./json-values.ts";
import type { Vocabulary } from "./json-vocabulary.ts";
import { OpenTexts, PieceReader } from "./piece-reader.ts";
import { type ByteRange, parseSseFields, type SseFields, SseFramer } from "./sse.ts";
import { TextIndex } from "./text-index.ts";
import { textStyles } from "./text-style.ts";

/** What an event says beside its texts. */
export interface EventFacts {
  readonly ends: readonly string[];
  readonly usage?: Usage | undefined;
  readonly finishReason?: string | undefined;
  readonly calls?: readonly ToolCallPiece[] | undefined;
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
const eventName = /^[a-z_.-]{0,64}$/;
const openBrace = 0x7b;
const noCalls: readonly ToolCallPiece[] = Object.freeze([]);
const nothing: EventFacts = { ends: [] };
const allEnds: EventFacts = { ends: [""] };

/** Reads server-sent events whose data is JSON. */
export class SseAnswerDecoder implements AnswerStreamDecoder {
  readonly #limits: Limits;
  readonly #reader: EventReader;
  readonly #framer: SseFramer;
  readonly #open = new OpenTexts();
  /** Met behind events that are still to be judged, so it waits for the next call. */
  #met: Fault | undefined;
  #isFirst = true;
  /** Of the event before, if the next may be like it. */
  #template: EventTemplate | undefined;

  constructor(limits: Limits, reader: EventReader) {
    this.#limits = limits;
    this.#reader = reader;
    this.#framer = new SseFramer(limits.bodyBytesMax);
  }

  push(chunk: Buffer): readonly StreamEvent[] {
    this.#throwMet();
    const events: StreamEvent[] = [];
    try {
      for (const bytes of this.#framer.push(chunk)) events.push(this.#readEvent(bytes));
    } catch (error) {
      if (!(error instanceof Fault) || events.length === 0) throw error;
      this.#met = error;
    }
    return events;
  }

  end(): readonly StreamEvent[] {
    this.#throwMet();
    const rest = this.#framer.end();
    return rest === undefined ? [] : [this.#readEvent(rest)];
  }

  #throwMet(): void {
    if (this.#met !== undefined) throw this.#met;
  }

  #readEvent(bytes: Buffer): StreamEvent {
    const like = this.#readLike(bytes);
    if (like !== undefined) return like;
    this.#template = undefined;
    // A byte order mark means nothing at the start of a stream, and something else later.
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const fields = parseSseFields(bytes, isFirst);
    const texts = new TextIndex<StreamPiece>();
    for (const line of fields.others) addLine(texts, bytes, line);
    const name = fields.event === undefined ? "" : textOf(bytes, fields.event);
    if (fields.event !== undefined && !eventName.test(name)) addLine(texts, bytes, fields.event);
    const facts = this.#readData(bytes, fields, texts, name);
    if (fields.data.length === 1 && !isFirst)
      this.#template = this.#templateOf(bytes, texts, facts);
    return new TextEvent(bytes, texts, facts);
  }

  /** An event that differs from the one before in its text alone changes nothing but that text. */
  #readLike(bytes: Buffer): StreamEvent | undefined {
    const place = this.#template?.textIn(bytes);
    if (this.#template === undefined || place === undefined) return undefined;
    const { key } = this.#template;
    const texts = new TextIndex<StreamPiece>();
    const text = bytes.toString("latin1", place.start, place.end);
    texts.add({ key, text }, place.start, place.end, textStyles.ascii);
    texts.continues(this.#open.of(key, false));
    return new TextEvent(bytes, texts, nothing);
  }

  #templateOf(
    bytes: Buffer,
    texts: TextIndex<StreamPiece>,
    facts: EventFacts,
  ): EventTemplate | undefined {
    const { sole } = texts;
    const [piece] = texts.items;
    const isMore = facts.usage !== undefined || facts.finishReason !== undefined;
    if (facts.calls !== undefined && facts.calls.length > 0) return undefined;
    if (sole === undefined || piece === undefined || isMore || facts.ends.length > 0) {
      return undefined;
    }
    // A text that goes on under another key than the one it was read by is left to the reader.
    if (piece.key === null || !this.#open.has(piece.key)) return undefined;
    return EventTemplate.of(bytes, piece, sole);
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
    const { terminator } = this.#reader;
    if (terminator !== undefined && isWord(source, start, end, terminator)) return allEnds;
    try {
      return this.#readJson(source, { start, end }, texts, name);
    } catch (error) {
      if (!isNoJson(error)) throw error;
      const values = splitJsonValues(source, start, end) ?? [];
      if (values.length > 1) {
        return joinFacts(values.map((value) => this.#readJson(source, value, texts, name)));
      }
      return readWords(bytes, fields, texts, source[start] === openBrace ? error : undefined);
    }
  }

  #readJson(
    source: Buffer,
    place: ByteRange,
    texts: TextIndex<StreamPiece>,
    name: string,
  ): EventFacts {
    const { vocabulary } = this.#reader;
    const doc = scanJson(source, { limits: this.#limits, vocabulary, ...place });
    return this.#reader.read(doc, new PieceReader(doc, texts, this.#open), name);
  }
}

/** An event whose texts are known by place. */
class TextEvent implements StreamEvent {
  readonly bytes: Buffer;
  readonly pieces: readonly StreamPiece[];
  readonly ends: readonly string[];
  readonly usage: Usage | undefined;
  readonly finishReason: string | undefined;
  readonly calls: readonly ToolCallPiece[];
  readonly #texts: TextIndex<StreamPiece>;

  constructor(bytes: Buffer, texts: TextIndex<StreamPiece>, facts: EventFacts) {
    this.bytes = bytes;
    this.pieces = texts.items;
    this.ends = facts.ends;
    this.usage = facts.usage;
    this.finishReason = facts.finishReason;
    this.calls = facts.calls ?? noCalls;
    this.#texts = texts;
  }

  applyEdits(edits: readonly Edit[]): Buffer {
    return this.#texts.applyEdits(this.bytes, edits);
  }
}

/** What several JSON texts in one event say, in order. */
function joinFacts(all: readonly EventFacts[]): EventFacts {
  const ends = all.flatMap((facts) => facts.ends);
  let usage: Usage | undefined;
  for (const facts of all) if (facts.usage !== undefined) usage = { ...usage, ...facts.usage };
  const calls = all.flatMap((facts) => facts.calls ?? noCalls);
  const finishReason = all.findLast((facts) => facts.finishReason)?.finishReason;
  return { ends, usage, finishReason, calls };
}

function isNoJson(error: unknown): error is Fault {
  return error instanceof Fault && error.code === "json_invalid";
}

/** Data that is no JSON is text; broken JSON is not, as some reader could see more in it. */
function readWords(
  bytes: Buffer,
  fields: SseFields,
  texts: TextIndex<StreamPiece>,
  brokenJson: Fault | undefined,
): EventFacts {
  if (brokenJson !== undefined) throw brokenJson;
  for (const line of fields.data) requireText(bytes, line);
  const [first, ...more] = fields.data;
  const last = more.at(-1);
  if (first === undefined) return nothing;
  if (last === undefined) addLine(texts, bytes, first);
  else {
    // A value may run over the lines, between which stand bytes that no mask may cover.
    const text = fields.data.map((line) => textOf(bytes, line)).join("\n");
    texts.add({ key: null, text, isFixed: true }, first.start, last.end, textStyles.line);
  }
  return nothing;
}

function addLine(texts: TextIndex<StreamPiece>, bytes: Buffer, line: ByteRange): void {
  if (line.start === line.end) return;
  requireText(bytes, line);
  const piece: StreamPiece = { key: null, text: textOf(bytes, line) };
  texts.add(piece, line.start, line.end, textStyles.line);
}

/** Text of another encoding, such as UTF-16, is full of zeros that would hide what it says. */
function requireText(bytes: Buffer, { start, end }: ByteRange): void {
  const line = bytes.subarray(start, end);
  if (isUtf8(line) && !line.includes(0)) return;
  throw new Fault("text_invalid", "expected lines of UTF-8 in an event stream");
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
