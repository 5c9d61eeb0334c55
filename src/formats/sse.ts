import { Fault } from "../base/index.ts";

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** What was last read of an event. */
const states = { emptyLine: 0, text: 1, returnAfterEmptyLine: 2, returnAfterText: 3 } as const;
/** Outcomes that end the event: with this byte, or before it. */
const cutAfter = 4;
const cutBefore = 5;

const byteClasses = new Uint8Array(256).fill(2);
byteClasses[lineFeed] = 0;
byteClasses[carriageReturn] = 1;

/** Next state by state, then by LF, CR and every other byte. */
const transitions = Uint8Array.of(
  ...[cutAfter, states.returnAfterEmptyLine, states.text],
  ...[states.emptyLine, states.returnAfterText, states.text],
  ...[cutAfter, cutBefore, cutBefore],
  ...[states.emptyLine, states.returnAfterEmptyLine, states.text],
);

/**
 * Cuts server-sent events out of a byte stream (WHATWG HTML, "Interpreting an event stream").
 * Lines end with LF, CRLF or CR; an empty line ends an event. Cuts between chunks make no
 * difference: a CR at the end of a chunk waits for the byte after it.
 */
export class SseFramer {
  readonly #eventBytesMax: number;
  /** The event being received, joined once when it is whole. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  #state: number = states.emptyLine;

  constructor(eventBytesMax: number) {
    this.#eventBytesMax = eventBytesMax;
  }

  /**
   * The events this chunk completes, empty line included; together they are the stream.
   * @throws Fault body_too_large
   */
  push(chunk: Buffer): readonly Buffer[] {
    const events: Buffer[] = [];
    let from = 0;
    for (let cut = this.#nextCut(chunk, 0); cut >= 0; cut = this.#nextCut(chunk, from)) {
      events.push(this.#take(chunk.subarray(from, cut)));
      from = cut;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
    return events;
  }

  /** What is left: an event without its empty line, or undefined. */
  end(): Buffer | undefined {
    return this.#partBytes === 0 ? undefined : this.#take(Buffer.alloc(0));
  }

  /** The byte after the event that ends in this chunk at or after `from`, or -1. */
  #nextCut(chunk: Buffer, from: number): number {
    let state = this.#state;
    for (let position = from; position < chunk.length; position += 1) {
      const byteClass = byteClasses[chunk[position] as number] as number;
      state = transitions[state * 3 + byteClass] as number;
      if (state >= cutAfter) {
        this.#state = states.emptyLine;
        return state === cutAfter ? position + 1 : position;
      }
    }
    this.#state = state;
    return -1;
  }

  #keep(part: Buffer): void {
    this.#partBytes += part.length;
    if (this.#partBytes > this.#eventBytesMax) {
      throw new Fault("body_too_large", `expected events of at most ${this.#eventBytesMax} bytes`);
    }
    this.#parts.push(part);
  }

  #take(last: Buffer): Buffer {
    this.#keep(last);
    const parts = this.#parts;
    this.#parts = [];
    this.#partBytes = 0;
    return parts.length === 1 ? last : Buffer.concat(parts);
  }
}

/**
 * Whether these first bytes of a body begin an event stream; undefined while they are too few to
 * tell. Such a stream begins with a comment or one of the four fields, behind a byte order mark and
 * empty lines.
 */
export function beginsAsEvents(start: Buffer): boolean | undefined {
  let from = hasByteOrderMark(start) ? 3 : 0;
  while (start[from] === lineFeed || start[from] === carriageReturn) from += 1;
  const line = start.toString("latin1", from, from + firstLineMax);
  if (line.startsWith(":")) return true;
  for (const name of ["data", "event", "id", "retry"]) {
    if (line.length <= name.length && name.startsWith(line)) return undefined;
    if (line.startsWith(name) && /[:\r\n]/.test(line.charAt(name.length))) return true;
  }
  return from === 0 && byteOrderMark.startsWith(line) ? undefined : false;
}

/** The longest name of a field and the byte behind it. */
const firstLineMax = 6;
const byteOrderMark = "\xef\xbb\xbf";

/** A range of bytes, line ends left out. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The fields of one event. */
export interface SseFields {
  /** The last `event` field; those before it are among the others. */
  readonly event: ByteRange | undefined;
  /** Values of the `data` fields; joined by LF they are the data. */
  readonly data: readonly ByteRange[];
  /** Comments, and lines whose field clients ignore or keep for themselves. */
  readonly others: readonly ByteRange[];
}

/** Finds the fields of one event. A byte order mark may lead at the start of a stream. */
export function parseSseFields(event: Buffer, isFirst: boolean): SseFields {
  const fields: FoundFields = { event: undefined, data: [], others: [] };
  let start = isFirst && hasByteOrderMark(event) ? 3 : 0;
  while (start < event.length) {
    const end = lineEnd(event, start);
    if (end > start) addField(fields, event, start, end);
    start = end + (event[end] === carriageReturn && event[end + 1] === lineFeed ? 2 : 1);
  }
  return fields;
}

interface FoundFields extends SseFields {
  event: ByteRange | undefined;
  readonly data: ByteRange[];
  readonly others: ByteRange[];
}

function addField(fields: FoundFields, event: Buffer, start: number, end: number): void {
  const value = valueStart(event, start, end);
  if (isField(event, start, value.nameEnd, "data")) {
    fields.data.push({ start: value.start, end });
  } else if (isField(event, start, value.nameEnd, "event")) {
    if (fields.event !== undefined) fields.others.push(fields.event);
    fields.event = { start: value.start, end };
  } else {
    fields.others.push({ start: value.nameEnd > start ? start : value.start, end });
  }
}

function lineEnd(event: Buffer, start: number): number {
  let end = start;
  while (end < event.length && event[end] !== lineFeed && event[end] !== carriageReturn) end += 1;
  return end;
}

/** The end of a field's name and the start of its value; one space after the colon is not value. */
function valueStart(event: Buffer, start: number, end: number): { nameEnd: number; start: number } {
  let nameEnd = start;
  while (nameEnd < end && event[nameEnd] !== 0x3a) nameEnd += 1;
  const afterColon = Math.min(nameEnd + 1, end);
  const hasSpace = afterColon < end && event[afterColon] === 0x20;
  return { nameEnd, start: hasSpace ? afterColon + 1 : afterColon };
}

function isField(event: Buffer, start: number, end: number, name: "data" | "event"): boolean {
  return end - start === name.length && event.toString("latin1", start, end) === name;
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
