import type { Vocabulary } from "./json-vocabulary.ts";
import { isPlainWord } from "./plain-words.ts";
import { decodeJsonString, type TextStyle, textStyles } from "./text-style.ts";

/** What stands at a node. */
export const jsonKinds = {
  object: 1,
  array: 2,
  string: 3,
  number: 4,
  true: 5,
  false: 6,
  null: 7,
} as const;
export type JsonKind = (typeof jsonKinds)[keyof typeof jsonKinds];

/** Numbers per node in `JsonCells`. */
export const cellsPerNode = 5;

/** Layout of the first number of a node: kind, two bits of style, index into the vocabulary. */
const kindMask = 0b111;
const styleShift = 3;
const styleMask = 0b11;
const nameShift = 5;

/** The first number of a node. */
export function packHead(kind: JsonKind, style: TextStyle, name: number): number {
  return kind | (style << styleShift) | (name << nameShift);
}

/** The kind in the first number of a node. */
export function kindOf(head: number): JsonKind {
  return (head & kindMask) as JsonKind;
}

/**
 * One scanned JSON text, as places in its bytes: nothing is decoded until asked for. A node is an
 * offset into `cells`, where its head, the start of its name (-1 without one), its first byte, the
 * byte after it and the node after its subtree stand. Literals inside arrays have no node, and numbers
 * there only when they are long (`isLongNumber`). The root is node 0.
 */
export class JsonDocument {
  readonly bytes: Buffer;
  readonly #cells: readonly number[];
  readonly #vocabulary: Vocabulary;

  constructor(bytes: Buffer, cells: readonly number[], vocabulary: Vocabulary) {
    this.bytes = bytes;
    this.#cells = cells;
    this.#vocabulary = vocabulary;
  }

  kind(node: number): JsonKind {
    return kindOf(this.#cells[node] as number);
  }

  isObject(node: number): boolean {
    return this.kind(node) === jsonKinds.object;
  }

  isArray(node: number): boolean {
    return this.kind(node) === jsonKinds.array;
  }

  isNumber(node: number): boolean {
    return this.kind(node) === jsonKinds.number;
  }

  isString(node: number): boolean {
    return this.kind(node) === jsonKinds.string;
  }

  /** First byte of the value; of a string its opening quote. */
  start(node: number): number {
    return this.#cells[node + 2] as number;
  }

  /** The byte after the value. */
  end(node: number): number {
    return this.#cells[node + 3] as number;
  }

  /** The first node below; equal to `after` where there is none. */
  first(node: number): number {
    return node + cellsPerNode;
  }

  /** The node after this one and all below it. */
  after(node: number): number {
    return this.#cells[node + 4] as number;
  }

  /** The name of a member, decoded; empty for elements and the root. */
  name(node: number): string {
    const id = (this.#cells[node] as number) >> nameShift;
    if (id !== 0) return this.#vocabulary.names[id] as string;
    const start = this.nameStart(node) + 1;
    if (start === 0) return "";
    const end = this.nameEnd(node);
    const isAscii = isPlainWord(this.bytes, start, end);
    return decodeJsonString(
      this.bytes,
      start,
      end,
      isAscii ? textStyles.ascii : textStyles.escaped,
    );
  }

  /** True for a member whose name is not in the vocabulary. */
  hasUnknownName(node: number): boolean {
    return (this.#cells[node] as number) >> nameShift === 0 && this.nameStart(node) >= 0;
  }

  /** The opening quote of the name of a member, -1 where there is none. */
  nameStart(node: number): number {
    return this.#cells[node + 1] as number;
  }

  /** The closing quote of the name of a member. */
  nameEnd(node: number): number {
    const { bytes } = this;
    let end = this.nameStart(node) + 1;
    while (end < bytes.length && bytes[end] !== 0x22) end += bytes[end] === 0x5c ? 2 : 1;
    return end;
  }

  /** How the text of a string is written. */
  style(node: number): TextStyle {
    return (((this.#cells[node] as number) >> styleShift) & styleMask) as TextStyle;
  }

  /** The text of a string, decoded. */
  text(node: number): string {
    return decodeJsonString(this.bytes, this.start(node) + 1, this.end(node) - 1, this.style(node));
  }

  /** A number or literal as it is written. */
  source(node: number): string {
    return this.bytes.toString("latin1", this.start(node), this.end(node));
  }

  /** The text of a string, undefined for every other kind. */
  textIfString(node: number): string | undefined {
    return this.isString(node) ? this.text(node) : undefined;
  }

  /** The value of a number, undefined for every other kind; may be infinite. */
  numberIfNumber(node: number): number | undefined {
    return this.isNumber(node) ? Number(this.source(node)) : undefined;
  }
}
