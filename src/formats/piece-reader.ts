import { Fault } from "../base/index.ts";
import type { StreamPiece } from "./format.ts";
import { cellsPerNode, type JsonDocument } from "./json-document.ts";
import { JsonText } from "./json-text.ts";
import { isMedia } from "./media.ts";
import { lastMember } from "./members.ts";
import { mirrorTexts } from "./mirror-texts.ts";
import { isLongNumber, isPlainWord } from "./plain-words.ts";
import { isAsExpected, isFixedBy, isJsonBy, type Rule, type Shape, text } from "./shape.ts";
import type { TextIndex } from "./text-index.ts";
import { type TextStyle, textStyles } from "./text-style.ts";

/**
 * The texts of one stream, by key, as far as they may be JSON. One that was called over is kept: a
 * choice may come back to it. Whoever joins the pieces bounds how many keys a stream has.
 */
export class OpenTexts {
  readonly #texts = new Map<string, JsonText>();

  /** The text of a key, begun with its first piece. */
  of(key: string, isAnyJson: boolean): JsonText {
    let open = this.#texts.get(key);
    if (open === undefined) {
      open = new JsonText(isAnyJson);
      this.#texts.set(key, open);
    }
    return open;
  }

  has(key: string): boolean {
    return this.#texts.has(key);
  }
}

/**
 * Collects the texts of one stream event as pieces. A key is the path to a text, so that whatever
 * a later event adds under the same path continues it. Numbers and names come whole, so they stand
 * alone.
 */
export class PieceReader {
  readonly texts: TextIndex<StreamPiece>;
  readonly doc: JsonDocument;
  readonly #open: OpenTexts;

  constructor(doc: JsonDocument, texts: TextIndex<StreamPiece>, open: OpenTexts) {
    this.doc = doc;
    this.texts = texts;
    this.#open = open;
  }

  /** Reads a value under a key, null where no other event continues it. */
  read(node: number, key: string | null, shape: Shape | undefined): void {
    const { doc } = this;
    if (key === null && shape === undefined) this.#addBelow(node, text);
    else if (doc.isObject(node)) this.#readObject(node, key, shape);
    else if (doc.isArray(node)) this.#readItems(node, key, shape);
    else this.#addValue(node, key, text);
  }

  /** Reads a member; `copy` is how many of its name came before it in the same object. */
  readMember(
    member: number,
    key: string | null,
    rule: Rule | undefined,
    copy: number,
    hasFixedName = false,
  ): void {
    const { doc } = this;
    if (doc.hasUnknownName(member)) this.#addName(member, hasFixedName);
    if (rule !== undefined && rule.kind !== "text") return this.#readOther(member, key, rule, copy);
    const segment = rule?.segment === undefined ? doc.name(member) : rule.segment;
    const joined = join(key, segment);
    if (joined !== null) requireSole(copy, doc.start(member));
    this.readText(member, joined, rule ?? text);
  }

  /** Reads a value that is text by its rule, under a key. */
  readText(node: number, key: string | null, rule: Rule): void {
    const isWhole = isFixedBy(rule) || (isJsonBy(rule) && this.doc.isString(node));
    if (rule.kind === "text" && !isWhole) return this.read(node, key, rule.shape);
    // What stands in the stead of a fixed text is fixed as well.
    if (this.doc.isString(node)) this.#addValue(node, key, rule);
    else this.#addBelow(node, rule);
  }

  /** Reads a second copy of the texts from `first` to before `after`, which goes on under `key`. */
  readMirror(
    mirror: number,
    { key, first, after }: { readonly key: string; readonly first: number; readonly after: number },
  ): void {
    const { doc, texts } = this;
    const start = doc.start(mirror);
    const end = doc.end(mirror);
    texts.addMirror(first, start, end, after);
    const { alone, joined } = mirrorTexts(doc, mirror);
    for (const { name, text: tokens } of joined) {
      texts.add({ key: `${key}/${name}`, text: tokens }, start, end, textStyles.mirror);
    }
    for (const token of alone) {
      texts.add({ key: null, text: token }, start, end, textStyles.mirror);
    }
  }

