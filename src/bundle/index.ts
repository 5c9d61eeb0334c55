/**
 * Bundles: one authority's documents with a manifest that keys vouch for (policy-model 10). Builds,
 * signs, packs, opens and verifies them, and decides which may be in force. It fetches nothing and
 * asks neither the time nor the disk: both are handed in. Start with `buildBundle` and `loadBundles`.
 */
export type { BundleOffer } from "./admit.ts";
export {
  archiveBytesMax,
  joinBundle,
  type OpenBundle,
  openBundle,
  packBundle,
} from "./archive.ts";
export { type BundleFacts, buildBundle, type SourceFile, signBundle } from "./build-bundle.ts";
export { BundleError } from "./bundle-error.ts";
export type { RunTests } from "./gated-load.ts";
export { KeyIndex, type KeyRing, type RingKey, readKeyRing } from "./key-ring.ts";
export {
  type BundleLedger,
  type LoadBundlesInput,
  type LoadedBundles,
  loadBundles,
} from "./load-bundles.ts";
export type { GitFacts, Manifest } from "./manifest.ts";
export { runBundleTests } from "./run-bundle-tests.ts";
export {
  type AcceptedBundle,
  type VerifiedBundle,
  type VerifyTerms,
  verifyBundle,
} from "./verify-bundle.ts";
