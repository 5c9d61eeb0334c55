import type { StreamPiece } from "./format.ts";
import { cellsPerNode, type JsonDocument } from "./json-document.ts";
import { isMedia } from "./media.ts";
import { lastMember } from "./members.ts";
import type { Rule, Shape } from "./shape.ts";
import type { TextIndex } from "./text-index.ts";

/**
 * Collects the texts of one stream event as pieces. A key is the path to a text, so that whatever
 * a later event adds under the same path continues it; copies under one name get keys of their
 * own, as a reader keeps one of them and drops the others.
 */
export class PieceReader {
  readonly texts: TextIndex<StreamPiece>;
  readonly doc: JsonDocument;

  constructor(doc: JsonDocument, texts: TextIndex<StreamPiece>) {
    this.doc = doc;
    this.texts = texts;
  }

  /** Reads a value under a key, null where no other event continues it. */
  read(node: number, key: string | null, shape: Shape | undefined): void {
    const { doc } = this;
    if (key === null && shape === undefined) this.#addAllAlone(node);
    else if (doc.isObject(node)) this.#readObject(node, key, shape);
    else if (doc.isArray(node)) this.#readItems(node, key, shape);
    else this.#add(node, key);
  }

  /** Reads a member; `copy` is how many of its name came before it in the same object. */
  readMember(member: number, key: string | null, rule: Rule | undefined, copy: number): void {
    const { doc } = this;
    if (rule !== undefined && rule.kind !== "text" && isOpaque(doc, member, rule)) return;
    const isText = rule?.kind === "text";
    const segment = isText && rule.segment !== undefined ? rule.segment : doc.name(member);
    this.read(member, join(key, segment, copy), isText ? rule.shape : undefined);
  }

  #readObject(object: number, key: string | null, general: Shape | undefined): void {
    const { doc } = this;
    const shape = general?.refine?.(doc, object) ?? general;
    const copies = new Copies();
    const after = doc.after(object);
    for (let member = doc.first(object); member < after; member = doc.after(member)) {
      const name = doc.name(member);
      this.readMember(member, key, shape?.members.get(name) ?? shape?.rest, copies.next(name));
    }
  }

  #readItems(array: number, key: string | null, shape: Shape | undefined): void {
    const { doc } = this;
    let position = 0;
    const after = doc.after(array);
    for (let item = doc.first(array); item < after; item = doc.after(item)) {
      this.read(item, join(key, indexOf(doc, item, position), 0), shape);
      position += 1;
    }
  }

  #addAllAlone(node: number): void {
    const after = this.doc.after(node);
    for (let below = node; below < after; below += cellsPerNode) this.#add(below, null);
  }

  #add(node: number, key: string | null): void {
    const { doc } = this;
    if (!doc.isString(node)) return;
    const start = doc.start(node) + 1;
    const end = doc.end(node) - 1;
    if (start < end) this.texts.add({ key, text: doc.text(node) }, start, end, doc.style(node));
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

/** The number an item of a list gives itself, else its position in the list. */
function indexOf(doc: JsonDocument, item: number, position: number): string {
  const member = lastMember(doc, item, "index");
  const index = member === undefined ? undefined : doc.numberIfNumber(member);
  return String(index ?? position);
}

function isOpaque(doc: JsonDocument, member: number, rule: Rule): boolean {
  if (rule.kind === "mirror") return true;
  if (!doc.isString(member)) return false;
  return (
    rule.kind === "structure" || isMedia(doc.bytes, doc.start(member) + 1, doc.end(member) - 1)
  );
}

function join(key: string | null, segment: string | null, copy: number): string | null {
  if (key === null || segment === null) return null;
  const path = segment === "" ? key : `${key}/${segment}`;
  return copy === 0 ? path : `${path}#${copy}`;
}
