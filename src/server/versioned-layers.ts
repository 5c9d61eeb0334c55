import type { Preparation } from "../activation/index.ts";
import { type PolicyFile, parsePolicies, type Snapshot } from "../policy/index.ts";
import { digestOf, sha256Hex } from "../signing/index.ts";
import type { VersionedLayer } from "../stores/index.ts";

const platform = "platform";

/**
 * What each namespace in force consists of: the files that hold documents, as its digest has it, and
 * what was signed of those that came in a bundle; `envelopes` has theirs.
 */
export function layersOf(
  snapshot: Snapshot,
  namespaces: Preparation["namespaces"],
  envelopes: ReadonlyMap<string, Uint8Array> = new Map(),
): readonly VersionedLayer[] {
  return [...namespaces].flatMap(([namespace, { files, state }]) => {
    const { layers } = snapshot.versionsFor(namespace === platform ? undefined : namespace);
    const digest = layers.find(({ id }) => id === namespace)?.digest;
    if (digest === undefined || state === "absent") return [];
    const held = new Set(files.filter(holdsDocuments));
    const envelope = envelopes.get(namespace);
    const signed = envelope && { envelope, others: files.filter((file) => !held.has(file)) };
    return { namespace, digest, files: [...held], signed };
  });
}

/** The digests that layers of these files have. */
export function digestsOf(files: readonly PolicyFile[]): readonly string[] {
  return [...Map.groupBy(files, ({ namespace }) => namespace)].map(([namespace, own]) => {
    const list = own
      .filter(holdsDocuments)
      .map(({ path, text }) => [path.slice(namespace.length + 1), sha256Hex(text)] as const);
    return digestOf(Object.fromEntries(list));
  });
}

/** Comments alone make no document; parsing tells for certain, and nearly no file needs it. */
function holdsDocuments(file: PolicyFile): boolean {
  return /^(?:apiVersion|\s*\{)/m.test(file.text) || parsePolicies([file]).documents.length > 0;
}
