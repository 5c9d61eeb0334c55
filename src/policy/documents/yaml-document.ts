import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  type YAMLError,
} from "yaml";
import type { Problem } from "../../base/index.ts";
import type { PolicyFile } from "./document.ts";
import { type Container, PlacedTree } from "./placed-tree.ts";

/** Bounds of one file; each is far above what people write. */
export const policyTextUnitsMax = 1024 * 1024;
export const policyDepthMax = 32;
export const policyNodesMax = 100_000;
export const policyAliasesMax = 100;

/** One document of a file as plain values, with the problems its text has. */
export interface YamlDocument {
  /** Undefined where the text cannot be understood at all. */
  readonly tree: PlacedTree | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Reads YAML 1.2 with the core schema, of which JSON is a part. Documents without content are left
 * out. A problem in one document leaves the others readable.
 */
export function readYaml(file: PolicyFile): readonly YamlDocument[] {
  const lines = new LineCounter();
  if (file.text.length > policyTextUnitsMax) return [tooMuch(file, lines, 0, textTooLong)];
  const tokens = [...new Parser(lines.addNewLine).parse(file.text)];
  // The composer below recurses, so depth is measured on the tokens, without recursion.
  const tooDeep = offsetBelowDepth(tokens, policyDepthMax * 2);
  if (tooDeep !== undefined) return [tooMuch(file, lines, tooDeep, nestedTooDeep)];
  const composer = new Composer({ prettyErrors: false, uniqueKeys: true });
  const read: YamlDocument[] = [];
  for (const document of composer.compose(tokens)) {
    if (isEmpty(document)) continue;
    read.push(new DocumentReader(file, lines, document).read());
  }
  return read;
}

function isEmpty({ contents, errors }: Document.Parsed): boolean {
  if (errors.length > 0) return false;
  return contents === null || (isScalar(contents) && contents.range[0] === contents.range[1]);
}

interface Excess {
  readonly message: string;
  readonly hint: string;
}

const textTooLong: Excess = {
  message: `the file is longer than ${policyTextUnitsMax} characters`,
  hint: "Split it into several files.",
};
const nestedTooDeep: Excess = {
  message: `the document is nested deeper than ${policyDepthMax} levels`,
  hint: "Policies need fewer than ten; look for a bracket or indentation gone astray.",
};
const tooManyNodes: Excess = {
  message: `the document has more than ${policyNodesMax} values, aliases written out`,
  hint: "Split it into several documents.",
};
const tooManyAliases: Excess = {
  message: `the document uses more than ${policyAliasesMax} aliases`,
  hint: "Write the repeated parts out, or split the document.",
};

function tooMuch(file: PolicyFile, lines: LineCounter, offset: number, excess: Excess) {
  return { tree: undefined, problems: [problemAt(file, lines, offset, excess)] };
}

function problemAt(
  file: PolicyFile,
  lines: LineCounter,
  offset: number,
  text: Excess & { readonly code?: "E01" | "E07" },
): Problem {
  const { line, col } = lines.linePos(offset);
  return {
    code: text.code ?? "E01",
    severity: "error",
    namespace: file.namespace,
    file: file.path,
    line: Math.max(1, line),
    column: Math.max(1, col),
    message: text.message,
    hint: text.hint,
  };
}

/** The offset of the first token deeper than `depthMax`, found with a list instead of recursion. */
function offsetBelowDepth(tokens: readonly CST.Token[], depthMax: number): number | undefined {
  const open: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > depthMax) return "offset" in token ? token.offset : 0;
    for (const inner of tokensIn(token)) open.push({ token: inner, depth: depth + 1 });
  }
  return undefined;
}

function tokensIn(token: CST.Token): readonly CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value]).filter((inner) => inner != null);
}

class DocumentReader {
  readonly #file: PolicyFile;
  readonly #lines: LineCounter;
  readonly #document: Document.Parsed;
  readonly #tree: PlacedTree;
  readonly #problems: Problem[] = [];
  #nodes = 0;
  #aliases = 0;
  /** Set once a bound was passed: what follows is not read. */
  #isOver = false;

  constructor(file: PolicyFile, lines: LineCounter, document: Document.Parsed) {
    this.#file = file;
    this.#lines = lines;
    this.#document = document;
    this.#tree = new PlacedTree(lines, document.contents?.range[0] ?? document.range[0]);
  }

