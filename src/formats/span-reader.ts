import type { Place, Span } from "../domain/index.ts";
import { cellsPerNode, type JsonDocument } from "./json-document.ts";
import { isMedia } from "./media.ts";
import { mirrorTexts } from "./mirror-texts.ts";
import { isLongNumber, isPlainWord } from "./plain-words.ts";
import { isAsExpected, isFixedBy, isJsonBy, type Rule, type Shape, text } from "./shape.ts";
import { TextIndex } from "./text-index.ts";
import { type TextStyle, textStyles } from "./text-style.ts";

/**
 * Collects the texts of a whole JSON body as spans, by the shape of the format: string values, long
 * numbers, and names of members that are more than names.
 */
export class SpanReader {
  readonly texts = new TextIndex<Span>();
  readonly #doc: JsonDocument;
  readonly #onlyPlace: Place | undefined;
  #textBytes = 0;

  /** With `onlyPlace`, every span has that place, whatever the shapes say. */
  constructor(doc: JsonDocument, onlyPlace?: Place) {
    this.#doc = doc;
    this.#onlyPlace = onlyPlace;
  }

  /** UTF-8 bytes of all texts. */
  get textBytes(): number {
    return this.#textBytes;
  }

  /** Reads a value; every object met on the way through arrays has the shape. */
  read(node: number, place: Place, shape: Shape | undefined): void {
    const doc = this.#doc;
    if (shape !== undefined && doc.isObject(node)) this.#readObject(node, place, shape);
    else if (shape !== undefined && doc.isArray(node)) this.#readItems(node, place, shape);
    else this.#addBelow(node, place, text);
  }

  #readItems(array: number, place: Place, shape: Shape): void {
    const doc = this.#doc;
    const after = doc.after(array);
    for (let item = doc.first(array); item < after; item = doc.after(item)) {
      this.read(item, place, shape);
    }
  }

  #readObject(object: number, around: Place, general: Shape): void {
    const doc = this.#doc;
    const shape = general.refine?.(doc, object) ?? general;
    const place = shape.placeOf?.(doc, object, around) ?? around;
    const isFixed = shape.hasFixedNames === true;
    const first = this.texts.items.length;
    let mirrors: number[] | undefined;
    const after = doc.after(object);
    for (let member = doc.first(object); member < after; member = doc.after(member)) {
      if (doc.hasUnknownName(member)) this.#addName(member, place, isFixed);
      const rule = shape.members.get(doc.name(member)) ?? shape.rest;
      if (rule?.kind === "mirror") mirrors = [...(mirrors ?? []), member];
      else this.#readMember(member, place, rule);
    }
    const afterTexts = this.texts.items.length;
    for (const node of mirrors ?? []) {
      this.texts.addMirror(first, doc.start(node), doc.end(node), afterTexts);
      this.#addMirrorTexts(node, place);
    }
  }

  #addMirrorTexts(mirror: number, place: Place): void {
    const doc = this.#doc;
    const { alone, joined } = mirrorTexts(doc, mirror);
    const at = { start: doc.start(mirror), end: doc.end(mirror), style: textStyles.mirror };
    for (const { text: tokens } of joined) this.#add(tokens, place, { ...at, isFixed: false });
    for (const token of alone) this.#add(token, place, { ...at, isFixed: false });
  }

  /** Reads the value of a member whose name was read before. */
  #readMember(member: number, place: Place, rule: Rule | undefined): void {
    const doc = this.#doc;
    switch (rule?.kind) {
      case undefined:
        return this.#addBelow(member, place, text);
      case "text":
        return this.#readText(member, rule.place ?? place, rule);
      case "media": {
        const isOpaque =
          doc.isString(member) && isMedia(doc.bytes, doc.start(member) + 1, doc.end(member) - 1);
        return isOpaque ? undefined : this.#addBelow(member, rule.place ?? place, text);
      }
      case "structure":
      case "opaque":
      case "count":
        return this.#addBelow(member, place, rule);
      case "mirror":
        return;
    }
  }

  #readText(member: number, place: Place, rule: Rule & { readonly kind: "text" }): void {
    const doc = this.#doc;
    const { shape } = rule;
    if (shape !== undefined && doc.isObject(member)) this.#readObject(member, place, shape);
    else if (shape !== undefined && doc.isArray(member)) this.#readItems(member, place, shape);
    else this.#addBelow(member, place, rule);
  }

  /** Adds every text at this node and below, but for the name of the node itself. */
  #addBelow(node: number, place: Place, rule: Rule): void {
    const doc = this.#doc;
    this.#addValue(node, place, rule);
    const after = doc.after(node);
    for (let below = doc.first(node); below < after; below += cellsPerNode) {
      if (doc.hasUnknownName(below)) this.#addName(below, place, isFixedBy(rule));
      this.#addValue(below, place, rule);
    }
  }

  #addValue(node: number, place: Place, rule: Rule): void {
    const doc = this.#doc;
    if (doc.isString(node)) {
      const start = doc.start(node) + 1;
      const end = doc.end(node) - 1;
      if (start === end || isAsExpected(doc.bytes, start, end, rule)) return;
      const style = doc.style(node);
      this.#add(doc.text(node), place, { start, end, style, isFixed: isFixedBy(rule) });
      if (isJsonBy(rule)) this.texts.isAnyJson();
    } else if (rule.kind !== "count" && doc.isNumber(node)) {
      const start = doc.start(node);
      const end = doc.end(node);
      if (!isLongNumber(doc.bytes, start, end)) return;
      const style = textStyles.number;
      this.#add(doc.source(node), place, { start, end, style, isFixed: isFixedBy(rule) });
    }
  }

  #addName(member: number, place: Place, isFixed: boolean): void {
    const doc = this.#doc;
    const start = doc.nameStart(member) + 1;
    const end = doc.nameEnd(member);
    if (isPlainWord(doc.bytes, start, end)) return;
    this.#add(doc.name(member), place, { start, end, style: textStyles.escaped, isFixed });
  }

  #add(
    content: string,
    place: Place,
    at: { start: number; end: number; style: TextStyle; isFixed: boolean },
  ): void {
    const { start, end, style } = at;
    this.#textBytes += style === textStyles.escaped ? Buffer.byteLength(content) : end - start;
    const here = this.#onlyPlace ?? place;
    const span: Span = at.isFixed
      ? { place: here, text: content, isFixed: true }
      : { place: here, text: content };
    this.texts.add(span, start, end, style);
  }
}
