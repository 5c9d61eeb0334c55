import type { Place, Span } from "../domain/index.ts";
import { cellsPerNode, type JsonDocument } from "./json-document.ts";
import { isMedia } from "./media.ts";
import type { Rule, Shape } from "./shape.ts";
import { TextIndex } from "./text-index.ts";
import { textStyles } from "./text-style.ts";

/** Collects the texts of a whole JSON body as spans, by the shape of the format. */
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
    else this.#addAll(node, place);
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
    const first = this.texts.items.length;
    const mirrors: number[] = [];
    const after = doc.after(object);
    for (let member = doc.first(object); member < after; member = doc.after(member)) {
      const rule = shape.members.get(doc.name(member)) ?? shape.rest;
      if (rule?.kind === "mirror") mirrors.push(member);
      else this.#readMember(member, place, rule);
    }
    for (const node of mirrors) this.texts.addMirror(first, doc.start(node), doc.end(node));
  }

  #readMember(member: number, place: Place, rule: Rule | undefined): void {
    const doc = this.#doc;
    if (rule === undefined) this.#addAll(member, place);
    else if (rule.kind === "text") this.read(member, rule.place ?? place, rule.shape);
    else if (rule.kind === "media") this.#readMedia(member, rule.place ?? place);
    else if (!doc.isString(member)) this.#addAll(member, place);
  }

  #readMedia(member: number, place: Place): void {
    const doc = this.#doc;
    const isOpaque =
      doc.isString(member) && isMedia(doc.bytes, doc.start(member) + 1, doc.end(member) - 1);
    if (!isOpaque) this.#addAll(member, place);
  }

  /** Adds every string at this node and below, whatever holds it. */
  #addAll(node: number, place: Place): void {
    const after = this.#doc.after(node);
    for (let below = node; below < after; below += cellsPerNode) this.#add(below, place);
  }

  #add(node: number, place: Place): void {
    const doc = this.#doc;
    if (!doc.isString(node)) return;
    const start = doc.start(node) + 1;
    const end = doc.end(node) - 1;
    if (start === end) return;
    const style = doc.style(node);
    const text = doc.text(node);
    this.#textBytes += style === textStyles.escaped ? Buffer.byteLength(text) : end - start;
    this.texts.add({ place: this.#onlyPlace ?? place, text }, start, end, style);
  }
}
