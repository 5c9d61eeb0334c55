import { readFileSync } from "node:fs";
import { type BundleSource, HttpArchive, OciArtifact } from "../sources/index.ts";
import { BundleFeed } from "./bundle-feed.ts";
import { createBundleLedgerStore } from "./bundle-ledger.ts";
import type { Config } from "./config.ts";
import type { PolicySourceConfig } from "./config-sources.ts";
import { ServerNotStarted } from "./server-not-started.ts";

/** One call to an archive or a registry; policies that serve are not waiting for it. */
const callMs = 30_000;

/**
 * The signed bundles of the configuration; undefined where it has none. `changed` is called when there
 * may be something else to load. Throws `ServerNotStarted`.
 */
export async function openFeed(
  { config }: { readonly config: Config },
  changed: () => void,
): Promise<BundleFeed | undefined> {
  const { pollSeconds, sources, trust } = config.policies;
  try {
    const remote = sources.flatMap(toRemote);
    if (remote.length === 0) return undefined;
    return await BundleFeed.open({
      sources: remote,
      pollSeconds,
      root: trust,
      store: createBundleLedgerStore(config.stateDir),
      changed,
    });
  } catch (cause) {
    throw new ServerNotStarted("The bundles of policies cannot be watched", cause);
  }
}

/** What a source is called where it is remembered. */
export function nameOf(source: PolicySourceConfig): string {
  switch (source.kind) {
    case "directory":
    case "git":
      return source.directory;
    case "archive":
      return source.url;
    case "oci": {
      const { registry, repository, version } = source.reference;
      return `${registry}/${repository} ${version}`;
    }
  }
}

function toRemote(source: PolicySourceConfig): BundleSource[] {
  switch (source.kind) {
    case "directory":
    case "git":
      return [];
    case "archive":
      return [new HttpArchive(new URL(source.url), callMs)];
    case "oci": {
      const { credentialFile, reference } = source;
      const credential =
        credentialFile === undefined ? undefined : readFileSync(credentialFile, "utf8").trim();
      return [new OciArtifact(reference, { credential, deadlineMs: callMs })];
    }
  }
}
