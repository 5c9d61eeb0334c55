import { Fault, type Limits } from "../base/index.ts";
import {
  cellsPerNode,
  JsonDocument,
  type JsonKind,
  jsonKinds,
  kindOf,
  packHead,
} from "./json-document.ts";
import { numberEnd, type StringEnd, skipSpace, stringEnd } from "./json-tokens.ts";
import type { Vocabulary } from "./json-vocabulary.ts";
import { isLongNumber } from "./plain-words.ts";
import { type TextStyle, textStyles } from "./text-style.ts";

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

interface Literal {
  readonly kind: JsonKind;
  readonly text: Buffer;
}
const literalTrue: Literal = { kind: jsonKinds.true, text: Buffer.from("true") };
const literalFalse: Literal = { kind: jsonKinds.false, text: Buffer.from("false") };
const literalNull: Literal = { kind: jsonKinds.null, text: Buffer.from("null") };

export interface JsonScanOptions {
  readonly limits: Limits;
  readonly vocabulary: Vocabulary;
  /** Bytes of the buffer that are the text; all of it where not given. */
  readonly start?: number;
  readonly end?: number;
}

/**
 * Finds every value of one JSON text in one pass over its bytes, accepting exactly RFC 8259; a
 * UTF-8 byte order mark may lead. Depth, and members plus the strings, long numbers, objects and
 * arrays inside arrays, are bounded before anything is decoded, and nesting costs no call stack.
 * @throws Fault json_invalid, text_invalid, json_too_deep, json_too_many_keys, body_too_large
 */
export function scanJson(bytes: Buffer, options: JsonScanOptions): JsonDocument {
  return new JsonScanner(bytes, options).run();
}

class JsonScanner {
  readonly #bytes: Buffer;
  readonly #end: number;
  readonly #vocabulary: Vocabulary;
  readonly #depthMax: number;
  readonly #cellsMax: number;
  readonly #cells: number[] = [];
  /** Containers open at `#position`, outermost first. */
  readonly #open: number[] = [];
  #isInObject = false;
  #position: number;
  /** Name of the member whose value comes next; outside of objects 0 and -1. */
  #nameId = 0;
  #nameStart = -1;

  constructor(bytes: Buffer, options: JsonScanOptions) {
    const { limits } = options;
    this.#bytes = bytes;
    this.#position = options.start ?? 0;
    this.#end = options.end ?? bytes.length;
    this.#vocabulary = options.vocabulary;
    this.#depthMax = limits.jsonDepthMax;
    this.#cellsMax = (limits.jsonKeysMax + 1) * cellsPerNode;
    if (this.#end - this.#position > limits.bodyBytesMax) {
      throw new Fault("body_too_large", `expected at most ${limits.bodyBytesMax} bytes of JSON`);
    }
  }

