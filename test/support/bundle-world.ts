import { type BundleOffer, type LoadBundlesInput, loadBundles } from "../../src/bundle/index.ts";
import { completePolicies, type PolicyFile } from "../../src/policy/index.ts";
import {
  allowPolicy,
  archiveOf,
  type BundleDraft,
  bundleNowMs,
  document,
  ringOf,
} from "./bundles.ts";

/** The platform's documents of a world with the tenants acme and globex, each with a key so called. */
export const platformFiles: Readonly<Record<string, string>> = {
  "platform.yaml": document("Platform", "platform", "platform", {}),
  "acme.yaml": document("Tenant", "platform", "acme", { keyRing: ringOf("acme") }),
  "globex.yaml": document("Tenant", "platform", "globex", { keyRing: ringOf("globex") }),
};

/** A tenant's documents. */
export function tenantFiles(namespace: string): Readonly<Record<string, string>> {
  return {
    "app.yaml": document("App", namespace, "chat", {}),
    "policy.yaml": allowPolicy(namespace),
  };
}

/** The drafts of a world in which all is well, to be changed by tests. */
export const drafts = {
  platform: { namespace: "platform", files: platformFiles, signers: ["root"] },
  acme: { namespace: "acme", files: tenantFiles("acme"), signers: ["acme"] },
  globex: { namespace: "globex", files: tenantFiles("globex"), signers: ["globex"] },
} satisfies Record<string, BundleDraft>;

export function offer(draft: BundleDraft, place = draft.namespace): BundleOffer {
  return { place, archive: archiveOf(draft) };
}

export const goodOffers: readonly BundleOffer[] = Object.values(drafts).map((one) => offer(one));

/** One load after another, each knowing what the one before left, as a server does. */
export class BundleWorld {
  #ledger: LoadBundlesInput["ledger"];
  #lastGood = new Map<string, readonly PolicyFile[]>();

  load(offers: readonly BundleOffer[], changes: Partial<LoadBundlesInput> = {}) {
    const prepared = loadBundles({
      offers,
      root: ringOf("root"),
      ledger: this.#ledger,
      lastGood: this.#lastGood,
      nowMs: bundleNowMs,
      engineVersion: "0.0.0",
      runTests: () => [],
      ...changes,
    });
    const loaded = completePolicies(prepared, { engineVersion: "0.0.0" });
    this.#ledger = loaded.ledger;
    for (const [name, { files, state }] of loaded.namespaces) {
      if (state !== "absent") this.#lastGood.set(name, files);
    }
    const states = [...loaded.namespaces].map(([name, { state }]) => [name, state] as const);
    return {
      loaded,
      states: Object.fromEntries(states),
      /** `CODE place` of each refusal. */
      refused: loaded.refusals.map(({ code, file }) => `${code} ${file}`),
      sequences: Object.fromEntries(
        [...loaded.ledger.accepted].map(([name, { sequence }]) => [name, sequence]),
      ),
    };
  }
}
