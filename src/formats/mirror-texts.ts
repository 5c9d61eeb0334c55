import { cellsPerNode, type JsonDocument } from "./json-document.ts";
import { isPlainWord } from "./plain-words.ts";

/** Fewer units than any value that is looked for has. */
const valueUnitsMin = 6;

/** What a list of tokens says. */
export interface MirrorTexts {
  /** The tokens of each member put together, with the name of the member. */
  readonly joined: readonly { readonly name: string; readonly text: string }[];
  /** Tokens that were not chosen, and whatever else could be a value by itself. */
  readonly alone: readonly string[];
}

/**
 * Reads a second copy of a text that comes in tokens, such as `logprobs`. Mostly it repeats a text
 * that is judged beside it, but a server may send it apart, or say something else in it.
 */
export function mirrorTexts(doc: JsonDocument, mirror: number): MirrorTexts {
  const alone: string[] = [];
  if (!doc.isObject(mirror)) {
    addAlone(doc, mirror, alone);
    return { joined: [], alone };
  }
  const joined: { name: string; text: string }[] = [];
  const after = doc.after(mirror);
  for (let member = doc.first(mirror); member < after; member = doc.after(member)) {
    const name = doc.name(member);
    addName(doc, member, alone);
    const text = joinTokens(doc, member, alone);
    if (text !== "") joined.push({ name, text });
  }
  return { joined, alone };
}

/** The tokens below a member in order; alternatives to them are added to `alone`. */
function joinTokens(doc: JsonDocument, member: number, alone: string[]): string {
  const isOfAlternatives = doc.name(member) === "top_logprobs";
  let text = "";
  let node = isOfAlternatives ? doc.after(member) : member;
  if (isOfAlternatives) addAlone(doc, member, alone);
  while (node < doc.after(member)) {
    if (node !== member && doc.name(node) === "top_logprobs") {
      addAlone(doc, node, alone);
      node = doc.after(node);
      continue;
    }
    if (node !== member) addName(doc, node, alone);
    if (doc.isString(node)) text += doc.text(node);
    node += cellsPerNode;
  }
  return text;
}

function addAlone(doc: JsonDocument, node: number, alone: string[]): void {
  for (let below = node; below < doc.after(node); below += cellsPerNode) {
    if (below !== node) addName(doc, below, alone);
    const text = doc.textIfString(below) ?? "";
    if (text.length >= valueUnitsMin) alone.push(text);
  }
}

function addName(doc: JsonDocument, member: number, alone: string[]): void {
  if (!doc.hasUnknownName(member)) return;
  const isPlain = isPlainWord(doc.bytes, doc.nameStart(member) + 1, doc.nameEnd(member));
  if (!isPlain) alone.push(doc.name(member));
}
