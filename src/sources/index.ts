/**
 * Where policies come from: a directory on disk, signed archives over HTTP and in registries, and
 * where bundles are pushed to. Fetches, bounds and watches; it does not verify, parse or compile.
 * Start with `readPolicyDirectory`, `PathWatch` and `BundlePolls`.
 */
export { BundlePolls, type PolledSource, type PollOptions } from "./bundle-polls.ts";
export type { BundleSource } from "./bundle-source.ts";
export { takeFingerprint } from "./fingerprint.ts";
export { readGitFacts } from "./git-facts.ts";
export { HttpArchive } from "./http-archive.ts";
export { isCallable } from "./http-call.ts";
export {
  type KillSwitchFile,
  type KillSwitchFolder,
  readKillSwitchFolder,
  writeKillSwitch,
} from "./kill-switch-folder.ts";
export { type OciReference, parseOciReference } from "./oci-reference.ts";
export { OciArtifact, type OciOptions } from "./oci-registry.ts";
export { PathWatch, type WatchListener, type WatchTimes } from "./path-watch.ts";
export { readPolicyDirectory } from "./policy-directory.ts";
export { SourceError } from "./source-error.ts";
