/**
 * Where policies come from: today a directory on disk. Reads, bounds and watches; it does not parse
 * or compile. Start with `readPolicyDirectory` and `PathWatch`.
 */
export { takeFingerprint } from "./fingerprint.ts";
export { PathWatch, type WatchListener, type WatchTimes } from "./path-watch.ts";
export { readPolicyDirectory } from "./policy-directory.ts";
