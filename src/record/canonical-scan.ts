import { isUtf8 } from "node:buffer";

/** Objects and lists inside each other (audit-and-operations 2.1). */
const depthMax = 8;
/** Digits of 2^53 - 1. */
const safeDigits = 16;

const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
const zero = 0x30;
const nine = 0x39;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** What a byte is inside a string. */
const plain = 0;
const wide = 1;
const other = 2;
const byteKinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x80) return wide;
  return byte < 0x20 || byte === quote || byte === backslash ? other : plain;
});

/** Letters after a backslash that stand for themselves or for a control: `"\bfnrt`. */
const shortEscapes = new Set(Array.from('"\\bfnrt', (letter) => letter.charCodeAt(0)));
/** Controls that have a short escape and must not be written as `\u00xx`. */
const shortControls = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

const textTrue = Uint8Array.from(Buffer.from("true"));
const textFalse = Uint8Array.from(Buffer.from("false"));

/**
 * Tells whether bytes are one JSON object in the canonical form of audit-and-operations 2.1, and
 * where the values of some members of it stand. The one pass over the bytes makes no object, so that
 * a log can be verified as fast as it can be hashed; a scanner is used again for the next line.
 */
export class CanonicalScanner {
  /** Names to find, as ASCII bytes in order. */
  readonly #names: readonly Uint8Array[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  #bytes: Uint8Array = new Uint8Array();
  #at = 0;
  #end = 0;
  #isWide = false;
  /** How the last string was written: without escapes and beyond ASCII it compares byte by byte. */
  #isPlainString = true;