  run(): JsonDocument {
    this.#skipByteOrderMark();
    this.#skipSpace();
    do {
      this.#readValue();
    } while (this.#advance());
    if (this.#position !== this.#end) throw this.#unexpected("the end of the JSON text");
    return new JsonDocument(this.#bytes, this.#cells, this.#vocabulary);
  }

  /** Reads a scalar whole, or opens containers down to the first scalar or empty container. */
  #readValue(): void {
    let byte = this.#peek();
    while (byte === openObject || byte === openArray) {
      if (!this.#openContainer(byte)) return;
      byte = this.#peek();
    }
    if (byte === quote) this.#readString();
    else this.#readScalar(byte);
  }

  /** Goes on to the next value, closing containers before it; false once the root is closed. */
  #advance(): boolean {
    this.#skipSpace();
    while (this.#open.length > 0) {
      const byte = this.#peek();
      if (byte === comma) {
        this.#position += 1;
        this.#skipSpace();
        if (this.#isInObject) this.#readName();
        return true;
      }
      const close = this.#isInObject ? closeObject : closeArray;
      if (byte !== close) throw this.#unexpected(`"," or "${String.fromCharCode(close)}"`);
      this.#closeContainer();
      this.#skipSpace();
    }
    return false;
  }

  /** True when a value follows inside; an empty container is closed at once. */
  #openContainer(byte: number): boolean {
    const isObject = byte === openObject;
    if (this.#open.length >= this.#depthMax) {
      throw new Fault("json_too_deep", `expected JSON of at most ${this.#depthMax} levels`);
    }
    this.#open.push(this.#cells.length);
    this.#addNode(isObject ? jsonKinds.object : jsonKinds.array, textStyles.ascii, 0);
    this.#isInObject = isObject;
    this.#nameId = 0;
    this.#nameStart = -1;
    this.#position += 1;
    this.#skipSpace();
    if (this.#peek() === (isObject ? closeObject : closeArray)) {
      this.#closeContainer();
      return false;
    }
    if (isObject) this.#readName();
    return true;
  }

  #closeContainer(): void {
    const node = this.#open.pop() as number;
    this.#position += 1;
    this.#cells[node + 3] = this.#position;
    this.#cells[node + 4] = this.#cells.length;
    const parent = this.#open.at(-1);
    this.#isInObject =
      parent !== undefined && kindOf(this.#cells[parent] as number) === jsonKinds.object;
    this.#nameId = 0;
    this.#nameStart = -1;
  }

  #readName(): void {
    if (this.#peek() !== quote) throw this.#unexpected("a member name");
    const start = this.#position + 1;
    const found: StringEnd = stringEnd(this.#bytes, start, this.#end);
    const end = found >>> 2;
    this.#nameStart = this.#position;
    this.#nameId = this.#vocabulary.find(this.#bytes, start, end);
    this.#position = end + 1;
    this.#skipSpace();
    if (this.#peek() !== colon) throw this.#unexpected('":"');
    this.#position += 1;
    this.#skipSpace();
  }

  #readString(): void {
    const found: StringEnd = stringEnd(this.#bytes, this.#position + 1, this.#end);
    const end = (found >>> 2) + 1;
    this.#addNode(jsonKinds.string, (found & 3) as TextStyle, end);
    this.#position = end;
  }

  #readScalar(byte: number): void {
    const literal = literalOf(byte);
    const end = literal === undefined ? this.#numberEnd() : this.#literalEnd(literal.text);
    const isPlaced = this.#nameStart >= 0 || this.#open.length === 0;
    if (isPlaced || (literal === undefined && isLongNumber(this.#bytes, this.#position, end))) {
      this.#addNode(literal?.kind ?? jsonKinds.number, textStyles.ascii, end);
    }
    this.#position = end;
  }

  #numberEnd(): number {
    const end = numberEnd(this.#bytes, this.#position, this.#end);
    if (end < 0) throw this.#unexpected("a JSON value");
    return end;
  }

  #literalEnd(text: Buffer): number {
    const end = this.#position + text.length;
    const isWhole = end <= this.#end && text.compare(this.#bytes, this.#position, end) === 0;
    if (!isWhole) throw this.#unexpected("a JSON value");
    return end;
  }

  #addNode(kind: JsonKind, style: TextStyle, end: number): void {
    const cells = this.#cells;
    if (cells.length >= this.#cellsMax) {
      throw new Fault("json_too_many_keys", "expected fewer members than limits.jsonKeysMax");
    }
    const head = packHead(kind, style, this.#nameId);
    cells.push(head, this.#nameStart, this.#position, end, cells.length + cellsPerNode);
  }

  /** The byte at the position, -1 at the end. */
  #peek(): number {
    return this.#position < this.#end ? (this.#bytes[this.#position] as number) : -1;
  }

  #skipSpace(): void {
    this.#position = skipSpace(this.#bytes, this.#position, this.#end);
  }

  #skipByteOrderMark(): void {
    const at = this.#position;
    const bytes = this.#bytes;
    // RFC 8259 section 8.1 lets a reader ignore one.
    if (
      this.#end - at >= 3 &&
      bytes[at] === 0xef &&
      bytes[at + 1] === 0xbb &&
      bytes[at + 2] === 0xbf
    ) {
      this.#position += 3;
    }
  }

  #unexpected(expected: string): Fault {
    const found = this.#position < this.#end ? "something else" : "the end";
    return new Fault(
      "json_invalid",
      `expected ${expected} at byte ${this.#position}, found ${found}`,
    );
  }
}

function literalOf(byte: number): Literal | undefined {
  if (byte === 0x74) return literalTrue;
  if (byte === 0x66) return literalFalse;
  return byte === 0x6e ? literalNull : undefined;
}
