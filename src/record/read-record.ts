import { recordBytesMax } from "../base/index.ts";
import { CanonicalScanner } from "./canonical-scan.ts";

/** One record as its line gives it. */
export interface ReadRecord {
  readonly v: number;
  readonly kind: string;
  readonly seq: number;
  /** The origin of its log. */
  readonly log: string;
  readonly id: string;
  /** RFC 3339 in UTC with six decimals. */
  readonly at: string;
  /** All its members, parsed. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** The members looked at, in canonical order; a name's place is how the scanner knows it. */
const names = ["at", "exchange", "final", "id", "kind", "log", "seq", "v"];
const atName = 0;
const exchangeName = 1;
const finalName = 2;
const idName = 3;
const kindName = 4;
const logName = 5;
const seqName = 6;
const vName = 7;

const quote = 0x22;
/** Kinds are short words of ours; a few are kept as text so that reading one makes no new string. */
const kindBytesMax = 32;
const kindsKept = 32;
const kindPattern = /^[a-z][a-z_]*$/;

const atShape = Buffer.from("0000-00-00T00:00:00.000000Z");
const idShape = Buffer.from("00000000-0000-7000-0000-000000000000");

/**
 * Reads the lines of records one after the other, strictly: a line is read only if it is what the
 * canonical form of audit-and-operations 2.1 gives, has at most 16 KiB, and `v kind seq log id at`
 * are there and well-formed. Unknown kinds and members are read like the rest. What the fields
 * give is that of the line read last, for as long as its bytes stay as they are.
 */
export class RecordReader {
  readonly #scanner = new CanonicalScanner(names);
  readonly #kinds: { readonly kind: string; readonly bytes: Uint8Array }[] = [];
  #bytes: Uint8Array = new Uint8Array();
  #start = 0;
  #end = 0;
  #seq = 0;
  #v = 0;
  #kind = "";

  /** Whether the bytes from `start` up to `end` are a record; its fields are then to be had. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    if (end - start > recordBytesMax || !this.#scanner.scan(bytes, start, end)) return false;
    this.#seq = this.#count(seqName);
    this.#v = this.#count(vName);
    if (this.#seq < 0 || this.#v < 1) return false;
    if (!this.#isShaped(atName, atShape) || !this.#isTime()) return false;
    if (!this.#isShaped(idName, idShape) || !this.#isVariant()) return false;
    return this.#isString(logName) && this.#readKind();
  }

  get v(): number {
    return this.#v;
  }

  get kind(): string {
    return this.#kind;
  }

  get seq(): number {
    return this.#seq;
  }

  get log(): string {
    return this.#text(logName);
  }

  get id(): string {
    return this.#text(idName);
  }

  get at(): string {
    return this.#text(atName);
  }

  /** Copies the 27 bytes of `at`, which costs less than making a string of them. */
  copyAt(into: Uint8Array): void {
    const start = this.#scanner.startOf(atName) + 1;
    for (let index = 0; index < atShape.length; index += 1) {
      into[index] = this.#bytes[start + index] ?? 0;
    }
  }

  /** The exchange it is of, undefined where it names none. */
  get exchange(): string | undefined {
    return this.#isString(exchangeName) ? this.#text(exchangeName) : undefined;
  }

  /** Whether a decision says that no closing follows. */
  get isFinal(): boolean {
    return this.#scanner.startOf(finalName) >= 0;
  }

