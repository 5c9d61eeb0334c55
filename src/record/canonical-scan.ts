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

/** Stand for the last name where there is none: an object begins, or it is a list. No name is there. */
const noName = 0;
const inList = -1;

/** Letters after a backslash that stand for themselves or for a control: `"\bfnrt`. */
const shortEscapes = new Set(Array.from('"\\bfnrt', (letter) => letter.charCodeAt(0)));
/** Controls that have a short escape and must not be written as `\u00xx`. */
const shortControls = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d]);

const textTrue = Uint8Array.from(Buffer.from("true"));
const textFalse = Uint8Array.from(Buffer.from("false"));

/** Where something ends that is not there as it has to be. */
const no = -1;

/**
 * Tells whether bytes are one JSON object in the canonical form of audit-and-operations 2.1, and
 * where the values of some members of it stand. The one pass over the bytes makes no object and calls
 * nothing for each of them, so that a log can be verified nearly as fast as it can be hashed; a
 * scanner is used again for the next line.
 */
export class CanonicalScanner {
  /** Names to find, as ASCII bytes in order. */
  readonly #names: readonly Uint8Array[];
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** Of each object around the one at hand: where the last name starts and ends. */
  readonly #outer = new Int32Array(depthMax);
  readonly #outerEnd = new Int32Array(depthMax);
  #bytes: Uint8Array = new Uint8Array();
  /** The same bytes, four at a time. */
  #words = new DataView(this.#bytes.buffer);
  #end = 0;
  #isWide = false;
  /** The last place with an escape or a byte beyond ASCII: names without compare byte by byte. */
  #oddAt = no;
  /** The name to look for next. */
  #name = 0;

  /** `names` are the members of the outermost object to be found: ASCII, in canonical order. */
  constructor(names: readonly string[]) {
    this.#names = names.map((name) => Uint8Array.from(Buffer.from(name)));
    this.#starts = new Int32Array(names.length);
    this.#ends = new Int32Array(names.length);
  }

