import { Fault } from "../base/index.ts";
import { textStyles } from "./text-style.ts";

/** Where a string ends and how it is written: the byte of its closing quote times 4 plus style. */
export type StringEnd = number;

const plainByte = 0;
const stringBytes = new Uint8Array(256).fill(plainByte);
stringBytes.fill(1, 0, 0x20);
stringBytes.fill(1, 0x80);
stringBytes[0x22] = 1;
stringBytes[0x5c] = 1;

/** Bytes of a UTF-8 sequence by its first byte; 0 for a byte that begins none. */
const utf8Lengths = new Uint8Array(256);
utf8Lengths.fill(2, 0xc2, 0xe0);
utf8Lengths.fill(3, 0xe0, 0xf0);
utf8Lengths.fill(4, 0xf0, 0xf5);

/** Bounds of the second byte, where over-long forms, surrogates and too high points show. */
const secondMin = new Uint8Array(256).fill(0x80);
const secondMax = new Uint8Array(256).fill(0xbf);
secondMin[0xe0] = 0xa0;
secondMax[0xed] = 0x9f;
secondMin[0xf0] = 0x90;
secondMax[0xf4] = 0x8f;

/** Plain bytes in a row after which it is worth setting up words for those that may follow. */
const plainRunMin = 128;
/** Bytes of 0x80, 0x01, 0x20, a quote and a backslash in every byte of a word. */
const highBits = 0x80808080 | 0;
const ones = 0x01010101;
const spaces = 0x20202020;
const quotes = 0x22222222;
const backslashes = 0x5c5c5c5c;

/**
 * Where the run of plain bytes at `start` ends, to within a word: four bytes at a time, by the
 * carries of subtraction. A byte it stops at need not be special; one it passes over never is.
 */
function plainRunEnd(bytes: Buffer, start: number, end: number): number {
  const skew = (bytes.byteOffset + start) & 3;
  const first = skew === 0 ? start : start + 4 - skew;
  for (let at = start; at < first; at += 1) {
    if (stringBytes[bytes[at] as number] !== plainByte) return at;
  }
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + first, (end - first) >> 2);
  const { length } = words;
  let index = 0;
  while (index < length) {
    const word = words[index] as number;
    const quote = word ^ quotes;
    const backslash = word ^ backslashes;
    const special =
      (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | (word - spaces) | word) &
      highBits;
    if (special !== 0) break;
    index += 1;
  }
  return first + index * 4;
}

/** The next byte that is not JSON whitespace (RFC 8259 section 2), or `end`. */
export function skipSpace(bytes: Buffer, start: number, end: number): number {
  let position = start;
  while (position < end) {
    const byte = bytes[position] as number;
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break;
    position += 1;
  }
  return position;
}

/**
 * Checks the string whose first byte after the quote is `start` (RFC 8259 section 7), UTF-8 included.
 * @throws Fault json_invalid, text_invalid
 */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: the loop over every byte of a body.
export function stringEnd(bytes: Buffer, start: number, end: number): StringEnd {
  let style: number = textStyles.ascii;
  let position = start;
  let wordsFrom = start + plainRunMin;
  while (position < end) {
    const byte = bytes[position] as number;
    if (stringBytes[byte] === plainByte) {
      position += 1;
      if (position !== wordsFrom) continue;
      position = plainRunEnd(bytes, position, end);
    } else if (byte === 0x22) {
      return position * 4 + style;
    } else if (byte === 0x5c) {
      style = textStyles.escaped;
      position = escapeEnd(bytes, position, end);
    } else {
      if (byte < 0x20) throw invalid("no control character in a string", position);
      if (style === textStyles.ascii) style = textStyles.utf8;
      position = utf8End(bytes, position, end);
    }
    wordsFrom = position + plainRunMin;
  }
  throw invalid("the end of a string", position);
}

/** The byte after the number at `start` (RFC 8259 section 6), or -1 where there is none. */
export function numberEnd(bytes: Buffer, start: number, end: number): number {
  const first = start < end && bytes[start] === 0x2d ? start + 1 : start;
  // A leading zero stands alone.
  const hasZero = first < end && bytes[first] === 0x30;
  let position = hasZero ? first + 1 : digitsEnd(bytes, first, end);
  if (position >= 0 && position < end && bytes[position] === 0x2e) {
    position = digitsEnd(bytes, position + 1, end);
  }
  return position < 0 ? position : exponentEnd(bytes, position, end);
}

function exponentEnd(bytes: Buffer, start: number, end: number): number {
  if (start >= end || ((bytes[start] as number) | 0x20) !== 0x65) return start;
  const sign = start + 1 < end ? bytes[start + 1] : 0;
  return digitsEnd(bytes, start + (sign === 0x2b || sign === 0x2d ? 2 : 1), end);
}

function digitsEnd(bytes: Buffer, start: number, end: number): number {
  let position = start;
  while (position < end && isDigit(bytes[position] as number)) position += 1;
  return position === start ? -1 : position;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function escapeEnd(bytes: Buffer, start: number, end: number): number {
  const byte = start + 1 < end ? (bytes[start + 1] as number) : 0;
  switch (byte) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return start + 2;
    case 0x75:
      if (start + 6 <= end && areHex(bytes, start + 2, start + 6)) return start + 6;
  }
  throw invalid("an escape", start);
}

function areHex(bytes: Buffer, start: number, end: number): boolean {
  for (let position = start; position < end; position += 1) {
    const byte = bytes[position] as number;
    const lower = byte | 0x20;
    if (!isDigit(byte) && (lower < 0x61 || lower > 0x66)) return false;
  }
  return true;
}

/** The byte after a well-formed sequence of two to four bytes (RFC 3629 section 4). */
function utf8End(bytes: Buffer, start: number, end: number): number {
  const lead = bytes[start] as number;
  const after = start + (utf8Lengths[lead] as number);
  if (after === start || after > end) throw invalidText(start);
  const second = bytes[start + 1] as number;
  if (second < (secondMin[lead] as number) || second > (secondMax[lead] as number)) {
    throw invalidText(start);
  }
  for (let position = start + 2; position < after; position += 1) {
    if (((bytes[position] as number) & 0xc0) !== 0x80) throw invalidText(start);
  }
  return after;
}

function invalid(expected: string, position: number): Fault {
  return new Fault("json_invalid", `expected ${expected} at byte ${position}`);
}

function invalidText(position: number): Fault {
  return new Fault("text_invalid", `expected UTF-8 in a string at byte ${position}`);
}