  /** Whether it says to be of the log with this origin; origins are ASCII without escapes. */
  isOf(origin: Uint8Array): boolean {
    const start = this.#scanner.startOf(logName) + 1;
    if (this.#scanner.endOf(logName) - 1 - start !== origin.length) return false;
    for (let index = 0; index < origin.length; index += 1) {
      if (this.#bytes[start + index] !== origin[index]) return false;
    }
    return true;
  }

  /** The record by itself, to be kept when the line is gone. */
  toRecord(): ReadRecord {
    const { at, id, kind, log, seq, v } = this;
    return { v, kind, seq, log, id, at, json: this.json() };
  }

  /** All members, parsed anew with each call. */
  json(): Readonly<Record<string, unknown>> {
    const line = Buffer.from(this.#bytes.subarray(this.#start, this.#end));
    return JSON.parse(line.toString("utf8")) as Readonly<Record<string, unknown>>;
  }

  /** A value that is an integer from 0 on, -1 for any other. */
  #count(name: number): number {
    const start = this.#scanner.startOf(name);
    if (start < 0) return -1;
    let count = 0;
    for (let at = start; at < this.#scanner.endOf(name); at += 1) {
      const digit = (this.#bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      count = count * 10 + digit;
    }
    return count;
  }

  #isString(name: number): boolean {
    const start = this.#scanner.startOf(name);
    return start >= 0 && this.#bytes[start] === quote;
  }

  #text(name: number): string {
    const [start, end] = [this.#scanner.startOf(name), this.#scanner.endOf(name)];
    const text = Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start);
    const inside = text.toString("utf8");
    return inside.includes("\\") ? (JSON.parse(inside) as string) : inside.slice(1, -1);
  }

  /** Whether a string has digits where the shape has 0, and elsewhere what the shape has. */
  #isShaped(name: number, shape: Uint8Array): boolean {
    const start = this.#scanner.startOf(name) + 1;
    if (!this.#isString(name) || this.#scanner.endOf(name) - 1 - start !== shape.length) {
      return false;
    }
    const isHex = shape === idShape;
    for (let index = 0; index < shape.length; index += 1) {
      const byte = this.#bytes[start + index] ?? 0;
      const expected = shape[index] ?? 0;
      const isDigit = byte >= 0x30 && byte <= 0x39;
      if (expected !== 0x30 ? byte !== expected : !isDigit && !(isHex && isHexLetter(byte))) {
        return false;
      }
    }
    return true;
  }

  /** Two digits of the time. */
  #part(place: number): number {
    const at = this.#scanner.startOf(atName) + 1 + place;
    return ((this.#bytes[at] ?? 0) - 0x30) * 10 + (this.#bytes[at + 1] ?? 0) - 0x30;
  }

  #isTime(): boolean {
    const month = this.#part(5);
    const day = this.#part(8);
    if (month < 1 || month > 12 || day < 1) return false;
    if (day > 28 && day > daysOf(this.#part(0) * 100 + this.#part(2), month)) return false;
    return this.#part(11) < 24 && this.#part(14) < 60 && this.#part(17) < 60;
  }

  /** The variant of RFC 9562 section 4.1: 8, 9, a or b. */
  #isVariant(): boolean {
    const byte = this.#bytes[this.#scanner.startOf(idName) + 20] ?? 0;
    return byte === 0x38 || byte === 0x39 || byte === 0x61 || byte === 0x62;
  }

  #readKind(): boolean {
    const start = this.#scanner.startOf(kindName) + 1;
    const length = this.#scanner.endOf(kindName) - 1 - start;
    if (!this.#isString(kindName) || length > kindBytesMax) return false;
    for (const known of this.#kinds) {
      if (!isAt(this.#bytes, start, length, known.bytes)) continue;
      this.#kind = known.kind;
      return true;
    }
    const kind = this.#text(kindName);
    this.#kind = kind;
    if (!kindPattern.test(kind)) return false;
    if (this.#kinds.length < kindsKept) this.#kinds.push({ kind, bytes: Buffer.from(kind) });
    return true;
  }
}

/**
 * The record of one line, without its line feed; undefined where the line is not exactly what the
 * canonical form gives, or lacks what every record has.
 */
export function readRecordLine(line: Uint8Array): ReadRecord | undefined {
  const reader = new RecordReader();
  return reader.read(line, 0, line.length) ? reader.toRecord() : undefined;
}

function isHexLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x66;
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isAt(bytes: Uint8Array, start: number, length: number, text: Uint8Array): boolean {
  if (length !== text.length) return false;
  for (let index = 0; index < length; index += 1) {
    if (bytes[start + index] !== text[index]) return false;
  }
  return true;
}