  /** Whether the bytes from `start` up to `end` are one object in canonical form. */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#end = end;
    this.#isWide = false;
    this.#oddAt = no;
    this.#name = 0;
    for (let name = 0; name < this.#starts.length; name += 1) this.#starts[name] = no;
    if (start >= end || bytes[start] !== openBrace) return false;
    if (this.#endOfObject(start) !== end) return false;
    return !this.#isWide || isUtf8(bytes.subarray(start, end));
  }

  /** Where the value of the `name`th name starts, -1 where the object has no such member. */
  startOf(name: number): number {
    return this.#starts[name] ?? no;
  }

  /** Where the value of the `name`th name ends, if it has one. */
  endOf(name: number): number {
    return this.#ends[name] ?? no;
  }

  /**
   * Goes from name to name and value to value, whatever their depth. One function with all it needs
   * at hand: with one for each kind of value it takes half as long again.
   */
  // biome-ignore lint/complexity/noExcessiveCognitiveComplexity: split up it is slower by half.
  #endOfObject(start: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    const words = this.#words;
    const lastWord = words.byteLength - 4;
    const outer = this.#outer;
    const outerEnd = this.#outerEnd;
    let depth = 0;
    let at = start;
    let before = inList;
    let beforeEnd = 0;
    let isNameNext = false;
    for (;;) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        const string = at;
        // May go on past the end, up to the line feed there, which is cheaper than asking each time.
        at = skipPlain(words, lastWord, at + 1);
        at = bytes[at] === quote && at < end ? at + 1 : this.#endOfOddString(at);
        if (isNameNext) {
          if (at === no || bytes[at] !== colon) return no;
          if (before !== noName && !this.#isOrdered(before, beforeEnd, string, at)) return no;
          before = string;
          beforeEnd = at;
          at += 1;
          isNameNext = false;
          continue;
        }
      } else if (isNameNext) {
        return no;
      } else if (byte === openBrace || byte === openBracket) {
        if (depth === depthMax) return no;
        outer[depth] = before;
        outerEnd[depth] = beforeEnd;
        depth += 1;
        isNameNext = byte === openBrace;
        before = isNameNext ? noName : inList;
        at += 1;
        continue;
      } else at = byte <= nine ? this.#endOfInteger(at) : this.#endOfWord(at);
      if (at === no) return no;
      if (depth === 1) this.#note(before, beforeEnd, at);
      while (bytes[at] !== comma || at >= end) {
        if (at >= end || bytes[at] !== (before === inList ? closeBracket : closeBrace)) return no;
        at += 1;
        depth -= 1;
        before = outer[depth] ?? noName;
        beforeEnd = outerEnd[depth] ?? 0;
        if (depth === 1) this.#note(before, beforeEnd, at);
        if (depth === 0) return at;
      }
      at += 1;
      isNameNext = before !== inList;
    }
  }

  /** The same for a string with other bytes than plain ones, from the first of them on. */
  #endOfOddString(from: number): number {
    const bytes = this.#bytes;
    let at = from;
    while (at < this.#end) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) return at + 1;
      const length = isPlain(byte) ? 1 : this.#oddLength(at);
      if (length === 0) return no;
      at += length;
    }
    return no;
  }

  /** Bytes of what is no plain character: an escape, or a byte beyond ASCII; 0 for neither. */
  #oddLength(at: number): number {
    this.#oddAt = at;
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

  #endOfInteger(from: number): number {
    const bytes = this.#bytes;
    const isNegative = bytes[from] === minus;
    const start = isNegative ? from + 1 : from;
    let at = start;
    let value = 0;
    while (at < this.#end) {
      const byte = bytes[at] ?? 0;
      if (byte < zero || byte > nine) break;
      value = value * 10 + (byte - zero);
      at += 1;
      if (at - start > safeDigits) return no;
    }
    const digits = at - start;
    if (digits === 0 || value > Number.MAX_SAFE_INTEGER) return no;
    return bytes[start] !== zero || (digits === 1 && !isNegative) ? at : no;
  }

  #endOfWord(at: number): number {
    const word = this.#bytes[at] === textTrue[0] ? textTrue : textFalse;
    for (let index = 0; index < word.length; index += 1) {
      if (this.#bytes[at + index] !== word[index]) return no;
    }
    return at + word.length;
  }

  /** Whether one key comes before the next one, by UTF-16 code units (RFC 8785 section 3.2.3). */
  #isOrdered(before: number, beforeEnd: number, key: number, keyEnd: number): boolean {
    const bytes = this.#bytes;
    if (this.#oddAt > before) return textAt(bytes, before, beforeEnd) < textAt(bytes, key, keyEnd);
    // Quotes are left out; of two keys that begin alike the shorter one comes first.
    const shared = Math.min(beforeEnd - before, keyEnd - key) - 1;
    for (let index = 1; index < shared; index += 1) {
      const difference = (bytes[before + index] ?? 0) - (bytes[key + index] ?? 0);
      if (difference !== 0) return difference < 0;
    }
    return beforeEnd - before < keyEnd - key;
  }

  /** Keeps where the value stands that ends here, if the name before it is one to be found. */
  #note(before: number, beforeEnd: number, end: number): void {
    const key = before + 1;
    const keyEnd = beforeEnd - 1;
    for (; this.#name < this.#names.length; this.#name += 1) {
      const order = this.#compare(key, keyEnd, this.#names[this.#name] ?? textTrue);
      if (order < 0) return;
      if (order === 0) {
        this.#starts[this.#name] = keyEnd + 2;
        this.#ends[this.#name] = end;
        this.#name += 1;
        return;
      }
    }
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

/** The first byte from a place on that is not plain, or less than a word before the end of all bytes. */
function skipPlain(words: DataView, lastWord: number, from: number): number {
  let at = from;
  while (at <= lastWord) {
    const odd = oddBytes(words.getInt32(at, true));
    if (odd !== 0) return at + ((31 - Math.clz32(odd & -odd)) >> 3);
    at += 4;
  }
  return at;
}

/**
 * Marks the bytes of a word that are not plain, by their bit 7: quotes, backslashes, controls, and
 * bytes beyond ASCII. Above the lowest that is marked others may be that are plain.
 */
function oddBytes(word: number): number {
  const quotes = (word ^ 0x22222222) - 0x01010101;
  const backslashes = (word ^ 0x5c5c5c5c) - 0x01010101;
  const controls = word - 0x20202020;
  return (word | quotes | backslashes | controls) & 0x80808080;
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x80 && byte !== quote && byte !== backslash;
}

function lowerHexDigit(byte: number): number {
  if (byte >= zero && byte <= nine) return byte - zero;
  return byte >= 0x61 && byte <= 0x66 ? byte - 0x61 + 10 : -1;
}

/** A string in its quotes, as text. Rare: keys of records are ASCII without escapes. */
function textAt(bytes: Uint8Array, start: number, end: number): string {
  return JSON.parse(Buffer.from(bytes.subarray(start, end)).toString("utf8")) as string;
}