  read(): YamlDocument {
    const noted = [...this.#document.errors, ...this.#document.warnings];
    for (const { pos } of noted.filter(isDuplicateKey)) this.#report(pos[0], duplicateKey);
    const syntax = noted.filter((error) => !isDuplicateKey(error));
    // What is said to be wrong behind a broken place mostly follows from it.
    const broken = syntax.find((error) => !isUnknownTag(error));
    for (const { message, pos } of broken === undefined ? syntax : [broken]) {
      this.#report(pos[0], {
        message: `not valid YAML: ${lowerFirst(message)}`,
        hint: "Correct the syntax here; the rest of this document was not looked at.",
      });
    }
    if (broken !== undefined) return { tree: undefined, problems: this.#problems };
    this.#tree.root = this.#toValue(this.#document.contents, 1);
    return { tree: this.#isOver ? undefined : this.#tree, problems: this.#problems };
  }

  #toValue(node: Node | null, depth: number): unknown {
    this.#nodes += 1;
    if (node === null || this.#isOver) return null;
    const offset = node.range?.[0] ?? 0;
    if (this.#nodes > policyNodesMax) return this.#stop(offset, tooManyNodes);
    if (depth > policyDepthMax) return this.#stop(offset, nestedTooDeep);
    if (isAlias(node)) {
      this.#aliases += 1;
      if (this.#aliases > policyAliasesMax) return this.#stop(offset, tooManyAliases);
      const target = node.resolve(this.#document);
      if (target === undefined) this.#report(offset, unknownAnchor);
      return this.#toValue(target ?? null, depth);
    }
    if (isMap<Node, Node | null>(node)) return this.#toObject(node.items, offset, depth);
    if (isSeq<Node>(node)) return this.#toList(node.items, offset, depth);
    return isScalar(node) ? this.#toScalar(node.value, offset) : null;
  }

  #toObject(
    pairs: readonly { readonly key: Node; readonly value: Node | null }[],
    start: number,
    depth: number,
  ): Container {
    const object: Record<string, unknown> = {};
    this.#tree.placeContainer(object, start);
    for (const { key, value } of pairs) {
      const at = key.range?.[0] ?? start;
      const name = isScalar(key) ? key.value : undefined;
      // An object's `__proto__` is not a member like others, and no kind has a field of that name.
      if (typeof name !== "string" || name === "__proto__") {
        this.#report(at, wrongKey);
        continue;
      }
      if (Object.hasOwn(object, name)) continue; // reported by the composer; the first one counts
      object[name] = this.#toValue(value, depth + 1);
      const text = value === null ? undefined : textStart(value);
      this.#tree.placeMember(object, name, { key: at, value: value?.range?.[0] ?? at, text });
    }
    return object;
  }

  #toList(items: readonly Node[], start: number, depth: number): Container {
    const list: unknown[] = [];
    this.#tree.placeContainer(list, start);
    for (const item of items) {
      const at = item.range?.[0] ?? start;
      this.#tree.placeMember(list, list.length, { key: at, value: at });
      list.push(this.#toValue(item, depth + 1));
    }
    return list;
  }

  #toScalar(value: unknown, offset: number): unknown {
    // Digests are taken over UTF-8, which cannot carry half a surrogate pair.
    if (typeof value === "string") return value.toWellFormed();
    if (typeof value === "boolean" || value === null) return value;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    this.#report(offset, wrongScalar);
    return null;
  }

  #stop(offset: number, excess: Excess): null {
    this.#isOver = true;
    this.#report(offset, excess);
    return null;
  }

  #report(offset: number, text: Excess & { readonly code?: "E01" | "E07" }): void {
    this.#problems.push(problemAt(this.#file, this.#lines, offset, text));
  }
}

/** Where a text begins that stands in the file character by character, quotes aside. */
function textStart(node: Node): number | undefined {
  if (!isScalar(node) || typeof node.value !== "string" || !node.range) return undefined;
  const [start, end] = node.range;
  const quote = node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE" ? 1 : 0;
  const isAsWritten = node.value.length === end - start - 2 * quote;
  return isAsWritten ? start + quote : undefined;
}

function isDuplicateKey({ code }: YAMLError): boolean {
  return code === "DUPLICATE_KEY";
}

/** The value behind an unknown tag can be read all the same. */
function isUnknownTag({ code }: YAMLError): boolean {
  return code === "TAG_RESOLVE_FAILED";
}

const duplicateKey = {
  code: "E07",
  message: "this key stands twice in one mapping",
  hint: "Keep one of the two; only the first was looked at.",
} as const;
const wrongKey = {
  message: "a key must be a plain word",
  hint: "Write a field name, in quotes if it looks like a number.",
};
const unknownAnchor = {
  message: "no anchor of this name stands before this alias",
  hint: "Define the anchor first, or write the value in quotes if the `*` is meant literally.",
};
const wrongScalar = {
  message: "the value must be text, a finite number, true, false or null",
  hint: "Write it in quotes if it is meant as text.",
};

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
