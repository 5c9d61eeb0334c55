import { digestOf } from "../../signing/index.ts";
import { type PolicyDocument, platformNamespace } from "../documents/document.ts";

/**
 * Digest of each namespace's files: over the RFC 8785 form of `{path: sha256}`, the path below the
 * namespace's folder (audit-and-operations 2.4), of the files that hold documents. A moved or
 * renamed policy directory therefore keeps its digests. The platform always has one.
 */
export function layerDigests(documents: readonly PolicyDocument[]): ReadonlyMap<string, string> {
  const files = new Map<string, Map<string, string>>([[platformNamespace, new Map()]]);
  for (const { source } of documents) {
    const { namespace, path, fileSha256 } = source;
    const folder = `${namespace}/`;
    const relative = path.startsWith(folder) ? path.slice(folder.length) : path;
    const known = files.get(namespace) ?? new Map<string, string>();
    files.set(namespace, known.set(relative, fileSha256));
  }
  return new Map(
    [...files].map(([namespace, list]) => [namespace, digestOf(Object.fromEntries(list))]),
  );
}
