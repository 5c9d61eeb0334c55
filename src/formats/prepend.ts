import { Fault } from "../base/index.ts";
import { type JsonDocument, jsonKinds } from "./json-document.ts";
import { skipSpace } from "./json-tokens.ts";
import type { Splice } from "./splice.ts";

const closeArray = 0x5d;

/**
 * Puts a text before what a member says: before its string, or as a part of its own before the
 * parts of its list.
 * @throws Fault obligation_impossible where it is neither
 */
export function prependToContent(doc: JsonDocument, node: number, text: string): Splice {
  if (doc.isString(node)) {
    const quoted = JSON.stringify(doc.start(node) + 2 === doc.end(node) ? text : `${text}\n\n`);
    return insertion(doc.start(node) + 1, quoted.slice(1, -1));
  }
  if (doc.isArray(node)) return prependItem(doc, node, { type: "text", text });
  if (doc.kind(node) === jsonKinds.null) {
    const bytes = Buffer.from(JSON.stringify(text));
    return { start: doc.start(node), end: doc.end(node), bytes };
  }
  throw new Fault("obligation_impossible", "expected a text or a list of texts to put one before");
}

/** Puts an item before all others of a list. */
export function prependItem(doc: JsonDocument, list: number, item: object): Splice {
  const start = doc.start(list) + 1;
  const isEmpty = doc.bytes[skipSpace(doc.bytes, start, doc.end(list))] === closeArray;
  return insertion(start, JSON.stringify(item) + (isEmpty ? "" : ","));
}

/** Bytes put in at one place. */
export function insertion(start: number, text: string): Splice {
  return { start, end: start, bytes: Buffer.from(text) };
}