  /** `names` are the members of the outermost object to be found: ASCII, in canonical order. */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Uint8Array.from(Buffer.from(name)));
    this.#starts = new Int32Array(names.length);
    this.#ends = new Int32Array(names.length);
  }

  /** Whether the bytes from `start` up to `end` are one object in canonical form. */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#isWide = false;
    this.#starts.fill(-1);
    if (start >= end || bytes[start] !== openBrace) return false;
    if (!this.#object(1) || this.#at !== end) return false;
    return !this.#isWide || isUtf8(bytes.subarray(start, end));
  }

  /** Where the value of the `name`th name starts, -1 where the object has no such member. */
  startOf(name: number): number {
    return this.#starts[name] ?? -1;
  }

  /** Where the value of the `name`th name ends, if it has one. */
  endOf(name: number): number {
    return this.#ends[name] ?? -1;
  }

  #value(depth: number): boolean {
    switch (this.#bytes[this.#at]) {
      case quote:
        return this.#string();
      case openBrace:
        return depth < depthMax && this.#object(depth + 1);
      case openBracket:
        return depth < depthMax && this.#list(depth + 1);
      case 0x74:
        return this.#word(textTrue);
      case 0x66:
        return this.#word(textFalse);
      default:
        return this.#integer();
    }
  }

  #object(depth: number): boolean {
    let before = 0;
    let beforeEnd = 0;
    let isBeforePlain = true;
    let name = 0;
    do {
      this.#at += 1;
      const key = this.#at;
      if (!this.#string() || this.#bytes[this.#at] !== colon) return false;
      const keyEnd = this.#at;
      const isPlain = this.#isPlainString;
      if (
        before > 0 &&
        !this.#isOrdered(before, beforeEnd, key, keyEnd, isBeforePlain && isPlain)
      ) {
        return false;
      }
      before = key;
      beforeEnd = keyEnd;
      isBeforePlain = isPlain;
      this.#at += 1;
      const value = this.#at;
      if (!this.#value(depth)) return false;
      if (depth === 1) name = this.#note(name, key, keyEnd, value);
    } while (this.#bytes[this.#at] === comma && this.#at < this.#end);
    return this.#take(closeBrace);
  }

  #list(depth: number): boolean {
    do {
      this.#at += 1;
      if (!this.#value(depth)) return false;
    } while (this.#bytes[this.#at] === comma && this.#at < this.#end);
    return this.#take(closeBracket);
  }

  #string(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    if (this.#at >= end || bytes[this.#at] !== quote) return false;
    this.#isPlainString = true;
    let at = this.#at + 1;
    for (;;) {
      // May read on past the end, up to the line feed there, which is cheaper than asking each time.
      let byte = bytes[at] ?? 0;
      while (byteKinds[byte] === plain) {
        at += 1;
        byte = bytes[at] ?? 0;
      }
      if (at >= end) return false;
      if (byte === quote) break;
      const length = this.#oddLength(at);
      if (length === 0) return false;
      at += length;
    }
    this.#at = at + 1;
    return true;
  }

  /** Bytes of what is no plain character: an escape, or a byte beyond ASCII; 0 for neither. */
  #oddLength(at: number): number {
    this.#isPlainString = false;
    if ((this.#bytes[at] ?? 0) < 0x80) return this.#escapeLength(at);
    this.#isWide = true;
    return 1;
  }

  /** Bytes of the escape at a place, 0 where none of the form stands there. */
  #escapeLength(at: number): number {
    const bytes = this.#bytes;
    if (bytes[at] !== backslash || at + 1 >= this.#end) return 0;
    const letter = bytes[at + 1] ?? 0;
    if (shortEscapes.has(letter)) return 2;
    // `\u00` and two lower-case digits, for a control that has no shorter escape.
    if (letter !== 0x75 || at + 5 >= this.#end) return 0;
    if (bytes[at + 2] !== zero || bytes[at + 3] !== zero) return 0;
    const high = (bytes[at + 4] ?? 0) - zero;
    const low = lowerHexDigit(bytes[at + 5] ?? 0);
    if (high < 0 || high > 1 || low < 0) return 0;
    return shortControls.has(high * 16 + low) ? 0 : 6;
  }

  #integer(): boolean {
    const bytes = this.#bytes;
    const isNegative = bytes[this.#at] === minus;
    if (isNegative) this.#at += 1;
    const start = this.#at;
    let value = 0;
    while (this.#at < this.#end) {
      const byte = bytes[this.#at] ?? 0;
      if (byte < zero || byte > nine) break;
      value = value * 10 + (byte - zero);
      this.#at += 1;
      if (this.#at - start > safeDigits) return false;
    }
    const digits = this.#at - start;
    if (digits === 0 || value > Number.MAX_SAFE_INTEGER) return false;
    return bytes[start] !== zero || (digits === 1 && !isNegative);
  }

  #word(word: Uint8Array): boolean {
    for (let index = 0; index < word.length; index += 1) {
      if (this.#bytes[this.#at + index] !== word[index]) return false;
    }
    this.#at += word.length;
    return this.#at <= this.#end;
  }

  #take(byte: number): boolean {
    if (this.#at >= this.#end || this.#bytes[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  /** Whether one key comes before the next one, by UTF-16 code units (RFC 8785 section 3.2.3). */
  #isOrdered(
    before: number,
    beforeEnd: number,
    key: number,
    keyEnd: number,
    arePlain: boolean,
  ): boolean {
    const bytes = this.#bytes;
    if (!arePlain) return textAt(bytes, before, beforeEnd) < textAt(bytes, key, keyEnd);
    // Quotes are left out; of two keys that begin alike the shorter one comes first.
    const shared = Math.min(beforeEnd - before, keyEnd - key) - 1;
    for (let index = 1; index < shared; index += 1) {
      const difference = (bytes[before + index] ?? 0) - (bytes[key + index] ?? 0);
      if (difference !== 0) return difference < 0;
    }
    return beforeEnd - before < keyEnd - key;
  }

  /** Keeps where a value stands if its key is one to be found; gives the name to look for next. */
  #note(from: number, key: number, keyEnd: number, value: number): number {
    let name = from;
    for (; name < this.#names.length; name += 1) {
      const order = this.#compare(key + 1, keyEnd - 1, this.#names[name] ?? textTrue);
      if (order < 0) return name;
      if (order === 0) {
        this.#starts[name] = value;
        this.#ends[name] = this.#at;
        return name + 1;
      }
    }
    return name;
  }

  #compare(start: number, end: number, name: Uint8Array): number {
    const shared = Math.min(end - start, name.length);
    for (let index = 0; index < shared; index += 1) {
      const difference = (this.#bytes[start + index] ?? 0) - (name[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return end - start - name.length;
  }
}

function lowerHexDigit(byte: number): number {
  if (byte >= zero && byte <= nine) return byte - zero;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x61 + 10 : -1;
}

/** A string in its quotes, as text. Rare: keys of records are ASCII without escapes. */
function textAt(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(Buffer.from(bytes.subarray(start, end)).toString("utf8")) as string;
}
