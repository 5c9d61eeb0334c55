/** Where an artifact stands in a registry. */
export interface OciReference {
  /** Host, with a port where one is given. */
  readonly registry: string;
  readonly repository: string;
  /** A tag, or a digest `sha256:…`. */
  readonly version: string;
}

/** The grammar of the OCI distribution specification 1.1, "Pulling manifests". */
const form =
  /^((?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?)\/([a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)(?::([A-Za-z0-9_][A-Za-z0-9._-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Reads `HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]`; a digest counts before a tag, `latest` is meant where neither is given. */
export function parseOciReference(text: string): OciReference | undefined {
  if (text.length > 512) return undefined;
  const [, registry, repository, tag, digest] = form.exec(text) ?? [];
  if (registry === undefined || repository === undefined) return undefined;
  return { registry, repository, version: digest ?? tag ?? "latest" };
}

/** The text that `parseOciReference` reads. */
export function renderOciReference({ registry, repository, version }: OciReference): string {
  return `${registry}/${repository}${version.startsWith("sha256:") ? "@" : ":"}${version}`;
}
