import { nearestName, type Problem, sortProblems } from "../../base/index.ts";
import { sha256Hex } from "../../signing/index.ts";
import type { DocumentSource, PolicyDocument, PolicyFile } from "./document.ts";
import type { PlacedTree } from "./placed-tree.ts";
import { type DocumentKind, documentSchemas, kindsNotEnforced } from "./schema.ts";
import type { SchemaNode } from "./schema-node.ts";
import { pruneToShape } from "./shape.ts";
import type { ShapeProblem } from "./shape-messages.ts";
import { readYaml } from "./yaml-document.ts";

/** What files say, and what is wrong with how they say it. */
export interface ParsedPolicies {
  /** In the order of the files and of the documents in them. */
  readonly documents: readonly PolicyDocument[];
  readonly problems: readonly Problem[];
}

/**
 * Reads files into documents. A document with problems is still returned where enough of it fits
 * its kind, marked as not whole, so that others that refer to it get no problems of their own.
 */
export function parsePolicies(files: readonly PolicyFile[]): ParsedPolicies {
  const documents: PolicyDocument[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    const source = {
      path: file.path,
      namespace: file.namespace,
      fileSha256: sha256Hex(file.text),
    };
    const read = readYaml(file);
    if (read.length === 0) problems.push(emptyFile(source));
    for (const { tree, problems: found } of read) {
      problems.push(...found);
      if (tree === undefined) continue;
      const parsed = parseDocument(tree, source, found.length === 0);
      problems.push(...parsed.problems.map((problem) => toProblem(source, problem)));
      if (parsed.document !== undefined) documents.push(parsed.document);
    }
  }
  return { documents, problems: sortProblems(problems) };
}

function emptyFile(source: DocumentSource): Problem {
  return {
    code: "E01",
    severity: "warning",
    namespace: source.namespace,
    file: source.path,
    line: 0,
    column: 0,
    message: "the file holds no document",
    hint: "Write a document in it, or delete it.",
  };
}

function toProblem(source: DocumentSource, { code, place, message, hint }: ShapeProblem): Problem {
  return {
    code,
    severity: "error",
    namespace: source.namespace,
    file: source.path,
    line: place.line,
    column: place.column,
    message,
    hint,
  };
}

interface ParsedDocument {
  readonly document: PolicyDocument | undefined;
  readonly problems: readonly ShapeProblem[];
}

function parseDocument(
  tree: PlacedTree,
  source: DocumentSource,
  isReadWhole: boolean,
): ParsedDocument {
  const kind = kindOf(tree);
  if (typeof kind !== "string") return { document: undefined, problems: [kind] };
  const problems = pruneToShape(tree, documentSchemas[kind] as unknown as SchemaNode);
  if (tree.root === undefined) return { document: undefined, problems };
  const isWhole = isReadWhole && problems.length === 0;
  // What remains in the tree fits the schema of its kind, which is what the type says.
  const fitting = tree.root as PolicyDocument;
  return { document: { ...fitting, source, tree, isWhole }, problems };
}

function kindOf(tree: PlacedTree): DocumentKind | ShapeProblem {
  const { root } = tree;
  if (typeof root !== "object" || root === null || Array.isArray(root)) {
    return {
      code: "E01",
      place: tree.rootPlace(),
      message: "a document must be a mapping",
      hint: "Begin it with `apiVersion: chancery/v1alpha1` and `kind:`.",
    };
  }
  const kind = (root as { readonly kind?: unknown }).kind;
  const known = Object.keys(documentSchemas);
  if (kind === undefined) {
    return {
      code: "E01",
      place: tree.placeOf(root),
      message: "the document lacks `kind`",
      hint: `Add \`kind:\` and one of ${known.join(", ")}.`,
    };
  }
  if (typeof kind === "string" && Object.hasOwn(documentSchemas, kind)) return kind as DocumentKind;
  const place = tree.valuePlace(root, "kind");
  if (typeof kind === "string" && kindsNotEnforced.includes(kind)) {
    return {
      code: "E09",
      place,
      message: `kind \`${kind}\` is not enforced by this version, so it does not load`,
      hint: "Take the document out of the folder.",
    };
  }
  // Not every object can be made a text.
  const written = typeof kind === "object" ? "" : String(kind);
  const nearest = nearestName(written, [...known, ...kindsNotEnforced]);
  return {
    code: "E01",
    place,
    message:
      written === "" ? "unknown kind: expected a name" : `unknown kind \`${written.slice(0, 60)}\``,
    hint:
      nearest === undefined
        ? `Write one of ${known.join(", ")}.`
        : `Did you mean \`${nearest}\`? Correct the kind.`,
  };
}
