/**
 * Digests and the canonical form they are taken over. Knows bytes and JSON values, not policies or
 * records; it holds no keys. Start with `digestOf`.
 */
export { canonicalJson } from "./canonical-json.ts";
export { digestOf, sha256Hex } from "./digest.ts";
