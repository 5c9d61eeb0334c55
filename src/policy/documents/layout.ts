import {
  type Document,
  isCollection,
  parseAllDocuments,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { canonicalJson } from "../../signing/index.ts";

/** Columns a flow collection may fill before it is broken up. */
const lineWidth = 100;
/** Layouts settle in two rounds; a text that does not is left as it is. */
const roundsMax = 4;

/** What laying a file out gives; `kept` says why a text stays as it is. */
export type Layout =
  | { readonly text: string; readonly kept?: undefined }
  | { readonly text?: undefined; readonly kept: "broken" | "unsettled" };

/**
 * The canonical layout of one file of policies: indentation, quotes and line breaks, comments and
 * blank lines kept, values and their order untouched. Laying out twice changes nothing more. A text
 * whose meaning would change is not laid out.
 */
export function layOut(path: string, text: string): Layout {
  const lay = path.endsWith(".json") && isJson(text) ? layOutJson : layOutYaml;
  const before = meaningOf(text);
  if (before === undefined) return { kept: "broken" };
  let current = text;
  for (let round = 0; round < roundsMax; round += 1) {
    const next = lay(current);
    if (next === undefined || meaningOf(next) !== before) return { kept: "unsettled" };
    if (next === current) return { text: current };
    current = next;
  }
  return { kept: "unsettled" };
}

function layOutJson(text: string): string {
  return `${JSON.stringify(JSON.parse(text), undefined, 2)}\n`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // A .json file may hold YAML; the loader reads both alike.
    return false;
  }
}

function layOutYaml(text: string): string | undefined {
  const documents = readDocuments(text);
  return documents
    ?.map((document) => {
      chooseStyles(document);
      return document.toString({ lineWidth, indentSeq: true });
    })
    .join("");
}

/** `{ a: 1 }` but `[a, b]`, and double quotes where there are any. */
function chooseStyles(document: Document): void {
  const { contents, comment } = document;
  // Read again, a comment behind braces belongs to them, which without this would go to and fro.
  if (isCollection(contents) && contents.flow && !contents.comment && comment) {
    contents.comment = comment;
    document.comment = null;
  }
  visit(document, {
    Map: (_key, node) => pad(node, " "),
    Seq: (_key, node) => pad(node, ""),
    Scalar: (_key, node) => {
      const isQuoted = node.type === "QUOTE_SINGLE";
      if (isQuoted && !/["\\]/.test(String(node.value))) node.type = "QUOTE_DOUBLE";
    },
  });
}

/** The writer knows one padding for all flow collections, so each node brings its own. */
function pad(node: YAMLMap | YAMLSeq, flowCollectionPadding: string): void {
  const write = node.toString.bind(node);
  node.toString = (context, ...others) =>
    write(context && { ...context, flowCollectionPadding }, ...others);
}

function readDocuments(text: string) {
  const documents = parseAllDocuments(text, { uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents.some(({ errors }) => errors.length > 0) ? undefined : documents;
}

/** The values of all documents in one form; undefined where the text is not YAML. */
function meaningOf(text: string): string | undefined {
  try {
    const documents = readDocuments(text);
    return documents && canonicalJson(documents.map((document) => document.toJS() ?? null));
  } catch {
    // Aliases that resolve to too much, or values that JSON does not have: nothing to lay out.
    return undefined;
  }
}
