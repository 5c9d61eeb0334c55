/**
 * Where policies come from: today a directory on disk. Reads and bounds; it does not parse, compile
 * or watch. Start with `readPolicyDirectory`.
 */
export { readPolicyDirectory } from "./policy-directory.ts";