  #readObject(object: number, key: string | null, general: Shape | undefined): void {
    const { doc } = this;
    const shape = general?.refine?.(doc, object) ?? general;
    const copies = new Copies();
    const after = doc.after(object);
    for (let member = doc.first(object); member < after; member = doc.after(member)) {
      const name = doc.name(member);
      const rule = shape?.members.get(name) ?? shape?.rest;
      this.readMember(member, key, rule, copies.next(name), shape?.hasFixedNames);
    }
  }

  #readItems(array: number, key: string | null, shape: Shape | undefined): void {
    const { doc } = this;
    let position = 0;
    const after = doc.after(array);
    for (let item = doc.first(array); item < after; item = doc.after(item)) {
      this.read(item, join(key, indexOf(doc, item, position)), shape);
      position += 1;
    }
  }

  /** Reads a member that is no text while it is what it should be. */
  #readOther(member: number, key: string | null, rule: Rule, copy: number): void {
    const { doc } = this;
    if (rule.kind === "mirror") return;
    if (rule.kind !== "media") return this.#addBelow(member, rule);
    const isOpaque =
      doc.isString(member) && isMedia(doc.bytes, doc.start(member) + 1, doc.end(member) - 1);
    if (isOpaque) return;
    const joined = join(key, doc.name(member));
    if (joined !== null) requireSole(copy, doc.start(member));
    this.read(member, joined, undefined);
  }

  /** Adds every text at this node and below, each alone, but for the name of the node itself. */
  #addBelow(node: number, rule: Rule): void {
    const { doc } = this;
    this.#addValue(node, null, rule);
    const after = doc.after(node);
    for (let below = doc.first(node); below < after; below += cellsPerNode) {
      if (doc.hasUnknownName(below)) this.#addName(below, isFixedBy(rule));
      this.#addValue(below, null, rule);
    }
  }

  #addValue(node: number, key: string | null, rule: Rule): void {
    const { doc } = this;
    if (doc.isString(node)) {
      const start = doc.start(node) + 1;
      const end = doc.end(node) - 1;
      if (start === end || isAsExpected(doc.bytes, start, end, rule)) return;
      this.#add(pieceOf(key, doc.text(node), isFixedBy(rule)), start, end, doc.style(node));
      if (key !== null) this.texts.continues(this.#open.of(key, isJsonBy(rule)));
    } else if (rule.kind !== "count" && doc.isNumber(node)) {
      const start = doc.start(node);
      const end = doc.end(node);
      if (!isLongNumber(doc.bytes, start, end)) return;
      this.#add(pieceOf(null, doc.source(node), isFixedBy(rule)), start, end, textStyles.number);
    }
  }

  #addName(member: number, isNameFixed: boolean): void {
    const { doc } = this;
    const start = doc.nameStart(member) + 1;
    const end = doc.nameEnd(member);
    if (isPlainWord(doc.bytes, start, end)) return;
    this.#add(pieceOf(null, doc.name(member), isNameFixed), start, end, textStyles.escaped);
  }

  #add(piece: StreamPiece, start: number, end: number, style: TextStyle): void {
    this.texts.add(piece, start, end, style);
  }
}

/** Counts members by name, so that copies can be told apart. */
export class Copies {
  #first: string | undefined;
  #counts: Map<string, number> | undefined;

  /** How many members of this name came before. */
  next(name: string): number {
    if (this.#first === undefined) {
      this.#first = name;
      return 0;
    }
    this.#counts ??= new Map([[this.#first, 1]]);
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    return count;
  }
}

function pieceOf(key: string | null, content: string, isFixed: boolean): StreamPiece {
  return isFixed ? { key, text: content, isFixed } : { key, text: content };
}

/** The number an item of a list gives itself, else its position in the list. */
function indexOf(doc: JsonDocument, item: number, position: number): string {
  const member = lastMember(doc, item, "index");
  const index = member === undefined ? undefined : doc.numberIfNumber(member);
  return String(index ?? position);
}

function join(key: string | null, segment: string | null): string | null {
  if (key === null || segment === null) return null;
  return segment === "" ? key : `${key}/${segment}`;
}

/**
 * Refuses a copy of a member whose text goes on over events: readers keep one copy and drop the
 * others, not all the same one, so no joining of such pieces is what every client reads.
 * @throws Fault json_ambiguous
 */
export function requireSole(copy: number, position: number): void {
  if (copy === 0) return;
  throw new Fault("json_ambiguous", `expected one member of this name at byte ${position}`);
}
