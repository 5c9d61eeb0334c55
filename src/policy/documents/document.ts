import type { PlacedTree } from "./placed-tree.ts";
import type { DocumentKind, DocumentOf } from "./schema.ts";

/** One file as a source hands it over. */
export interface PolicyFile {
  /** As shown in problems; by custom relative to the policy directory, with forward slashes. */
  readonly path: string;
  /** The folder it lies in: `platform` or a tenant. */
  readonly namespace: string;
  readonly text: string;
}

/** Where a document was written. */
export interface DocumentSource {
  readonly path: string;
  readonly namespace: string;
  /** Hex SHA-256 of the whole file's text. */
  readonly fileSha256: string;
}

/** One document that has the shape of its kind, perhaps without parts that problems were found in. */
export type PolicyDocument = {
  [Kind in DocumentKind]: Readonly<DocumentOf<Kind>> & { readonly kind: Kind } & Origin;
}[DocumentKind];

interface Origin {
  readonly source: DocumentSource;
  /** Where each part of it stands in the file. */
  readonly tree: PlacedTree;
  /** False: parts with problems were left out, so it may be looked at but not enforced. */
  readonly isWhole: boolean;
}

/** The documents of one kind. */
export type DocumentOfKind<Kind extends DocumentKind> = Extract<PolicyDocument, { kind: Kind }>;

/** The documents of one kind, in the order given. */
export function documentsOf<Kind extends DocumentKind>(
  documents: readonly PolicyDocument[],
  kind: Kind,
): readonly DocumentOfKind<Kind>[] {
  return documents.filter((document): document is DocumentOfKind<Kind> => document.kind === kind);
}

/** The namespace whose documents may do what no tenant's may. */
export const platformNamespace = "platform";

/** One namespace's documents, with those of the platform that they may refer to. */
export interface NamespaceView {
  readonly namespace: string;
  /** Where the namespace is the platform's, the same as `platform`. */
  readonly own: readonly PolicyDocument[];
  readonly platform: readonly PolicyDocument[];
}

/** All documents that names in a namespace may refer to (policy-model 9). */
export function visibleDocuments({
  namespace,
  own,
  platform,
}: NamespaceView): readonly PolicyDocument[] {
  return namespace === platformNamespace ? own : [...platform, ...own];
}
